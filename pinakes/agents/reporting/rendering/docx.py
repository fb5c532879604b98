"""Reports as Word files."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from pinakes.agents.reporting.document import (
    Block,
    Bullets,
    Figure,
    Grid,
    Paragraph,
    Report,
    Sentence,
    Source,
    laid_out,
)
from pinakes.agents.reporting.words import Words

_ACCENT, _QUIET = RGBColor(0x2D, 0x5F, 0x8B), RGBColor(0x5B, 0x65, 0x70)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDEST, _TALLEST, _PAIR_WIDEST, _PAIR_TALLEST = 12.5, 8.5, 7.6, 7.0
"""Centimetres."""

_PIXELS_A_CM = 55


def write(report: Report) -> bytes:
    """Return the report as a .docx file."""
    words = Words(report.language)
    document = Document()
    _set_up(document, report)
    _add(document, report.title, "Title")
    _add(document, words.say("made", report.made.isoformat()), "Normal", quiet=True)
    _add(document, report.scope, "Intense Quote")
    for section in report.sections:
        _add(document, section.heading, f"Heading {section.level}")
        for block in laid_out(section.blocks):
            if isinstance(block, tuple):
                _write_pair(document, block, words)
            else:
                _write_block(document, block, words)
    if report.missing:
        _add(document, words.say("missing"), "Heading 1")
        for line in report.missing:
            _add(document, line, "List Bullet")
    if report.sources:
        _add(document, words.say("sources"), "Heading 1")
        for source in report.sources:
            _write_source(document, source)
    return _saved(document)


def _set_up(document: Any, report: Report) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.4)
    page.top_margin = page.bottom_margin = Cm(2.3)
    moment = datetime.combine(report.made, time(), UTC)
    properties = document.core_properties
    properties.title, properties.author = _clean(report.title)[:255], "Pinakes"
    properties.created = properties.modified = moment
    properties.language = report.language
    properties.comments = ""
    for name, size in (
        ("Normal", 10.5),
        ("Title", 22),
        ("Heading 1", 14),
        ("Heading 2", 11.5),
        ("Caption", 9),
    ):
        _style(document.styles[name], size, coloured=name.startswith("Heading"))
    document.styles["Intense Quote"].font.color.rgb = RGBColor(0x3A, 0x42, 0x4B)
    document.styles["Intense Quote"].font.italic = document.styles["Intense Quote"].font.bold = False
    document.styles["Intense Quote"].paragraph_format.left_indent = Cm(0.5)
    document.styles["Intense Quote"].paragraph_format.right_indent = Cm(0)
    _page_numbers(page.footer.paragraphs[0])


def _style(style: Any, size: float, coloured: bool) -> None:
    font = style.font
    font.size, font.name = Pt(size), "Calibri"
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), "Microsoft YaHei")
    fonts.set(qn("w:cs"), "Arial")
    if style.name != "Normal":
        font.color.rgb = _ACCENT if coloured else RGBColor(0x1C, 0x1F, 0x23)
        style.paragraph_format.keep_with_next = style.name != "Caption"
    if style.name == "Caption":
        font.bold = False


def _page_numbers(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run()
    run.font.size, run.font.color.rgb = Pt(8.5), _QUIET
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = code
        run._r.append(element)


def _clean(text: str) -> str:
    """Return words without the characters that XML cannot hold."""
    return _UNPRINTABLE.sub("", " ".join(text.split()))


def _add(document: Any, text: str, style: str, *, quiet: bool = False) -> Any:
    paragraph = document.add_paragraph(style=style)
    run = paragraph.add_run(_clean(text))
    if quiet:
        run.font.size, run.font.color.rgb = Pt(9), _QUIET
    return paragraph


def _write_block(document: Any, block: Block, words: Words) -> None:
    if isinstance(block, Paragraph):
        paragraph = document.add_paragraph()
        for place, sentence in enumerate(block.sentences):
            _write_sentence(paragraph, sentence, " " if place else "")
    elif isinstance(block, Bullets):
        style = "List Number" if block.numbered else "List Bullet"
        for item in block.items:
            _write_sentence(document.add_paragraph(style=style), item)
    elif isinstance(block, Grid):
        _write_grid(document, block, words)
    else:
        _write_figure(document, block, words)


def _write_sentence(paragraph: Any, sentence: Sentence, before: str = "") -> None:
    if sentence.lead:
        paragraph.add_run(f"{before}{_clean(sentence.lead)} ").bold = True
        before = ""
    paragraph.add_run(before + _clean(sentence.text))
    for number in sentence.cites:
        _write_cite(paragraph, number)


def _write_cite(paragraph: Any, number: int) -> None:
    """Add a mark that leads to its entry in the list of sources."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), f"source_{number}")
    run = paragraph.add_run(f"\u00a0[{number}]")
    run.font.size, run.font.color.rgb = Pt(8.5), _ACCENT
    paragraph._p.append(link)
    link.append(run._r)


def _write_grid(document: Any, grid: Grid, words: Words) -> None:
    caption = document.add_paragraph(style="Caption")
    caption.paragraph_format.keep_with_next = True
    caption.add_run(f"{words.say('table')} {grid.number}. ").bold = True
    _write_sentence(caption, grid.caption)
    table = document.add_table(rows=0, cols=grid.columns)
    table.style, table.alignment = "Light List Accent 1", WD_TABLE_ALIGNMENT.CENTER
    for place, row in enumerate((grid.head, *grid.rows)):
        _write_row(table, grid, row, head=place == 0)
    after = document.add_paragraph()
    run = after.add_run(_clean(grid.note))
    run.font.size, run.font.color.rgb = Pt(9), _QUIET


def _write_row(table: Any, grid: Grid, row: tuple[str, ...], *, head: bool) -> None:
    added = table.add_row()
    settings = added._tr.get_or_add_trPr()
    settings.append(OxmlElement("w:cantSplit"))
    if head:
        settings.append(OxmlElement("w:tblHeader"))
    for column, text in enumerate(grid.filled(row)):
        paragraph = added.cells[column].paragraphs[0]
        run = paragraph.add_run(_clean(text))
        run.font.size, run.bold = Pt(9), head
        paragraph.paragraph_format.space_after = Pt(2)
        if grid.is_numeric(column):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _write_figure(document: Any, figure: Figure, words: Words) -> None:
    _picture(document.add_paragraph(), figure, _WIDEST, _TALLEST)
    _write_caption(document.add_paragraph(style="Caption"), figure, words)


def _write_pair(document: Any, pair: tuple[Figure, Figure], words: Words) -> None:
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for column, figure in enumerate(pair):
        above, below = table.cell(0, column), table.cell(1, column)
        above.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
        _picture(above.paragraphs[0], figure, _PAIR_WIDEST, _PAIR_TALLEST)
        below.paragraphs[0].style = document.styles["Caption"]
        _write_caption(below.paragraphs[0], figure, words)
    document.add_paragraph()


def _picture(holder: Any, figure: Figure, widest: float, tallest: float) -> None:
    width = min(widest, figure.width / _PIXELS_A_CM, tallest * figure.width / figure.height)
    holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
    holder.paragraph_format.keep_with_next = True
    shape = holder.add_run().add_picture(BytesIO(figure.content), width=Cm(width))
    shape._inline.docPr.set("descr", _clean(figure.caption.text))


def _write_caption(caption: Any, figure: Figure, words: Words) -> None:
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.add_run(f"{words.say('figure')} {figure.number}. ").bold = True
    _write_sentence(caption, figure.caption)


def _write_source(document: Any, source: Source) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Cm(0.9), Cm(-0.9)
    paragraph.paragraph_format.space_after = Pt(3)
    _bookmark(paragraph, source.number)
    paragraph.add_run(f"[{source.number}]\t").font.color.rgb = _ACCENT
    if source.title and source.title != source.filename:
        paragraph.add_run(f"{_clean(source.title)} — ")
    paragraph.add_run(_clean(source.filename)).italic = True
    if source.detail:
        paragraph.add_run(f", {_clean(source.detail)}")
    for run in paragraph.runs:
        run.font.size = Pt(9)


def _bookmark(paragraph: Any, number: int) -> None:
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        element = OxmlElement(tag)
        element.set(qn("w:id"), str(number))
        if tag == "w:bookmarkStart":
            element.set(qn("w:name"), f"source_{number}")
        paragraph._p.append(element)


def _saved(document: Any) -> bytes:
    """Return the file's bytes with one fixed date on every part, so that equal reports are equal files."""
    first, fixed = BytesIO(), BytesIO()
    document.save(first)
    with ZipFile(first) as written, ZipFile(fixed, "w", ZIP_DEFLATED) as archive:
        for name in written.namelist():
            archive.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), written.read(name), ZIP_DEFLATED)
    return fixed.getvalue()
