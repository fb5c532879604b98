"""Names of things that texts speak of again and again: products, projects, people, places.

A name is a run of capitalised words inside sentences ("the Silver Plus Account"), or one that mixes cases or digits
("EcoCard"), that several files use and that is hardly ever written small. In headings any word may be capitalised, so
only what stands before a colon gives a name.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from pinakes.agents.organising.contents import Content
from pinakes.agents.queries.calendar_words import MONTHS, WEEKDAYS
from pinakes.agents.queries.lexicon import STOP
from pinakes.agents.queries.names import stem

MOST_WORDS = 4
_FEWEST_FILES = 3
_WIDEST = 0.25
"""Share of files beyond which a name tells them apart no more."""

_IN_HEADING = 4.0
_SMALL = 0.2
"""Share of occurrences without capitals beyond which words are no name ("credit card")."""

_LEAD = 1.25
"""How much more a file must say its name than the next one."""

_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’-]*"
_RUN = re.compile(rf"{_NAME}(?:[ \u00a0](?:{_NAME}|\d{{1,4}}\b))*")
_MIXED = re.compile(r"(?=\w*[a-z])[A-Z][a-z]+[A-Z0-9]\w*|[a-z]+[A-Z]\w+")
_TIMES = frozenset((*MONTHS, *WEEKDAYS))
_OPENS = re.compile(r"(?:^|[.!?:;\n|•“\"(*#-])\s*$")


def repeated_names(contents: Sequence[Content]) -> dict[str, str]:
    """Return the names that several files use inside sentences: their folded form, and how it is written."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    holders: dict[str, set[int]] = defaultdict(set)
    for place, content in enumerate(contents):
        for name in (*_names_in(content.text), *_led_by(content.heading)):
            written[folded_name(name)][name] += 1
            holders[folded_name(name)].add(place)
    most = max(_FEWEST_FILES, _WIDEST * len(contents))
    often = {key for key, where in holders.items() if _FEWEST_FILES <= len(where) <= most}
    small = _written_small(contents, often)
    return {
        key: written[key].most_common(1)[0][0]
        for key in sorted(often)
        if small[key] <= _SMALL * written[key].total()
    }


def names_of(contents: Sequence[Content], known: Mapping[str, str]) -> list[str | None]:
    """Return the one name that each content is about, None where none stands out."""
    counted = [_said(content, known) for content in contents]
    holders = Counter(key for said in counted for key in said)
    return [_foremost(said, holders, len(contents)) for said in counted]


def folded_name(name: str) -> str:
    """Return a name without case and plural, so that its spellings are one."""
    return " ".join(stem(word) for word in re.findall(r"[\w'’]+", name.casefold()))


def _names_in(text: str) -> list[str]:
    return [name for line in text.splitlines() if _is_sentence(line) for name in _names_in_line(line)]


def _led_by(heading: str) -> list[str]:
    """Return the name that a heading begins with, if a colon follows it ("BNPL Gold: fees")."""
    lead = re.match(rf"({_NAME}(?: {_NAME}){{0,{MOST_WORDS - 1}}})\s*:", heading)
    words = lead[1].split() if lead else []
    named = len(words) > 1 or any(_MIXED.fullmatch(word) for word in words)
    return [lead[1]] if lead and named and not STOP & {word.casefold() for word in words} else []


def _is_sentence(line: str) -> bool:
    """Tell a line of prose from a heading, in which any word may be capitalised."""
    words = re.findall(r"[^\W\d_]{4,}", line)
    small: int = sum(word.islower() for word in words)
    return bool(small >= max(2, 0.4 * len(words)))


def _names_in_line(text: str) -> list[str]:
    found = []
    for run in _RUN.finditer(text):
        words = run[0].split()
        if _OPENS.search(text[: run.start()][-4:]):  # a sentence's first word is capitalised anyway
            words = words[1:] if words[0].casefold() in STOP or len(words) < 3 else words
        while words and words[0].casefold() in STOP:
            words = words[1:]
        if {word.casefold() for word in words} & _TIMES:
            continue
        if 2 <= len(words) <= MOST_WORDS or (len(words) == 1 and _MIXED.fullmatch(words[0])):
            found.append(" ".join(words))
    return found


def _written_small(contents: Sequence[Content], names: Collection[str]) -> Counter[str]:
    """Return how often each name stands somewhere with its first and last word in small letters."""
    found: Counter[str] = Counter()
    for content in contents:
        words = re.findall(r"[\w'’]+", content.text)
        stems = [stem(word.casefold()) for word in words]
        for place in (n for n, word in enumerate(words) if word[0].islower()):
            for size in range(2, MOST_WORDS + 1):
                key = " ".join(stems[place : place + size])
                if key in names and words[place : place + size][-1][0].islower():
                    found[key] += 1
    return found


def _said(content: Content, known: Mapping[str, str]) -> dict[str, float]:
    """Return how much a content says each name; a name inside a longer one counts for the longer alone."""
    body = _occurrences(content.text, known)
    said = {key: 1 + math.log(n) for key, n in body.items()}
    for key in _occurrences(content.heading, known):
        said[key] = said.get(key, 0.0) + _IN_HEADING
    return said


def _occurrences(text: str, known: Mapping[str, str]) -> Counter[str]:
    words = [stem(w) for w in re.findall(r"[\w'’]+", text.casefold())]
    found: Counter[str] = Counter()
    place = 0
    while place < len(words):
        size = next(
            (n for n in range(MOST_WORDS + 2, 0, -1) if " ".join(words[place : place + n]) in known), 0
        )
        if size:
            found[" ".join(words[place : place + size])] += 1
        place += max(size, 1)
    return found


def _foremost(said: Mapping[str, float], holders: Mapping[str, int], total: int) -> str | None:
    weighed = sorted(((v * math.log(1 + total / holders[k]), k) for k, v in said.items()), reverse=True)
    if not weighed or (len(weighed) > 1 and weighed[0][0] < _LEAD * weighed[1][0]):
        return None
    return weighed[0][1]
