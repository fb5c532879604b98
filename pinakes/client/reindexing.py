"""Making the index for the embedder in use: what it would take, and doing it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from pinakes.core.value import Value
from pinakes.library.library import Library
from pinakes.library.search_text import meaning_text
from pinakes.models.tokens import count_tokens
from pinakes.ports.embedder import is_local

_TEXTS_A_CALL, _LETTERS_A_CALL = 64, 100_000
_SAMPLE = 1_000
"""Texts whose tokens are counted; those of the others are reckoned by length."""


class ReindexEstimate(Value):
    """What reindexing would take; tokens and calls are estimates, and none where the embedder is local.

    Attributes:
        files, texts: What the index lacks; where an earlier run was stopped, that is what is left.
        pictures: Those that lack image vectors, where `image_embedder` makes some.
        image_local: Whether those cost nothing but time.
    """

    embedder: str
    local: bool
    files: int = 0
    texts: int = 0
    calls: int = 0
    tokens: int = 0
    image_embedder: str | None = None
    image_local: bool = True
    pictures: int = 0


class ReindexReport(Value):
    """What became of a run: the files that were taken in, and the pictures that got image vectors."""

    embedder: str
    files: int = 0
    pictures: int = 0


class ReindexProgress(Value):
    """How far a run is: `done` of `total` texts and pictures."""

    done: int
    total: int


OnReindexed = Callable[[ReindexProgress], None]


async def estimate(library: Library, *, fresh: bool = False) -> ReindexEstimate:
    """Return what `reindex` would take; nothing is embedded."""
    embedder = library.index_embedder
    found = ReindexEstimate(embedder=embedder.name, local=is_local(embedder))
    texts_lack = fresh or await library.indexing.lacking()
    if library.looks is not None:
        found = found.model_copy(
            update={
                "image_embedder": library.looks.name,
                "image_local": library.looks.local,
                "pictures": await library.indexing.unseen(fresh=fresh),
            }
        )
    if not texts_lack:
        return found
    files, lengths, sample = 0, list[int](), list[str]()
    async for file in library.indexing.unindexed(fresh=fresh):
        files += 1
        async for chunk in library.indexing.chunks(file):
            text = meaning_text(chunk)
            lengths.append(len(text))
            sample += [text] if len(sample) < _SAMPLE else []
    taken = {"files": files, "texts": len(lengths)}
    if not found.local:
        by_letter = sum(map(count_tokens, sample)) / max(1, sum(map(len, sample)))
        taken |= {"calls": _calls(lengths), "tokens": math.ceil(by_letter * sum(lengths))}
    return found.model_copy(update=taken)


async def reindex(
    library: Library, *, fresh: bool = False, progress: OnReindexed | None = None
) -> ReindexReport:
    """Take in what the index lacks; see `Library.reindex`."""

    def tell(done: int, total: int) -> None:
        if progress is not None:
            progress(ReindexProgress(done=done, total=total))

    files, pictures = await library.indexing.reindex(tell, fresh)
    return ReindexReport(embedder=library.index_embedder.name, files=files, pictures=pictures)


def _calls(lengths: Sequence[int]) -> int:
    batches = [lengths[start : start + _TEXTS_A_CALL] for start in range(0, len(lengths), _TEXTS_A_CALL)]
    return sum(math.ceil(max(1, sum(batch)) / _LETTERS_A_CALL) for batch in batches)
