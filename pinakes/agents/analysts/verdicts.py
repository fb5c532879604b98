"""What a model says of pairs that were found locally, and what becomes of a pair where rules and model differ.

Where rules are sure (values clash, or the words are the same) their verdict stays, whatever a model says of it, so
that no words in a file can talk it away. Where rules were led by words (allowed here, forbidden there), or by a value
that is the same on both sides, and the model says otherwise, nothing is decided. Both opinions are told then. What the
rules leave open the model decides, if it quotes both sides rightly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from pinakes.agents.analysts.calling import field_words, tell_dropped, tell_way_down, together
from pinakes.agents.analysts.checking import tidied
from pinakes.agents.analysts.excerpts import packed, room
from pinakes.agents.analysts.forms import Judged, Verdicts
from pinakes.agents.analysts.quoting import stretch_of
from pinakes.agents.analysts.values import unsupported_values
from pinakes.agents.comparing.items import Item
from pinakes.agents.comparing.pairing import Match
from pinakes.agents.comparing.verdicts import Judgement
from pinakes.agents.prompts import prompt_text
from pinakes.agents.spec import AgentContext
from pinakes.core.errors import ModelError
from pinakes.core.findings import Verdict
from pinakes.core.plans import Task
from pinakes.core.prompts import Data, Prompt
from pinakes.ports.language_model import LanguageModel

_A_CALL = 20
"""Pairs judged by one call: with more of them models mix up the sides."""

_LONGEST_REASON = 160
_UNSURE = 0.75
"""What a score is worth where rules and model differ."""


@dataclass(frozen=True)
class _Opinion:
    verdict: str
    reason: str


async def judged_by_model(matches: Sequence[Match], task: Task, ctx: AgentContext) -> list[Match]:
    """Return pairs with the verdicts of rules and model together, without those of different matters.

    Pairs that no call came to, or whose quotes do not stand in them, keep the verdict of the rules.
    """
    model = ctx.models.analyst
    if model is None or not matches:
        return list(matches)
    words = prompt_text("verdict", reader=field_words(task.options))
    request = task.step.intent
    runs = _runs(matches, model, room(model, words, request))
    calls = [partial(_judged, model, words, request, [matches[i] for i in run], run[0]) for run in runs]
    replies = await together(calls)
    failed = [reply for reply in replies if isinstance(reply, ModelError)]
    if failed:
        tell_way_down(
            "Some pairs are judged" if len(failed) < len(replies) else "Pairs are judged", failed[0]
        )
    opinions: dict[int, _Opinion] = {}
    dropped: list[str] = []
    for reply in replies:
        if not isinstance(reply, ModelError):
            for judged in reply:
                _take(judged, matches, opinions, dropped)
    tell_dropped(dropped, model=model.name)
    settled = [_settled(match, opinions.get(n)) for n, match in enumerate(matches, 1)]
    return sorted((m for m in settled if m is not None), key=lambda m: -m.score)


def _runs(matches: Sequence[Match], model: LanguageModel, tokens: int) -> list[list[int]]:
    data = [Data(id=f"L{n}", text=f"{_said(m.left)}\n{_said(m.right)}") for n, m in enumerate(matches, 1)]
    fitting = packed(data, model, tokens - 24 * _A_CALL)
    return [run[at : at + _A_CALL] for run in fitting for at in range(0, len(run), _A_CALL)]


def _said(item: Item) -> str:
    return item.meaning


async def _judged(
    model: LanguageModel, words: str, request: str, matches: Sequence[Match], first: int
) -> list[Judged]:
    parts: list[str | Data] = [request]
    for n, match in enumerate(matches, first + 1):
        parts.append(Data(id=f"L{n}", text=_said(match.left)))
        parts.append(Data(id=f"R{n}", text=_said(match.right)))
    filled = await model.fill(Prompt(task="verdict", system=words, parts=tuple(parts)), Verdicts)
    asked = range(first + 1, first + 1 + len(matches))
    return [judged for judged in filled.pairs if judged.pair in asked]


def _take(
    judged: Judged, matches: Sequence[Match], opinions: dict[int, _Opinion], dropped: list[str]
) -> None:
    """Keep an opinion that quotes both sides; a reason with values of neither side is no reason."""
    match = matches[judged.pair - 1]
    left, right = _said(match.left), _said(match.right)
    if stretch_of(judged.left_quote, left) is None or stretch_of(judged.right_quote, right) is None:
        dropped.append("it quotes what no side says")
        return
    reason = tidied(judged.reason)[:_LONGEST_REASON]
    if unsupported_values(reason, f"{left}\n{right}") or "://" in reason:
        reason = ""
    opinions.setdefault(judged.pair, _Opinion(judged.verdict, reason))


def _settled(match: Match, opinion: _Opinion | None) -> Match | None:
    """Return a pair as rules and model see it together, None where it is of two matters."""
    rule = match.judgement
    if opinion is None:
        return match
    if opinion.verdict == rule.verdict:
        return _with(match, rule.verdict, opinion.reason or rule.why)
    if rule.verdict is Verdict.RELATED:
        return _decided(match, opinion)
    both = f"{rule.why}; the model: {opinion.verdict}{f', {opinion.reason}' if opinion.reason else ''}"
    return _with(match, rule.verdict if rule.sure else Verdict.RELATED, both, _UNSURE)


def _decided(match: Match, opinion: _Opinion) -> Match | None:
    if opinion.verdict == "unrelated":
        return None
    return _with(match, Verdict(opinion.verdict), opinion.reason)


def _with(match: Match, verdict: Verdict, why: str, share: float = 1.0) -> Match:
    judgement = Judgement(verdict, why, sure=match.judgement.sure)
    return replace(match, judgement=judgement, score=round(match.score * share, 3))
