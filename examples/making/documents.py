"""The documents: typst to PDF, typst to a scanned PDF, simple Markdown to DOCX, the rest as it is."""

import re
import shutil
import time
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Literal

import docx
import numpy as np
import typst
from docx.document import Document
from PIL import Image, ImageFilter

from making.canvas import FONT_FOLDER, mottled
from making.photofile import seed_of

SOURCES = Path(__file__).parent / "sources"
SCAN_TIME = time.struct_time((2025, 7, 9, 15, 20, 0, 2, 190, 0))
DOCX_TIME = datetime(2025, 4, 1, 9, 0, 0)
ZIP_TIME = (2025, 4, 1, 9, 0, 0)


def write_documents(library: Path) -> None:
    """Write every document of the library from its source."""
    for source in sorted(SOURCES.rglob("*.*")):
        inside = source.relative_to(SOURCES)
        if source.parent == SOURCES:
            continue
        target = library / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.name.endswith(".scan.typ"):
            target.with_name(source.name.replace(".scan.typ", ".pdf")).write_bytes(scanned(source))
        elif source.suffix == ".typ":
            target.with_suffix(".pdf").write_bytes(printed(source))
        elif source.name.endswith(".docx.md"):
            target.with_suffix("").write_bytes(typed(source.read_text(encoding="utf-8")))
        else:
            shutil.copyfile(source, target)


def _compile(source: Path, form: Literal["pdf", "png"], ppi: float | None = None) -> list[bytes]:
    made = typst.compile(
        str(source),
        root=str(SOURCES),
        font_paths=[str(FONT_FOLDER)],
        ignore_system_fonts=True,
        format=form,
        ppi=ppi,
    )
    # Several pages come as a list; the stubs of typst do not say so.
    return made if isinstance(made, list) else [made]


def printed(source: Path) -> bytes:
    """Return the PDF of a typst source."""
    return _compile(source, "pdf")[0]


def scanned(source: Path) -> bytes:
    """Return a PDF of page images without any text: turned a little, grey, with noise, as from a flatbed."""
    pages = []
    for number, png in enumerate(_compile(source, "png", ppi=150)):
        rng = seed_of(f"{source.name} {number}")
        page = Image.open(BytesIO(png)).convert("L")
        page = page.rotate(0.9 if number % 2 == 0 else -0.6, Image.Resampling.BICUBIC, fillcolor=250)
        stained = (
            mottled(page.convert("RGB"), rng, 2.5, 90).convert("L").filter(ImageFilter.GaussianBlur(0.6))
        )
        pixels = np.asarray(stained, dtype=np.float32) * 0.94 + rng.normal(
            4.0, 4.0, (page.height, page.width)
        )
        pages.append(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "L"))
    out = BytesIO()
    pages[0].save(
        out, "PDF", save_all=True, append_images=pages[1:], resolution=150.0, quality=55,
        producer="Flatbed", creationDate=SCAN_TIME, modDate=SCAN_TIME,
    )  # fmt: skip
    return out.getvalue()


def typed(text: str) -> bytes:
    """Return a Word document of a text with headings, lists, tables and paragraphs."""
    document = docx.Document()
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            _add_table(document, rows)
            rows = []
        _add_line(document, line)
    core = document.core_properties
    core.title = text.splitlines()[0].lstrip("# ")
    core.author = core.last_modified_by = "Dalia Brandt"
    core.created = core.modified = DOCX_TIME
    core.comments = ""
    out = BytesIO()
    document.save(out)
    return _with_fixed_times(out.getvalue())


def _add_line(document: Document, line: str) -> None:
    if heading := re.match(r"(#+) (.*)", line):
        document.add_heading(heading[2], level=len(heading[1]) - 1)
    elif numbered := re.match(r"\d+\. (.*)", line):
        document.add_paragraph(numbered[1], style="List Number")
    elif line.startswith("- "):
        document.add_paragraph(line[2:], style="List Bullet")
    elif line:
        document.add_paragraph(line)


def _add_table(document: Document, rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Light Grid Accent 1")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph()


def _with_fixed_times(archive: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            fixed = zipfile.ZipInfo(entry.filename, ZIP_TIME)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fixed, old.read(entry))
    return out.getvalue()
