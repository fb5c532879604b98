from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from PIL.Image import Image

from pinakes.core.errors import CorruptFileError, EmptyFileError
from pinakes.core.files import Element, Reading
from pinakes.ingestion import ocr
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers import read
from tests.ingestion.pdf_writing import Page, write_pdf

LEFT = [
    "The pump station was inspected in the first week of",
    "March, and the crew found that the main bearing of",
    "the second pump had run dry over the winter months.",
    "A replacement was ordered the same day and the pump",
    "was taken out of service until it could be main-",
    "tained by the vendor under the existing contract.",
]
RIGHT = [
    "Costs for the repair were shared between the county",
    "and the water board, as the agreement provides for",
    "failures that are caused by age and not by neglect.",
    "The board asked for a written account of the cause",
    "and for a plan that prevents the same thing from",
    "happening to the other pumps of the same series.",
]


def reading(path: Path, **options: object) -> Reading:
    return read("pdf", path, "file", ReadOptions(**options))  # type: ignore[arg-type]


def body(found: Reading, kind: str | None = None) -> list[Element]:
    return [e for e in found.elements if kind is None or e.type == kind]


def test_paragraphs_stay_whole_and_parted_words_are_joined(tmp_path: Path) -> None:
    page = (
        Page().say(60, 80, "Annual report", 18, bold=True).paragraph(60, 110, LEFT).paragraph(60, 200, RIGHT)
    )
    found = reading(write_pdf(tmp_path / "a.pdf", [page]))
    assert [e.type for e in found.elements] == ["Title", "NarrativeText", "NarrativeText"]
    assert "could be maintained by the vendor" in found.elements[1].text
    assert found.title == "Annual report"
    assert found.language == "en"


def test_two_columns_are_read_one_after_the_other_below_a_spanning_title(tmp_path: Path) -> None:
    page = Page().say(90, 60, "A title that reaches across both of the columns", 18, bold=True)
    page.paragraph(40, 100, LEFT).paragraph(320, 104, RIGHT).paragraph(40, 172, RIGHT).paragraph(
        320, 176, LEFT
    )
    text = " ".join(e.text for e in reading(write_pdf(tmp_path / "a.pdf", [page])).elements)
    places = [text.find(words) for words in ("A title", "first week", "Costs for", "happening to")]
    assert places == sorted(places) and -1 not in places
    assert text.index("existing contract.") < text.index("Costs for")


def test_running_heads_and_page_numbers_never_reach_chunks(tmp_path: Path) -> None:
    pages = [
        Page()
        .say(60, 30, "Water Board Yearbook", 9)
        .paragraph(60, 100 + n, LEFT)
        .say(295, 780, str(n + 7), 9)
        for n in range(5)
    ]
    found = reading(write_pdf(tmp_path / "a.pdf", pages))
    assert len(body(found, "Header")) == 5
    assert [e.text for e in body(found, "Footer")] == ["7", "8", "9", "10", "11"]
    assert not any("Yearbook" in chunk.text for chunk in found.chunks)


def test_the_same_page_twice_is_not_all_furniture(tmp_path: Path) -> None:
    pages = [Page().say(60, 60, "Memo of May 5", 10).paragraph(60, 90, LEFT) for _ in range(2)]
    found = reading(write_pdf(tmp_path / "a.pdf", pages))
    assert not body(found, "Header")


def test_aligned_cells_become_a_table_with_a_header_row(tmp_path: Path) -> None:
    page = Page().paragraph(60, 60, LEFT)
    rows = [
        ("Part", "Count", "Price"),
        ("Bearing", "12", "4.50"),
        ("Seal", "7", "1.20"),
        ("Bolt", "140", "0.10"),
    ]
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            page.say(80 + 120 * column, 170 + 16 * number, cell)
    [table] = body(reading(write_pdf(tmp_path / "a.pdf", [page])), "Table")
    assert table.text.splitlines()[0] == "Part | Count | Price"
    assert table.html is not None and "<th>Price</th>" in table.html and "<td>4.50</td>" in table.html


def test_list_items_and_captions_are_told_from_paragraphs(tmp_path: Path) -> None:
    page = Page().paragraph(60, 60, LEFT)
    page.say(70, 150, "\x95 grease the bearings").say(70, 162, "\x95 check the seals of every pump")
    page.say(60, 200, "Figure 3: The pump after the repair")
    found = reading(write_pdf(tmp_path / "a.pdf", [page]))
    assert [e.text for e in body(found, "ListItem")] == [
        "grease the bearings",
        "check the seals of every pump",
    ]
    assert [e.text for e in body(found, "FigureCaption")] == ["Figure 3: The pump after the repair"]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (50, 100, 500, 700)])
def test_boxes_lie_where_the_page_shows_ink(
    tmp_path: Path, rotate: int, crop: tuple[float, float, float, float] | None
) -> None:
    page = Page(rotate=rotate, crop=crop).say(120, 300, "Only these words are here", 14)
    path = write_pdf(tmp_path / "a.pdf", [page])
    [element] = reading(path).elements
    document = pypdfium2.PdfDocument(path)
    picture = document[0].render(scale=1).to_pil().convert("L")
    document.close()
    ink = picture.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert ink is not None and element.box is not None
    x0, y0, x1, y1 = element.box
    shown = (x0 * picture.width, y0 * picture.height, x1 * picture.width, y1 * picture.height)
    assert shown[0] - 3 <= ink[0] and shown[1] - 3 <= ink[1]
    assert shown[2] + 3 >= ink[2] and shown[3] + 3 >= ink[3]
    assert (shown[2] - shown[0]) * (shown[3] - shown[1]) < 3.5 * (ink[2] - ink[0]) * (ink[3] - ink[1])


def test_a_stamp_along_the_side_is_furniture(tmp_path: Path) -> None:
    page = Page().paragraph(100, 60, LEFT).say(25, 500, "arXiv:2004.04906v3 [cs.CL]", 16, turned=True)
    found = reading(write_pdf(tmp_path / "a.pdf", [page]))
    assert [e.text for e in body(found, "Header")] == ["arXiv:2004.04906v3 [cs.CL]"]


def test_metadata_gives_title_and_date_but_not_what_programs_leave(tmp_path: Path) -> None:
    page = Page().paragraph(60, 60, LEFT)
    named = reading(write_pdf(tmp_path / "a.pdf", [page], "Pumps in winter", "D:20210304153000+01'00'"))
    assert named.title == "Pumps in winter"
    assert named.content_created_at == datetime(2021, 3, 4, 14, 30, tzinfo=UTC)
    for junk in ("Microsoft Word - x.doc", "untitled", "scan0001.pdf"):
        assert reading(write_pdf(tmp_path / "b.pdf", [page], junk)).title is None


def test_bad_files_say_what_is_wrong(tmp_path: Path) -> None:
    whole = write_pdf(tmp_path / "whole.pdf", [Page().paragraph(60, 60, LEFT)]).read_bytes()
    garbage = tmp_path / "garbage.pdf"
    garbage.write_bytes(b"%PDF-1.7 and then nothing that makes sense")
    with pytest.raises(CorruptFileError):
        reading(garbage)
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(whole[:200])
    with pytest.raises((CorruptFileError, EmptyFileError)):
        reading(cut)
    with pytest.raises(EmptyFileError):
        reading(write_pdf(tmp_path / "none.pdf", []))


def test_limits_warn_instead_of_failing(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [Page().paragraph(60, 60, LEFT) for _ in range(4)])
    found = reading(path, max_pages=2)
    assert len(found.pages) == 2
    assert found.warnings == ("only the first 2 of 4 pages were read",)


class _FixedOcr:
    name = "fixed"

    def read(self, picture: Image) -> list[Element]:
        lines = ["The scanned letter was written by hand and", "it asks for a new pump before the summer."]
        return [
            Element(
                type="OcrText", text=line, box=(0.1, 0.1 + 0.02 * n, 0.8, 0.115 + 0.02 * n), confidence=0.9
            )
            for n, line in enumerate(lines)
        ]


def test_pages_without_text_are_read_off_their_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_pdf(tmp_path / "a.pdf", [Page().rectangle(50, 50, 300, 40), Page().paragraph(60, 60, LEFT)])
    monkeypatch.setattr(ocr, "load_ocr", lambda spec: _FixedOcr())
    found = reading(path, ocr="any:Thing")
    assert [page.ocr for page in found.pages] == [True, False]
    assert found.elements[0].text.startswith("The scanned letter was written by hand and it asks")
    assert found.elements[0].confidence == pytest.approx(0.9)
    assert any(chunk.kind == "ocr" for chunk in found.chunks)


def test_a_page_nobody_can_read_is_said_to_be_one(tmp_path: Path) -> None:
    found = reading(write_pdf(tmp_path / "a.pdf", [Page().rectangle(50, 50, 300, 40)]))
    assert found.elements == () and found.warnings == ("page 1 has no readable text",)


def test_absurd_pages_are_survived(tmp_path: Path) -> None:
    pages = [
        Page(width=14_000, height=14_000).say(60, 60, "A very large sheet of paper it is"),
        Page(width=3, height=3),
    ]
    found = reading(write_pdf(tmp_path / "a.pdf", pages))
    assert found.elements[0].text == "A very large sheet of paper it is"
