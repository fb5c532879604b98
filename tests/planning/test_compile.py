from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.compile import compile_plan
from pinakes.core.errors import PlanError
from pinakes.core.plans import MAX_STEPS, Plan, Step

ANYWHERE = [card.name for card in CARDS if "text" in card.takes]


def step(
    name: str, agent: str = "document_search", needs: tuple[str, ...] = (), intent: str = "Find it."
) -> Step:
    return Step(id=name, agent=agent, intent=intent, depends_on=needs)


def compiled(*steps: Step) -> Plan:
    return compile_plan(Plan(id="p", steps=steps), CARDS)


def test_ids_are_numbered_and_dependencies_follow() -> None:
    plan = compiled(step("sum", "document_analysis", ("look", "look")), step("look"))
    assert [(s.id, s.agent, s.depends_on) for s in plan.steps] == [
        ("s1", "document_search", ()),
        ("s2", "document_analysis", ("s1",)),
    ]


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((), "no steps"),
        (tuple(step(f"n{i}") for i in range(MAX_STEPS + 1)), "11 steps"),
        ((step("a", "cooking"),), "No agent is called 'cooking'"),
        ((step("a"), step("a")), "Two steps are called 'a'"),
        ((step("a", needs=("a",)),), "depends on itself"),
        ((step("a", needs=("z",)),), "'z', which is not in the plan"),
        ((step("a", needs=("b",)), step("b", needs=("a",))), "circle"),
        ((step("a", intent="   "),), "no intent"),
        ((step("a", "cross_reference"),), "has no input"),
        ((step("a", "chat"), step("b", "cross_reference", ("a",))), "has no input"),
    ],
)
def test_broken_plans_say_what_to_do(steps: tuple[Step, ...], words: str) -> None:
    with pytest.raises(PlanError, match=words):
        compiled(*steps)


def test_an_intent_that_is_too_long_is_refused() -> None:
    long = Step.model_construct(id="a", agent="chat", intent="x" * 2001, depends_on=())
    with pytest.raises(PlanError, match="over 2000 characters"):
        compiled(long)


def test_input_may_come_from_further_up() -> None:
    plan = compiled(step("a"), step("b", "analytics", ("a",)), step("c", "report_synthesis", ("b",)))
    assert len(plan.waves()) == 3


@st.composite
def plans(draw: st.DrawFn) -> tuple[Step, ...]:
    count = draw(st.integers(1, MAX_STEPS))
    names = draw(st.permutations([f"n{i}" for i in range(count)]))
    steps = []
    for at, name in enumerate(names):
        needs = draw(st.lists(st.sampled_from(names[:at]), unique=True, max_size=3)) if at else []
        steps.append(step(name, draw(st.sampled_from(ANYWHERE)), tuple(needs)))
    return tuple(draw(st.permutations(steps)))


@settings(max_examples=150, deadline=None)
@given(plans())
def test_random_plans_run_in_dependency_order_and_in_as_few_waves_as_possible(
    steps: tuple[Step, ...],
) -> None:
    plan = compiled(*steps)
    seen: set[str] = set()
    for one in plan.steps:
        assert seen.issuperset(one.depends_on)
        seen.add(one.id)
    done: set[str] = set()
    for wave in plan.waves():
        assert all(done.issuperset(one.depends_on) for one in wave)
        done |= {one.id for one in wave}
    assert done == seen
    assert len(plan.waves()) == longest_chain(plan.steps)


def longest_chain(steps: tuple[Step, ...]) -> int:
    by_id = {one.id: one for one in steps}

    def depth(name: str) -> int:
        return 1 + max((depth(needed) for needed in by_id[name].depends_on), default=0)

    return max(depth(name) for name in by_id)


def test_effects_are_forecast_and_permissions_checked() -> None:
    reading, filing = compiled(step("a")), compiled(step("a"), step("b", "folder_management", ("a",)))
    assert (reading.effects, filing.effects) == ((), ("changes",))
    with pytest.raises(PlanError, match="not permitted"):
        compile_plan(filing, CARDS, read_only=True)
    assert compile_plan(reading, CARDS, read_only=True) == reading
