"""What a saved page says of itself: JSON-LD, Open Graph, meta elements, and where it was saved from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from pinakes.core.files import LinkFacts, PagePicture
from pinakes.ingestion.readers.clean import one_line
from pinakes.ingestion.readers.dates import parse_date

LONGEST_URL = 2_048
MOST_KEYWORDS = 40
MOST_PICTURES = 50
_LONGEST_WORDS = 1_000
_LONGEST_NAME = 120
_MOST_JSON = 1_000_000
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)\s*(\S+)\s*-->", re.IGNORECASE)
_SAVED_WITH = re.compile(r"<!--[^>]{0,200}?\burl:\s*(https?://\S+)", re.IGNORECASE)
_HEAD = 8_192
_ARTICLES = ("article", "posting", "page", "recipe", "product", "report", "creativework", "event", "book")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """The facts of a page, and its title."""

    title: str | None
    link: LinkFacts


def page_facts(source: str, url: str = "") -> PageFacts:
    """Return what a page's source says of itself; `url` is its address where that is known already."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    try:
        root = document_fromstring(
            source.encode("utf-8"), parser=HTMLParser(encoding="utf-8", huge_tree=True)
        )
    except (etree.ParserError, ValueError):
        return PageFacts(None, _placed(LinkFacts(), _checked(url)))
    said = _Said(_metas(root), _main_item(root))
    address = _checked(url) or _address(source, root, said)
    title = said.title() or _headed(root)
    facts = said.facts(address).model_copy(
        update={"title": title, "icon": _icon(root, address), "pictures": tuple(_pictures(root, address))}
    )
    return PageFacts(title, _placed(facts, address))


def _placed(facts: LinkFacts, url: str | None) -> LinkFacts:
    domain = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    return facts.model_copy(update={"url": url, "domain": domain or None})


@dataclass(frozen=True, slots=True)
class _Said:
    metas: Mapping[str, str]
    item: Mapping[str, Any]

    def title(self) -> str | None:
        return _words(self._meta("og:title", "twitter:title")) or _words(_name(self.item, "headline", "name"))

    def facts(self, address: str | None) -> LinkFacts:
        item = self.item
        site = self._meta("og:site_name", "application-name") or _name(item.get("publisher"), "name")
        described = self._meta("og:description", "description", "twitter:description", "dc.description")
        return LinkFacts(
            site=_words(site, _LONGEST_NAME),
            description=_words(described) or _words(_name(item, "description")),
            authors=tuple(self._authors()),
            published_at=self._published(),
            keywords=tuple(self._keywords()),
            picture=_joined(address, self._meta("og:image:secure_url", "og:image", "twitter:image")),
            kind=_words(self._meta("og:type"), _LONGEST_NAME),
            locale=_words(self._meta("og:locale"), _LONGEST_NAME),
        )

    def _meta(self, *names: str) -> str:
        return next((self.metas[name] for name in names if self.metas.get(name)), "")

    def _authors(self) -> list[str]:
        stated = self.item.get("author") or self.item.get("creator")
        named = [_name(one, "name") for one in (stated if isinstance(stated, list) else [stated])]
        if not any(named):
            named = re.split(
                r"\s*[;,]\s*|\s+and\s+", self._meta("author", "article:author", "dc.creator", "byl")
            )
        kept = (_words(re.sub(r"^by\s+", "", name, flags=re.IGNORECASE), _LONGEST_NAME) for name in named)
        return list(dict.fromkeys(n for n in kept if n and not n.lower().startswith(("http:", "https:"))))

    def _published(self) -> datetime | None:
        stated = (
            self._meta("article:published_time", "datepublished"),
            _name(self.item, "datePublished", "dateCreated"),
            self._meta("date", "dc.date", "dcterms.created", "pubdate", "publish-date", "parsely-pub-date"),
        )
        return next((day for text in stated if (day := parse_date(text))), None)

    def _keywords(self) -> list[str]:
        stated = self.item.get("keywords") or self._meta("keywords", "news_keywords", "article:tag")
        parts = stated if isinstance(stated, list) else re.split(r"\s*[,;]\s*", str(stated))
        kept = (_words(part, _LONGEST_NAME) for part in parts if isinstance(part, str))
        return list(dict.fromkeys(word for word in kept if word))[:MOST_KEYWORDS]


def _metas(root: Any) -> dict[str, str]:
    """Return the meta elements by name; of several with one name the first, of tags all."""
    found: dict[str, str] = {}
    for node in root.iter("meta"):
        name = (node.get("property") or node.get("name") or node.get("itemprop") or "").strip().lower()
        text = one_line(node.get("content") or "")
        if name == "article:tag" and name in found and text:
            found[name] += f", {text}"
        elif name and text:
            found.setdefault(name, text)
    return found


def _main_item(root: Any) -> Mapping[str, Any]:
    """Return the JSON-LD item that the page is about: an article, a product, a recipe; else the empty one."""
    items = [
        item for node in root.iter("script") if _is_linked_data(node) for item in _items(node.text or "")
    ]
    return next((item for item in items if _is_article(item)), {})


def _is_linked_data(node: Any) -> bool:
    return (node.get("type") or "").split(";")[0].strip().lower() == "application/ld+json"


def _items(text: str) -> Iterator[Mapping[str, Any]]:
    if len(text) > _MOST_JSON:
        return
    try:
        stated = json.loads(text)
    except (ValueError, RecursionError):
        return
    for one in stated if isinstance(stated, list) else [stated]:
        if isinstance(one, dict):
            graph = one.get("@graph")
            yield from (
                (item for item in graph if isinstance(item, dict)) if isinstance(graph, list) else [one]
            )


def _is_article(item: Mapping[str, Any]) -> bool:
    stated = item.get("@type")
    kinds = stated if isinstance(stated, list) else [stated]
    return any(str(kind).lower().endswith(_ARTICLES) for kind in kinds)


def _name(stated: Any, *keys: str) -> str:
    """Return the first of these texts of an item, or the text that stands for it."""
    if isinstance(stated, str):
        return stated
    if not isinstance(stated, Mapping):
        return ""
    return next((value for key in keys if isinstance(value := stated.get(key), str) and value.strip()), "")


def _words(text: str, most: int = _LONGEST_WORDS) -> str | None:
    return one_line(text)[:most] or None


def _headed(root: Any) -> str | None:
    node = root.find(".//head/title")
    node = root.find(".//title") if node is None else node
    return _words(" ".join(node.itertext())) if node is not None else None


def _address(source: str, root: Any, said: _Said) -> str | None:
    saved = _SAVED_FROM.search(source[:_HEAD]) or _SAVED_WITH.search(source[:_HEAD])
    base = _checked(saved[1]) if saved else None
    links = (
        n.get("href") or "" for n in root.iter("link") if "canonical" in (n.get("rel") or "").lower().split()
    )
    stated = (*links, said.metas.get("og:url", ""))
    return next((url for text in stated if (url := _checked(urljoin(base or "", text)))), base)


def _icon(root: Any, address: str | None) -> str | None:
    """Return where a page's icon is, if it says so."""
    named = (n.get("href") or "" for n in root.iter("link") if "icon" in (n.get("rel") or "").lower().split())
    return next((url for text in named if (url := _joined(address, text))), None)


def _pictures(root: Any, address: str | None) -> list[PagePicture]:
    """Return the pictures that a page shows, each once, in their order."""
    found: dict[str, PagePicture] = {}
    for node in root.iter("img"):
        url = _joined(address, node.get("src") or node.get("data-src") or "")
        if url and len(found) < MOST_PICTURES:
            found.setdefault(url, PagePicture(url=url, alt=one_line(node.get("alt") or "")[:_LONGEST_NAME]))
    return list(found.values())


def _joined(address: str | None, text: str) -> str | None:
    try:
        return _checked(urljoin(address or "", text.strip())) if text.strip() else None
    except ValueError:
        return None


def _checked(url: str) -> str | None:
    """Return a web address that can be kept, None for anything else."""
    text = url.strip()
    try:
        parts = urlsplit(text)
        sound = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return text if sound and len(text) <= LONGEST_URL and not re.search(r"[\s<>\"]", text) else None
