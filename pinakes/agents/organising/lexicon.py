"""Words and sentence patterns for changing a library, read from `lexicon.toml`."""

from __future__ import annotations

import itertools
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pinakes.agents.organising.request import Action, Key

_DATA = tomllib.loads(files("pinakes.agents.organising").joinpath("lexicon.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Said:
    """A sentence pattern with the groups what, into, name, tags and by."""

    pattern: re.Pattern[str]
    action: Action


@dataclass(frozen=True)
class Kind:
    """A kind of paper: the words that are signs of it, what it must show, and the names of other kinds."""

    signs: frozenset[str]
    shows: re.Pattern[str]
    others: frozenset[str]


def _filled(text: str) -> re.Pattern[str]:
    """Return the pattern with its lists filled in; a group that stands in several branches gets numbers."""
    text = re.sub(r"(?<!\?P)<(\w+)>", lambda m: f"(?:{'|'.join(_DATA['words'][m[1]].split())})", text)
    numbered = itertools.count()
    text = re.sub(r"\(\?P<(\w+)>", lambda m: f"(?P<{m[1]}{next(numbered)}>", text.replace("_", " "))
    return re.compile(text, re.IGNORECASE)


def group(match: re.Match[str], name: str) -> str:
    """Return what a named group of a pattern holds, in whichever branch it matched."""
    found = (text for key, text in match.groupdict().items() if key.rstrip("0123456789") == name and text)
    return next(found, "").strip()


@cache
def sentences() -> tuple[Said, ...]:
    """Return the patterns of requests, those to try first first; compiled when first needed."""
    return tuple(
        Said(_filled(rf"^(?:{text})$"), Action(block["action"]))
        for block in _DATA["sentences"]
        for text in block["said"]
    )


@cache
def refinements() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the patterns of later words on a proposal, and what each asks for."""
    return tuple(
        (block["kind"], _filled(rf"^(?:{text})$")) for block in _DATA["refinements"] for text in block["said"]
    )


KEYS: dict[str, Key] = {
    word.replace("_", " "): Key(key) for key, words in _DATA["keys"].items() for word in words.split()
}
EXCEPT = _filled(r"^(?P<whole>.+?),? (?:<except>) (?P<kept>.+)$")
ALL = _filled("(?:<all>)(?: of (?:them|these|those))?")
SUPERLATIVES: dict[str, tuple[str, bool]] = {
    word.replace("_", " "): (name.partition("_")[0], name.endswith("_high"))
    for name, words in _DATA["superlatives"].items()
    for word in words.split()
}
SUPERLATIVE = re.compile(
    rf"^(?:the |das |die |den |el |la |le )?(?P<most0>{'|'.join(map(re.escape, SUPERLATIVES))})\b ?(?P<rest0>.*)$",
    re.IGNORECASE,
)
WITHIN = _filled(r"^(?P<by>.+?) (?:<into>) (?P<into>.+)$")
POLITE = _filled(_DATA["polite"])
AFTERWARDS = _filled(_DATA["afterwards"])
FINDING = _filled(_DATA["finding"])
JOINING = _filled(_DATA["joining"])
FOLDER = _filled("^(?:<folder>)$")
FOLDER_PREFIX = _filled(_DATA["folder_prefix"])
NAMELESS = _filled(_DATA["nameless"])
BY_CONTENT = _filled(_DATA["by_content"])
FOLDER_SUFFIX = _filled(_DATA["folder_suffix"])
NEW = _filled(_DATA["new"])
CALLED = _filled(_DATA["called"])
POINTING = _filled(_DATA["pointing"])
LEADING_ALL = _filled("^(?:<all>)(?: of)? ")
EVERYTHING = _filled(_DATA["everything"])
REST = _filled(_DATA["rest"])
DUPLICATES = _filled(_DATA["duplicates"])
EMPTY = _filled(_DATA["empty"])
WITH_CONTENTS = _filled(_DATA["with_contents"])
THE_FOLDERS = _filled(_DATA["the_folders"])
ARTICLES = _filled(_DATA["articles"])
ROOT = _filled(_DATA["root"])
NUMBERS: dict[str, int] = {word: n + 1 for words in _DATA["numbers"] for n, word in enumerate(words.split())}
_NAMES_OF_KINDS = [frozenset(block["names"].split()) for block in _DATA["kinds"]]
KINDS: dict[str, Kind] = {
    word: Kind(
        frozenset(block["signs"].split()),
        re.compile(block["shows"]),
        frozenset().union(*(n for n in _NAMES_OF_KINDS if n is not names)),
    )
    for block, names in zip(_DATA["kinds"], _NAMES_OF_KINDS, strict=True)
    for word in names
}
MEDIA: dict[str, str] = {word: kind for kind, words in _DATA["media"].items() for word in words.split()}
NAMES_OF_MEDIA: dict[str, str] = _DATA["media_names"]
SMALL = frozenset(_DATA["small"].split())
FORMS = frozenset(_DATA["forms"].split())
SPECIAL = frozenset(_DATA["special"].split())
PAPERS: dict[str, str] = {word: name for name, words in _DATA["papers"].items() for word in words.split()}
BROADER: dict[str, str] = _DATA["broader"]
SENDERS = frozenset(_DATA["senders"].split())
ARCHIVE: str = _DATA["archive"]
