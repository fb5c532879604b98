"""Folders that words mean: one that exists, found without regard to case, plural or a slip, or a new one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pinakes.agents.organising import lexicon
from pinakes.agents.organising.reading import listed, unquoted
from pinakes.agents.queries.names import stem
from pinakes.core.files import Folder
from pinakes.library.names import folded, path_problem

_CLOSE = 0.84
_SHORTEST = 5
_PLURAL = re.compile(
    r"(?:new )?(?:folders|ordner|carpetas|dossiers|albums|alben|directories)\b", re.IGNORECASE
)
_SEPARATOR = re.compile(r"\s*(?:/|>|›|→|\\)\s*")


@dataclass(frozen=True)
class Target:
    """A folder to put things in; `problem` says why there can be none."""

    path: str = ""
    exists: bool = False
    problem: str = ""


def find_target(words: str, folders: Sequence[Folder], *, new: bool = False) -> Target:
    """Return the folder that words mean; what does not exist yet is named as the words say.

    Args:
        words: For example "the folder Travel", "a new folder called Best of 2021", "Finance/2024".
        folders: The library's.
        new: Only a folder of exactly that name is taken for it.
    """
    if lexicon.ROOT.match(words.strip()):
        return Target("", True)
    typed = bool(lexicon.CALLED.search(words) or re.search(r"[\"“]", words))
    name = folder_words(words)
    paths = [f.path for f in folders]
    found = _existing(name, paths, slips=not new)
    if len(found) > 1:
        places = " and ".join(f"“{p}”" for p in found[:3])
        return Target(problem=f"There are several folders called “{name}”: {places}. Say which one is meant.")
    if found:
        return Target(found[0], True)
    path = _new_path(name, paths, typed=typed or new)
    problem = path_problem(path) if path else "Say which folder is meant."
    return Target(path, False, problem or "")


def folder_words(words: str) -> str:
    """Return a folder's name without the words around it ("the folder Travel" → "Travel")."""
    bare = words.strip()
    if re.search(r"[\"“„«]", bare):
        return unquoted(bare)
    bare = _SEPARATOR.sub("/", bare)
    cut = lexicon.FOLDER_PREFIX.sub("", bare, count=1)
    if cut == bare:
        cut = lexicon.FOLDER_SUFFIX.sub("", lexicon.ARTICLES.sub("", bare))
        cut = re.sub(
            r"^(?:new|neue[nrs]?|nuev[ao]|nouve(?:au|lle)|新)\s*(?=\S)", "", cut, flags=re.IGNORECASE
        )
    cut = re.sub(r"(?:的文件夹|文件夹|的目录|目录|里|中)$", "", re.sub(r"^(?:名为|叫做?|一个)+", "", cut))
    return unquoted(
        re.sub(r"^(?:for|about|für|para|pour)\s+(?:my\s+|the\s+|all\s+)?", "", cut, flags=re.IGNORECASE)
    )


def new_folder_names(words: str) -> tuple[str, ...]:
    """Return the names of the folders that are to be made ("folders A, B and C")."""
    if re.search(r"[\"“„«]", words):
        return listed(words)
    called = folder_words(words)
    if _PLURAL.match(words) and re.search(r",|\s(?:and|und|y|et)\s", called):
        return listed(called)
    return (called,) if called else ()


def named_folder(words: str, folders: Sequence[Folder]) -> str | None:
    """Return the path of the one existing folder that words name, None for none or several."""
    found = _existing(folder_words(words), [f.path for f in folders], slips=False)
    return found[0] if len(found) == 1 else None


def same_name(first: str, second: str) -> bool:
    """Tell whether two names differ in case or plural alone."""
    return _loose(first) == _loose(second)


def _existing(name: str, paths: Sequence[str], *, slips: bool) -> list[str]:
    """Return the existing folders of a name: by whole path, by last name, without plural, with a slip."""
    asked = "/".join(_SEPARATOR.split(name.strip("/")))
    last = [p.rsplit("/", 1)[-1] for p in paths]
    for written, wanted in (
        (list(map(folded, paths)), folded(asked)),
        (list(map(folded, last)), folded(asked)),
        (list(map(_loose, paths)), _loose(asked)),
        (list(map(_loose, last)), _loose(asked)),
    ):
        found = [path for path, name in zip(paths, written, strict=True) if wanted and name == wanted]
        if found:
            return found
    if not slips or len(asked) < _SHORTEST:
        return []
    close = [p for p in paths if _is_slip(asked, p) or _is_slip(asked, p.rsplit("/", 1)[-1])]
    return close if len(close) == 1 else []


def _is_slip(asked: str, name: str) -> bool:
    """Tell whether a name was misspelt: nearly the same letters, and the same numbers."""
    if re.findall(r"\d+", asked) != re.findall(r"\d+", name) or len(name) < _SHORTEST:
        return False
    return difflib.SequenceMatcher(None, folded(asked), folded(name)).ratio() >= _CLOSE


def _new_path(name: str, paths: Sequence[str], *, typed: bool) -> str:
    """Return the path of a new folder; its beginning is an existing folder where there is one."""
    parts = [part for part in _SEPARATOR.split(name.strip("/")) if part]
    if len(parts) > 1:
        top = _existing("/".join(parts[:-1]), paths, slips=False)
        if len(top) == 1:
            return f"{top[0]}/{_as_name(parts[-1], typed)}"
    return "/".join(_as_name(part, typed) for part in parts)


def _as_name(name: str, typed: bool) -> str:
    """Return a folder's name as a person would write it: what was said in passing begins with a capital."""
    return name if typed or not name.islower() else name[0].upper() + name[1:]


def _loose(path: str) -> str:
    return "/".join(
        " ".join(stem(w) for w in re.findall(r"[^\W_]+", part.casefold())) for part in path.split("/")
    )
