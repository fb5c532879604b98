"""Numbers over the files: whether they are asked for, and whether a search must narrow the files first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pinakes.agents.planning.looking import asks_facts, is_read, without_bearers
from pinakes.agents.planning.seen import counts_seen
from pinakes.agents.planning.view import AGENT_SHARE, LIBRARY_NOUNS, View

_NEAR = 4
_MEASURES = ("aggregate.count", "aggregate.measure", "aggregate.rank", "aggregate.status")
_WORDLESS = (
    *("aggregate.filler", *_MEASURES, "aggregate.plain", "kind.generic", "kind.folder", "act.chart"),
    *("aggregate.word", "act.search", "mood.polite", "mood.request"),
)
_PATH = re.compile(r"(?<![\w/])[\w.-]+(?:/[\w.-]+)+(?!\w)")
_WORD = re.compile(r"[^\W\d_][\w'-]*")


def is_analytics(view: View) -> bool:
    """Return whether a clause asks for numbers, rankings or facts of the files themselves."""
    if asks_facts(view) or view.lexicon.has("aggregate.self", view.own):
        return True
    if counts_seen(view):
        return False
    if is_read(view):
        return _beside_library_noun(view, "aggregate.count")
    if counts(view) or ranks(view):
        return True
    if view.share("analytics") >= AGENT_SHARE and _own_measure(view):
        return any(view.has(key) for key in LIBRARY_NOUNS) or not content(view)
    return view.lexicon.has("aggregate.status", view.own) and any(view.has(key) for key in LIBRARY_NOUNS)


def _own_measure(view: View) -> bool:
    return not view.pointed or any(view.lexicon.has(key, view.own) for key in _MEASURES)


def adds_up(view: View) -> bool:
    """Return whether the money on papers is added up or compared: "the total of all invoices", "bills over €50"."""
    if view.has("aggregate.priced"):
        return True
    return view.has("kind.bill") and view.has("aggregate.added") and not view.has("aggregate.count")


def counts(view: View) -> bool:
    """Return whether files are counted or measured."""
    return _spans(view) or any(
        _beside_library_noun(view, key) for key in ("aggregate.count", "aggregate.measure")
    )


def _spans(view: View) -> bool:
    """Return whether it is asked how long videos are, not how long something in them takes."""
    if not view.lexicon.has("aggregate.span", view.own):
        return False
    for match in view.lexicon.hits("aggregate.span", view.plain):
        rest = view.plain[match.end() :]
        noun, place = view.lexicon.find("kind.video", rest), view.lexicon.find("look.place", rest)
        if noun and not (place and place.start() < noun.start()):
            return True
    return False


def ranks(view: View) -> bool:
    """Return whether files are ranked."""
    return _beside_library_noun(view, "aggregate.rank")


def _beside_library_noun(view: View, key: str) -> bool:
    plain = _without_source(without_bearers(view), view)
    for match in view.lexicon.hits(key, plain):
        if key == "aggregate.rank" and _is_of_content(plain, match, view):
            continue
        if view.pointed:
            if match.group() in view.own and any(view.has(noun) for noun in LIBRARY_NOUNS):
                return True
            continue
        before = " ".join(plain[: match.start()].split()[-_NEAR:])
        after = " ".join(plain[match.end() :].split()[:_NEAR])
        if any(view.lexicon.has(noun, side) for noun in LIBRARY_NOUNS for side in (before, after)):
            return True
    return False


def _is_of_content(plain: str, rank: re.Match[str], view: View) -> bool:
    """In "which contract has the longest notice period" periods are ranked, which only the contracts tell."""
    if not _HAVING.search(plain[: rank.start()]):
        return False
    word = _WORD.match(plain[rank.end() :].lstrip())
    telling = (*LIBRARY_NOUNS, "aggregate.word")
    return word is not None and not any(view.lexicon.is_all(key, word.group()) for key in telling)


_HAVING = re.compile(
    r"(?<!\w)(?:has|have|had|with|offers?|gives?|asks?|charges?|names?|sets?) (?:the |by far the )$"
)


def _without_source(plain: str, view: View) -> str:
    """In "according to the report, how many were hurt" no reports are counted; of one length with the text."""
    end = plain.find(",")
    opened = view.lexicon.opens("join.source", plain)
    return plain if opened is None or end < 0 else "x" * end + plain[end:]


def is_searched(view: View) -> bool:
    """Return whether numbers are over what only a search can find, or files are to be shown as well."""
    if view.lexicon.language != "en":
        shown = view.lexicon.opens("act.search", view.clause.core) is not None
        return bool(view.kinds) and (shown or not (counts(view) or ranks(view)))
    if content(view):
        return True
    shown = view.lexicon.opens("act.search", view.clause.core) is not None
    return bool(view.kinds) and shown and not counts(view)


def content(view: View, *passed_over: str) -> tuple[str, ...]:
    """Return the words that are about what files show or say, beyond measures, kinds, times and cameras.

    Args:
        passed_over: Further keys of the lexicon whose words are no content.
    """
    return tuple(_content(view, passed_over))


def _content(view: View, passed_over: tuple[str, ...]) -> Iterator[str]:
    text = view.plain
    names = (*view.inventory.cameras, *view.inventory.folders, *view.inventory.tags)
    text = _PATH.sub(" ", text)
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name.lower())}(?!\w)", " ", text)
    for key in (*passed_over, *_WORDLESS):
        text = re.sub(r"\s+", " ", _blanked(view, key, text))
    yield from _WORD.findall(text)


def _blanked(view: View, key: str, text: str) -> str:
    for match in reversed(list(view.lexicon.hits(key, text))):
        text = f"{text[: match.start()]} {text[match.end() :]}"
    return text
