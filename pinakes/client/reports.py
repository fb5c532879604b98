"""Reports that were written: their files, and whether what they say still holds."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from pydantic import ValidationError as InvalidModel

from pinakes.agents.reporting.claims import ReportCheck, check_claims
from pinakes.core.display import bundle
from pinakes.core.errors import PathError, ResourceNotFoundError, ValidationError
from pinakes.core.findings import ReportRef
from pinakes.library.library import Library

_MANIFEST = "json"
_ENDINGS = {"md": "md", "markdown": "md", "html": "html", "htm": "html", "docx": "docx", "pdf": "pdf"}


class Report:
    """A report: `ref` is what is known of it."""

    def __init__(self, library: Library, ref: ReportRef) -> None:
        self._library = library
        self.ref = ref

    @property
    def title(self) -> str:
        """What it is about."""
        return self.ref.title

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats it is kept in."""
        return tuple(format for format in self.ref.formats if format != _MANIFEST)

    async def bytes(self, format: str = "md") -> bytes:
        """Return the report's file. Raises ValidationError where it was not made in that format."""
        sha256 = self.ref.formats.get(format) if format != _MANIFEST else None
        if sha256 is None:
            raise ValidationError(
                f"This report was made as {', '.join(self.formats)}, not as '{format}': ask for it again.",
                format=format,
            )
        return await self._library.blobs.get(sha256)

    async def save_to(self, path: str | Path) -> Path:
        """Write the report where the path says and return that; the path's ending is the format.

        In a folder, the file is called like the report and is of the last of its formats.

        Raises:
            ValidationError: It was not made in that format.
            PathError: The path cannot be written.
        """
        target = Path(path)
        if await asyncio.to_thread(target.is_dir):
            name = "".join(" " if c in '/\\:*?"<>|' else c for c in self.title).strip(" .") or "report"
            target = target / f"{name[:100]}.{self.formats[-1]}"
        ending = target.suffix.removeprefix(".").casefold()
        content = await self.bytes(_ENDINGS.get(ending, ending))
        try:
            await asyncio.to_thread(target.write_bytes, content)
        except OSError as error:
            raise PathError(
                f"{target} cannot be written: {error.strerror or error}.", path=str(target)
            ) from error
        return target

    async def check(self) -> ReportCheck:
        """Return which of its claims still hold in the library as it is now."""
        return await check_claims(self._library, self.ref)

    def __repr__(self) -> str:
        return f"Report({self.title!r}, {', '.join(self.formats)})"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from html import escape

        sections = "".join(f"<li>{escape(heading)}</li>" for heading in self.ref.sections)
        return bundle(repr(self), f"<b>{escape(self.title)}</b><ul>{sections}</ul>")


class ReportsResource:
    """Finding reports again."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def get(self, report: str | ReportRef) -> Report:
        """Return a report by what a step gave, or by the key that the answer named.

        Raises:
            ResourceNotFoundError: There is no such report in this library.
        """
        if isinstance(report, ReportRef):
            return Report(self._library, report)
        return Report(self._library, await self._read(report))

    async def _read(self, key: str) -> ReportRef:
        missing = "There is no report with that key: take the one that the answer named."
        if len(key) != 64 or not all(c in "0123456789abcdef" for c in key):
            raise ResourceNotFoundError(missing, key=key)
        content = await self._library.blobs.get(key)
        try:
            ref = ReportRef.model_validate_json(content)
        except InvalidModel as error:
            raise ResourceNotFoundError(missing, key=key) from error
        return ref.model_copy(update={"formats": {**ref.formats, _MANIFEST: key}})
