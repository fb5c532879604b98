"""Saved pages as links: what they say of themselves, their main text, and plain pages staying documents."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from media_world import PAGES

from pinakes.core.errors import UnsupportedFileError
from pinakes.core.files import MediaType
from pinakes.ingestion.admission import detect_page
from pinakes.ingestion.detect import detect
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers import link, read
from pinakes.ingestion.readers.page_facts import page_facts


def saved(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "page.html"
    path.write_bytes(content)
    return path


def test_facts_and_main_text(tmp_path: Path) -> None:
    reading = read("link", saved(tmp_path, PAGES[0]), "f" * 8, ReadOptions())
    facts = reading.link
    assert facts is not None and reading.title == "Heat pumps in old houses"
    assert (facts.url, facts.domain) == ("https://www.homeenergy.example/pumps", "homeenergy.example")
    assert (facts.site, facts.authors) == ("Home Energy Review", ("Ann Lee",))
    assert reading.content_created_at == datetime(2024, 3, 5, tzinfo=UTC)
    text = "\n".join(chunk.text for chunk in reading.chunks)
    assert "23,500 euros" in text and "Shop now" not in text
    assert [chunk.ordinal for chunk in reading.chunks] == list(range(len(reading.chunks)))


def test_without_trafilatura(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "_extracted", lambda source: "")
    reading = read("link", saved(tmp_path, PAGES[0]), "f" * 8, ReadOptions())
    assert "23,500 euros" in "\n".join(chunk.text for chunk in reading.chunks)


@pytest.mark.parametrize(
    ("source", "url", "found"),
    [
        (
            "<link rel=canonical href=https://a.example/x>",
            "https://given.example/y",
            "https://given.example/y",
        ),
        ("<meta property=og:url content=https://a.example/x>", "", "https://a.example/x"),
        (
            "<!-- saved from url=(0021)https://a.example/x/ --><link rel=canonical href=/z>",
            "",
            "https://a.example/z",
        ),
        ("<!-- saved from url=(0021)https://a.example/x/ -->", "", "https://a.example/x/"),
        ("<link rel=canonical href='javascript:alert(1)'>", "", None),
        ("<meta property=og:url content='file:///etc/passwd'>", "", None),
    ],
)
def test_addresses(source: str, url: str, found: str | None) -> None:
    assert page_facts(f"<html><head>{source}</head><body>x</body></html>", url).link.url == found


def test_linked_data() -> None:
    data = (
        '{"@graph": [{"@type": "WebSite", "name": "S"}, {"@type": "NewsArticle", "headline": "H", "author": '
        '[{"name": "A B"}, {"name": "C D"}], "datePublished": "2023-02-01", "publisher": {"name": "The Daily"}}]}'
    )
    found = page_facts(f'<html><script type="application/ld+json">{data}</script><body>x</body></html>')
    assert (found.title, found.link.site, found.link.authors) == ("H", "The Daily", ("A B", "C D"))
    assert found.link.published_at == datetime(2023, 2, 1, tzinfo=UTC)
    assert (
        page_facts('<html><script type="application/ld+json">{"@type": [</script></html>').link.authors == ()
    )


def test_only_asked_for_pages_become_links(tmp_path: Path) -> None:
    path = saved(tmp_path, PAGES[0])
    assert detect(path).media_type is MediaType.DOCUMENT
    assert detect_page(path, "page.html").media_type is MediaType.LINK
    note = tmp_path / "note.txt"
    note.write_text("Only words.")
    with pytest.raises(UnsupportedFileError, match="no saved web page"):
        detect_page(note, "note.txt")
