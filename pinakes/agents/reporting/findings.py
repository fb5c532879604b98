"""Finished findings of other agents as sections: their words with their marks, tables with charts, pairs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pinakes.agents.analysis.figures import row_words, value_words
from pinakes.agents.reporting.document import Block, Bullets, Grid, Paragraph, Section, Sentence
from pinakes.agents.reporting.figures import chart_figure
from pinakes.agents.reporting.sections import MOST_ROWS, Desk, evidence_of_file
from pinakes.agents.reporting.wish import Wish
from pinakes.agents.writing.marks import plain
from pinakes.agents.writing.verify import check_marks
from pinakes.core.evidence import MARK, Evidence
from pinakes.core.files import FileRecord, Measure, Table
from pinakes.core.findings import Pair, Verdict
from pinakes.core.plans import StepResult

_HEADING = re.compile(r"^\*\*(?P<name>[^*]+)\*\*(?P<more>[^*\n]{0,80}):?$")
_ITEM = re.compile(r"^(?:[-*]|\d{1,3}\.)\s+")
_LEAD = re.compile(r"^\*\*(?P<lead>[^*]{1,60})\*\*(?P<colon>:?)\s+")
_LONGEST_TITLE = 70
_MOST_MEMBERS = 50


async def told_sections(
    result: StepResult, wish: Wish, files: dict[str, FileRecord], desk: Desk
) -> list[Section]:
    """Return what one step tells, as a section and the parts under it."""
    if result.pairs:
        return _pair_sections(result.pairs, desk)
    if result.table is not None and result.table.rows:
        return [await _table_section(result, result.table, files, desk)]
    sections = _written(result.text, result.evidence, desk)
    heading = _heading(result, wish, desk)
    if sections and not sections[0].heading:
        return [Section(heading, sections[0].blocks), *sections[1:]]
    return [Section(heading, ()), *sections] if sections else []


def _heading(result: StepResult, wish: Wish, desk: Desk) -> str:
    if result.agent == "visual_analysis":
        return desk.words.say("in_pictures")
    if result.agent == "analytics":
        return desk.words.say("in_figures")
    intent = plain(result.intent).rstrip(".?!: ")
    asks_for_report = not intent or (wish.topic and wish.topic.casefold() in intent.casefold())
    if asks_for_report or len(intent) > _LONGEST_TITLE:
        return desk.words.say("further")
    return intent[:1].upper() + intent[1:]


@dataclass
class _Draft:
    heading: str
    blocks: list[Block] = field(default_factory=list)
    items: list[Sentence] = field(default_factory=list)

    def close_list(self) -> None:
        if self.items:
            self.blocks.append(Bullets(tuple(self.items)))
            self.items = []


def _written(text: str, evidence: Sequence[Evidence], desk: Desk) -> list[Section]:
    """Return an agent's prose as blocks; lines that are only bold are headings under the step's own."""
    drafts = [_Draft("")]
    for line in (line.strip() for line in text.splitlines()):
        found = _HEADING.match(MARK.sub("", line).strip())
        if found and not _ITEM.match(line):
            drafts[-1].close_list()
            drafts.append(_Draft(plain(f"{found['name']}{found['more']}").rstrip(": ")))
        elif _ITEM.match(line):
            drafts[-1].items += _joined(_sentences(_ITEM.sub("", line), evidence, desk))
        elif line and not re.fullmatch(r"[|\s:-]+", line):
            drafts[-1].close_list()
            drafts[-1].blocks.append(Paragraph(tuple(_sentences(line.strip("| "), evidence, desk))))
    for draft in drafts:
        draft.close_list()
    return [Section(d.heading, tuple(d.blocks), 2 if d.heading else 1) for d in drafts if d.blocks]


def _sentences(line: str, evidence: Sequence[Evidence], desk: Desk) -> list[Sentence]:
    """Return a line cut behind its marks, each piece with the sources its marks mean."""
    lead = _LEAD.match(line)
    rest = line[lead.end() :] if lead else line
    pieces: list[Sentence] = []
    start = 0
    for run in re.finditer(rf"(?:\s*{MARK.pattern})+", rest):
        pieces.append(_piece(rest[start : run.end()], evidence, desk))
        start = run.end()
    if rest[start:].strip(" ."):
        pieces.append(_piece(rest[start:], evidence, desk))
    if lead and pieces:
        name = plain(lead["lead"]) + lead["colon"]
        pieces[0] = Sentence(pieces[0].text, pieces[0].cites, name)
    return [p for p in pieces if p.text or p.cites]


def _piece(text: str, evidence: Sequence[Evidence], desk: Desk) -> Sentence:
    cited = [c.evidence for c in check_marks(text, evidence).citations]
    said = plain(MARK.sub("", text)).replace("**", "")
    said = re.sub(r"\s+([.,;:!?])", r"\1", said).strip()
    if not re.search(r"\w", said):  # the mark stood for the name of what it cites
        said = ", ".join(dict.fromkeys(e.filename for e in cited))
    return desk.ledger.sentence(said, cited)


def _joined(pieces: Sequence[Sentence]) -> list[Sentence]:
    """Return the pieces of a list's item as one item."""
    if len(pieces) < 2:
        return list(pieces)
    text = " ".join(p.text for p in pieces)
    cites = dict.fromkeys(n for p in pieces for n in p.cites)
    return [Sentence(text, tuple(cites), pieces[0].lead)]


async def _table_section(
    result: StepResult, table: Table, files: dict[str, FileRecord], desk: Desk
) -> Section:
    members = [files[i] for row in table.rows for i in row.file_ids if i in files]
    words = plain(table.words[:1].upper() + table.words[1:])
    desk.ledger.claim(words, [evidence_of_file(f) for f in dict.fromkeys(members)][:_MOST_MEMBERS])
    blocks: list[Block] = []
    if len(table.rows) > 1 or (table.query and table.query.group_by):
        blocks.append(_grid(table, words, desk))
    else:
        blocks.append(Paragraph((Sentence(f"{words}: {_value(table, table.total)}."),)))
    if table.chart and (chart := await chart_figure(table.chart, Sentence(words))):
        blocks.append(chart)
    return Section(desk.words.say("in_figures"), tuple(blocks))


def _grid(table: Table, words: str, desk: Desk) -> Grid:
    group_by = table.query.group_by if table.query else None
    head = tuple(plain(c[:1].upper() + c[1:]) for c in table.columns[:2])
    rows = tuple(
        (plain(row_words(group_by, row.label)), _value(table, row.value)) for row in table.rows[:MOST_ROWS]
    )
    left = len(table.rows) - len(rows)
    return Grid(Sentence(words), head, rows, desk.words.count("more_rows", left) if left > 0 else "")


def _value(table: Table, value: float) -> str:
    return value_words(table.query.measure if table.query else Measure.COUNT, value)


def _pair_sections(pairs: Sequence[Pair], desk: Desk) -> list[Section]:
    sections = []
    for verdict in (Verdict.CONTRADICTS, Verdict.SUPPORTS, Verdict.RELATED):
        items = tuple(_pair(p, desk) for p in pairs if p.verdict is verdict)
        if items:
            sections.append(Section(desk.words.say(verdict.value), (Bullets(items),)))
    return sections


def _pair(pair: Pair, desk: Desk) -> Sentence:
    sides = " — ".join(_said(e) for e in (pair.left, pair.right))
    why = f" ({plain(pair.why)})" if pair.why else ""
    return desk.ledger.sentence(f"{sides}{why}", [pair.left, pair.right])


def _said(evidence: Evidence) -> str:
    return f"“{plain(evidence.quote)}”" if evidence.quote else plain(evidence.filename)
