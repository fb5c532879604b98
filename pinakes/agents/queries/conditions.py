"""Things asked for by the state they are in ("damaged equipment"), and sentences that tell of such a state."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pinakes.agents.queries.lexicon import ASKING, DOCUMENT_WORDS, NOUNS
from pinakes.agents.queries.names import stem
from pinakes.library.requests import is_request

_WORD = re.compile(r"[^\W_][\w'’-]*")
_LISTING = re.compile(
    r"^\W*(?:which|what|any\b|(?:is|are)\s+(?:there|any)|do\s+(?:we|i)\s+have|welche\w*|was\s+ist|gibt\s+es|qu[eé]\b|hay\b"
    r"|quel\w*|y\s+a-t-il)",
    re.IGNORECASE,
)
_ASKED_OF = re.compile(
    r"^\W*(?:which|what)(?:\s+(?:of\s+)?(?:the|my|our|these|those))?(?P<thing>(?:\s+[\w'’-]+){0,3}?)"
    r"(?:\s+(?:is|are|was|were|has|have|had|looks?|seems?|got)(?:\s+(?:been|got|badly|still|already|not|now))*)?\s+$",
    re.IGNORECASE,
)
"""Which things are so: "which of the pumps are …", "what … equipment do we have", not "what shows that a pump is …"."""

_CLAUSE = re.compile(r"\b(?:that|if|whether|an?|the)\b", re.IGNORECASE)
_OTHERWISE = re.compile(
    r"\b(?:how|why|when|who|whom|whose|cause|caused|causes|cost|costs|happened|happens|after|before|because|if|by)\b",
    re.IGNORECASE,
)
"""Words of questions about what became of a thing, which want an answer and no list."""

_ACTING = re.compile(r"\W+(?:the|a|an|my|our|its|it|them|us|me|you)\b", re.IGNORECASE)
_MOST_NOUNS = 2
_ANY = "equipment"
"""What things of any sort are looked for as: what is in a state is most often something made."""


@dataclass(frozen=True)
class Condition:
    """A state that things are asked for in.

    Attributes:
        query: The things and their state, as asked for.
        tells: Finds words by which a text tells of the state.
        words: Those words, to search for.
        nouns: Stems of words for the things; none where things of any sort are meant.
    """

    query: str
    tells: re.Pattern[str]
    words: str
    nouns: frozenset[str]

    def told_in(self, sentence: str) -> bool:
        """Tell whether a sentence says that something is so, not that it may be, was not, or must not be."""
        return any(not _unreal().search(sentence[: told.start()]) for told in self.tells.finditer(sentence))


def read_condition(intent: str, topic: str) -> Condition | None:
    """Return the state that an intent wants things listed by, None where it asks for anything else.

    Args:
        topic: The intent's describing words, without those for dates, folders and kinds of files.
    """
    if not (is_request(intent) or _LISTING.match(intent)) or _OTHERWISE.search(intent):
        return None
    for state in _states():
        asked = state.asks.search(intent)
        if asked is None or _ACTING.match(intent[asked.end() :]) or _tells_of(intent[: asked.start()]):
            continue
        others = [w for w in _WORD.findall(_things().sub(" ", state.asks.sub(" ", topic))) if _describes(w)]
        if len(others) > _MOST_NOUNS or any(any(c.isdigit() for c in w) for w in others):
            continue
        nouns = frozenset(stem(w.casefold()) for w in others)
        return Condition(f"{state.usual} {' '.join(others) or _ANY}", state.tells, state.words, nouns)
    return None


def _tells_of(before: str) -> bool:
    """Return whether something is asked about a state ("what shows that the seal is damaged?"), not what is in it."""
    if re.match(r"\W*(?:which|what)\b", before, re.IGNORECASE) is None:
        return False
    asked = _ASKED_OF.match(before)
    return asked is None or _CLAUSE.search(asked["thing"]) is not None


def _describes(word: str) -> bool:
    return word.casefold() not in ASKING | NOUNS | DOCUMENT_WORDS


@dataclass(frozen=True)
class _State:
    usual: str  # the word it is mostly asked for by
    asks: re.Pattern[str]
    tells: re.Pattern[str]
    words: str


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(
        files("pinakes.agents.queries").joinpath("conditions.toml").read_text(encoding="utf-8")
    )


@cache
def _states() -> tuple[_State, ...]:
    return tuple(
        _State(asks[0], _any(asks), _any(tells), _plain(tells))
        for state in _data()["states"]
        for asks, tells in [(state["asks"].split(), state["tells"].split())]
    )


@cache
def _things() -> re.Pattern[str]:
    return _any(_data()["things"].split())


@cache
def _unreal() -> re.Pattern[str]:
    return _any(_data()["unreal"].split())


def _any(words: Iterable[str]) -> re.Pattern[str]:
    joined = "|".join(word.replace("_", r"\s+") for word in words)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


def _plain(words: Iterable[str]) -> str:
    """Return words as a query, without what makes patterns of them."""
    return " ".join(re.sub(r"\\w[*+]|\[\w+\]|\?", "", word).replace("_", " ") for word in words)
