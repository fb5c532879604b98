"""What kind of answer a question expects, and which sentences are of that kind."""

from __future__ import annotations

import pytest

from pinakes.agents.writing.asking import days_in, read_asked
from pinakes.agents.writing.paragraphs import NOTHING
from pinakes.agents.writing.shapes import (
    defines,
    figures_share,
    holds_days,
    holds_measure,
    holds_place,
    holds_rule,
    holds_shape,
)
from tests.writing.conftest import Write, asked, passage, request, result


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("What does a ferry ticket cost?", "money"),
        ("How many sheep graze on the island?", "number"),
        ("What should the keeper do when the lamp fails?", ""),
        ("Who tends the lamp, and when is it lit?", "person"),
        ("Which tower did he paint where the road ends?", ""),
        ("When was the tower built?", "date"),
        ("Seit wann steht der Turm?", "date"),
    ],
)
def test_the_shape_is_that_of_the_question_and_not_of_a_clause(question: str, shape: str) -> None:
    assert read_asked(question).shape == shape


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("What is the mass of the bell?", ("mass",)),
        ("What is the call sign of the tower?", ("call", "sign")),
        ("What is Ada Grün's wage?", ("wage",)),
        ("What is the bell used for?", ()),
        ("What is a fog bell?", ()),
        ("What was the name of the ship?", ()),
        ("Was ist die Masse der Glocke?", ("masse",)),
    ],
)
def test_what_is_asked_of_a_thing(question: str, focus: tuple[str, ...]) -> None:
    assert read_asked(question).focus == focus


def test_what_shall_be_explained() -> None:
    assert read_asked("What is a fog bell?").subjects == (("fog", "bell"),)
    assert read_asked("What is the Fogmaster tool for?").subjects == (("fogmaster", "tool"), ("fogmaster",))
    assert read_asked("What is the mass of the bell?").subjects == ()


def test_explanations_are_known_by_their_form() -> None:
    bell = ("fog", "bell")
    assert not defines("A fog bell was painted by Bo.", bell)  # what was done with it
    assert defines("A fog bell is a signal for bad sight.", bell)
    assert defines("Fog bells (FB) are used in bad sight.", bell)
    assert defines("The signal, called a fog bell, is old.", bell)
    assert not defines("He heard the fog bell at night.", bell)


def test_numbers_need_the_unit_that_is_asked_for() -> None:
    hours = read_asked("How long does the lamp burn?").units
    assert holds_measure("It burns for nine hours.", hours) and holds_measure("Burning time: 9 h", hours)
    assert not holds_measure("It burns 40 litres of oil.", hours)
    assert holds_measure("There are 310 old sheep.", read_asked("How many sheep are there?").units)
    assert not holds_measure("There are 4 dogs here.", read_asked("How many sheep are there?").units)
    assert read_asked("And how many are left?").units == frozenset()


def test_rules_and_orders_are_told_from_reports() -> None:
    assert read_asked("What must the keeper do in fog?").rule
    assert holds_rule("The bell must be struck in fog.") and holds_rule("Strike it at most twice.")
    assert holds_rule("In fog, switch on the horn.") and not holds_rule("The bell was struck in fog.")


def test_money_is_an_amount_with_or_without_its_currency() -> None:
    price = read_asked("What did the rope cost?")
    assert holds_shape("Hemp rope 12 mm 18.40", price, frozenset({"rope"}))
    assert holds_shape("It cost 18 euros.", price, frozenset())
    assert not holds_shape("The rope is 12 mm thick and was bought on 3.12.2024.", price, frozenset())


def test_persons_are_names_and_not_beginnings() -> None:
    person = read_asked("Who counted the sheep?")
    known = frozenset({"sheep"})
    assert holds_shape("They were counted by Bo.", person, known) and holds_shape(
        "Bo Lind did.", person, known
    )
    assert holds_shape("Task: count; Name: Ada Grün", person, known)
    assert not holds_shape("Nobody has yet.", person, known) and not holds_shape(
        "4 Lamp put out", person, known
    )
    assert not holds_shape("The pen at P-106 was full.", person, known)


def test_days_are_found_in_words_and_figures() -> None:
    assert days_in("What was seen on 15 February 2025, or on March 3rd?") == ((15, 2), (3, 3))
    assert days_in("In May 1999 he had 20 sheep") == () == days_in("It may 3 times")
    assert holds_days("From 12 to 18 March", ((15, 3),)) is False
    assert holds_days("12 Mar early", ((12, 3),)) and holds_days("log-2025-03-12.txt", ((12, 3),))


def test_places_are_names_after_words_for_where() -> None:
    known = frozenset({"norway"})
    assert holds_place("They fish off the Skerry Banks.", known) and not holds_place("to Norway", known)
    assert figures_share("0.5 1.2 -3.4 5.46E-05") == 1.0 and figures_share("four sheep") == 0.0


async def test_a_rule_comes_before_a_report(write: Write) -> None:
    passages = (
        passage("diary.md", "In the fog of 2 May the keeper did not light the lamp in the fog tower.", 1),
        passage("rules.md", "In fog the keeper must light the lamp and strike the bell.", 2),
    )
    answer = await write(asked("What must the keeper do in fog?", *passages))
    assert answer.citations[0].evidence.filename == "rules.md"


async def test_a_price_is_an_amount_of_money(write: Write) -> None:
    passages = (
        passage("list.md", "The hemp rope of the ferry was renewed by the crew. The hemp rope is new.", 1),
        passage("receipt.md", "Island Chandlers\nHemp rope 18.40\nPaint 7.10\nTotal 25.50", 2),
    )
    answer = await write(asked("What did the hemp rope cost?", *passages))
    assert "18.40" in answer.citations[0].sentence


async def test_a_question_in_a_text_is_no_answer(write: Write) -> None:
    text = "Who feeds the sheep on the island in winter? Bo Lind feeds them from the barn."
    answer = await write(asked("Who feeds the sheep on the island in winter?", passage("a.md", text)))
    assert "Bo Lind" in answer.citations[0].sentence


@pytest.mark.parametrize(
    "question",
    [
        "What is Bo Lind's wage?",
        "What did Bo Lind see on 9 November 2024?",
        "What is the mooring number of the ferry Alma?",
    ],
)
async def test_what_is_near_but_lacks_what_is_asked_is_refused(write: Write, question: str) -> None:
    passages = (
        passage("crew.md", "Bo Lind tends the lamp and feeds the sheep. He has the telephone 20.", 1),
        passage("log.md", "On 3 May 2024 Bo Lind saw two seals at the pier.", 2),
        passage("ferry.md", "The ferry Alma brings the mail on Tuesdays.", 3),
    )
    answer = await write(asked(question, *passages))
    assert not answer.found and NOTHING in answer.content


async def test_where_the_best_sentence_only_reports_a_rule_the_rule_itself_follows(write: Write) -> None:
    story = "When the fog is thick at the skerry, the keeper wants the boats of the harbour kept ashore. The sea was calm."
    rules = "Thick fog hides the skerry. The boats must be hauled up and a lamp hung at the slip."
    passages = (passage("story.md", story, 1), passage("rules.md", rules, 2))
    answer = await write(
        asked("What must we do with the boats when the fog is thick at the skerry?", *passages)
    )
    assert any("must be hauled up" in c.sentence for c in answer.citations[:2])


async def test_where_to_read_something_is_no_answer(write: Write) -> None:
    passages = (
        passage("life.md", "Bo Lind\nKeeper of the lamp\nHeight 1.91 m\nBorn in Vik", 1),
        passage("refs.md", "4. Bo Lind of 2 m (https://example.org/bo). Retrieved 3 May 2020.", 2),
    )
    answer = await write(asked("How tall is Bo Lind?", *passages))
    assert "1.91 m" in answer.citations[0].sentence


async def test_a_statement_that_ends_in_a_question_mark_is_no_question(write: Write) -> None:
    text = "The way to find seals is to listen at night: what sings, or coughs, or splashes? Few do."
    answer = await write(asked("What is the way to find seals?", passage("a.md", text)))
    assert "listen at night" in answer.citations[0].sentence


async def test_what_one_part_of_a_question_was_told_the_next_does_not_repeat(write: Write) -> None:
    text = "Bo Lind is the keeper of the lamp. Bo Lind keeps the lamp lit on Mondays and Fridays."
    source = passage("a.md", text)
    parts = [result("Who is the keeper of the lamp?", [source], "s1")]
    parts.append(result("On which days is the keeper of the lamp there?", [source], "s2"))
    answer = await write(request("Who is the keeper, and when is he there?", *parts, passages=[source]))
    assert answer.content.count("is the keeper of the lamp") == 1
