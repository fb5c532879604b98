"""Evidence with the text it stands in: the chunk's, or what is known of a picture without one."""

from __future__ import annotations

from collections.abc import Iterator

from pinakes.core.chat import Passage
from pinakes.core.evidence import Evidence
from pinakes.core.files import Chunk, FileRecord, ImageFacts


def passage_of(evidence: Evidence, file: FileRecord, chunk: Chunk | None) -> Passage:
    """Return the passage of a piece of evidence; without a chunk, the file's title and facts speak."""
    url = file.link.url if file.link is not None else None
    if chunk is None:
        text = "\n".join(dict.fromkeys(line.strip() for line in _about(file) if line.strip()))
        return Passage(evidence=evidence, text=text or evidence.quote, kind="facts", url=url)
    return Passage(
        evidence=evidence,
        text=chunk.text,
        heading=chunk.heading,
        kind=chunk.kind,
        html=chunk.html,
        spans=chunk.spans,
        url=url,
    )


def _about(file: FileRecord) -> Iterator[str]:
    yield file.title or ""
    if file.description is not None:
        yield file.description.text
    if file.facts is not None:
        yield file.facts.caption or ""
        yield ", ".join(file.facts.keywords)
        yield _origin(file.facts)
        yield file.facts.visible_text
    if file.video is not None:
        yield file.video.caption or ""
    if file.link is not None:
        yield file.link.description or ""
        yield " ".join(part for part in (file.link.site or file.link.domain, *file.link.authors) if part)
    yield ", ".join(file.tags)


def _origin(facts: ImageFacts) -> str:
    taken = f"taken on {facts.taken_at:%Y-%m-%d}" if facts.taken_at else ""
    camera = " ".join(part for part in (facts.camera_make, facts.camera_model) if part)
    return " ".join(part for part in (taken, f"with {camera}" if camera else "") if part)
