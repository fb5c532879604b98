"""Files that go together from one step to the next: references, not contents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pinakes.core.value import Value


class FileRef(Value):
    """A reference to one file."""

    id: str
    media_type: str = "unknown"
    filename: str | None = None
    size_bytes: int | None = None
    metadata: dict[str, Any] | None = None


class FileCollection:
    """Files in order, each once.

    Args:
        refs: The files; of several references to one, the first counts.
        content_type: What kind they are; by default their media type where they share one, else "mixed".
        source_capability: Which ability brought them forth.
    """

    def __init__(
        self,
        refs: Iterable[FileRef] = (),
        content_type: str | None = None,
        source_capability: str | None = None,
    ) -> None:
        kept: dict[str, FileRef] = {}
        for ref in refs:
            kept.setdefault(ref.id, ref)
        self._refs = tuple(kept.values())
        self._content_type = content_type or _kind(self._refs)
        self._source = source_capability

    @property
    def refs(self) -> tuple[FileRef, ...]:
        """The references."""
        return self._refs

    @property
    def ids(self) -> list[str]:
        """The files' ids."""
        return [ref.id for ref in self._refs]

    @property
    def count(self) -> int:
        """How many files there are."""
        return len(self._refs)

    @property
    def content_type(self) -> str:
        """What kind the files are."""
        return self._content_type

    @property
    def source_capability(self) -> str | None:
        """Which ability brought them forth."""
        return self._source

    def filter(self, predicate: Callable[[FileRef], bool]) -> FileCollection:
        """Return the files for which the predicate holds."""
        return FileCollection(filter(predicate, self._refs), self._content_type, self._source)

    def merge(self, *others: FileCollection) -> FileCollection:
        """Return these files and then those of the others, each once."""
        refs = [*self._refs, *(ref for other in others for ref in other.refs)]
        kinds = {collection.content_type for collection in (self, *others) if collection.count}
        return FileCollection(refs, kinds.pop() if len(kinds) == 1 else None, self._source)

    def to_dict(self) -> dict[str, Any]:
        """Return the collection as JSON has it."""
        return {
            "refs": [ref.to_dict() for ref in self._refs],
            "count": self.count,
            "content_type": self._content_type,
            "source_capability": self._source,
        }

    @classmethod
    def from_ids(
        cls, ids: Iterable[str], content_type: str = "unknown", source_capability: str | None = None
    ) -> FileCollection:
        """Return a collection of files of which no more than their ids is known."""
        refs = [FileRef(id=file_id, media_type=content_type) for file_id in ids]
        return cls(refs, content_type, source_capability)

    @classmethod
    def of(cls, results: Iterable[Any], source_capability: str | None = None) -> FileCollection:
        """Return the files that results of uploads, listings or searches are about; failed uploads are left out."""
        refs = (_ref(result) for result in results)
        return cls((ref for ref in refs if ref.id), None, source_capability)

    def __iter__(self) -> Iterator[FileRef]:
        return iter(self._refs)

    def __len__(self) -> int:
        return len(self._refs)

    def __getitem__(self, index: int) -> FileRef:
        return self._refs[index]

    def __contains__(self, file: object) -> bool:
        wanted = file.id if isinstance(file, FileRef) else file
        return any(ref.id == wanted for ref in self._refs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FileCollection) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(tuple(self.ids))

    def __repr__(self) -> str:
        return f"FileCollection({self.count} × {self._content_type})"


def _kind(refs: tuple[FileRef, ...]) -> str:
    kinds = {ref.media_type for ref in refs}
    return kinds.pop() if len(kinds) == 1 else "mixed" if kinds else "unknown"


_IDS = ("file_id", "image_id", "document_id", "link_id", "video_id", "id")


def _ref(result: Any) -> FileRef:
    if isinstance(result, FileRef):
        return result
    found = next((value for name in _IDS if (value := getattr(result, name, None))), "")
    kind = getattr(result, "media_type", None) or _kind_by_id(result)
    return FileRef(
        id=str(found),
        media_type=str(kind),
        filename=getattr(result, "filename", None) or getattr(result, "document_filename", None),
        size_bytes=getattr(result, "size_bytes", None),
    )


def _kind_by_id(result: Any) -> str:
    named = {"document_id": "document", "link_id": "link", "video_id": "video", "image_id": "image"}
    return next((kind for name, kind in named.items() if getattr(result, name, None)), "unknown")
