"""Which steps run next, and which never will."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pinakes.agents.cards import CARDS
from pinakes.core.plans import Plan, Step, StepResult, StepStatus
from pinakes.graph.progress import abandoned_steps, in_plan_order, ready_steps, skipped_steps
from pinakes.testing.scripted import steps

BY_NAME = {card.name: card for card in CARDS}


def result(step_id, status=StepStatus.OK, **fields):
    return StepResult(step_id=step_id, agent="image_search", status=status, **fields)


def test_a_step_waits_for_all_its_inputs():
    plan = steps(("image_search", "a"), ("document_search", "b"), ("cross_reference", "c", (1, 2)))
    assert [step.id for step in ready_steps(plan, {})] == ["s1", "s2"]
    assert [step.id for step in ready_steps(plan, {"s1": result("s1")})] == ["s2"]
    assert [step.id for step in ready_steps(plan, {"s1": result("s1"), "s2": result("s2")})] == ["s3"]


def test_a_step_without_anything_to_work_on_is_skipped_with_those_behind_it():
    plan = steps(("image_search", "a"), ("cross_reference", "b", (1,)), ("cross_reference", "c", (2,)))
    skipped = skipped_steps(plan, {"s1": result("s1", StepStatus.EMPTY)}, BY_NAME)
    assert [(r.step_id, r.agent, r.status) for r in skipped] == [
        ("s2", "cross_reference", StepStatus.SKIPPED),
        ("s3", "cross_reference", StepStatus.SKIPPED),
    ]
    assert skipped[0].notes == ("It had nothing to work on: image_search found nothing.",)
    assert skipped[1].notes == ("It had nothing to work on: cross_reference was skipped.",)


def test_one_input_with_findings_is_enough():
    plan = steps(("image_search", "a"), ("document_search", "b"), ("cross_reference", "c", (1, 2)))
    results = {"s1": result("s1", StepStatus.FAILED), "s2": result("s2", file_ids=("f",))}
    assert skipped_steps(plan, results, BY_NAME) == []


def test_an_agent_that_takes_no_data_still_runs():
    plan = steps(("image_search", "a"), ("chat", "b", (1,)))
    assert skipped_steps(plan, {"s1": result("s1", StepStatus.EMPTY)}, BY_NAME) == []


def test_abandoned_steps_carry_the_reason():
    plan = steps(("image_search", "a"), ("document_search", "b"))
    left = abandoned_steps(plan, {"s1": result("s1")}, "The time was up.")
    assert [(r.step_id, r.notes) for r in left] == [("s2", ("The time was up.",))]


@given(st.data())
def test_every_plan_ends_however_its_steps_end(data):
    size = data.draw(st.integers(1, 10))
    names = data.draw(st.lists(st.sampled_from(sorted(BY_NAME)), min_size=size, max_size=size))
    needs = [data.draw(st.sets(st.integers(1, n), max_size=3)) if n else set() for n in range(size)]
    made = [
        Step(id=f"s{n + 1}", agent=name, intent="x", depends_on=tuple(f"s{d}" for d in needs[n]))
        for n, name in enumerate(names)
    ]
    plan, results, waves = Plan(id="p", steps=tuple(made)), {}, 0
    while ready := ready_steps(plan, results):
        waves += 1
        for step in ready:
            status = data.draw(st.sampled_from(StepStatus))
            ended = StepResult(step_id=step.id, agent=step.agent, status=status, file_ids=("f",))
            results[step.id] = ended
        results |= {r.step_id: r for r in skipped_steps(plan, results, BY_NAME)}
    assert [r.step_id for r in in_plan_order(plan, results)] == [step.id for step in plan.steps]
    assert waves <= len(plan.waves())
