"""Findings tied to their places: evidence with page and box, and the marks that cite it."""

from __future__ import annotations

from pinakes.agents.analysts.checking import Finding, Place
from pinakes.agents.citing import Citations
from pinakes.core.evidence import Evidence

_MOST_MARKS = 3


def marks_of(finding: Finding, cited: Citations, why: str) -> str:
    """Cite the places of a finding and return their marks, each once, with a space before each."""
    marks = [cited.mark(cite(place, cited, why)) for place in finding.places[:_MOST_MARKS]]
    return "".join(dict.fromkeys(marks))


def cite(place: Place, cited: Citations, why: str) -> Evidence:
    """Cite a place where it stands."""
    return cited.cite_chunk(place.excerpt.file, place.excerpt.chunk, place.start, place.end, why=why)
