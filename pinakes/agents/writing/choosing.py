"""Which sentences make the answer: the best one first, nothing twice, lists and tables whole."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from pinakes.agents.writing.candidates import Scored, units_of
from pinakes.agents.writing.lexicon import words
from pinakes.agents.writing.marks import plain
from pinakes.agents.writing.questions import DETAILED_WORDS, LONGEST_SENTENCE, Question, densest_window
from pinakes.agents.writing.scoring import Unit
from pinakes.agents.writing.tables import Row, markdown_table, table_rows
from pinakes.core.chat import Passage

SECOND_WITHIN = 4.5
MORE_WITHIN = 1.6
OPEN_WITHIN = 6.0
"""How far in log-odds the second, and any further, sentence may be behind the best one."""

_MOST_OPEN, _MOST_SHAPED, _WORDS_PER_PIECE = 4, 3, 25
_LONGEST_LIST = 12
_MOST_ROWS = 12
_ALIKE = 0.8
_LACKING = 0.5
"""Share of a question's names and numbers that the best place has and another has not: that one is another matter."""

_KINDS = ("limited", "compared")
_TICK = re.compile(r"^\s*(?:[☐☑☒✓]|\[[ xX]\])\s*")


class Piece(NamedTuple):
    """A part of the answer: its text, and the stretch of the passage that it quotes."""

    passage: int
    start: int
    end: int
    text: str
    block: bool = False  # a list or a table, on lines of its own


def choose(
    scored: Sequence[Scored], passages: Sequence[Passage], question: Question, budget: int
) -> list[Piece]:
    """Return the pieces of an answer, best first.

    Args:
        scored: Units, best first.
        passages: The passages they stand in.
        question: What is asked.
        budget: Words that the answer should keep to; the first piece comes in any case.
    """
    pieces: list[Piece] = []
    spent = 0
    for candidate in _in_turn(scored):
        if pieces and _is_other_matter(candidate, scored[0]):
            continue
        if pieces and not _is_worth(candidate, scored[0], len(pieces), question, budget):
            break
        if _is_covered(candidate.unit, pieces) or _repeats(candidate.unit.text, pieces):
            continue
        piece = _piece(candidate, scored, passages[candidate.unit.passage], question, pieces)
        if any(_word_set(piece.text) <= _word_set(said.text) for said in pieces):
            continue
        length = len(piece.text.split())
        if pieces and spent + length > budget:
            continue
        pieces.append(piece)
        spent += length
    return pieces


def _in_turn(scored: Sequence[Scored]) -> list[Scored]:
    """Return units best first; where a rule is asked for and the best one states none, those that do follow it."""
    if not scored or scored[0].features["ruled"] >= 0:
        return list(scored)
    return [scored[0], *sorted(scored[1:], key=lambda s: not _is_rule(s, scored[0]))]


def _is_rule(candidate: Scored, best: Scored) -> bool:
    return candidate.features["ruled"] > 0 and best.score - candidate.score <= OPEN_WITHIN


def choose_per_file(scored: Sequence[Scored], passages: Sequence[Passage], question: Question) -> list[Piece]:
    """Return the best sentence of each file, in the order of the files' best passages."""
    best: dict[str, Scored] = {}
    for candidate in scored:
        best.setdefault(passages[candidate.unit.passage].evidence.file_id, candidate)
    order = list(dict.fromkeys(p.evidence.file_id for p in passages))
    told = [best[file_id] for file_id in order if file_id in best]
    return [_line(c.unit, passages[c.unit.passage], question) for c in told]


def _line(unit: Unit, passage: Passage, question: Question) -> Piece:
    if unit.kind == "row":
        return Piece(unit.passage, 0, len(passage.text), plain(unit.text))
    if len(unit.text.split()) > LONGEST_SENTENCE:
        return _window(unit, passage, question)
    return Piece(unit.passage, unit.start, unit.end, plain(passage.text[unit.start : unit.end]))


def _is_other_matter(candidate: Scored, best: Scored) -> bool:
    """Return whether a unit is no close second, and is not what was asked for or stands where its names are missing."""
    apart = candidate.unit.kind == "row" or best.score - candidate.score > MORE_WITHIN
    if apart and any(best.features[kind] > candidate.features[kind] for kind in _KINDS):
        return True
    return apart and candidate.features["lacking"] > best.features["lacking"] + _LACKING


def _is_worth(candidate: Scored, best: Scored, count: int, question: Question, budget: int) -> bool:
    behind = best.score - candidate.score
    if question.open or budget >= DETAILED_WORDS:
        return count < budget // _WORDS_PER_PIECE and behind <= OPEN_WITHIN
    if best.features["ruled"] < 0 and _is_rule(candidate, best):
        return count < _MOST_SHAPED
    most = _MOST_SHAPED if question.asked.shape else _MOST_OPEN
    return count < most and behind <= (SECOND_WITHIN if count == 1 else MORE_WITHIN)


def _is_covered(unit: Unit, pieces: Sequence[Piece]) -> bool:
    return any(
        p.passage == unit.passage and (unit.kind == "row" or (p.start < unit.end and unit.start < p.end))
        for p in pieces
    )


def _repeats(text: str, pieces: Sequence[Piece]) -> bool:
    said = _word_set(text)
    return any(_overlap(said, _word_set(piece.text)) >= _ALIKE for piece in pieces)


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(1, min(len(a), len(b))) if min(len(a), len(b)) > 3 else float(a == b)


def _word_set(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _piece(
    candidate: Scored,
    scored: Sequence[Scored],
    passage: Passage,
    question: Question,
    said: Sequence[Piece],
) -> Piece:
    unit = candidate.unit
    if unit.kind == "row":
        return _table(unit, scored, passage)
    units = units_of(unit.passage, passage)
    following = units[unit.place + 1] if unit.place + 1 < len(units) else None
    if unit.kind != "item" and unit.text.endswith((":", "：")) and following:
        unit = following if following.kind == "item" else unit._replace(end=following.end)
    if unit.kind == "item" and len(_run(unit, units)) > 1:
        return _list(unit, units, passage)
    return _prose(unit, units, passage, question, said)


def _prose(
    unit: Unit, units: Sequence[Unit], passage: Passage, question: Question, said: Sequence[Piece]
) -> Piece:
    start = unit.start
    if _dangles(unit.text):
        before = units[unit.place - 1] if unit.place else None
        if before and before.kind == unit.kind and _can_lead(before, said):
            start = before.start
    text = plain(passage.text[start : unit.end])
    if len(text.split()) > LONGEST_SENTENCE:
        return _window(unit, passage, question)
    if start == unit.start and unit.title:
        text = f"{_shown_heading(unit.title)}: {text}"
    elif start == unit.start and _needs_heading(text, passage.heading, question):
        text = f"{_shown_heading(passage.heading)}: {text}"
    return Piece(unit.passage, start, unit.end, text)


def _dangles(text: str) -> bool:
    """Return whether a sentence points back before it says anything: "It …", "All of this …", "In these …"."""
    first = [w.casefold() for w in re.findall(r"\w+", text[:40])]
    pointing = words("words", "dangling")
    return bool(first) and (first[0] in pointing or bool(words("words", "pointing") & set(first[1:3])))


def _can_lead(unit: Unit, said: Sequence[Piece]) -> bool:
    """Return whether a sentence can stand before the one that points to it: short, clear and not said yet."""
    return len(unit.text.split()) <= 40 and not _dangles(unit.text) and not _is_covered(unit, said)


def _needs_heading(text: str, heading: str, question: Question) -> bool:
    """Return whether the heading says what the sentence leaves out: a word asked for, or what a pronoun means."""
    if not heading:
        return False
    said, above = _word_set(text), _word_set(_shown_heading(heading))
    asked = {w.casefold() for w in question.terms.values()}
    return bool((above & asked) - said) or (_dangles(text) and not above <= said)


def _shown_heading(heading: str) -> str:
    """Return the last part of the way to a passage, without its number."""
    return plain(re.sub(r"^\s*(?:\d+\.)*\d+\.?\s+(?![%‰€$£])", "", heading.rsplit(" > ", 1)[-1]))


def _window(unit: Unit, passage: Passage, question: Question) -> Piece:
    """Return the part of an overlong sentence where the question's words stand closest, cut ends shown as …"""
    found = list(re.finditer(r"\S+", passage.text[unit.start : unit.end]))
    first, last = densest_window([m.group() for m in found], question, LONGEST_SENTENCE)
    start, end = unit.start + found[first].start(), unit.start + found[last - 1].end()
    text = plain(passage.text[start:end])
    return Piece(
        unit.passage,
        start,
        end,
        f"{'… ' if first else ''}{text}{' …' if last < len(found) else ''}",
    )


def _run(unit: Unit, units: Sequence[Unit]) -> list[Unit]:
    """Return the items around one that follow each other."""
    first = last = unit.place
    while first > 0 and units[first - 1].kind == "item":
        first -= 1
    while last + 1 < len(units) and units[last + 1].kind == "item":
        last += 1
    return list(units[first : last + 1])


def _list(unit: Unit, units: Sequence[Unit], passage: Passage) -> Piece:
    items = _run(unit, units)
    if len(items) > _LONGEST_LIST:
        at = unit.place - items[0].place
        items = items[max(0, at - 2) : at + 3]
    lines = [_item_line(passage.text[i.start : i.end]) for i in items]
    start, intro = items[0].start, ""
    place = items[0].place
    if place and units[place - 1].text.endswith(":"):
        start = units[place - 1].start
        intro = plain(units[place - 1].text) + "\n"
    elif items[0].title or passage.heading:
        intro = _shown_heading(items[0].title or passage.heading) + ":\n"
    return Piece(unit.passage, start, items[-1].end, intro + "\n".join(lines), block=True)


def _item_line(text: str) -> str:
    number = re.match(r"\s*\(?(\d{1,3})[.)]\s+", text)
    if number:
        return f"{number[1]}. {plain(text[number.end() :])}"
    return f"- {plain(_TICK.sub('', text))}"


def _table(unit: Unit, scored: Sequence[Scored], passage: Passage) -> Piece:
    """Return the whole table, or of a huge one its head and the rows that match best, in their order."""
    rows = table_rows(passage.html or "")
    head, body = rows[0], rows[1:] or rows
    if len(body) > _MOST_ROWS:
        best = [s.unit.place for s in scored if s.unit.passage == unit.passage and s.unit.kind == "row"]
        body = [body[i] for i in sorted(best[: math.ceil(_MOST_ROWS / 2)])]
    title = f"{_shown_heading(passage.heading)}:\n\n" if passage.heading else ""
    text = title + markdown_table(_plain_row(head), [_plain_row(row) for row in body])
    return Piece(unit.passage, 0, len(passage.text), text, block=True)


def _plain_row(row: Row) -> Row:
    return tuple(plain(cell) for cell in row)
