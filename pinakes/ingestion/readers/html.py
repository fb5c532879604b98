"""Web pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from pinakes.core.files import Element, Reading
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers.assemble import assemble, from_unstructured
from pinakes.ingestion.readers.dates import parse_date
from pinakes.ingestion.readers.decode import read_text
from pinakes.ingestion.readers.layout_tables import unfold_layout_tables
from pinakes.ingestion.unstructured_offline import html_elements

_CHARSET = re.compile(
    rb"""<(?:meta[^>]{0,300}charset|\?xml[^>]{0,100}encoding)\s*=\s*["']?([\w.:-]{2,40})""", re.I
)
_HEAD_BYTES = 4096
_DROPPED = ("script", "style", "noscript", "template", "svg", "iframe", "object", "form//select", "dialog")
_FURNITURE = ("nav", "aside", "header", "footer")
_UNSEEN = re.compile(r"<(!--|(?:script|style|noscript|template|head)\b)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_TOO_DEEP = "the page is nested too deeply; its text was read without its structure"
_BOXES = frozenset(("div", "section", "article", "main", "p", "table", "ul", "ol", "blockquote", "pre"))
_HIDDEN_STYLE = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_DATE_NAMES = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dcterms.created",
    "dcterms.date",
    "pubdate",
    "publish-date",
    "article:modified_time",
)
_LEAST_READ = 0.2  # of a page's characters: white space is much of some
_ENOUGH = 200  # characters that make a <main> or <article> the content


def read(path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Read a page's content without scripts, styles and what is hidden. Raises EmptyFileError, CorruptFileError."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    text = page_source(path)
    try:
        root = document_fromstring(text.encode("utf-8"), parser=HTMLParser(encoding="utf-8", huge_tree=True))
    except (etree.ParserError, ValueError):
        return assemble(file_id, (), options)
    plain = _without_tags(text)
    if len(plain) > 2 * len(root.text_content().strip()):
        return assemble(file_id, _paragraphs(plain), options, warnings=[_TOO_DEEP])
    title, date, language = _title(root), _date(root), _language(root)
    _drop_hidden(root)
    body = _content(root)
    unfold_layout_tables(body)
    _shed_wrappers(body)
    kept = etree.tostring(body, encoding="unicode", method="html", with_tail=False)
    elements = list(from_unstructured(html_elements(kept)))
    if sum(len(element.text) for element in elements) < _LEAST_READ * len(body.text_content().strip()):
        elements = list(_paragraphs(_without_tags(kept)))  # its parser gives up on very long texts
    return assemble(file_id, elements, options, title=title, language=language, content_created_at=date)


def page_source(path: Path) -> str:
    """Return a page's source as text, by the encoding it declares. Raises EmptyFileError, CorruptFileError."""
    return read_text(path, _declared(path))


def _without_tags(text: str) -> str:
    return unescape(_TAG.sub("\n", _seen(text))).strip()


def _seen(text: str) -> str:
    """Return a page without comments, scripts and the like; what is never closed stays, each looked for once."""
    lowered = text.translate(_LOWER)  # `lower` changes how long some texts are
    kept, endless, at = list[str](), set[str](), 0
    for begin in _UNSEEN.finditer(text):
        name = begin.group(1).lower()
        close = "-->" if name == "!--" else f"</{name}"
        if begin.start() < at or close in endless:
            continue
        end = lowered.find(close, begin.end())
        if end < 0:
            endless.add(close)
            continue
        kept.append(text[at : begin.start()])
        at = lowered.find(">", end) + 1 or len(text)
    return " ".join([*kept, text[at:]])


def _paragraphs(plain: str) -> Iterator[Element]:
    for line in plain.splitlines():
        yield Element(type="UncategorizedText", text=line)


def _declared(path: Path) -> str | None:
    with path.open("rb") as stream:
        match = _CHARSET.search(stream.read(_HEAD_BYTES))
    if not match:
        return None
    name = match.group(1).decode("ascii", errors="ignore").lower()
    aliases = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "x-sjis": "cp932"}
    aliases |= {"shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949"}
    return None if name.startswith(("utf-16", "utf-32")) else aliases.get(name, re.sub("-[ie]$", "", name))


def _title(root: Any) -> str | None:
    for query in (".//head/title", ".//title"):
        node = root.find(query)
        if node is not None and (text := " ".join(node.itertext()).strip()):
            return str(text)
    return next((value for name, value in _metas(root) if name == "og:title"), None)


def _date(root: Any) -> datetime | None:
    named = dict(reversed(list(_metas(root))))
    for name in _DATE_NAMES:
        if found := parse_date(named.get(name, "")):
            return found
    times = (node.get("datetime") or "" for node in root.iter("time"))
    return next(filter(None, map(parse_date, times)), None)


def _metas(root: Any) -> Iterator[tuple[str, str]]:
    for node in root.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        if name and node.get("content"):
            yield name.strip().lower(), node.get("content").strip()


def _language(root: Any) -> str | None:
    code = (root.get("lang") or "").split("-")[0].strip().lower()
    return code if re.fullmatch("[a-z]{2}", code) else None


def _drop_hidden(root: Any) -> None:
    for tag in _DROPPED:
        for node in list(root.iterfind(f".//{tag}")):
            _drop(node)
    for node in [node for node in root.iter() if isinstance(node.tag, str) and _is_hidden(node)]:
        _drop(node)


def _is_hidden(node: Any) -> bool:
    return (
        node.get("hidden") is not None
        or node.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(node.get("style") or ""))
        or (node.tag == "input" and node.get("type") == "hidden")
    )


def _drop(node: Any) -> None:
    if node.getparent() is not None and node.tag not in ("html", "body"):
        node.drop_tree()


def _content(root: Any) -> Any:
    """The page's own content: <main> or the one <article>, else the body without its furniture."""
    for query in (".//main", ".//article"):
        found = root.findall(query)
        if len(found) == 1 and len(found[0].text_content().strip()) >= _ENOUGH:
            return found[0]
    body = root.find(".//body")
    body = root if body is None else body
    whole = len(body.text_content().strip())
    furniture = [
        node for tag in _FURNITURE for node in body.iterfind(f".//{tag}") if not _within_article(node)
    ]
    shed = sum(len(node.text_content().strip()) for node in furniture)
    if whole - shed >= _ENOUGH:
        for node in furniture:
            _drop(node)
    return body


def _shed_wrappers(body: Any) -> None:
    """Take out boxes that hold one box and nothing else: parsers stop at some depth and lose what is below."""
    for node in list(body.iter("div", "section")):
        is_wrapper = len(node) == 1 and node[0].tag in _BOXES and not (node.text or "").strip()
        if (
            is_wrapper
            and not (node[0].tail or "").strip()
            and node.getparent() is not None
            and node is not body
        ):
            node.drop_tag()


def _within_article(node: Any) -> bool:
    return any(parent.tag in ("article", "section", "main") for parent in node.iterancestors())
