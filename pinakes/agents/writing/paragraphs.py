"""One step's result in words: a paragraph with its citations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from pinakes.agents.writing.choosing import Piece
from pinakes.agents.writing.marks import cited, mark, plain
from pinakes.agents.writing.tables import markdown_table
from pinakes.agents.writing.verify import check_marks, occurs
from pinakes.core.chat import Passage
from pinakes.core.evidence import Citation
from pinakes.core.files import Table
from pinakes.core.plans import StepResult, StepStatus

NOTHING = "Nothing in the library answers this."

_MOST_PICTURES = 10
_MOST_FILES = 15
_MOST_ROWS = 20
_LONGEST_REASON = 160
_LEADS = {
    "ocr": "the text in it reads ",
    "visible_text": "the text in it reads ",
    "description": "described as ",
}


class Paragraph(NamedTuple):
    """A finished part of the answer."""

    text: str
    citations: tuple[Citation, ...] = ()
    refs: Mapping[str, Any] = MappingProxyType({})
    file_ids: tuple[str, ...] = ()
    found: bool = True
    dropped: int = 0


def quoted(pieces: Sequence[Piece], passages: Sequence[Passage], lengths: dict[str, int]) -> Paragraph:
    """Return chosen pieces as a paragraph, each with its mark; a piece that its source lacks is left out."""
    text, citations, dropped = "", [], 0
    for piece in pieces:
        passage = passages[piece.passage]
        evidence = cited(passage, piece.start, piece.end)
        if not occurs(evidence.quote, passage.text):
            dropped += 1
            continue
        tag = mark(evidence, lengths)
        text += _joint(text, piece) + piece.text + ("\n\n" if piece.text.endswith("|") else " ") + tag
        citations.append(Citation(mark=tag, evidence=evidence, sentence=piece.text))
    files = tuple(dict.fromkeys(c.evidence.file_id for c in citations))
    return Paragraph(text, tuple(citations), file_ids=files, dropped=dropped)


def quoted_by_file(
    pieces: Sequence[Piece], passages: Sequence[Passage], lengths: dict[str, int]
) -> Paragraph:
    """Return one line a file: its mark, and the sentence for which it was found."""
    lines, citations = [], []
    for piece in pieces:
        evidence = cited(passages[piece.passage], piece.start, piece.end)
        tag = mark(evidence, lengths)
        lines.append(f"- {tag} — {piece.text}")
        citations.append(Citation(mark=tag, evidence=evidence, sentence=piece.text))
    files = tuple(dict.fromkeys(c.evidence.file_id for c in citations))
    return Paragraph("\n".join(lines), tuple(citations), file_ids=files)


def _joint(before: str, piece: Piece) -> str:
    if not before:
        return ""
    _, parted, last = before.rpartition("\n\n")
    after_block = "\n" in last or (parted and last.startswith("[["))  # a block's mark stands alone under it
    return "\n\n" if piece.block or after_block else " "


def pictures(result: StepResult, passages: Sequence[Passage], lengths: dict[str, int]) -> Paragraph:
    """Return the pictures of a result, each with why it matched."""
    shown: dict[str, Passage] = {}
    for passage in passages:
        shown.setdefault(passage.evidence.file_id, passage)
    ids = result.file_ids or tuple(shown)
    return _listing(result, list(shown.values()), ids, "picture", _MOST_PICTURES, lengths)


def files(result: StepResult, passages: Sequence[Passage], lengths: dict[str, int]) -> Paragraph:
    """Return the files of a result as a list."""
    shown: dict[str, Passage] = {}
    for passage in passages:
        shown.setdefault(passage.evidence.file_id, passage)
    kinds = {p.evidence.media_type.value for p in shown.values()}
    noun = kinds.pop() if len(kinds) == 1 else "file"
    return _listing(result, list(shown.values()), result.file_ids or tuple(shown), noun, _MOST_FILES, lengths)


def _listing(
    result: StepResult,
    passages: Sequence[Passage],
    ids: Sequence[str],
    noun: str,
    most: int,
    lengths: dict[str, int],
) -> Paragraph:
    key = f"{noun}s_{result.step_id}"
    citations, lines = [], []
    for passage in passages[:most]:
        tag = mark(passage.evidence, lengths)
        reason = _reason(passage)
        lines.append(f"{tag} — {reason}" if reason else tag)
        citations.append(Citation(mark=tag, evidence=_honest(passage), sentence=reason))
    if len(ids) == 1 and lines:
        text = f"One {noun} matches: {lines[0]}"
        return Paragraph(text, tuple(citations), file_ids=tuple(ids))
    left = len(ids) - len(lines)
    body = "\n".join([f"- {line}" for line in lines] + ([f"- … and {left} more"] if left > 0 else []))
    text = f"[[ref:{key}]] {noun}s match:\n\n{body}"
    return Paragraph(text, tuple(citations), {key: {"count": len(ids), "ids": list(ids)}}, tuple(ids))


def _honest(passage: Passage) -> Any:
    """Return the evidence, without its quote where the source does not hold it."""
    kept = not passage.evidence.quote or occurs(passage.evidence.quote, passage.text)
    return passage.evidence if kept else passage.evidence.model_copy(update={"quote": ""})


def _reason(passage: Passage) -> str:
    """Return why a file matched: the words on it or about it, and what the agent says."""
    evidence = passage.evidence
    words = plain(evidence.quote)
    if len(words) > _LONGEST_REASON:
        words = words[:_LONGEST_REASON].rsplit(" ", 1)[0] + " …"
    lead = _LEADS.get(passage.kind, "")
    said = f"{lead}“{words}”" if words and (lead or evidence.media_type != "image") else ""
    return "; ".join(part for part in (said, plain(evidence.why)) if part)


def forwarded(result: StepResult, passages: Sequence[Passage]) -> Paragraph:
    """Return an agent's own words with its marks checked, its total made a reference, its table under it."""
    evidence = [p.evidence for p in passages] or list(result.evidence)
    text, refs = result.text.strip(), dict[str, Any]()
    if result.table is not None and result.table.total == int(result.table.total):
        text, refs = _with_ref(text, result.table, result)
    checked = check_marks(text, evidence, refs)
    files_shown = result.file_ids or tuple(dict.fromkeys(c.evidence.file_id for c in checked.citations))
    return Paragraph(checked.text, checked.citations, refs, files_shown, dropped=checked.dropped)


def tabled(result: StepResult, table: Table) -> Paragraph:
    """Return an analytics answer: a number in a sentence, groups as a list or a small table."""
    ids = _members(table)
    key = _key(table, result)
    refs = {key: {"count": _number(table.total), "ids": list(ids)}}
    words = table.words.rstrip(".:")
    if len(table.rows) <= 1:
        return Paragraph(f"{words}: [[ref:{key}]].", (), refs, result.file_ids or ids)
    rows = [(row.label, f"{_number(row.value):,}") for row in table.rows[:_MOST_ROWS]]
    left = len(table.rows) - len(rows)
    more = f"\n\n… and {left} more rows." if left > 0 else ""
    body = markdown_table(table.columns[:2], rows)
    return Paragraph(f"{words}, [[ref:{key}]] in all:\n\n{body}{more}", (), refs, result.file_ids or ids)


def _with_ref(text: str, table: Table, result: StepResult) -> tuple[str, dict[str, Any]]:
    """Turn the table's total, where the text says it, into a reference with the members behind it."""
    ids = _members(table)
    said = re.compile(rf"(?<![\w.,\[|:-]){re.escape(f'{int(table.total):,}')}(?![\w%]|[.,]\d)")
    if not ids or len(ids) != int(table.total) or not said.search(text):
        return text, {}
    key = _key(table, result)
    refs = {key: {"count": int(table.total), "ids": list(ids)}}
    return said.sub(f"[[ref:{key}]]", text, count=1), refs


def _members(table: Table) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for row in table.rows for i in row.file_ids))


def _key(table: Table, result: StepResult) -> str:
    slug = re.sub(r"\W+", "_", table.words.casefold()).strip("_")[:40].strip("_")
    return f"{slug}_{result.step_id}" if slug else result.step_id


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 2)


def admitted(result: StepResult) -> Paragraph:
    """Return in one sentence that a step failed, was skipped or cannot be done yet."""
    agent = result.agent.replace("_", " ").capitalize()
    asked = f" (“{plain(result.intent)}”)" if result.intent else ""
    if result.status is StepStatus.UNAVAILABLE:
        text = f"{agent} is not available yet, so this part is missing{asked}."
    elif result.status is StepStatus.SKIPPED:
        why = result.notes[0] if result.notes else "A step before it gave nothing to work on."
        text = f"{agent} was skipped{asked}. {why.replace('_', ' ')}"
    else:
        why = f": {result.error.message}" if result.error else "."
        text = f"{agent} failed{asked}{why}"
    return Paragraph(text, found=False)
