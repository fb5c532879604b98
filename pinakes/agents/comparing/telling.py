"""A cross-check told in words, each pair with the marks of both sides."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.analysis.figures import counted
from pinakes.agents.analysis.units import shown
from pinakes.agents.citing import Citations
from pinakes.agents.comparing.items import Item
from pinakes.agents.comparing.pairing import Match
from pinakes.agents.writing.marks import plain
from pinakes.core.files import FileRecord, MediaType
from pinakes.core.findings import Pair, Verdict

_SHOWN = {Verdict.CONTRADICTS: 10, Verdict.SUPPORTS: 8, Verdict.RELATED: 5}
_HEADINGS = {
    Verdict.CONTRADICTS: "They contradict each other",
    Verdict.SUPPORTS: "They agree",
    Verdict.RELATED: "They are related, but nothing decides whether they agree",
}
_COUNTED = {Verdict.CONTRADICTS: "contradiction", Verdict.SUPPORTS: "agreement"}
_WHY = {
    Verdict.CONTRADICTS: "says otherwise",
    Verdict.SUPPORTS: "says the same",
    Verdict.RELATED: "is about the same",
}
_ALONE = 5


def cite_pairs(matches: Sequence[Match], cited: Citations) -> list[Pair]:
    """Return the pairs to tell of with their evidence, contradictions first, as many of each verdict as are shown."""
    pairs = []
    for verdict, most in _SHOWN.items():
        for match in [m for m in matches if m.judgement.verdict is verdict][:most]:
            why = match.judgement.why or _WHY[verdict]
            left = match.left.cite(cited, why, match.score)
            right = match.right.cite(cited, why, match.score)
            if left.id and right.id:
                pairs.append(Pair(left=left, right=right, verdict=verdict, score=match.score, why=why))
    return pairs


def pairs_told(
    matches: Sequence[Match], pairs: Sequence[Pair], names: tuple[str, str], cited: Citations
) -> str:
    """Return how many pairs there are of each verdict, and the pairs."""
    counts = {v: sum(m.judgement.verdict is v for m in matches) for v in Verdict}
    told = [counted(counts[v], noun) if counts[v] else f"no {noun}" for v, noun in _COUNTED.items()]
    told += [f"{counts[Verdict.RELATED]} undecided"] if counts[Verdict.RELATED] else []
    parts = [f"{names[0]} against {names[1]}: {', '.join(told)}."]
    for verdict, heading in _HEADINGS.items():
        lines = [_line(pair, cited) for pair in pairs if pair.verdict is verdict]
        if lines:
            more = counts[verdict] - len(lines)
            lines += [f"- … and {more} more"] if more > 0 else []
            parts.append(f"**{heading}**\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def _line(pair: Pair, cited: Citations) -> str:
    undecided = pair.why == _WHY[Verdict.RELATED]
    decided = "" if undecided else f" — {plain(pair.why)}"
    left, right = (f"{_side(e.quote)}{cited.mark(e)}" for e in (pair.left, pair.right))
    return f"- {left} ↔ {right}{decided}"


def _side(quote: str) -> str:
    words = shown(" ".join(quote.split()))
    return f"“{words}”" if words else "The time it was taken"


def alone_told(items: Sequence[Item], other: str, cited: Citations) -> str:
    """Return which items have no partner."""
    if not items:
        return ""
    lines = []
    for item in items[:_ALONE]:
        evidence = item.cite(cited, "has no partner", 0.5)
        lines.append(f"- {_side(evidence.quote)}{cited.mark(evidence)}")
    if len(items) > _ALONE:
        lines.append(f"- … and {len(items) - _ALONE} more")
    return f"**Nothing in {other} bears on**\n\n" + "\n".join(lines)


def side_name(files: Sequence[FileRecord]) -> str:
    """Return what to call a side: its one file's name, or how many files of which kind."""
    if len(files) == 1:
        return plain(files[0].filename)
    kinds = {f.media_type for f in files}
    nouns = {MediaType.IMAGE: "picture", MediaType.LINK: "saved page"}
    only = next(iter(kinds))
    return counted(len(files), nouns.get(only, only.value) if len(kinds) == 1 else "file")
