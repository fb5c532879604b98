import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from PIL import Image

from pinakes.core.errors import CorruptFileError, EmptyFileError, EncryptedFileError
from pinakes.core.files import Reading
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers import read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def reading(path: Path) -> Reading:
    return read("docx", path, "file", ReadOptions())


def saved(document: object, path: Path) -> Path:
    document.save(str(path))  # type: ignore[attr-defined]
    return path


def test_structure(tmp_path: Path) -> None:
    document = Document()
    document.core_properties.title = "Crew handbook"
    document.sections[0].header.paragraphs[0].text = "Water Board"
    document.add_heading("Safety", 1)
    document.add_heading("Gloves", 2)
    document.add_paragraph("Gloves are worn whenever the cover of a pump is opened.")
    document.add_paragraph("leather for hot parts", style="List Bullet")
    document.add_paragraph().add_run("What to order").bold = True
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("Size", "Count", "L", "12"), strict=True
    ):
        cell.text = text
    found = reading(saved(document, tmp_path / "a.docx"))
    assert found.title == "Crew handbook"
    assert [(e.type, e.level) for e in found.elements] == [
        ("Header", None), ("Title", 1), ("Title", 2), ("NarrativeText", None), ("ListItem", None), ("Title", 3),
        ("Table", None),
    ]  # fmt: skip
    assert found.elements[-1].text == "Size | Count\nL | 12" and "<td" in (found.elements[-1].html or "")
    assert found.chunks[-1].heading == "Safety > Gloves > What to order"
    assert not any("Water Board" in chunk.text for chunk in found.chunks)


def test_hidden_corners_are_read(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph("Area is ")
    paragraph._p.append(
        parse_xml(
            f"<m:oMath {M}><m:r><m:t>A=π</m:t></m:r><m:sSup><m:e><m:r><m:t>r</m:t></m:r></m:e>"
            "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num>"
            "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
        )
    )
    control = f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>Inside a content control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(0, parse_xml(control))
    box = (
        f'<w:r {W} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r>'
        "<w:t>Said in a text box.</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    document.add_paragraph("Anchor.")._p.append(parse_xml(box))
    said = [e.text for e in reading(saved(document, tmp_path / "a.docx")).elements]
    assert said == ["Inside a content control.", "Area is A=πr^2(a+b)/2", "Anchor.", "Said in a text box."]


def test_pages_are_known_where_word_left_its_breaks(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("On the first page there is this.")
    run = document.add_paragraph().add_run()
    run._r.append(parse_xml(f"<w:lastRenderedPageBreak {W}/>"))
    run.add_text("On the second page there is that.")
    found = reading(saved(document, tmp_path / "a.docx"))
    assert [e.page for e in found.elements] == [1, 2] and [p.number for p in found.pages] == [1, 2]


def test_the_strict_dialect_is_read(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Written by a strict program.")
    usual = saved(document, tmp_path / "a.docx")
    strict = tmp_path / "strict.docx"
    with zipfile.ZipFile(usual) as old, zipfile.ZipFile(strict, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            for name in (b"officeDocument", b"wordprocessingml"):
                plain = b"http://schemas.openxmlformats.org/" + name + b"/2006/"
                content = content.replace(plain, b"http://purl.oclc.org/ooxml/" + name + b"/")
            new.writestr(part.filename, content)
    assert [e.text for e in reading(strict).elements] == ["Written by a strict program."]


def test_bad_files_say_what_is_wrong(tmp_path: Path) -> None:
    document = Document()
    whole = saved(document, tmp_path / "empty.docx")
    with pytest.raises(EmptyFileError):
        reading(whole)
    cut = tmp_path / "cut.docx"
    cut.write_bytes(whole.read_bytes()[:2000])
    with pytest.raises(CorruptFileError):
        reading(cut)
    locked = tmp_path / "locked.docx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(EncryptedFileError):
        reading(locked)
    other = tmp_path / "other.docx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/nothing.xml", "<a/>")
    with pytest.raises(CorruptFileError):
        reading(other)


def test_pictures_without_text_are_said_to_be_there(tmp_path: Path) -> None:
    Image.new("RGB", (40, 40), "red").save(tmp_path / "a.png")
    document = Document()
    document.add_picture(str(tmp_path / "a.png"))
    found = reading(saved(document, tmp_path / "a.docx"))
    assert found.chunks == () and found.warnings == ("the file holds pictures and no text",)
