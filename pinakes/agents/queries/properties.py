"""What files are said to be: their type, size, number of pages, and how their reading went."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pinakes.agents.queries import lexicon
from pinakes.agents.queries.found import Found, any_of, pattern
from pinakes.core.files import FileStatus
from pinakes.core.patterns import LazyPattern

_KINDS = any_of(sorted(lexicon.NOUNS))


_SPELLED_OUT = {
    "docx": r"(?:ms\s+)?word\s+(?:files?|documents?|docs?)",
    "txt": r"(?:plain[ -]?)?text\s+files?",
}
"""Endings whose everyday words ("word", "text") need a noun beside them."""


def _ending(ending: str, names: Sequence[str]) -> LazyPattern:
    if ending in _SPELLED_OUT:
        return pattern(rf"(?<![\w.])\.?{ending}(?:\s+(?={_KINDS}))?|{_SPELLED_OUT[ending]}")
    return pattern(
        rf"(?<![\w.])(?:of\s+type\s+)?\.?(?:{any_of(names)})(?:\s+(?:format|type))?(?:\s+(?={_KINDS}))?"
    )


_ENDINGS = tuple((ending, _ending(ending, names)) for ending, names in lexicon.EXTENSIONS.items())


_SIZE = LazyPattern(
    rf"(?:(?P<more>{lexicon.MORE}|{lexicon.AT_LEAST})|(?P<less>{lexicon.LESS}|{lexicon.AT_MOST}))\s*"
    rf"(?P<n>\d+(?:[.,]\d+)?)\s*(?P<unit>{any_of(tuple(lexicon.SIZE_UNITS))})\b",
    re.IGNORECASE,
)


_PAGES = LazyPattern(
    rf"(?:(?:that\s+|which\s+)?(?:have|has|having|with|are|of)\s+)?"
    rf"(?:(?P<most>{lexicon.AT_MOST})|(?P<least>{lexicon.AT_LEAST})|(?P<more>{lexicon.MORE})|(?P<less>{lexicon.LESS}))\s*"
    rf"(?P<n>\d+)\s*(?:pages?|seiten?)(?:\s+long)?\b",
    re.IGNORECASE,
)


_ONE_PAGE = LazyPattern(r"\b(?:single|one|1)[ -]page\b", re.IGNORECASE)


_STATUSES = (
    (
        FileStatus.FAILED,
        "that could not be read",
        pattern(
            rf"(?:failed|unreadable|broken|corrupt(?:ed)?|damaged)(?=\s+(?:{_KINDS})\b)"
            rf"|(?:that\s+|which\s+)?(?:have\s+|has\s+)?failed(?:\s+to\s+(?:load|import|process|open|be\s+read))?(?=\s*(?:$|[?.!,]|and\s+why))"
            r"|(?:could|can)(?:\s*not|n't|n’t)\s+be\s+(?:read|opened|processed|imported)|(?:are|were)\s+(?:unreadable|corrupt(?:ed)?)"
        ),
    ),
    (
        FileStatus.PENDING,
        "waiting to be read",
        LazyPattern(r"\b(?:pending|still\s+waiting|not\s+yet\s+(?:read|processed))\b", re.IGNORECASE),
    ),
    (
        FileStatus.PROCESSING,
        "being read now",
        LazyPattern(r"\b(?:(?:still\s+|being\s+)processe?d?(?:ing)?|in\s+progress)\b", re.IGNORECASE),
    ),
)


def find_extension(text: str) -> list[Found]:
    """Return the file type that a text names."""
    for ending, match in ((e, p.search(text)) for e, p in _ENDINGS):
        if match:
            variants = lexicon.EXTENSION_VARIANTS.get(ending, (ending,))
            fields: dict[str, Any] = {"extension": ending} if len(variants) == 1 else {}
            extra = {"extensions": variants} if len(variants) > 1 else {}
            return [Found(match.span(), fields, f"of type {ending.upper()}", extra)]
    return []


def find_size(text: str) -> list[Found]:
    """Return the limits on size that a text states."""
    found = []
    for match in _SIZE.finditer(text):
        amount = int(float(match["n"].replace(",", ".")) * lexicon.SIZE_UNITS[match["unit"].lower()])
        key = "min_bytes" if match["more"] else "max_bytes"
        found.append(Found(match.span(), {key: amount}, match[0].strip().lower()))
    return found


def find_pages(text: str) -> list[Found]:
    """Return the limits on pages that a text states."""
    found = []
    for match in _PAGES.finditer(text):
        count, strict = int(match["n"]), bool(match["more"] or match["less"])
        upper = bool(match["less"] or match["most"])
        key = "max_pages" if upper else "min_pages"
        value = count + ((-1 if upper else 1) if strict else 0)
        found.append(Found(match.span(), {key: value}, " ".join(match[0].lower().split())))
    single = _ONE_PAGE.search(text)
    if single and not found:
        return [Found(single.span(), {"min_pages": 1, "max_pages": 1}, "of a single page")]
    return found


def find_duration(text: str) -> list[Found]:
    """Return the limits on length in time that a text states of videos."""
    if not _VIDEO.search(text):
        return []
    found = []
    for match in _DURATION.finditer(text):
        said = match["n"].lower()
        number = 0.5 if said.startswith("half") else float(_SPELLED.get(said, said.replace(",", ".")))
        seconds = number * _SECONDS_IN[match["unit"][0].lower()]
        key = "min_seconds" if match["more"] else "max_seconds"
        found.append(Found(match.span(), {key: seconds}, " ".join(match[0].lower().split())))
    return found


def find_domain(text: str) -> list[Found]:
    """Return the site that saved pages are said to be from."""
    match = _DOMAIN.search(text) if _LINK.search(text) else None
    if match is None or match["host"].lower().rsplit(".", 1)[-1] in _FILE_ENDINGS:
        return []
    host = match["host"].lower()
    return [Found(match.span(), {"domain": host}, f"from {host}")]


_VIDEO = pattern(r"videos?|clips?|footage|recordings?|movies?|films?")
_LINK = pattern(r"links?|bookmarks?|(?:web\s*)?pages?|(?:web\s*)?sites?|urls?|articles?")
_SPELLED = {**lexicon.NUMBERS, "a": 1, "an": 1}
_SECONDS_IN = {"s": 1, "m": 60, "h": 3600}
_DURATION = LazyPattern(
    rf"(?:(?:that\s+|which\s+)?(?:are|is|of|last(?:s|ing)?|run(?:s|ning)?|with)\s+)?"
    rf"(?:(?P<more>{lexicon.MORE}|{lexicon.AT_LEAST})|(?P<less>{lexicon.LESS}|{lexicon.AT_MOST}))\s*"
    rf"(?P<n>\d+(?:[.,]\d+)?|half\s+an?|an?|{any_of(tuple(lexicon.NUMBERS))})\s*-?"
    r"(?P<unit>seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h)\b(?:\s+long)?",
    re.IGNORECASE,
)
_DOMAIN = pattern(
    r"(?:from|on|of|at|by|von|auf)\s+(?:the\s+)?(?:(?:web\s*)?site\s+|domain\s+|host\s+)?(?:https?://)?(?:www\.)?"
    r"(?P<host>(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,})/?"
)
_FILE_ENDINGS = frozenset(
    (
        *lexicon.EXTENSIONS,
        *lexicon.IMAGE_EXTENSIONS,
        "htm",
        "mp4",
        "mov",
        "webm",
        "mkv",
        "avi",
        "doc",
        "pptx",
        "xlsx",
        "csv",
    )
)


def find_status(text: str) -> list[Found]:
    """Return how the reading of files is said to have gone."""
    for status, words, said in _STATUSES:
        match = said.search(text)
        if match:
            return [Found(match.span(), {"status": status}, words)]
    return []
