"""A question → the filter it states, and the topic that is left when the filter's words are taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pinakes.agents.queries import lexicon
from pinakes.agents.queries.dates import DateRange, find_dates
from pinakes.agents.queries.found import Found, any_of, pattern
from pinakes.agents.queries.looks import find_camera, find_looks
from pinakes.agents.queries.nearness import find_near
from pinakes.agents.queries.properties import (
    find_domain,
    find_duration,
    find_extension,
    find_pages,
    find_size,
    find_status,
)
from pinakes.core.files import FileFilter, Folder, Inventory


@dataclass(frozen=True)
class Known:
    """What a question may name: the moment it is asked, and the library's folders, cameras and tags."""

    now: datetime
    folders: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, now: datetime, inventory: Inventory, folders: Sequence[Folder] = ()) -> Known:
        """Return what a library's inventory and folders make known."""
        paths = tuple(f.path for f in folders) or inventory.folders
        return cls(now, paths, inventory.cameras, inventory.tags)


@dataclass(frozen=True)
class Filters:
    """What a question limits files by.

    Attributes:
        where: The filter; dates are in it too.
        topic: The describing words that are left; empty when the question only filters.
        says: Literal text the files are asked to show.
        extensions: Accepted file endings when there is more than one spelling.
        dates: The range of days that was said, if any; `date_field` tells which dates it limits.
        words: The filter in plain words, for example ("taken in March 2025", "blurred").
    """

    where: FileFilter = field(default_factory=FileFilter)
    topic: str = ""
    says: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    dates: DateRange | None = None
    date_field: str = "taken"
    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def limits(self) -> bool:
        """Whether anything is limited at all."""
        return self.where != FileFilter() or bool(self.extensions)


CONTENT_ONLY = frozenset({"says", "folder", "tag"})
"""What still filters when dates, sizes and file types are more likely a question's content."""


def read_filters(question: str, known: Known, only: frozenset[str] | None = None) -> Filters:
    """Return the filters a question states; `only` names the recognisers to use (None: all)."""
    text, found = question, list[Found]()
    for name, recognise in _RECOGNISERS:
        if only is None or name in only:
            for one in recognise(text, known):
                text = _masked(text, one.span)
                found.append(one)
    unknown = _gathered(found, "unknown")
    fields: dict[str, Any] = {"ids": ()} if unknown else {}
    for one in found:
        fields.update(one.fields)
    filters = Filters(
        where=FileFilter.model_validate(fields),
        topic=topic_of(text),
        says=_gathered(found, "says"),
        extensions=_gathered(found, "extensions"),
        words=tuple(one.words for one in found if one.words),
        unknown=unknown,
    )
    dated = next((one for one in found if one.dates), None)
    return with_dates(filters, dated.dates, known.now, dated.date_field) if dated and dated.dates else filters


def with_dates(filters: Filters, dates: DateRange, now: datetime, date_field: str) -> Filters:
    """Return the filters limited to a range of days."""
    # Cameras write wall-clock times without a zone and the catalog keeps them as UTC; uploads have real moments.
    first, last = dates.bounds(UTC if date_field == "taken" else now.tzinfo)
    where = filters.where.model_copy(update={f"{date_field}_from": first, f"{date_field}_to": last})
    others = tuple(w for w in filters.words if not w.startswith(tuple(_DATED.values())))
    said = f"{_DATED[date_field]} {dates.words()}"
    return replace(filters, where=where, dates=dates, date_field=date_field, words=(*others, said))


def _gathered(found: Sequence[Found], key: str) -> tuple[str, ...]:
    return tuple(value for one in found for value in one.extra.get(key, ()))


def topic_of(text: str) -> str:
    """Return a question's describing words, without those that only ask, in their order."""
    kept = [w for w in re.findall(r"[\w][\w'’.&/-]*[\w]|\w", text) if not _asks(w)]
    if all(w.lower() in lexicon.WHATEVER for w in kept):
        return ""
    return " ".join(kept)


def shown_in(topic: str) -> str:
    """Return a topic without words for how a picture came about ("scanned pages"), unless it has no others."""
    kept = [w for w in topic.split() if w.casefold() not in lexicon.PICTURE_KINDS]
    return " ".join(kept) or topic


def _asks(word: str) -> bool:
    bare = word.lower().removesuffix("'s").removesuffix("’s")
    return bare in lexicon.ASKING or bare in lexicon.NOUNS


def _masked(text: str, span: tuple[int, int]) -> str:
    return text[: span[0]] + " " * (span[1] - span[0]) + text[span[1] :]


def _says(text: str, known: Known) -> list[Found]:
    found = [
        Found(
            m.span(), {"has_text": True}, f"showing the text “{m['q'].strip()}”", {"says": (m["q"].strip(),)}
        )
        for m in _QUOTED.finditer(text)
    ]
    if found:
        return found
    match = _SAYING.search(text)
    if match is None or not match["q"].strip():
        return []
    said = match["q"].strip(" .?!,")
    return [Found(match.span(), {"has_text": True}, f"showing the text “{said}”", {"says": (said,)})]


def _dates(text: str, known: Known) -> list[Found]:
    ranges = find_dates(text, known.now)
    if not ranges:
        return []
    added = re.search(r"\b(?:added|uploaded|imported|ingested|stored|hochgeladen)\b", text, re.IGNORECASE)
    kind = "added" if added else "taken"
    spans = [Found(r.span) for r in ranges[1:]] + ([Found(added.span())] if added else [])
    return [Found(ranges[0].span, dates=_covering(ranges), date_field=kind), *spans]


def _covering(ranges: Sequence[DateRange]) -> DateRange:
    """Return one range from the first to the last day said ("in October and November")."""
    if len(ranges) == 1:
        return ranges[0]
    starts, ends = [r.start for r in ranges if r.start], [r.end for r in ranges if r.end]
    start = min(starts) if len(starts) == len(ranges) or len(starts) == 1 else None
    end = max(ends) if len(ends) == len(ranges) or len(ends) == 1 else None
    return DateRange(start, end, ranges[0].span, all(r.yearless for r in ranges), ranges[0].said)


def _folder(text: str, known: Known) -> list[Found]:
    for path in sorted(known.folders, key=len, reverse=True):
        for name in dict.fromkeys((path, path.rsplit("/", 1)[-1])):
            match = _folder_said(name, text, known.now)
            if match:
                return [Found(match.span(), {"folder_path": path}, f"in the folder {path}")]
    return _unknown_folder(text)


def _folder_said(name: str, text: str, now: datetime) -> re.Match[str] | None:
    spelled = r"[\s_/-]+".join(re.escape(part) for part in re.split(r"[\s_/-]+", name) if part)
    surely = pattern(
        rf"(?:(?:in|from|under|inside|within|of|im|aus)\s+)?(?:the\s+|my\s+|our\s+|dem\s+)?"
        rf"(?:{_FOLDER}\s+(?:called\s+|named\s+)?['\"“]?{spelled}['\"”]?|['\"“]?{spelled}['\"”]?\s+{_FOLDER})"
    )
    match = surely.search(text)
    if match or name.lower() in lexicon.NOUNS or find_dates(f"in {name}", now):
        return match
    return pattern(
        rf"(?:in|from|under|inside|within|im|aus)\s+(?:the\s+|my\s+|our\s+)?['\"“]?{spelled}['\"”]?(?!\s+\w+\s+{_FOLDER})"
    ).search(text)


def _unknown_folder(text: str) -> list[Found]:
    match = _ASKED_FOLDER.search(text)
    if match is None:
        return []
    name = (match["before"] or match["after"]).strip(" '\"“”")
    if name.lower() in lexicon.ASKING | {"which", "each", "per"}:
        return []
    words = f"in a folder called {name}"
    return [Found(match.span(), {}, words, {"unknown": (f"There is no folder called “{name}”.",)})]


def _tags(text: str, known: Known) -> list[Found]:
    named = _known_tags(text, known)
    if named:
        return named
    match = _TAGGED.search(text)
    if match is None:
        return []
    said = next(g for g in match.groups() if g)
    tags = [known_tag for known_tag in known.tags if known_tag.lower() == said.lower()]
    return [Found(match.span(), {"tags": (tags[0] if tags else said,)}, f"tagged “{said}”")]


def _known_tags(text: str, known: Known) -> list[Found]:
    """Return the library's own tags that a text asks for, of several words too ("tagged Anna Berg and pump")."""
    lead = _TAGS_ASKED.search(text)
    if lead is None or not known.tags:
        return []
    one = any_of(known.tags)
    listed = re.compile(
        rf"\s*['\"“]?(?P<first>{one})['\"”]?(?P<more>(?:\s*(?:,|and|&|und)\s*['\"“]?(?:{one})['\"”]?)*)(?!\w)",
        re.IGNORECASE,
    ).match(text, lead.end())
    if listed is None:
        return []
    own = {tag.casefold(): tag for tag in known.tags}
    said = [m[0] for m in re.finditer(rf"(?<!\w)(?:{one})(?!\w)", listed[0], re.IGNORECASE)]
    tags = tuple(own.get(" ".join(tag.split()).casefold(), tag) for tag in said)
    words = " and ".join(f"“{tag}”" for tag in tags)
    return [Found((lead.start(), listed.end()), {"tags": tags}, f"tagged {words}")]


def _name(text: str, known: Known) -> list[Found]:
    match = _NAMED.search(text)
    if match is None:
        return []
    return [Found(match.span(), {"name_contains": match["n"]}, f"with “{match['n']}” in the name")]


_DATED = {"taken": "dated", "added": "added"}
_FOLDER = r"(?:sub)?(?:folder|directory|ordner|album)"
_ASKED_FOLDER = pattern(
    rf"(?:in|from|under|inside|within)\s+(?:the\s+|my\s+|our\s+)?"
    rf"(?:['\"“]?(?P<before>\w[\w-]*(?:\s+\w[\w-]*){{0,2}})['\"”]?\s+{_FOLDER}"
    rf"|{_FOLDER}\s+(?:called\s+|named\s+)?['\"“]?(?P<after>\w[\w/-]*)['\"”]?)"
)
_QUOTED = re.compile(
    r"(?:(?:with|that|which|containing|showing|having)\s+)?(?:the\s+)?(?:(?:text|words?|sign|label|phrase|wording)\s+)?"
    r"(?:(?:that\s+|which\s+)?(?:says?|saying|reads?|reading|contains?)\s+)?(?:the\s+(?:words?|text|phrase)\s+)?"
    r"[\"“„«](?P<q>[^\"”“»]+)[\"”“»]",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"\b(?:(?:that|which|what)\s+)?(?:says?|saying|reads|reading|with\s+the\s+(?:text|words?|wording|phrase))\s+"
    r"(?P<q>(?!about\b|the\s+same\b|anything\b|something\b)[\w][^?.!,;]*)",
    re.IGNORECASE,
)
_TAGS_ASKED = re.compile(
    r"\b(?:tagged|labell?ed)(?:\s+(?:as|with))?(?=\W)|\b(?:with|having|have)\s+(?:the\s+)?tags?(?=\W)",
    re.IGNORECASE,
)
_TAGGED = re.compile(
    r"\btagged\s+(?:as\s+|with\s+)?['\"“]?([\w-]+)['\"”]?|\b(?:with|having)\s+(?:the\s+)?tags?\s+['\"“]?([\w-]+)['\"”]?"
    r"|(?<!\w)#([A-Za-z][\w-]+)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:named|called|whose\s+(?:file\s*)?names?\s+(?:contains?|includes?|has|have|starts?\s+with|ends?\s+with)"
    r"|with\s+(?P<x>)(?=[\w.-]+\s+in\s+the\s+(?:file\s*)?name))\s*['\"“]?(?P<n>[\w.-]+)['\"”]?(?:\s+in\s+the\s+(?:file\s*)?name)?",
    re.IGNORECASE,
)


_RECOGNISERS: tuple[tuple[str, Callable[[str, Known], list[Found]]], ...] = (
    ("says", _says),
    ("folder", _folder),
    ("near", lambda text, known: find_near(text)),
    ("tag", _tags),
    ("name", _name),
    ("camera", lambda text, known: find_camera(text, known.cameras)),
    ("date", _dates),
    ("size", lambda text, known: find_size(text)),
    ("duration", lambda text, known: find_duration(text)),
    ("domain", lambda text, known: find_domain(text)),
    ("pages", lambda text, known: find_pages(text)),
    ("looks", lambda text, known: find_looks(text)),
    ("extension", lambda text, known: find_extension(text)),
    ("status", lambda text, known: find_status(text)),
)
