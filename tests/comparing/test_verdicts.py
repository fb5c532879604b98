from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.comparing.facts import facts_in
from pinakes.agents.comparing.fitting import fit_of
from pinakes.agents.comparing.intervals import Fit
from pinakes.agents.comparing.kinship import Kinship
from pinakes.agents.comparing.statements import Statement
from pinakes.agents.comparing.verdicts import judge, words_to_learn
from pinakes.core.findings import Verdict
from pinakes.models.minilm import MiniLmEmbedder

HERE = Path(__file__).parent
INF = math.inf


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder(threads=1)


def pairs(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


async def verdict(embedder: MiniLmEmbedder, left: str, right: str) -> Verdict:
    ours, theirs = Statement(left), Statement(right)
    a, b = await vectors_of([left, right], embedder)
    kinship = Kinship()
    await kinship.learn(words_to_learn(ours, theirs), embedder)
    return judge(ours, theirs, float(a @ b), kinship).verdict


@pytest.mark.parametrize("split", ["dev", "held-out"])
async def test_labelled_pairs(embedder: MiniLmEmbedder, split: str) -> None:
    rows = [p for p in pairs("pairs.jsonl") if p["split"] == split]
    said = [(p["verdict"], await verdict(embedder, p["left"], p["right"])) for p in rows]
    assert sum(wanted == got for wanted, got in said) >= 0.75 * len(said)
    assert sum(got == "contradicts" != wanted for wanted, got in said) <= 1


async def test_values_of_different_matters_do_not_clash(embedder: MiniLmEmbedder) -> None:
    rows = pairs("different_matters.jsonl")
    wrong = [p for p in rows if await verdict(embedder, p["left"], p["right"]) == "contradicts"]
    assert len(wrong) <= 1


@pytest.mark.parametrize("name", ["pairs.jsonl", "different_matters.jsonl"])
async def test_verdicts_do_not_depend_on_the_side(embedder: MiniLmEmbedder, name: str) -> None:
    for p in pairs(name):
        there = await verdict(embedder, p["left"], p["right"])
        assert there == await verdict(embedder, p["right"], p["left"]), p


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("at most 12 bar", "quantity", -INF, 12e5),
        ("1.2 MPa", "quantity", 1.2e6, 1.2e6),
        ("between 5 and 8 kg", "quantity", 5, 8),
        ("2–8 °C", "quantity", 2, 8),
        ("minus 18 °C or colder", "quantity", -INF, -18),
        ("must not be heated above 90 °C", "quantity", -INF, 90),
        ("mindestens 1,50 m", "quantity", 1.5, INF),
        ("forty minutes", "quantity", 2400, 2400),
        ("up to five books", "count", -INF, 5),
        ("starts at 7:30 pm", "time", 1170, 1170),
        ("um 8 Uhr", "time", 480, 480),
        ("EUR 2,400.00", "money", 2400, 2400),
    ],
)
def test_what_a_value_says(text: str, kind: str, low: float, high: float) -> None:
    (fact,) = facts_in(text)
    assert fact.kind == kind
    assert any(r.low == pytest.approx(low) and r.high == pytest.approx(high) for r in fact.readings)


@pytest.mark.parametrize(
    ("left", "right", "fit"),
    [
        ("12 bar", "1.2 MPa", Fit.EQUAL),
        ("3 m", "300 cm", Fit.EQUAL),
        ("5 ft", "152 cm", Fit.EQUAL),
        ("1.200 Euro", "1200 EUR", Fit.EQUAL),
        ("14.02.2025", "14 February 2025", Fit.EQUAL),
        ("3 May", "3 May 2025", Fit.EQUAL),
        ("12 June 2025", "by 30 June 2025", Fit.WITHIN),
        ("2 July 2025", "by 30 June 2025", Fit.DIFFERENT),
        ("18 kg", "at most 20 kg", Fit.WITHIN),
        ("25 kg", "at most 20 kg", Fit.DIFFERENT),
        ("at most 25 kg", "at most 20 kg", Fit.DIFFERENT),
        ("at least 5 kg", "at most 20 kg", Fit.OPEN),
        ("about 100 km", "104 km", Fit.EQUAL),
        ("7 kg", "between 5 and 8 kg", Fit.WITHIN),
    ],
)
def test_whether_values_agree(left: str, right: str, fit: Fit) -> None:
    (ours,), (theirs,) = facts_in(left), facts_in(right)
    assert fit_of(ours, theirs) is fit
    assert fit_of(theirs, ours) is fit


def test_months_are_no_permissions() -> None:
    assert Statement("Dogs are not allowed between May and September.").stance == "forbidden"
    assert Statement("You need not wear a belt.").stance == "optional"
