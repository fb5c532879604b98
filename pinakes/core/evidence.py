"""What an answer stands on, and the marks that tie its words to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field

from pinakes.core.files import Box, Locator, MediaType, Span
from pinakes.core.ids import MARK_PREFIX
from pinakes.core.value import Value

MARK = re.compile(r"\[\[(img|doc|link|video|ref):([^\]|]+)((?:\|[^\]|]*)*)\]\]")
"""An in-text mark: `[[doc:ID|filename|p:N]]`, `[[img:ID|filename]]`, `[[link:ID|title]]`, `[[ref:KEY]]`."""

_KINDS = {"image": "img", "document": "doc", "link": "link", "video": "video"}


class Evidence(Value):
    """One place in the library that bears on the question.

    Attributes:
        id: Unique within a turn (`step.rank`), so that results of parallel steps never clash.
        quote: Words that occur in the source, at most 300 characters; empty for a whole picture.
        score: 0 to 1, calibrated.
        why: A few words on why it matched, for people.
        url: Where the page is on the web, of links alone.
    """

    id: str
    media_type: MediaType
    file_id: str
    filename: str
    chunk_id: str | None = None
    quote: str = ""
    locator: Locator = Locator()
    score: float = 0.0
    why: str = ""
    url: str | None = None


class Citation(Value):
    """Evidence that the answer's text refers to by `mark`; `quote` was verified against the source."""

    mark: str
    evidence: Evidence
    sentence: str = ""


class ImageRef(Value):
    """A picture that a text refers to."""

    id_prefix: str
    filename: str
    full_id: str | None = None


class DocumentRef(Value):
    """A document, and a page or page range of it, that a text refers to."""

    id_prefix: str
    filename: str
    full_id: str | None = None
    page: int | None = None
    page_range: tuple[int, int] | None = None


class LinkRef(Value):
    """A saved link that a text refers to."""

    id_prefix: str
    title: str
    full_id: str | None = None
    source_url: str | None = None
    domain: str | None = None


class VideoRef(Value):
    """A video, and a second of it, that a text refers to."""

    id_prefix: str
    filename: str
    full_id: str | None = None
    start_s: float | None = None


class ParsedReferences(Value):
    """The marks of a text, parsed, in order of first appearance."""

    images: list[ImageRef] = Field(default_factory=list)
    documents: list[DocumentRef] = Field(default_factory=list)
    links: list[LinkRef] = Field(default_factory=list)
    videos: list[VideoRef] = Field(default_factory=list)
    counts: dict[str, Any] = Field(default_factory=dict)

    @property
    def has_references(self) -> bool:
        """Whether the text refers to anything."""
        return bool(self.images or self.documents or self.links or self.videos or self.counts)


def place_of(spans: Sequence[Span], start: int, end: int) -> Locator | None:
    """Return page and box of characters `start` to `end`; over several pages, of where they begin; None if unknown."""
    places = [span.locator for span in spans if span.start < end and start < span.end]
    if not places:
        return None
    boxes = [p.box for p in places if p.page == places[0].page and p.box is not None]
    return places[0].model_copy(update={"box": _around(boxes) if boxes else None})


def mark_for(evidence: Evidence, *, prefix: int = MARK_PREFIX) -> str:
    """Return the in-text mark that cites this evidence."""
    name = re.sub(r"[\[\]|]", " ", evidence.filename)
    parts = [f"{_KINDS[evidence.media_type]}:{evidence.file_id[:prefix]}", name]
    if evidence.media_type == MediaType.DOCUMENT and evidence.locator.page is not None:
        parts.append(f"p:{evidence.locator.page}")
    if evidence.media_type == MediaType.VIDEO and evidence.locator.start_s is not None:
        parts.append(f"t:{round(evidence.locator.start_s, 3)}".removesuffix(".0"))
    return f"[[{'|'.join(parts)}]]"


def resolve_marks(text: str, result_refs: dict[str, Any] | None = None) -> str:
    """Return the text with its marks replaced by readable words."""
    refs = result_refs or {}

    def readable(match: re.Match[str]) -> str:
        kind, key, rest = match.group(1), match.group(2), match.group(3).split("|")[1:]
        if kind == "ref":
            return str(_count(refs.get(key), key))
        return f"({', '.join([rest[0] if rest else key, *map(_place, rest[1:])])})"

    return MARK.sub(readable, text)


def parse_references(
    text: str, known: Mapping[str, str | None] | None = None, result_refs: dict[str, Any] | None = None
) -> ParsedReferences:
    """Return the references in a text; prefixes are completed where one id fits of `known`, which has its address."""
    known = known or {}
    found: dict[str, dict[str, Value]] = {"img": {}, "doc": {}, "link": {}, "video": {}}
    counts: dict[str, Any] = {}
    for match in MARK.finditer(text):
        kind, key, rest = match.group(1), match.group(2), match.group(3).split("|")[1:]
        if kind == "ref":
            counts[key] = (result_refs or {}).get(key)
        else:
            found[kind].setdefault(match.group(0), _reference(kind, key, rest, known))
    return ParsedReferences.model_validate(
        {
            "images": list(found["img"].values()),
            "documents": list(found["doc"].values()),
            "links": list(found["link"].values()),
            "videos": list(found["video"].values()),
            "counts": counts,
        }
    )


def _reference(kind: str, key: str, rest: list[str], known: Mapping[str, str | None]) -> Value:
    fitting = [full for full in known if full.startswith(key)]
    full_id = fitting[0] if len(fitting) == 1 else None
    name = rest[0] if rest else ""
    places = dict(part.split(":", 1) for part in rest[1:] if ":" in part)
    if kind == "img":
        return ImageRef(id_prefix=key, filename=name, full_id=full_id)
    if kind == "link":
        url = known[full_id] if full_id else None
        domain = (urlsplit(url).hostname or "").removeprefix("www.") if url else None
        return LinkRef(id_prefix=key, title=name, full_id=full_id, source_url=url, domain=domain)
    if kind == "video":
        start = float(places["t"]) if re.fullmatch(r"\d+(?:\.\d+)?", places.get("t", "")) else None
        return VideoRef(id_prefix=key, filename=name, full_id=full_id, start_s=start)
    page = int(places["p"]) if places.get("p", "").isdigit() else None
    return DocumentRef(
        id_prefix=key, filename=name, full_id=full_id, page=page, page_range=_range(places.get("pp", ""))
    )


def _range(text: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"(\d+)-(\d+)", text)
    return (int(match.group(1)), int(match.group(2))) if match else None


def _place(part: str) -> str:
    kind, _, value = part.partition(":")
    return {"p": f"p. {value}", "pp": f"pp. {value}", "t": f"{value} s"}.get(kind, part)


def _count(ref: Any, key: str) -> Any:
    if isinstance(ref, dict):
        return ref.get("count", len(ref.get("ids", ())))
    return key if ref is None else ref


def _around(boxes: Sequence[Box]) -> Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)
