"""What deeper steps give besides evidence: pairs that bear on each other, and reports."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from pinakes.core.evidence import Evidence
from pinakes.core.value import Value


class Verdict(StrEnum):
    """What one piece of evidence says about another."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    RELATED = "related"


class Pair(Value):
    """Two pieces of evidence that bear on each other; `score` is 0 to 1, `why` says what decided the verdict."""

    left: Evidence
    right: Evidence
    verdict: Verdict
    score: float
    why: str = ""


class ClaimSource(Value):
    """Evidence that a sentence of a report stands on, with the hash of its words as they were."""

    evidence: Evidence
    text_sha256: str


class ReportClaim(Value):
    """One sentence of a report and what it stands on."""

    text: str
    sources: tuple[ClaimSource, ...] = ()


class ReportRef(Value):
    """A report that was written, kept in the blob store.

    Attributes:
        formats: Format (md, html, docx, pdf) to the SHA-256 of the file's bytes.
        claims: Sentences with their sources; checking them tells which went stale.
        file_id: The document it was saved as, None before that.
    """

    title: str
    formats: dict[str, str] = Field(default_factory=dict)
    claims: tuple[ReportClaim, ...] = ()
    sections: tuple[str, ...] = ()
    file_id: str | None = None
