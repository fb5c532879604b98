"""Which files a question names: by file name, by title, or by the words of either ("the pump manual")."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pinakes.agents.queries import lexicon
from pinakes.core.files import FileRecord

_SURE = 1.0
_HEADED = 1.0
_THE = re.compile(
    r"\b(?:the|this|that|our|my|der|die|das|dem|den|le|la|el)\s+((?:[^\W\d_]+[\s-]+){0,2}?[^\W\d_]+)"
    r"(?=\s*[?.!,;:]|\s*$|\s+(?:of|from|about|on|in|by|for|say|says|mention|mentions|tell|tells|is|are|was|has|have|and|with"
    r"|von|vom|über|de|du)\b)"
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class NamedFile:
    """A file that a question names; `sure` when its name, title or code was spelled out.

    `together` tells that several words of its name were said, rather than one that no other name has.
    """

    file: FileRecord
    strength: float
    sure: bool
    together: bool = True


def named_files(text: str, files: Sequence[FileRecord]) -> list[NamedFile]:
    """Return the files that a text names, the most surely named first.

    A name spelled out is sure. Otherwise a file is named by two or more words of its name or title that follow
    each other in the text, or by one that no other file has, worth their rarity among the files; or by the noun that
    its name ends in, after an article: "the memo" is board-memo.pdf and not memo-board-photos.zip.
    """
    spelled = _spelled_out(text, files)
    if spelled:
        return [NamedFile(f, _SURE, True) for f in spelled]
    rarity = _rarity(files)
    said = [stem(w) for w in _content(text)]
    definite = _definite(text)
    scored = [named for f in files if (named := _partly_named(said, definite, f, rarity))]
    best = max((named.strength for named in scored), default=0.0)
    return sorted((n for n in scored if n.strength >= 0.75 * best), key=lambda n: -n.strength)


def _spelled_out(text: str, files: Sequence[FileRecord]) -> list[FileRecord]:
    """Return the files whose whole name, else whose name without its ending or title, stands in a text."""
    flat = f" {_flat(text)} "
    whole = [f for f in files if f" {_flat(f.filename)} " in flat]
    for file in whole:
        flat = flat.replace(f" {_flat(file.filename)} ", " ")
    rest = [f for f in files if f not in whole]
    return whole + [f for f in rest if _stem_said(text, flat, f) or _title_said(flat, f)]


def _stem_said(text: str, flat: str, file: FileRecord) -> bool:
    """Tell whether a name without its ending is said: to the letter, or in any spelling if digits are in it."""
    stem_of = re.sub(r"\.\w{1,5}$", "", file.filename)
    if len(stem_of) < 4 or stem_of.isalpha():
        return False
    if any(c.isdigit() for c in stem_of):
        return f" {_flat(stem_of)} " in flat
    said = rf"(?<![\w-]){re.escape(stem_of)}(?![\w-])"
    return f" {_flat(stem_of)} " in flat and re.search(said, text, re.IGNORECASE) is not None


def _title_said(flat: str, file: FileRecord) -> bool:
    words = _flat(file.title or "")
    return words.count(" ") > 1 and f" {words} " in flat


def _flat(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _rarity(files: Sequence[FileRecord]) -> dict[str, float]:
    holders = Counter(word for f in files for word in set(_name_words(f)))
    return {word: math.log(1 + len(files) / count) for word, count in holders.items()}


def _partly_named(
    said: Sequence[str], definite: frozenset[str], file: FileRecord, rarity: dict[str, float]
) -> NamedFile | None:
    words = set(_name_words(file))
    matched = [w for w in dict.fromkeys(said) if w in words]
    strength = sum(rarity[w] for w in matched if not w.isdigit() or len(w) > 2)
    joined = any(a in words and b in words for a, b in pairwise(said) if a != b)
    headed = _head(file) in definite
    if joined or headed or any(_alone(w, rarity) for w in matched):
        return NamedFile(file, strength + (_HEADED if headed else 0.0), False, joined or headed)
    return None


def _definite(text: str) -> frozenset[str]:
    """Return the nouns that a text speaks of as known: the last words of "the memo", "this old crew handbook"."""
    phrases = _THE.findall(text.casefold())
    return frozenset(stem(word) for phrase in phrases for word in _content(phrase))


def _head(file: FileRecord) -> str:
    """Return the noun that a file's name ends in, without numbers, copies and editions after it."""
    words = [w for w in _content(re.sub(r"\.\w{1,5}$", "", file.filename)) if w.isalpha() and len(w) > 3]
    return stem(words[-1]) if words else ""


def _alone(word: str, rarity: dict[str, float]) -> bool:
    """Tell whether a word is in the name of one file alone, and is a word rather than a number."""
    return not word.isdigit() and len(word) > 3 and rarity[word] >= max(rarity.values()) - 1e-9


def _name_words(file: FileRecord) -> list[str]:
    name = re.sub(r"\.\w{1,5}$", "", file.filename)
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", f"{name} {file.title or ''}")
    return [stem(w) for w in _content(spaced)]


def _content(text: str) -> list[str]:
    words = [w.casefold() for w in _WORD.findall(text)]
    return [
        w for w in words if w not in lexicon.ASKING and w not in lexicon.NOUNS and (len(w) > 1 or w.isdigit())
    ]


def stem(word: str) -> str:
    """Return a word without its plural, so that "manuals" meets "manual"."""
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + put
    return word
