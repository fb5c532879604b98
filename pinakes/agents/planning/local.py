"""The local planner: grammar settles what it can, meaning the rest, and neither needs a model call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.choose import choose
from pinakes.agents.planning.clause import object_kinds
from pinakes.agents.planning.meaning import Meaning
from pinakes.agents.planning.moments import moment_kinds
from pinakes.agents.planning.names import kinds_by_name
from pinakes.agents.planning.read import Part, read_turn
from pinakes.agents.planning.steps import Draft, draft_steps
from pinakes.agents.planning.sureness import confidence
from pinakes.agents.planning.view import View
from pinakes.core.ids import new_id
from pinakes.core.plans import Plan, PlanRequest, Step
from pinakes.ports.embedder import Embedder


class LocalPlanner:
    """Plans by grammar and by the meaning of the cards' examples; the same request gives the same steps.

    Args:
        embedder: Gives the vectors that meaning is judged by.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._meaning = Meaning(embedder)

    async def plan(self, request: PlanRequest) -> Plan:
        """Return a plan of at most MAX_STEPS steps for any text."""
        cards = request.cards or CARDS
        parts = read_turn(request)
        shares = await self._meaning.shares([part.resolved.text for part in parts], cards)
        drafts = [_draft(part, share, request) for part, share in zip(parts, shares, strict=True)]
        steps = draft_steps(drafts, request)
        return Plan(
            id=new_id(),
            steps=steps,
            confidence=confidence(drafts, steps, request),
            reason=_reason(steps, drafts),
        )


def _draft(part: Part, shares: Mapping[str, float], request: PlanRequest) -> Draft:
    text = part.clause.text if part.resolved.asked else part.resolved.text
    by_name = kinds_by_name(text.lower(), request.inventory)
    named = moment_kinds(text.lower(), part.lexicon, request.inventory)
    named = named or object_kinds(text, part.clause, part.lexicon)
    view = View(
        text,
        part.clause,
        part.lexicon,
        shares,
        request.inventory,
        named or by_name or part.meant,
        by_name,
        pointed=part.resolved.pointed and not part.resolved.narrowed,
        worked=part.resolved.worked,
    )
    return Draft(part, choose(view, part.ordered))


def _reason(steps: Sequence[Step], drafts: Sequence[Draft]) -> str:
    words = ", ".join(dict.fromkeys(step.agent.replace("_", " ") for step in steps))
    return f"{words}; by {'grammar' if all(draft.needs.sure >= 0.95 for draft in drafts) else 'grammar and meaning'}"
