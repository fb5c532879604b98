"""What a model saw, as prose whose every sentence shows its picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from pinakes.agents.citing import Citations
from pinakes.agents.seeing.forms import Finding, safe
from pinakes.agents.seeing.looking import Sight
from pinakes.agents.writing.marks import plain
from pinakes.core.evidence import Evidence
from pinakes.core.files import FileRecord, Locator

UNSURE = 0.4
"""Confidence below which a finding is told as a doubtful one."""

_MOST_CITED_REGIONS = 3
_LONGEST_WHY = 160
_ALL_TOLD = 6
"""Pictures up to which each is told of, also where it does not show what is asked for."""

_REFERENCE = re.compile(
    r"\s*(?:\((?=\[))?\[\s*((?:[PT]\d+)(?:\s*(?:,|;|&|and|-|–)\s*[PT]\d+)*)\s*\]\)?"
    r"|\b(?:pictures?|images?|photos?|frames?)\s+([PT]\d+)\b",
    re.IGNORECASE,
)

Cite = Callable[[Finding], str]
"""Cites what a finding is about and returns its mark, preceded by a space."""


def told(sight: Sight, cite: Cite, *, lead: Mapping[str, str] | None = None) -> str:
    """Return the answer over all and a line for each finding.

    Args:
        cite: Called once for each finding that is told of.
        lead: Words before a finding's text, by id: when a frame is.
    """
    shown = told_findings(sight.findings)
    marks = {finding.id: cite(finding) for finding in shown}
    lines = [_line(finding, marks[finding.id], (lead or {}).get(finding.id, "")) for finding in shown]
    left = len(sight.findings) - len(shown)
    if left:
        lines.append("One more does not show it." if left == 1 else f"The other {left} do not show it.")
    answer = "" if len(sight.findings) == 1 and not left and lines else referring(sight.answer, marks)
    listed = lines if len(lines) == 1 else [f"- {line}" for line in lines]
    return "\n\n".join(part for part in (answer, "\n".join(listed)) if part)


def told_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings worth telling: all of few, of many those that fit, if any does."""
    fitting = [finding for finding in findings if finding.fits]
    return list(findings) if len(findings) <= _ALL_TOLD or not fitting else fitting


def referring(answer: str, marks: Mapping[str, str]) -> str:
    """Return a model's answer with its references made marks; one to anything else goes."""

    def replaced(match: re.Match[str]) -> str:
        known = [marks.get(i.upper(), "") for i in re.findall(r"[PT]\d+", match[0], re.IGNORECASE)]
        return "".join(dict.fromkeys(known))

    return _REFERENCE.sub(replaced, safe(answer)).strip()


def cite_picture(cited: Citations, file: FileRecord, finding: Finding) -> str:
    """Cite a picture, or the places in it that a finding is about, and return its mark."""
    return _marked(cited, [_cited(cited, file, finding, Locator(box=box)) for box in _boxes(finding)])


def cite_frame(cited: Citations, file: FileRecord, finding: Finding, start_s: float, end_s: float) -> str:
    """Cite a moment of a video, or places in its frame, and return its mark."""
    places = [Locator(start_s=start_s, end_s=end_s, box=box) for box in _boxes(finding)]
    return _marked(cited, [_cited(cited, file, finding, place) for place in places])


def _boxes(finding: Finding) -> list[tuple[float, float, float, float] | None]:
    return [region.box for region in finding.regions[:_MOST_CITED_REGIONS]] or [None]


def _cited(cited: Citations, file: FileRecord, finding: Finding, place: Locator) -> Evidence:
    why = finding.text if len(finding.text) <= _LONGEST_WHY else f"{finding.text[:_LONGEST_WHY].rstrip()}…"
    return cited.cite_file(file, why=why, locator=place, score=round(finding.confidence, 3))


def _marked(cited: Citations, evidence: Sequence[Evidence]) -> str:
    return cited.mark(evidence[0]) or f" {plain(evidence[0].filename)}"


def _line(finding: Finding, mark: str, lead: str) -> str:
    doubt = " (not sure)" if finding.confidence < UNSURE else ""
    return f"{mark.strip()}{f', {lead}' if lead else ''} — {finding.text}{doubt}"
