"""A model's findings as a paragraph: every sentence with the numbers of its sources."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.analysts.checking import Finding
from pinakes.agents.analysts.report_prose import stretch
from pinakes.agents.reporting.document import Block, Paragraph
from pinakes.agents.reporting.sections import Desk, evidence_of

_MOST_SOURCES = 3


def paragraph_of(findings: Sequence[Finding], desk: Desk) -> list[Block]:
    """Return findings as one paragraph, [] without any; each is a claim on the words it was held against."""
    sentences = [
        desk.ledger.sentence(
            finding.text,
            [
                evidence_of(p.excerpt.file, p.excerpt.chunk, *stretch(p))
                for p in finding.places[:_MOST_SOURCES]
            ],
        )
        for finding in findings
    ]
    return [Paragraph(tuple(sentences))] if sentences else []
