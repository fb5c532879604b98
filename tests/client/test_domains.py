"""A session's domain: checked, kept, and a difference to what is found and answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinakes import Pinakes, Settings
from pinakes.core.errors import ValidationError

REPORT = """Inspection of 4 June

The tunnel entrance was shored with new timber and a steel gate.
"""
OTHERS = {
    "canteen.txt": "The canteen opens at seven and serves soup, bread and coffee until two.",
    "bus.txt": "Line 12 leaves the market every ten minutes and turns at the station.",
    "garden.txt": "Roses want sun and dry leaves; prune them in March above the third bud.",
}
PACK = """
title = "Signals"
synonyms = [["bravo seven", "the steel gate"]]
"""


@pytest.fixture
async def client(tmp_path: Path):
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "report.txt").write_text(REPORT, "utf8")
    for name, text in OTHERS.items():
        (papers / name).write_text(text, "utf8")
    own = tmp_path / "domains"
    own.mkdir()
    (own / "signals.toml").write_text(PACK, "utf8")
    settings = Settings(
        library=tmp_path / "library", ocr="none", workers=1, embed_threads=1, domains_folder=own
    )
    async with Pinakes(settings=settings) as opened:
        await opened.files.upload_batch([papers])
        yield opened


async def test_a_synonym_is_found_under_its_domain_alone(client: Pinakes) -> None:
    async with client.chat_session() as session:
        plain = await session.send("How was the adit shored?")
        await session.update_domain("mining")
        mining = await session.send("How was the adit shored?")
        with pytest.raises(ValidationError, match=r"general, maps, mining, signals"):
            await session.update_domain("alchemy")
        await session.update_domain("signals")
        own = await session.send("Who painted bravo seven?")
        await session.update_domain("general")
        again = await session.send("Who painted bravo seven?")
    for without in (plain, again):
        assert "report.txt" not in without.content and not without.metadata["found"]
    for within in (mining, own):
        assert within.content.startswith("The tunnel entrance was shored with new timber and a steel gate.")
        assert [citation.evidence.filename for citation in within.citations] == ["report.txt"]
