"""What a report stands on, kept with hashes of the words, and which of it no longer holds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import StrEnum

from pinakes.agents.citing import LONGEST_QUOTE
from pinakes.agents.reporting.sources import Claim
from pinakes.agents.writing.verify import occurs
from pinakes.core.evidence import Evidence
from pinakes.core.files import Chunk, FileRecord
from pinakes.core.findings import ClaimSource, ReportClaim, ReportRef
from pinakes.core.value import Value
from pinakes.library.library import Library


class StaleReason(StrEnum):
    """Why a claim no longer holds."""

    FILE_GONE = "file_gone"
    WORDS_CHANGED = "words_changed"


class StaleClaim(Value):
    """A sentence of a report that what is now in the library no longer supports, and the source that changed."""

    text: str
    reason: StaleReason
    source: ClaimSource


class ReportCheck(Value):
    """Which claims of a report still hold."""

    claims: int
    stale: tuple[StaleClaim, ...] = ()

    @property
    def fresh(self) -> bool:
        """Whether every claim holds."""
        return not self.stale


async def with_hashes(library: Library, claims: Sequence[Claim]) -> tuple[ReportClaim, ...]:
    """Return claims with the hashes of the words they stand on."""
    now = await _Now.of(library, [e for claim in claims for e in claim.evidence])
    return tuple(
        ReportClaim(
            text=claim.text,
            sources=tuple(
                ClaimSource(evidence=e, text_sha256=now.hash_of(e))
                for e in claim.evidence
                if e.file_id in now.files
            ),
        )
        for claim in claims
    )


async def check_claims(library: Library, ref: ReportRef) -> ReportCheck:
    """Return which claims of a report still hold in the library as it is now.

    A claim goes stale when a file it stands on is gone, or when its words no longer stand anywhere in that file;
    words that only moved to another place of their file still hold.
    """
    now = await _Now.of(library, [s.evidence for claim in ref.claims for s in claim.sources])
    stale: list[StaleClaim] = []
    for claim in ref.claims:
        for source in claim.sources:
            reason = await _staleness(library, now, claim, source)
            if reason is not None:
                stale.append(StaleClaim(text=claim.text, reason=reason, source=source))
                break
    return ReportCheck(claims=len(ref.claims), stale=tuple(stale))


async def _staleness(
    library: Library, now: _Now, claim: ReportClaim, source: ClaimSource
) -> StaleReason | None:
    evidence = source.evidence
    if evidence.file_id not in now.files:
        return StaleReason.FILE_GONE
    if now.hash_of(evidence) == source.text_sha256:
        return None
    if evidence.chunk_id is None:
        return StaleReason.WORDS_CHANGED
    said = evidence.quote if 0 < len(evidence.quote) < LONGEST_QUOTE else claim.text
    chunks = await library.catalog.file_chunks(evidence.file_id)
    return None if any(occurs(said, chunk.text) for chunk in chunks) else StaleReason.WORDS_CHANGED


class _Now:
    """The files and chunks behind some evidence, as the library has them now."""

    def __init__(self, files: dict[str, FileRecord], chunks: dict[str, Chunk]) -> None:
        self.files, self.chunks = files, chunks

    @classmethod
    async def of(cls, library: Library, evidence: Sequence[Evidence]) -> _Now:
        file_ids = list(dict.fromkeys(e.file_id for e in evidence))
        chunk_ids = list(dict.fromkeys(e.chunk_id for e in evidence if e.chunk_id))
        files = {f.id: f for f in await library.catalog.get_files(file_ids) if f.deleted_at is None}
        return cls(files, {c.id: c for c in await library.catalog.get_chunks(chunk_ids)})

    def hash_of(self, evidence: Evidence) -> str:
        """Return the hash of the passage's words; of a picture or file as a whole, that of its bytes."""
        if evidence.chunk_id is None:
            return self.files[evidence.file_id].sha256
        chunk = self.chunks.get(evidence.chunk_id)
        return hashlib.sha256(chunk.text.encode()).hexdigest() if chunk else ""
