"""Pronouns that mean a noun of their own clause, not what was asked about before."""

from __future__ import annotations

import pytest

from tests.planning.conftest import PlanIt


@pytest.mark.parametrize(
    ("said", "before"),
    [
        ("Find pictures with red in them", "Find dark photos"),
        ("Which photos have no place stored in them?", "Pictures that contain text about tables"),
    ],
)
async def test_a_clause_that_names_its_files_points_to_none_shown_before(
    plan: PlanIt, said: str, before: str
) -> None:
    steps = (await plan(said, before)).steps
    assert {step.intent.rstrip(".?") for step in steps} == {said.rstrip(".?")}


async def test_a_clause_that_names_none_points_to_those_shown(plan: PlanIt) -> None:
    steps = (await plan("What is written in them?", "Find dark photos")).steps
    assert any("dark photos" in step.intent for step in steps)
