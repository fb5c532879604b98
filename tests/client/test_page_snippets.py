"""The places that an answer cites, drawn from their pages in a process of its own."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from pinakes import Pinakes
from pinakes.core.chat import ChatResponse
from pinakes.core.evidence import mark_for
from pinakes.ingestion.page_regions import Region, pictures


def write_pdf(path: Path, *lines: str) -> Path:
    """Write a PDF with one line on each page, 400 by 600 points, its baseline in the middle."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(lines)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(lines)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, line in enumerate(lines):
        content = f"BT /F1 10 Tf 1 0 0 1 40 300 Tm ({line}) Tj ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 600] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    body, places = "%PDF-1.4\n", []
    for number, written in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{written}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    path.write_text(body + head + trailer, "latin-1")
    return path


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    greased = "The pump is greased every 2,000 hours with 30 g of lithium grease."
    return write_pdf(tmp_path / "pump.pdf", "Cover of the manual", greased)


def _yellow(picture: Image.Image) -> int:
    return sum(r > 230 and g > 200 and b < 140 for r, g, b in picture.get_flattened_data())


async def test_a_place_is_cut_out_and_marked(paper: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    box = (0.1, 0.48, 0.9, 0.51)
    asked = [
        Region(path=str(paper), page=2, box=box),
        Region(path=str(paper), page=1),
        Region(path=str(paper), page=9, box=box),
        Region(path=str(broken), page=1),
        Region(path=str(paper), page=1, box=(0.0, 0.0, 1.0, 1.0)),
    ]
    place, upper, missing, damaged, whole = await pictures(asked)
    assert missing is None and damaged is None and place and upper and whole
    marked, plain = Image.open(BytesIO(place)), Image.open(BytesIO(upper))
    assert marked.width == plain.width == 720
    assert 0.1 < marked.height / (720 * 1.5) < 0.2 and _yellow(marked) > 1000
    assert _yellow(plain) == 0
    assert Image.open(BytesIO(whole)).height <= 0.6 * 720 * 1.5
    assert await pictures([]) == []


async def test_an_answer_is_illustrated(client: Pinakes, paper: Path, papers: Path) -> None:
    await client.files.upload_batch([paper, papers / "manual.md"])
    async with client.chat_session() as session:
        answer = await session.send("How often is the pump greased?")
        shown = await session.illustrate(answer)
    cited = [c.evidence for c in answer.citations if c.evidence.filename == "pump.pdf"]
    assert cited and set(shown.snippets or ()) == {mark_for(piece) for piece in cited}
    assert "data:image/jpeg;base64," in shown._repr_mimebundle_()["text/html"]
    assert (
        await client.chats.illustrate(ChatResponse(message_id="m", session_id="s", content="-"))
    ).snippets is None
