"""Finding pictures by what they look like: a query's vector among those of the pictures."""

from __future__ import annotations

from pinakes.core.files import FileFilter, FileRecord, FileStatus, MediaType
from pinakes.core.value import Value
from pinakes.library.index_keeping import IndexKeeper
from pinakes.library.picture_indexing import PictureIndexer
from pinakes.library.search import scope_of
from pinakes.ports.image_embedder import LookScale
from pinakes.ports.index import IndexFilter, IndexHit

_NOTHING_SAID = "something"
_LEAST = 0.5
"""Score at the floor: what a search for words asks of pictures, so that both sorts of hits stand in one list."""


class LookHit(Value):
    """A picture that looks like what was asked for; `score` is 0.5 at the floor of its model and 1 where it is sure."""

    file: FileRecord
    cosine: float
    score: float


class Looks:
    """Searches by looks in one tenant's pictures."""

    def __init__(self, pictures: PictureIndexer, keeper: IndexKeeper) -> None:
        self._pictures = pictures
        self._keeper = keeper
        self._neutral: list[float] | None = None

    @property
    def name(self) -> str:
        """The model that makes the vectors."""
        return self._pictures.model

    @property
    def local(self) -> bool:
        """Whether making them costs nothing but time."""
        return self._pictures.local

    async def search(self, query: str, *, limit: int = 50, where: FileFilter | None = None) -> list[LookHit]:
        """Return the pictures that show what a few words say, best first, none of a deleted or failed file.

        A picture has to be near enough to the words (`LookScale.floor`), and nearer to them than to words that say
        nothing: some pictures are near to whatever is asked.

        Raises ReindexNeededError, ModelError, LibraryError.
        """
        await self._keeper.ensure_pictures()
        pictures = self._pictures
        scope = await scope_of(pictures.catalog, where or FileFilter())
        if not query.strip() or scope.file_ids == ():
            return []
        asked = await pictures.embedder.aembed_query(query)
        found = await pictures.index.search_dense(pictures.tenant, asked, limit, scope)
        near = [hit for hit in found if hit.score >= pictures.embedder.scale.floor]
        return await self._hits(await self._telling(near)) if near else []

    async def missing(self) -> int:
        """Return how many pictures have no image vector yet, as far as searches know."""
        return 0 if self._keeper.all_seen else await self._keeper.unseen()

    async def aclose(self) -> None:
        """Release the collection."""
        await self._pictures.index.aclose()

    async def _telling(self, near: list[IndexHit]) -> list[IndexHit]:
        """Return the hits that are nearer to the query than to nothing in particular."""
        pictures = self._pictures
        if self._neutral is None:
            self._neutral = await pictures.embedder.aembed_query(_NOTHING_SAID)
        among = IndexFilter(file_ids=tuple(hit.file_id for hit in near))
        base = await pictures.index.search_dense(pictures.tenant, self._neutral, len(near), among)
        anyway = {hit.file_id: hit.score for hit in base}
        margin = pictures.embedder.scale.margin
        return [hit for hit in near if hit.score - anyway.get(hit.file_id, -1.0) >= margin]

    async def _hits(self, found: list[IndexHit]) -> list[LookHit]:
        files = {file.id: file for file in await self._pictures.catalog.get_files([h.file_id for h in found])}
        scale = self._pictures.embedder.scale
        return [
            LookHit(file=file, cosine=hit.score, score=_score(hit.score, scale))
            for hit in found
            if (file := files.get(hit.file_id)) is not None
            and file.media_type is MediaType.IMAGE
            and file.status is FileStatus.COMPLETED
        ]


def _score(cosine: float, scale: LookScale) -> float:
    beyond = (cosine - scale.floor) / (scale.sure - scale.floor)
    return _LEAST + (1 - _LEAST) * min(1.0, max(0.0, beyond))
