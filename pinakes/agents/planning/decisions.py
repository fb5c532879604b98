"""Reading a message as the answer to a proposal: yes, no, a part of it, or words that refine it.

Only a message that is wholly a decision counts: whatever else it says besides makes it an ordinary message.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pinakes.core.approvals import APPLY_CHANGES, RUN_PLAN, Approval, Decision, EditedAction
from pinakes.core.changes import Change, ChangeAction, ChangeSet
from pinakes.core.patterns import LazyPattern
from pinakes.core.plans import Plan

MAX_SHORT = 160
MAX_REFINEMENT = 2000
_GAP = r"[\s,.!;:…、，。！；：–—-]*"
_BREAK = r"\s*[,.!;:…、，。！；：–—-]+\s*"


@dataclass(frozen=True)
class _Words:
    """One language's patterns, matched against a whole message."""

    yes: LazyPattern
    no: LazyPattern
    part: LazyPattern
    refined: LazyPattern
    request: LazyPattern
    skip: LazyPattern
    run: LazyPattern
    last: LazyPattern
    places: tuple[tuple[LazyPattern, int], ...]
    amounts: tuple[tuple[LazyPattern, int], ...]


def is_decision(message: str) -> bool:
    """Return whether a message is wholly a yes or a no, whatever it may answer."""
    text = _plain(message)
    return len(text) <= MAX_SHORT and any(
        words.yes.fullmatch(text) or words.no.fullmatch(text) for words in _languages()
    )


def read_decision(message: str, approval: Approval) -> Decision | None:
    """Return what a message decides about a proposal, None when it is not wholly a decision.

    "Only the first two" counts the changes of files, or the steps of a plan, in the order shown.
    """
    text = _plain(message)
    if text.endswith(("?", "？")) or len(text) > MAX_REFINEMENT:
        return None
    rest = _refinement(text)
    for said in (text, rest):  # "no, only the first" is wholly a decision, too
        decision = _brief(said, approval)
        if decision is not None:
            return decision
    return Decision(type="respond", message=" ".join(message.split())[-len(rest) :]) if rest else None


def _plain(message: str) -> str:
    return " ".join(message.split()).lower().replace("’", "'")


def _brief(text: str, approval: Approval) -> Decision | None:
    for words in _languages() if 0 < len(text) <= MAX_SHORT else ():
        if words.yes.fullmatch(text):
            return Decision(type="approve")
        if words.no.fullmatch(text):
            return Decision(type="reject")
        if (part := words.part.fullmatch(text)) and (decision := _partly(words, part, approval)):
            return decision
    return None


def _refinement(text: str) -> str:
    """Return how it should be instead: "no, put 2024 apart" is a no and, after a break, words that ask nothing.

    "Yes, but put 2024 apart" is no yes: what it says is proposed first.
    """
    for words in _languages():
        match = words.refined.match(text)
        if match and match["rest"] and not any(known.request.match(match["rest"]) for known in _languages()):
            return match["rest"]
    return ""


def _partly(words: _Words, part: re.Match[str], approval: Approval) -> Decision | None:
    size = len(approval.plan.steps) if approval.action == RUN_PLAN and approval.plan else 0
    if approval.action == APPLY_CHANGES and approval.changes:
        size = len(_shown(approval.changes))
    chosen = set(_places(words, part["places"], size))
    if not chosen or not size:
        return None
    kept = set(range(size)) - chosen if words.skip.fullmatch(part["mode"]) else chosen
    if approval.action == RUN_PLAN and approval.plan:
        return _edit(RUN_PLAN, _plan_of(approval.plan, kept))
    return _edit(APPLY_CHANGES, _set_of(approval.changes, kept)) if approval.changes else None


def _places(words: _Words, text: str, size: int) -> Iterator[int]:
    """Yield the places meant, from 0: "first two", "the second and the fourth", "last", "1 and 3"."""
    run = words.run.fullmatch(text)
    if run:
        amount = min(_amount(words, run["amount"] or run["amount_first"]) or 1, size)
        is_last = bool(words.last.fullmatch(run["end"] or run["end_last"]))
        yield from range(size - amount, size) if is_last else range(amount)
        return
    for pattern, number in words.places:
        if number <= size and pattern.search(text):
            yield number - 1
    if words.last.search(text):
        yield size - 1
    for digits in re.findall(r"\d+", text):
        if 1 <= int(digits) <= size:
            yield int(digits) - 1


def _amount(words: _Words, text: str | None) -> int | None:
    if not text:
        return None
    if text.isdigit():
        return int(text)
    return next((number for pattern, number in words.amounts if pattern.fullmatch(text)), None)


def _shown(changes: ChangeSet) -> list[Change]:
    """Return what "the first two" counts: files where there are any, else folders."""
    of_files = [change for change in changes.changes if change.file_id]
    return of_files or list(changes.changes)


def _set_of(changes: ChangeSet, kept: set[int]) -> dict[str, Any]:
    shown = _shown(changes)
    ids = {change.id for place, change in enumerate(shown) if place in kept}
    needed = {change.after.folder_path for change in shown if change.id in ids and change.after}
    left = tuple(c for c in changes.changes if c.id in ids or (c.file_id is None and _is_needed(c, needed)))
    return changes.model_copy(update={"changes": left if ids else ()}).model_dump(mode="json")


def _is_needed(change: Change, folders: set[str]) -> bool:
    if change.action is not ChangeAction.CREATE_FOLDER or change.folder_after is None:
        return False
    return any(f"{folder}/".startswith(f"{change.folder_after}/") for folder in folders)


def _plan_of(plan: Plan, kept: set[int]) -> dict[str, Any]:
    left = tuple(step for place, step in enumerate(plan.steps) if place in kept)
    return plan.model_copy(update={"steps": left}).model_dump(mode="json")


def _edit(action: str, args: dict[str, Any]) -> Decision:
    return Decision(type="edit", edited_action=EditedAction(name=action, args=args))


@cache
def _languages() -> tuple[_Words, ...]:
    text = files("pinakes.agents.planning").joinpath("decisions.toml").read_text("utf8")
    return tuple(_compiled(table) for table in tomllib.loads(text).values())


def _compiled(table: Mapping[str, Any]) -> _Words:
    bare = table.get("spaced") == "no"
    words = {key: _any(value, bare) for key, value in table.items() if isinstance(value, str)}
    numbers = [_any(entry.replace("|", " | "), bare) for entry in table["numbers"]]
    ordinals = [_any(entry.replace("|", " | "), bare) for entry in table["ordinals"]]
    yes, no, filler, only, skip = (words[key] for key in ("yes", "no", "filler", "only", "skip"))
    amount = f"(?:{'|'.join(numbers)}|\\d+)"
    end = f"(?:{words['first']}|{words['last']})"
    run = (
        f"(?:{words['one']}{_GAP})*(?:(?P<end>{end}){_GAP}(?P<amount>{amount})?"
        f"|(?P<amount_first>{amount}){_GAP}(?P<end_last>{end}))(?:{_GAP}{words['one']})*"
    )
    run_anywhere = re.sub(r"\?P<\w+>", "?:", run)
    place = f"(?:{'|'.join(ordinals)}|\\d+|{words['last']})"
    item = f"(?:{words['one']}{_GAP})*{place}(?:{_GAP}{words['one']})*"
    items = f"{item}(?:{_GAP}(?:{words['and']})?{_GAP}{item})*"
    lead = f"(?:(?:{yes}|{no}|{filler}){_GAP})*?"
    mode = f"(?P<mode>{only}|{skip})"
    either = f"(?P<places>{run_anywhere}|{items})"
    part = f"{_GAP}{lead}{mode}{_GAP}(?:{words['one']}{_GAP})*?{either}(?:{_GAP}(?:{filler}|{only}))*{_GAP}"
    return _Words(
        yes=LazyPattern(f"{_GAP}(?:{filler}{_GAP})*{yes}(?:{_GAP}(?:{yes}|{filler}))*{_GAP}"),
        no=LazyPattern(f"{_GAP}(?:{filler}{_GAP})*{no}(?:{_GAP}(?:{no}|{filler}))*{_GAP}"),
        part=LazyPattern(part),
        refined=LazyPattern(
            f"{_GAP}(?:{no}{_BREAK}(?:{filler}{_BREAK})?|(?:{filler}{_GAP})*{yes}{_GAP}{words['but']}{_GAP})(?P<rest>.*)"
        ),
        request=LazyPattern(words["request"]),
        skip=LazyPattern(skip),
        run=LazyPattern(run),
        last=LazyPattern(words["last"]),
        places=tuple((LazyPattern(pattern), number) for number, pattern in enumerate(ordinals, 1)),
        amounts=tuple((LazyPattern(pattern), number) for number, pattern in enumerate(numbers, 1)),
    )


def _any(entries: str, bare: bool) -> str:
    """Return one alternation, longest first, of entries between " | "."""
    listed = sorted((entry.strip() for entry in entries.split(" | ")), key=len, reverse=True)
    joined = "|".join(listed)
    return f"(?:{joined})" if bare else rf"(?<!\w)(?:{joined})(?!\w)"
