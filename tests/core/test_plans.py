from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pinakes.core.plans import Plan, Step


def plan_of(*edges: tuple[str, ...]) -> Plan:
    steps = tuple(
        Step(id=f"s{n}", agent="chat", intent="x", depends_on=after) for n, after in enumerate(edges, 1)
    )
    return Plan(id="p", steps=steps)


def test_steps_without_dependencies_share_a_wave() -> None:
    assert [[s.id for s in wave] for wave in plan_of((), (), ("s1", "s2")).waves()] == [["s1", "s2"], ["s3"]]


def test_an_empty_plan_has_no_waves() -> None:
    assert Plan(id="p", steps=()).waves() == ()


@given(st.lists(st.sets(st.integers(1, 10)), max_size=10))
def test_each_step_runs_once_after_its_dependencies_and_as_early_as_possible(raw: list[set[int]]) -> None:
    edges = [tuple(f"s{d}" for d in sorted(deps) if d < n) for n, deps in enumerate(raw, 1)]
    waves = plan_of(*edges).waves()
    place = {step.id: n for n, wave in enumerate(waves) for step in wave}
    assert sorted(place) == sorted(f"s{n}" for n in range(1, len(edges) + 1))
    for wave in waves:
        for step in wave:
            assert place[step.id] == max((place[d] + 1 for d in step.depends_on), default=0)
