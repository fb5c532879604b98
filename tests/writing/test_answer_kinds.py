from __future__ import annotations

import pytest

from pinakes.agents.writing.asking import also_sought, read_asked
from pinakes.agents.writing.candidates import names_source
from pinakes.agents.writing.irregular import based
from pinakes.agents.writing.sentences import split_sentences
from pinakes.agents.writing.shapes import (
    defines,
    holds_comparison,
    holds_limit,
    holds_measure,
    holds_purpose,
    is_label,
    spells_out,
)
from tests.writing.conftest import Write, asked, passage

HARBOUR = (
    "<table><tr><th>Item</th><th>EUR</th></tr><tr><td>Parts, invoice N-204</td><td>1,470.50</td></tr>"
    "<tr><td>Cleaning</td><td>640.00</td></tr></table>"
)
WORKSHOP = (
    "<table><tr><th>Description</th><th>Sum EUR</th></tr><tr><td>Hose</td><td>850.40</td></tr>"
    "<tr><td>Total</td><td>2,918.40</td></tr></table>"
)


async def test_the_invoice_of_a_name_is_the_one_whose_file_has_the_name(write: Write) -> None:
    other = passage(
        "incident.docx", "Item | EUR\nParts, invoice N-204 | 1,470.50", heading="Cost", html=HARBOUR
    )
    meant = passage(
        "2025-08-Bergset.pdf",
        "Description | Sum EUR\nTotal | 2,918.40",
        2,
        heading="BERGSET AS",
        html=WORKSHOP,
    )
    answer = await write(asked("What did the Bergset invoice cost?", meant, other))
    assert "2,918.40" in answer.content
    assert "1,470.50" not in answer.content


async def test_a_row_is_not_the_answer_for_the_words_of_its_heading(write: Write) -> None:
    rows = "<table><tr><th>Measure</th><th>Who</th></tr><tr><td>Engrave the torque</td><td>Tom Farrelly</td></tr></table>"
    table = passage(
        "report.md",
        "Measure | Who\nEngrave the torque | Tom Farrelly",
        heading="Report on the coupling",
        html=rows,
    )
    told = passage("report.md", "Written by Dalia Brandt, 30 May.", 2, heading="Report on the coupling")
    answer = await write(asked("Who wrote the report on the coupling?", table, told))
    assert answer.citations[0].sentence.endswith("Written by Dalia Brandt, 30 May.")


async def test_what_a_thing_is_for_comes_before_what_it_is_made_of(write: Write) -> None:
    paper = passage(
        "paper.pdf",
        "Parsley is built with four components. Parsley offers one toolkit to support the reading of scanned pages. "
        "Parsley was tried on three data sets.",
    )
    answer = await write(asked("What is the Parsley toolkit for?", paper))
    assert (
        answer.citations[0].sentence == "Parsley offers one toolkit to support the reading of scanned pages."
    )


async def test_until_when_comes_before_another_date(write: Write) -> None:
    bill = passage(
        "bergset.pdf",
        "Invoice of 29 August 2025 for the crane. Payable by 28 September 2025.",
        heading="BERGSET",
    )
    answer = await write(asked("When is the Bergset invoice due?", bill))
    assert answer.citations[0].sentence.endswith("Payable by 28 September 2025.")


async def test_what_is_owed_comes_before_what_lasts(write: Write) -> None:
    bill = passage(
        "bergset.pdf",
        "Twelve months' guarantee on the hoses, until 28 August 2026. Payable by 28 September 2025.",
        heading="BERGSET",
    )
    answer = await write(asked("When is the Bergset invoice BH-7731 due?", bill))
    assert answer.citations[0].sentence.endswith("Payable by 28 September 2025.")


async def test_a_cause_stands_under_its_heading(write: Write) -> None:
    back = passage("report.txt", "The compressor was back in use on 7 November.", heading="REPORT")
    cause = passage("report.txt", "The seat of the relief valve was corroded.", 2, heading="CAUSE")
    answer = await write(asked("What caused the relief valve of the compressor to open late?", back, cause))
    assert answer.citations[0].sentence.endswith("The seat of the relief valve was corroded.")


async def test_footnotes_lists_of_sources_and_bare_labels_are_not_quoted(write: Write) -> None:
    note = passage(
        "audit.pdf", "1 GAO, Cybersecurity: Leadership Urgently Needed, GAO-20-629 (Washington: 2020)."
    )
    listed = passage(
        "audit.pdf", "[1] Norhaven, Cybersecurity leadership manual, edition 4.", 2, heading="References"
    )
    label = passage("audit.pdf", "Leadership in cybersecurity.", 3)
    text = passage(
        "audit.pdf", "Leadership in cybersecurity is vacant, and nobody coordinates the agencies.", 4
    )
    answer = await write(
        asked("What does the GAO say about leadership in cybersecurity?", note, listed, label, text)
    )
    assert [c.sentence for c in answer.citations] == [
        "Leadership in cybersecurity is vacant, and nobody coordinates the agencies."
    ]


@pytest.mark.parametrize(
    ("said", "begins"),
    [("ran", "run"), ("began", "begin"), ("Written", "write"), ("running", "running"), ("ground", "grind")],
)
def test_irregular_verbs_have_a_base_form(said: str, begins: str) -> None:
    assert based(said) == begins


def test_short_units_have_plurals() -> None:
    units = read_asked("How long did the pump run?").units
    assert holds_measure("The pump ran for six days.", units)
    assert not holds_measure("The pump stands in hall 6 by the dayroom.", units)


def test_abbreviations_are_held_by_their_words() -> None:
    assert spells_out("U.S. Government Accountability Office, June 2023", "GAO")
    assert not spells_out("The government said a lot in its office", "GAO")
    assert not spells_out("in the United States", "US")


@pytest.mark.parametrize("participle", ["built with five parts", "given below", "shown in Figure 2"])
def test_a_passive_defines_nothing(participle: str) -> None:
    assert not defines(f"The toolkit is {participle}.", ("toolkit",))
    assert defines("The toolkit is a library.", ("toolkit",))


def test_kinds_of_questions_and_of_answers() -> None:
    assert read_asked("What is the siren for?").kinds == {"purpose"}
    assert read_asked("How much better is A than B?").kinds == {"compared"}
    assert read_asked("What are you looking for?").subjects == ()
    assert not read_asked("Who called for help?").kinds
    assert (
        read_asked("When is the bill due?").kinds == {"due"} and not read_asked("Was it due to rain?").kinds
    )
    assert holds_purpose("The goal of the siren is to warn.") and holds_purpose("Used for cutting.")
    assert not holds_purpose("The siren was bought in 2019.")
    assert holds_comparison("A beats B by 9 % on this set.", frozenset())
    assert holds_comparison("It reaches 65.2% vs. 42.9% there.", frozenset())
    assert not holds_comparison("Figure 2 shows A and B.", frozenset())
    assert holds_limit("Payment within 30 days.") and not holds_limit("Date: 29 August 2025")


def test_another_wording_is_sought_where_the_answer_has_other_words() -> None:
    assert also_sought("What is dense retrieval trained to do?") == "The goal of dense retrieval is to"
    assert also_sought("When was the pump installed?") == ""


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "1 GAO, Cybersecurity: Clarity Urgently Needed, GAO-20-629 (Washington, D.C.: Sept. 22, 2020).",
            True,
        ),
        ("2 Fiscal Year 2021, Pub. L. No. 116-283, div. A.", True),
        ("28 ships were docked in 2025, three fewer than before (2024).", False),
        ("1. Lock out the main isolator before the guard is removed.", False),
    ],
)
def test_footnotes_name_sources(text: str, source: bool) -> None:
    assert names_source(text) is source


def test_a_short_line_between_wrapped_ones_stands_alone() -> None:
    text = (
        "contents\nIwan Roberts\nIwan Wyn Roberts was born on 26 June 1968 and is a Welsh former footballer who\n"
        "played as a forward from 1986 to 2005 for a number of clubs and the national team."
    )
    told = [text[s.start : s.end] for s in split_sentences(text)]
    assert told[:2] == ["contents", "Iwan Roberts"]
    assert told[2].startswith("Iwan Wyn") and told[2].endswith("team.")


async def test_what_is_not_mentioned_is_not_made_up_for_by_the_rest_of_the_file(write: Write) -> None:
    book = passage(
        "crew-handbook.md", "This handbook is for the crew. The crew works in two shifts.", score=0.8
    )
    asked_of = "Does the crew handbook say anything about holidays?"
    assert read_asked(asked_of).mentioned == {"holidays"}
    assert not (await write(asked(asked_of, book))).found
    assert (await write(asked("Does the crew handbook say anything about shifts?", book))).found


async def test_a_cause_ends_where_the_next_title_begins(write: Write) -> None:
    report = passage(
        "report.txt",
        "CAUSE\n\nThe seat of the relief valve was corroded.\n\nMEASURES\n\nThe relief valve of K-7 was changed.",
        heading="CAUSE",
    )
    answer = await write(asked("What caused the relief valve of K-7 to open late?", report))
    assert answer.citations[0].sentence.endswith("The seat of the relief valve was corroded.")


@pytest.mark.parametrize(
    ("text", "label"),
    [("Galaxy Gaming, Inc.", True), ("Galaxy Gaming is in Las Vegas.", False), ("Galaxy Gaming: 4", False)],
)
def test_labels_repeat_a_question(text: str, label: bool) -> None:
    asked_of = frozenset(["what", "is", "the", "trading", "symbol", "of", "galaxy", "gaming"])
    assert is_label(text, asked_of) is label
