"""Checking a plan before anything runs, whoever made it: a model, the local planner or a caller."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pinakes.core.errors import PlanError
from pinakes.core.plans import MAX_STEPS, AgentCard, Plan, Step

MAX_INTENT = 2000
QUESTION = "text"  # an agent that takes it can start from the question alone


EFFECTS = ("changes", "report")  # data types that outlast the turn


def compile_plan(plan: Plan, cards: Sequence[AgentCard], *, read_only: bool = False) -> Plan:
    """Return the plan with its steps in an order that runs, ids s1, s2, … and a forecast of its effects.

    Args:
        read_only: Refuse steps that would change the library.

    Raises:
        PlanError: An agent is unknown or not permitted, ids collide, a dependency is missing or circular, an agent
            lacks its input, an intent is empty or too long, or there are no or too many steps.
    """
    known = {card.name: card for card in cards}
    _check_size(plan.steps)
    _check_steps(plan.steps, known)
    _check_dependencies(plan.steps)
    ordered = _run_order(plan.steps)
    _check_inputs(ordered, known)
    _check_permissions(ordered, known, read_only)
    given = {kind for step in ordered for kind in known[step.agent].gives}
    effects = tuple(effect for effect in EFFECTS if effect in given)
    return plan.model_copy(update={"steps": _renumbered(ordered), "effects": effects})


def _check_size(steps: Sequence[Step]) -> None:
    if not steps:
        raise PlanError("The plan has no steps; give it at least one.")
    if len(steps) > MAX_STEPS:
        raise PlanError(
            f"The plan has {len(steps)} steps; split the question so that {MAX_STEPS} are enough."
        )


def _check_steps(steps: Sequence[Step], known: Mapping[str, AgentCard]) -> None:
    for step in steps:
        if step.agent not in known:
            raise PlanError(f"No agent is called '{step.agent}'; use one of {', '.join(sorted(known))}.")
        if not step.intent.strip():
            raise PlanError(f"Step '{step.id}' has no intent; say in a sentence what it should do.")
        if len(step.intent) > MAX_INTENT:
            raise PlanError(f"The intent of step '{step.id}' is over {MAX_INTENT} characters; shorten it.")


def _check_dependencies(steps: Sequence[Step]) -> None:
    counts = Counter(step.id for step in steps)
    for name, count in counts.items():
        if count > 1:
            raise PlanError(f"Two steps are called '{name}'; give each its own id.")
    for step in steps:
        for needed in step.depends_on:
            if needed == step.id:
                raise PlanError(f"Step '{step.id}' depends on itself; remove that dependency.")
            if needed not in counts:
                raise PlanError(
                    f"Step '{step.id}' depends on '{needed}', which is not in the plan; add or drop it."
                )


def _run_order(steps: Sequence[Step]) -> list[Step]:
    waiting, done, ordered = list(steps), set[str](), list[Step]()
    while waiting:
        ready = [step for step in waiting if done.issuperset(step.depends_on)]
        if not ready:
            names = ", ".join(step.id for step in waiting)
            raise PlanError(
                f"The steps {names} wait for each other in a circle; remove one of the dependencies."
            )
        ordered += ready
        done.update(step.id for step in ready)
        waiting = [step for step in waiting if step.id not in done]
    return ordered


def _check_inputs(steps: Iterable[Step], known: Mapping[str, AgentCard]) -> None:
    gives = dict[str, set[str]]()
    for step in steps:
        card = known[step.agent]
        at_hand = set[str]().union(*(gives[needed] for needed in step.depends_on))
        gives[step.id] = at_hand | set(card.gives)
        if card.takes and QUESTION not in card.takes and not at_hand.intersection(card.takes):
            wanted = ", ".join(card.takes)
            raise PlanError(
                f"Step '{step.id}' ({step.agent}) has no input; let it depend on one that gives {wanted}."
            )


def _check_permissions(steps: Iterable[Step], known: Mapping[str, AgentCard], read_only: bool) -> None:
    for step in steps:
        if read_only and known[step.agent].mutates:
            raise PlanError(
                f"Step '{step.id}' ({step.agent}) would change the library, which is not permitted here; drop it."
            )


def _renumbered(steps: Sequence[Step]) -> tuple[Step, ...]:
    names = {step.id: f"s{number}" for number, step in enumerate(steps, start=1)}
    return tuple(
        step.model_copy(
            update={
                "id": names[step.id],
                "intent": step.intent.strip(),
                "depends_on": tuple(dict.fromkeys(names[needed] for needed in step.depends_on)),
            }
        )
        for step in steps
    )
