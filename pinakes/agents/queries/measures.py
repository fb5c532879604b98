"""A question about numbers → what to measure, how to group, sort and limit it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pinakes.agents.queries import lexicon
from pinakes.agents.queries.found import any_of, pattern
from pinakes.agents.queries.rates import spelled_out
from pinakes.agents.queries.showing import folders_listed, undrawn
from pinakes.agents.queries.sorting import Sorting, read_sorting
from pinakes.core.files import GroupBy, Measure, MediaType
from pinakes.core.patterns import LazyPattern


@dataclass(frozen=True)
class Asked:
    """What a question about numbers asks.

    Attributes:
        kinds: The kinds of files that were named; empty means all.
        counting: A number was asked for, rather than a list.
        extreme: "oldest" or "newest" when files are asked by age.
        share: A percentage was asked for.
        ranked: The group with the most or the fewest was asked for.
        absent: Groups without any file were asked for ("which months have no photos").
        limit: How many rows were asked for.
        sorting: The order that was asked for, if any.
        rest: The question without the words that said all this.
    """

    measure: Measure
    group_by: GroupBy | None
    kinds: tuple[MediaType, ...]
    rest: str
    descending: bool = True
    counting: bool = True
    extreme: str = ""
    share: bool = False
    ranked: bool = False
    absent: bool = False
    limit: int | None = None
    sorting: Sorting | None = None


_KINDS: tuple[tuple[MediaType, LazyPattern], ...] = (
    (MediaType.IMAGE, pattern(any_of(lexicon.PICTURE_NOUNS))),
    (MediaType.DOCUMENT, pattern("documents?|docs|dokumente?n?|pdfs?")),
    (MediaType.LINK, pattern("links?|bookmarks?|web\\s*pages?|websites?|urls?")),
    (MediaType.VIDEO, pattern("videos?|clips?|footage|recordings?|movies?|films?")),
)
_PAGES = r"(?:pages?|seiten?)"
_SIZE = r"(?:size|space|storage|disk\s+space|memory|bytes|megabytes|mb|gb|gigabytes|big|large|speicher\w*)"
_AVERAGE = r"(?:average|mean|typical|durchschnittlich\w*|on\s+average)"
_LASTING = (
    r"(?:durations?|lengths?|long|(?:running|playing|playback|run)\s*times?|minutes|hours|seconds"
    r"|lang|dauer|laufzeit\w*)"
)
_TOGETHER = (
    r"(?:altogether|all\s+together|together|in\s+total|in\s+all|in\s+sum|combined|overall|zusammen|insgesamt)"
)
_SECONDS: tuple[tuple[Measure, bool, LazyPattern], ...] = (
    (
        Measure.AVG_SECONDS,
        False,
        pattern(rf"{_AVERAGE}.{{0,30}}\b{_LASTING}|{_LASTING}.{{0,40}}\b{_AVERAGE}"),
    ),
    (
        Measure.SUM_SECONDS,
        False,
        pattern(
            rf"(?:total|combined|overall|whole|entire|summed|sum\s+of\s+the)\s+(?:\w+\s+)?{_LASTING}"
            rf"|how\s+long(?=.{{0,60}}\b{_TOGETHER})|how\s+many\s+(?:minutes|hours|seconds)"
            rf"|how\s+much\s+(?:footage|time)|wie\s+lang(?=.{{0,60}}\b{_TOGETHER})|{_LASTING}(?=.{{0,40}}\b{_TOGETHER})"
        ),
    ),
    (Measure.MAX_SECONDS, True, pattern(r"longest|längste\w*")),
    (Measure.MIN_SECONDS, True, pattern(r"shortest|kürzeste\w*|briefest")),
    (
        Measure.MAX_SECONDS,
        True,
        pattern(r"how\s+long(?:\s+(?:is|are))?|wie\s+lang\w*|durations?(?:\s+of)?|lengths?(?:\s+of)?"),
    ),
)
"""Measures of videos, which go before those of pages where videos are named."""

_LENGTH_ENDS = pattern(_TOGETHER)
_MEASURES: tuple[tuple[Measure, bool, LazyPattern], ...] = (
    (
        Measure.AVG_PAGES,
        False,
        pattern(rf"{_AVERAGE}.{{0,30}}\b(?:{_PAGES}|length|long)|(?:{_PAGES}|long).{{0,40}}\b{_AVERAGE}"),
    ),
    (Measure.AVG_BYTES, False, pattern(rf"{_AVERAGE}.{{0,30}}\b{_SIZE}|{_SIZE}.{{0,40}}\b{_AVERAGE}")),
    (Measure.MAX_PAGES, True, pattern(rf"longest|(?:the\s+)?most\s+{_PAGES}|thickest|längste\w*")),
    (Measure.MIN_PAGES, True, pattern(rf"shortest|(?:the\s+)?(?:fewest|least)\s+{_PAGES}|kürzeste\w*")),
    (
        Measure.SUM_PAGES,
        False,
        pattern(
            rf"(?:how\s+many|number\s+of|count(?:\s+of)?|total(?:\s+number\s+of)?|sum\s+of|wie\s*viele)\s+(?:\w+\s+){{0,2}}?{_PAGES}"
        ),
    ),
    (
        Measure.MAX_BYTES,
        True,
        pattern(
            r"largest|biggest|heaviest|größte\w*|(?:takes?|uses?|needs?)\s+(?:up\s+)?(?:the\s+)?most\s+(?:space|storage)"
        ),
    ),
    (Measure.MIN_BYTES, True, pattern(r"smallest|tiniest|kleinste\w*")),
    (
        Measure.SUM_BYTES,
        False,
        pattern(
            rf"(?:total|combined|overall|whole|sum\s+of\s+the)\s+(?:file\s+)?{_SIZE}|how\s+much\s+(?:\w+\s+)?{_SIZE}"
            r"|(?:most|least|more)\s+(?:disk\s+)?(?:space|storage)|how\s+(?:big|large)\s+(?:is|are)|(?:takes?|uses?|needs?|occup(?:y|ies))\s+(?:up\s+)?(?:the\s+)?(?:most|least|more)\s+(?:disk\s+)?(?:space|storage)"
            r"|(?:takes?|uses?|occup(?:y|ies))\s+up|\bsize\s+of\s+(?:all|the|my)|wie\s+groß|size"
        ),
    ),
)
_COUNT = pattern(
    r"how\s+many|number\s+of|count(?:\s+of)?|amount\s+of|quantity|tally|wie\s*viele|anzahl|total\s+number|in\s+total"
)
_GROUPS: tuple[tuple[GroupBy, str], ...] = (
    (GroupBy.MEDIA_TYPE, r"media\s+types?|kinds?(?:\s+of\s+(?:files?|media))?"),
    (GroupBy.EXTENSION, r"(?:file\s*)?(?:types?|formats?|extensions?|endings?)|dateityp\w*"),
    (GroupBy.FOLDER, r"(?:sub)?folders?|director(?:y|ies)|albums?|ordner\w*"),
    (GroupBy.TAG, r"tags?|labels?|keywords?"),
    (GroupBy.CAMERA, r"cameras?|devices?|phones?|camera\s+models?|kameras?"),
    (GroupBy.YEAR, r"years?|annual\w*|yearly|jahr\w*"),
    (GroupBy.MONTH, r"months?|monthly|monat\w*"),
    (GroupBy.WEEKDAY, r"week\s*days?|days?\s+of\s+the\s+week|wochentag\w*"),
    (GroupBy.DAY, r"days?(?!\s+of\b)|daily"),
    (GroupBy.DOMAIN, r"(?:web\s*)?sites?|domains?|hosts?|publishers?"),
    (GroupBy.STATUS, r"status(?:es)?"),
    (GroupBy.ORIENTATION, r"orientations?"),
    (GroupBy.COLOUR, r"(?:main\s+|dominant\s+)?colou?rs?|farben?"),
    (GroupBy.LANGUAGE, r"languages?|sprachen?"),
)
_BY = r"(?:per|by|for\s+each|in\s+each|for\s+every|in\s+every|each|every|grouped\s+by|across(?:\s+the)?|pro|je|nach)"
_WHICH = r"(?:which|what|welche\w*)"
_RANKED = r"(?:most|more|fewest|least|highest|largest|biggest|lowest|smallest|number|how\s+many|no|meisten|wenigsten)"
_FEWEST = pattern(r"fewest|least|lowest|smallest|wenigsten")
_HIGHEST = pattern(r"most|highest|largest|biggest|meisten")
_ABSENT = pattern(
    rf"{_WHICH}\s+(?:\w+\s+){{0,4}}?(?:have|has|had|contain|contains|with|are)\s+(?:no|without|not\s+any|zero)|(?:without|no)\s+any|(?:are\s+)?empty"
)
_ONE = pattern(
    r"(?:which|what|the|is)\s+(?:\w+\s+){0,2}?(?:largest|biggest|heaviest|longest|smallest|shortest|tiniest)\s+(?:\w+\s+)?"
    r"(?:file|photo|picture|image|document|pdf|scan|one|manual|report|video|clip|film|movie|recording)|which\s+(?:\w+\s+){0,4}?(?:has|is|takes)"
)
_NONE = pattern(r"no|not\s+any|zero|without(?:\s+any)?|at\s+all")
_EXTREMES = (
    (
        "oldest",
        pattern(r"oldest|earliest|first\s+(?=\w*\s*(?:photo|picture|image|document|file))|älteste\w*"),
    ),
    ("newest", pattern(r"newest|latest|most\s+recent(?:ly)?|neueste\w*")),
)
_SHARE = pattern(
    r"(?:what|which)\s+(?:share|percent(?:age)?|proportion|fraction|part)|percent(?:age)?\s+of|share\s+of|how\s+much\s+of|anteil"
)
_TOP = LazyPattern(
    r"\b(?:top|the|first|last)?\s*(?P<n>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twenty)\s+"
    r"(?=(?:largest|biggest|smallest|longest|shortest|oldest|newest|latest|heaviest|most\s+recent|earliest))",
    re.IGNORECASE,
)
_TOP_N = LazyPattern(r"\btop\s+(?P<n>\d{1,3}|three|five|ten)\b", re.IGNORECASE)
_FEW = LazyPattern(
    r"\b(?:(?:list|show|give|name|find)\s+(?:me\s+)?(?:(?:only|just)\s+)?(?:the\s+)?(?:first\s+|last\s+)?"
    r"|(?:the\s+)?first\s+|(?:only|just)\s+(?:the\s+first\s+)?|(?:at\s+most|up\s+to)\s+)"
    rf"(?P<n>\d{{1,3}}|two|three|four|five|six|seven|eight|nine|ten|twenty)\s+"
    rf"(?=(?:[\w-]+\s+){{0,2}}?(?:{any_of(sorted(lexicon.NOUNS - {'page', 'pages', 'seite', 'seiten'}))}"
    r"|videos?|clips?|links?|folders?|tags?|cameras?)\b)",
    re.IGNORECASE,
)
_NUMBERS = {**lexicon.NUMBERS, "twenty": 20}


def _grouped(names: str) -> LazyPattern:
    return pattern(
        rf"(?:{_BY})\s+(?:the\s+)?(?:{names})|{_WHICH}\s+(?:is\s+the\s+)?(?:{names})(?=.{{0,60}}\b{_RANKED}\b)"
        rf"|{_RANKED}\s+(?:frequent(?:ly)?\s+|used\s+|common\s+|popular\s+)+(?:{names})"
        rf"|(?:with|by|on|using|from|in)\s+{_WHICH}\s+(?:{names})|{_WHICH}\s+(?:{names})\s+(?:is|are|was|were)\b"
        rf"|(?:breakdown|overview|distribution|statistics)\s+of\s+(?:the\s+)?(?:{names})|{'|'.join(_EVERY)}"
    )


_EVERY = {"daily": GroupBy.DAY, "monthly": GroupBy.MONTH, "yearly": GroupBy.YEAR, "annually": GroupBy.YEAR}
_GROUPED = tuple((group, _grouped(names)) for group, names in _GROUPS)
_MOST = pattern(r"(?:the\s+)?most(?!\s+pages?|\s+space|\s+storage)|meisten|used|frequent(?:ly)?|common")


def read_measure(question: str) -> Asked:
    """Return what a question about numbers asks; a question without any measure asks for a list."""
    sorting, text = read_sorting(undrawn(spelled_out(question)))
    limit, text = _limit(text)
    kinds = tuple(kind for kind, said in _KINDS if _is_subject(said, text))
    extreme, text = _extreme(text)
    share = _SHARE.search(text) is not None
    said_absent = _ABSENT.search(text) is not None
    group_by, fewest, text = _group(text)
    absent = said_absent and group_by is not None
    if absent:
        text = _without(_NONE, text)
    measures = (*_SECONDS, *_MEASURES) if kinds == (MediaType.VIDEO,) else _MEASURES
    measure, per_file, counting, text = _measure(text, group_by, measures)
    if per_file and group_by is None:
        group_by = GroupBy.FILE
    return Asked(
        measure=measure,
        group_by=group_by,
        kinds=kinds,
        rest=_without(_SHARE, text),
        descending=not fewest and measure not in {Measure.MIN_BYTES, Measure.MIN_PAGES, Measure.MIN_SECONDS},
        counting=counting or share,
        extreme=extreme,
        share=share,
        ranked=group_by is not None and (fewest or _HIGHEST.search(question) is not None),
        absent=absent,
        limit=limit or (1 if per_file and _ONE.search(question) else None),
        sorting=sorting,
    )


def without_kinds(topic: str, kinds: tuple[MediaType, ...]) -> str:
    """Return a topic without the words that only name the kinds of files in question."""
    for kind, said in _KINDS:
        if kind in kinds:
            topic = said.sub(" ", topic)
    return " ".join(topic.split())


def _is_subject(said: LazyPattern, text: str) -> bool:
    """Tell whether a kind is asked for, rather than being what files are about ("documents that mention videos")."""
    return any(not _TOLD_OF.search(text[: match.start()]) for match in said.finditer(text))


_TOLD_OF = LazyPattern(
    r"\b(?:mention|discuss|describ|refer|talk)\w*\s+(?:to\s+|about\s+|of\s+)?(?:\w+\s+){0,2}$|\b(?:about|regarding)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


def clauses(question: str) -> list[str]:
    """Return the questions that one sentence holds: "how many PDFs are there, and which has the most pages?"."""
    parts = re.split(
        r"[,;]?\s+(?:and|und)\s+(?=(?:which|what|how\s+(?:many|much|big|large)|wie\s*viele?|welche\w*)\b)|\?\s+(?=\w)",
        question,
        flags=re.IGNORECASE,
    )
    return [part.strip() for part in parts if part.strip(" ?.!")]


def _measure(
    text: str, group_by: GroupBy | None, measures: tuple[tuple[Measure, bool, LazyPattern], ...]
) -> tuple[Measure, bool, bool, str]:
    for measure, per_file, said in measures:
        match = said.search(text)
        if match and per_file and group_by is not None:
            continue
        if match:
            rest = _cut(text, match)
            return measure, per_file, True, _without(_LENGTH_ENDS, rest) if measures != _MEASURES else rest
    match = _COUNT.search(text)
    if match:
        return Measure.COUNT, False, True, _cut(text, match)
    return Measure.COUNT, False, group_by is not None, text


def _group(text: str) -> tuple[GroupBy | None, bool, str]:
    listed = folders_listed(text)
    if listed:
        return GroupBy.FOLDER, False, _cut(text, listed)
    for group, said in _GROUPED:
        match = said.search(text)
        if match and (match[0].lower() not in _EVERY or _EVERY[match[0].lower()] is group):
            fewest = _FEWEST.search(text) is not None
            rest = _without(_MOST, _without(_FEWEST, _cut(text, match)))
            return group, fewest, rest
    return None, False, text


def _extreme(text: str) -> tuple[str, str]:
    both = [name for name, said in _EXTREMES if said.search(text)]
    for _, said in _EXTREMES:
        text = _without(said, text)
    return " ".join(both), text


def _limit(text: str) -> tuple[int | None, str]:
    match = _TOP.search(text) or _TOP_N.search(text) or _FEW.search(text)
    if match is None:
        return None, text
    said = match["n"].lower()
    return int(said) if said.isdigit() else _NUMBERS[said], _cut(text, match)


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _without(said: LazyPattern, text: str) -> str:
    return said.sub(" ", text)
