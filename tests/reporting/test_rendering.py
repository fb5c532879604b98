"""Every format opens, shows all that the report holds, and lets no word of a file act."""

from __future__ import annotations

import builtins
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile

import pypdfium2
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from PIL import Image
from report_world import HOSTILE

from pinakes.agents.reporting.document import (
    Bullets,
    Figure,
    Grid,
    Paragraph,
    Report,
    Section,
    Sentence,
    Source,
    laid_out,
    numbered,
)
from pinakes.agents.reporting.rendering import FORMATS, render
from pinakes.core.errors import ConfigurationError, ValidationError

ROWS = tuple((f"Row {n} of a long table whose cells have to be wrapped", f"{n * 17}") for n in range(70))
INERT = MarkdownIt("gfm-like", {"html": True, "linkify": False})


def jpeg(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "JPEG")
    return out.getvalue()


def report(words: str = HOSTILE, language: str = "en") -> Report:
    figures = tuple(
        Figure(Sentence(f"Caption {words}", (2,)), jpeg(w, h), "image/jpeg", w, h)
        for w, h in ((800, 300), (300, 800), (200, 200))
    )
    sections = (
        Section(f"Heading {words}", (Paragraph((Sentence(words, (1, 2)), Sentence("Second.", (1,)))),)),
        Section(
            "Lists", (Bullets((Sentence(words, (1,), lead=f"{words}:"),)), Bullets((Sentence("One"),), True))
        ),
        Section(
            "Part", (*figures, Grid(Sentence("Long", (1,)), ("Name", "Number"), ROWS, "… and 3 more")), 2
        ),
    )
    sources = (
        Source(1, "f1", f"{words}.pdf", f"Title {words}", 3, "p. 3, top", ((0.1, 0.1, 0.9, 0.2),)),
        Source(2, "f2", "b.jpg"),
    )
    return Report(
        f"Title {words}",
        language,
        date(2025, 11, 21),
        words,
        numbered(sections),
        sources,
        (f"Nothing on {words}",),
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data


def parsed(page: str) -> _Tags:
    reader = _Tags()
    reader.feed(page)
    return reader


def links(page: _Tags) -> set[str]:
    return {str(a.get("href") or a.get("src") or "")[:5] for t, a in page.tags if t in {"a", "img", "link"}}


def pdf_text(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(content)
    return " ".join(page.get_textpage().get_text_bounded() for page in pdf)


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_report_is_the_same_file(format: str) -> None:
    assert render(report(), format) == render(report(), format)


def test_html_holds_everything_and_nothing_acts() -> None:
    page = parsed(render(report(), "html").decode())
    assert page.said.count(HOSTILE) >= 8
    assert links(page) == {"#sour", "data:"}
    assert not {"script", "iframe", "object", "link"} & {tag for tag, _ in page.tags}
    assert [a["src"][:22] for t, a in page.tags if t == "img"] == ["data:image/jpeg;base64"] * 3
    assert any(a.get("data-boxes") == "0.1000,0.1000,0.9000,0.2000" for _, a in page.tags)
    policy = next(a["content"] for t, a in page.tags if t == "meta" and "http-equiv" in a)
    assert "default-src 'none'" in policy


def test_markdown_holds_everything_and_nothing_acts() -> None:
    page = parsed(INERT.render(render(report(), "md").decode()))
    said = " ".join(page.said.split())
    assert said.count(" ".join(HOSTILE.split())) >= 8
    assert links(page) == {"data:"}
    assert "script" not in {tag for tag, _ in page.tags}
    assert {"h1", "h2", "h3", "table", "ul", "ol", "img"} <= {tag for tag, _ in page.tags}
    assert sum(tag == "h1" for tag, _ in page.tags) == 1


def test_word_opens_with_headings_pictures_and_tables() -> None:
    content = render(report(), "docx")
    document = Document(BytesIO(content))
    styles = [p.style.name for p in document.paragraphs]
    said = "\n".join(p.text for p in document.paragraphs)
    assert styles[0] == "Title"
    assert {"Heading 1", "Heading 2", "List Bullet", "List Number", "Caption"} <= set(styles)
    assert said.count(HOSTILE) >= 7
    assert len(document.inline_shapes) == 3
    table = document.tables[-1]
    assert len(table.rows) == len(ROWS) + 1
    xml = ZipFile(BytesIO(content)).read("word/document.xml").decode()
    assert "w:tblHeader" in xml
    anchors = set(re.findall(r'w:anchor="(\w+)"', xml))
    assert anchors == {"source_1", "source_2"} <= set(re.findall(r'w:name="(\w+)"', xml))
    assert "r:id" not in re.findall(r"<w:hyperlink[^>]*>", xml)[0]


def test_pdf_opens_with_all_its_words() -> None:
    content = render(report(), "pdf")
    pdf = pypdfium2.PdfDocument(content)
    said = "".join(pdf_text(content).split())
    assert len(pdf) >= 3
    assert said.count("".join(HOSTILE.split())) >= 5
    assert "Row69ofalongtable" in said
    assert "…and3more" in said
    assert pdf.get_metadata_dict()["Title"] == f"Title {HOSTILE}"
    assert (round(pdf[0].get_width()), round(pdf[0].get_height())) == (595, 842)


def test_the_head_of_a_long_table_is_on_each_of_its_pages() -> None:
    pdf = pypdfium2.PdfDocument(render(report("plain"), "pdf"))
    pages = [page.get_textpage().get_text_bounded() for page in pdf]
    assert all("Number" in text for text in pages if text.count("of a long table") > 2)


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
@pytest.mark.parametrize("format", FORMATS)
def test_every_language_renders(language: str, format: str) -> None:
    assert render(report("words", language), format)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80))
def test_any_words_are_words(words: str) -> None:
    made = report(f"a{words}b")
    page = parsed(render(made, "html").decode(errors="surrogatepass")) if _encodable(words) else None
    if page is None:
        return
    assert links(page) <= {"#sour", "data:"}
    markdown = parsed(INERT.render(render(made, "md").decode()))
    assert {t for t, _ in markdown.tags} <= _MARKDOWN_TAGS
    assert links(markdown) == {"data:"}
    Document(BytesIO(render(made, "docx")))


_MARKDOWN_TAGS = frozenset(
    [
        "h1",
        "h2",
        "h3",
        "p",
        "em",
        "strong",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "img",
        "br",
    ]
)


def _encodable(words: str) -> bool:
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True


@settings(max_examples=15, deadline=None)
@given(st.text(alphabet="#$*_`<>@[](){}\\\"'/=~-+:;.,|&% \nax1", min_size=1, max_size=60))
def test_no_words_are_typst_code(words: str) -> None:
    slim = replace(report(f"a{words}b"), sections=(Section(f"a{words}", (Paragraph((Sentence(words),)),)),))
    said = "".join(pdf_text(render(slim, "pdf")).split())
    assert "".join(f"Nothingona{words}b".split()) in said


def test_without_typst_the_error_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: object, **kwargs: object) -> object:
        if name == "typst":
            raise ImportError(name)
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(ConfigurationError, match=r"pinakes\[reports\]"):
        render(report(), "pdf")
    assert all(render(report(), format) for format in FORMATS if format != "pdf")


def test_unknown_formats_are_refused() -> None:
    with pytest.raises(ValidationError, match="odt"):
        render(report(), "odt")


def test_pictures_that_follow_each_other_stand_side_by_side() -> None:
    figures = report().sections[2].blocks
    rows = list(laid_out(figures))
    assert [type(row).__name__ for row in rows] == ["tuple", "Figure", "Grid"]
    assert [b.number for b in figures if isinstance(b, Figure)] == [1, 2, 3]


def test_chinese_without_a_font_is_refused_rather_than_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoFonts:
        def families(self) -> list[str]:
            return ["Libertinus Serif"]

    monkeypatch.setattr("typst.Fonts", NoFonts)
    made = report("水泵的密封在三月损坏", "zh")
    with pytest.raises(ConfigurationError, match="font"):
        render(made, "pdf")
    assert all(render(made, format) for format in FORMATS if format != "pdf")
    assert render(report("an English text in which one single word is 中文"), "pdf")
