from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pinakes.agents.analysis.extraction import extract, within_dates
from pinakes.agents.analysis.units import Unit, units_of
from pinakes.agents.analysis.vocabulary import key_terms
from pinakes.agents.queries.names import named_files
from pinakes.agents.queries.orders import Wanted
from pinakes.core.files import Chunk, FileRecord, MediaType

NOW = datetime(2025, 11, 21, tzinfo=UTC)


def record(name: str, title: str | None = None) -> FileRecord:
    return FileRecord(
        id=name,
        filename=name,
        media_type=MediaType.DOCUMENT,
        content_type="",
        size_bytes=1,
        sha256=name,
        title=title,
        created_at=NOW,
        updated_at=NOW,
    )


def units(text: str, kind: str = "text") -> list[Unit]:
    file = record("a.txt")
    return units_of(file, [Chunk(id="c", file_id=file.id, ordinal=0, text=text, kind=kind)])


def values(wanted: Wanted, text: str, kind: str = "text") -> list[str]:
    return [find.value for find in extract(wanted, units(text, kind))]


@pytest.mark.parametrize(
    ("wanted", "text", "found"),
    [
        (Wanted.DATES, "It began on 3 May 2025 and ended on 2025-06-01.", ["3 May 2025", "2025-06-01"]),
        (Wanted.AMOUNTS, "It cost EUR 1,200.50 and then 30 €.", ["EUR 1,200.50", "30 €"]),
        (Wanted.EMAILS, "Write to a.b@example.org now.", ["a.b@example.org"]),
        (Wanted.DEADLINES, "Written by Ann, 30 May 2025.", []),
        (Wanted.DEADLINES, "Order the paint by 14 March 2025.", ["14 March 2025"]),
        (Wanted.DEADLINES, "Reply within ten days.", ["within ten days"]),
        (Wanted.CODES, "Pump P-104 of order NH-20417 failed.", ["P-104", "NH-20417"]),
        (Wanted.NAMES, "We met Anna Berg yesterday.", ["Anna Berg"]),
    ],
)
def test_values(wanted: Wanted, text: str, found: list[str]) -> None:
    assert values(wanted, text) == found


def test_cells_are_read_under_their_headings() -> None:
    table = "Task | Price EUR | Due\nPaint | 480.00 | 14 March 2025"
    assert values(Wanted.AMOUNTS, table, "table") == ["480.00 EUR"]
    assert values(Wanted.DEADLINES, table, "table") == ["14 March 2025"]


def test_dates_can_be_limited_to_those_asked_for() -> None:
    finds = extract(Wanted.DATES, units("From 3 May 2025 to 8 June 2025, then 5 June."))
    kept = within_dates(finds, "which dates in June 2025", NOW)
    assert [find.value for find in kept] == ["8 June 2025", "5 June"]


def test_key_terms_prefer_repeated_phrases() -> None:
    terms = key_terms(["The seal wear is high.", "Seal wear depends on pressure.", "The pressure was low."])
    assert terms[0] == ("seal wear", 2)


def test_names() -> None:
    files = [
        record("Norhaven-HX-250-pump-manual.pdf"),
        record("crane-rules.docx", "Crane operating rules"),
        record("2025-03-invoice-881.pdf"),
        record("2025-04-invoice-882.pdf"),
    ]
    assert [n.file.filename for n in named_files("what does the pump manual say", files)] == [
        files[0].filename
    ]
    assert [n.file.filename for n in named_files("summarise crane-rules.docx", files)] == [files[1].filename]
    assert len(named_files("compare the invoices", files)) in {0, 2}
    assert named_files("how often must it be greased", files) == []


def test_a_file_is_named_by_the_noun_that_its_name_ends_in() -> None:
    files = [
        record("board-memo.pdf"),
        record("memo-board-photos.docx"),
        record("tide_table-2.txt"),
        record("a.md"),
    ]
    named = named_files("Which dates are mentioned in the memo?", files)
    assert [(n.file.filename, n.together) for n in named] == [("board-memo.pdf", True)]
    assert [n.file.filename for n in named_files("What does the tide table say?", files)] == [
        "tide_table-2.txt"
    ]
    assert named_files("Is there a memo about boats?", files) == []
