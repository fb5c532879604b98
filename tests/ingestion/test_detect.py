from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from pinakes.core.errors import (
    CorruptFileError,
    EmptyFileError,
    EncryptedFileError,
    UnsupportedFileError,
)
from pinakes.core.files import MediaType
from pinakes.ingestion.detect import Detected, detect


@pytest.fixture
def found(tmp_path: Path):
    def run(name: str, content: bytes) -> Detected:
        path = tmp_path / "blob"
        path.write_bytes(content)
        return detect(path, name)

    return run


def picture(kind: str) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, kind)
    return buffer.getvalue()


def archive(*members: str, mimetype: str = "") -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for member in members:
            made.writestr(member, "x")
    return buffer.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"])
def test_pictures_by_content(found, kind: str) -> None:
    result = found("something", picture(kind))
    assert (result.reader, result.media_type, result.warning) == ("image", MediaType.IMAGE, "")
    assert result.content_type == f"image/{kind.lower()}"


def test_heic_is_no_video(found) -> None:
    head = b"\x00\x00\x00\x18ftyp%s\x00\x00\x00\x00mif1heic"
    assert found("a.heic", head % b"heic").content_type == "image/heic"
    assert found("a.mp4", head % b"mif1").reader == "image"


@pytest.mark.parametrize(
    ("name", "content", "reader", "content_type"),
    [
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3", "pdf", "application/pdf"),
        ("a.pdf", b"\xef\xbb\xbf\r\n%PDF-1.4 ...", "pdf", "application/pdf"),
        ("a.docx", DOCX, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.html", b"<p>Hello</p>", "html", "text/html"),
        ("page", b"<!-- x --><!DOCTYPE html><html><body>Hello", "html", "text/html"),
        ("a.md", b"# Title\n\n- one\n", "markdown", "text/markdown"),
        ("README", b"Read me first.\n", "text", "text/plain"),
        ("a.txt", b"# not a title\n", "text", "text/plain"),
        ("a.csv", b"a,b\n1,2\n", "text", "text/csv"),
        ("a.json", b'{"a": 1}', "text", "application/json"),
        ("a.py", b"MZ = 1\nprint(MZ)\n", "text", "text/x-python"),
        ("a.log", b"2025-01-01 \x1b[31mred\x1b[0m\n", "text", "text/plain"),
        ("a.php", b"<html><?php echo 1 ?></html>", "text", "text/plain"),
        ("a.txt", "Grüße aus Köln".encode("cp1252"), "text", "text/plain"),
        ("a.txt", "Grüße aus Köln".encode("utf-16"), "text", "text/plain"),
        ("a.txt", "Grüße aus Köln".encode("utf-16-le"), "text", "text/plain"),
        ("a.txt", "Grüße aus Köln, und noch mehr".encode("utf-32"), "text", "text/plain"),
        ("a.txt", "שלום עולם, מה שלומך היום?".encode("iso-8859-8"), "text", "text/plain"),
        ("a.txt", "これは日本語の文章です。".encode("shift-jis"), "text", "text/plain"),
    ],
)
def test_documents(found, name: str, content: bytes, reader: str, content_type: str) -> None:
    result = found(name, content)
    assert (result.reader, result.content_type) == (reader, content_type)
    assert result.warning == ""


@pytest.mark.parametrize(
    ("name", "content", "reader", "told"),
    [
        ("a.pdf", picture("PNG"), "image", "a PNG picture"),
        ("a.jpg", b"Only words in here.", "text", "plain text"),
        ("a.jpg", picture("PNG"), "image", "a PNG picture"),
        ("a.txt", DOCX, "docx", "a Word document"),
        ("a.docx", b"%PDF-1.4\n", "pdf", "a PDF"),
        ("a.png", b"<!doctype html><p>Hi", "html", "an HTML page"),
        ("a.html", b"No tags at all, 1 < 2.", "text", "plain text"),
    ],
)
def test_names_that_lie(found, name: str, content: bytes, reader: str, told: str) -> None:
    result = found(name, content)
    assert result.reader == reader
    assert told in result.warning and name[1:] in result.warning


def test_usual_names_do_not_lie(found) -> None:
    assert found("a.JPEG", picture("JPEG")).warning == ""
    assert found("a.tiff", picture("TIFF")).extension == ".tif"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "WAV"),
        (archive("xl/workbook.xml", "[Content_Types].xml"), "Excel"),
        (archive("a.txt"), "ZIP archive"),
        (archive("x", mimetype="application/epub+zip"), "EPUB"),
        (archive("x", mimetype="application/vnd.oasis.opendocument.text"), "OpenDocument"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Microsoft Office"),
        (b"{\\rtf1 Hello}", "RTF"),
        (b"MZ\x90\x00\x03" + bytes(100), "program"),
        (b"SQLite format 3\x00" + bytes(100), "SQLite"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "camera raw"),
        (bytes(range(256)) * 8, "Supported are pictures"),
    ],
)
def test_what_is_not_read_is_named(found, content: bytes, told: str) -> None:
    with pytest.raises(UnsupportedFileError, match=told) as caught:
        found("thing.bin", content)
    assert "Supported are" in caught.value.message


def test_email_is_named(found) -> None:
    with pytest.raises(UnsupportedFileError, match="e-mail"):
        found("a.eml", b"From: a@b.c\nSubject: Hi\n\nHello")


@pytest.mark.parametrize("content", [b"", b" \n\t ", b"\xef\xbb\xbf\n", b"\xff\xfe"])
def test_nothing_in_it(found, content: bytes) -> None:
    with pytest.raises(EmptyFileError):
        found("a.txt", content)


def test_damaged_archives(found) -> None:
    assert found("a.docx", DOCX[: len(DOCX) // 2]).reader == "docx"
    with pytest.raises(CorruptFileError):
        found("a.zip", archive("a.txt")[:20])


def test_a_name_in_an_archive_that_is_no_text(found) -> None:
    content = archive("wörd/document.xml", "[Content_Types].xml")
    damaged = content.replace("wörd".encode(), b"w\xff\xffrd")
    assert damaged != content
    assert found("a.docx", damaged).reader == "docx"
    with pytest.raises(CorruptFileError, match="damaged ZIP"):
        found("a.zip", damaged)


def test_encrypted_office(found) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(EncryptedFileError, match="password"):
        found("a.docx", content)


def test_a_character_cut_by_the_window_is_no_damage(found) -> None:
    assert found("a.txt", b"a" * (64 * 1024 - 1) + "é".encode() + b"b" * 100).reader == "text"


@pytest.mark.parametrize(
    "begin", [" ", "\n \t", "<!---->", "<!-- a --> ", "<!--", "<?xml?>", "<!doctype svg>", "<html "]
)
def test_no_text_takes_for_ever(found, begin: str) -> None:
    """What could be the beginning of a page, again and again, and is none."""
    assert found("a.txt", (begin * (64 * 1024 // len(begin)) + "x").encode()).reader in ("text", "html")


@pytest.mark.realdata
def test_real_files(realdata: Path) -> None:
    expected = {".pdf": "pdf", ".docx": "docx", ".html": "html", ".md": "markdown", ".txt": "text"}
    expected |= dict.fromkeys((".jpg", ".png", ".heic"), "image")
    for path in [*(realdata / "documents").rglob("*.*"), *(realdata / "images").rglob("*.*")]:
        if path.suffix in expected and path.name not in ("empty.txt", "fake-text-all-whitespace.txt"):
            result = detect(path)
            assert (result.reader, result.warning) == (expected[path.suffix], ""), path
