"""Texts that are long, deep, cut off or full of what never ends: read whole, in time that grows with their length."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from pinakes.core.errors import EmptyFileError
from pinakes.core.files import Reading
from pinakes.ingestion.detect import detect
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers import read
from pinakes.ingestion.readers.html import _without_tags
from pinakes.ingestion.readers.text import _joined


def reading(path: Path, content: bytes) -> Reading:
    path.write_bytes(content)
    return read(detect(path).reader, path, "f", ReadOptions())


def words(found: Reading) -> str:
    return " ".join(element.text for element in found.elements)


def test_a_log_without_blank_lines_is_joined_line_by_line() -> None:
    lines = [f"12:00:{n % 60:02} pump {n} reads 3 bar" for n in range(40_000)]
    assert _joined(lines) == "\n".join(lines)
    assert _joined(["the pres-", "sure of A-", "Valve", "x-", "y"]) == "the pressure of A-\nValve\nx-\ny"


@pytest.mark.parametrize("begin", ["<!-- ", "<script ", "<style>", "<head "])
def test_what_is_never_closed_is_looked_for_once(begin: str) -> None:
    assert "pump" in _without_tags("<p>pump</p>" + begin * 100_000)


def test_what_nobody_sees_is_left_out() -> None:
    page = "<head><title>T</title></head>a<!-- b > --> c<SCRIPT x>d</p></script >e<template>f</template><p>İİİ<style>g</style>h"
    assert _without_tags(page).split() == ["a", "c", "e", "İİİ", "h"]


def test_a_page_with_one_very_long_text_is_read(tmp_path: Path) -> None:
    long = b"pump " * 2_200_000  # parsers stop at ten million characters
    found = reading(tmp_path / "a.html", b"<html><body><p>" + long + b"valve</p></body></html>")
    assert words(found).endswith("pump valve")


def test_a_quotation_too_deep_for_the_parser_is_read(tmp_path: Path) -> None:
    assert "valve" in words(reading(tmp_path / "a.md", b">" * 20_000 + b" valve"))


@pytest.mark.parametrize("content", ["[a]: http://example.org\n", "<!-- nothing -->\n"])
def test_markdown_without_words_is_empty(tmp_path: Path, content: str) -> None:
    with pytest.raises(EmptyFileError):
        reading(tmp_path / "a.md", content.encode())


@pytest.mark.parametrize("name", ["a.log", "a.txt", "a.html"])
def test_zeros_that_a_crash_left_are_no_text(tmp_path: Path, name: str) -> None:
    begin = b"<html><body>" if name.endswith("html") else b""
    lines = "Größe: pump 4 is on\n".encode() * 1000
    found = words(reading(tmp_path / name, begin + lines + b"\0" * 80 + lines))
    assert "\0" not in found and found.count("Größe") == 2000


def test_a_bell_in_a_short_note_makes_it_no_binary(tmp_path: Path) -> None:
    found = words(reading(tmp_path / "a.txt", b"\x1b]0;title\x07The boiler runs at 3 bar."))
    assert "The boiler runs at 3 bar." in found and "\x07" not in found and "\x1b" not in found


def test_an_archive_is_not_unpacked_to_tell_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.text" + bytes(50_000_000))
    tracemalloc.start()
    with pytest.raises(Exception, match="OpenDocument"):
        detect(path)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
