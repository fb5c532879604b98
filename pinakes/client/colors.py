"""`client.colors`: the colours of pictures, and pictures by colour. Names follow the hosted SDK."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

from pinakes.client.checks import within
from pinakes.client.thumbnails import thumbnail_url
from pinakes.core.batches import MAX_BATCH_FILES
from pinakes.core.colors import (
    FAMILIES,
    BatchColorExtractionResult,
    ColorAnalysis,
    ColorExtractionResult,
    ColorFamilyInfo,
    ColorSearchResponse,
    ColorSearchResult,
    Palette,
    PaletteMatch,
    PaletteQuery,
    lab,
    parsed_hex,
)
from pinakes.core.errors import PinakesError, ResourceNotFoundError, ValidationError
from pinakes.core.files import FileRecord, FileStatus, MediaType
from pinakes.library.library import Library

_FEWEST, _MOST = 3, 16


class ColorsResource:
    """Colours of one library's pictures.

    Reading a picture measures its few main colours under plain names; `extract` finds up to 16 finer ones.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    async def extract(
        self, image_id: str, *, force: bool = False, n_colors: int = 16
    ) -> ColorExtractionResult:
        """Find a picture's colours by k-means in Lab, and keep them.

        Args:
            force: Also where they were extracted before.
            n_colors: Most colours, 3 to 16; a picture with fewer has fewer.

        Raises:
            ResourceNotFoundError: There is no such picture.
            ValidationError: The number is out of its limits.
            CorruptFileError: The picture cannot be opened.
        """
        within("n_colors", n_colors, _FEWEST, _MOST)
        record = await self._picture(image_id)
        known = (await self._library.catalog.palettes([image_id])).get(image_id)
        if known is None or not known.extracted or force:
            from pinakes.ingestion.pictures.variants import palette  # pillow and numpy: only when measuring

            path = await self._library.blobs.local_path(record.sha256)
            found = await asyncio.to_thread(palette, path, n_colors)
            at = datetime.now(UTC)
            await self._library.catalog.store_palette(image_id, found, at)
            known = Palette(file_id=image_id, colours=found, extracted=True, at=at)
        return _result(record, known)

    async def get(self, image_id: str) -> ColorExtractionResult:
        """Return a picture's colours, or how far reading it is. Raises ResourceNotFoundError."""
        record = await self._picture(image_id)
        return _result(record, (await self._library.catalog.palettes([image_id])).get(image_id))

    async def search(
        self,
        *,
        hex_code: str | None = None,
        color_name: str | None = None,
        color_family: str | None = None,
        delta_e_threshold: float = 15.0,
        min_percentage: float = 5.0,
        limit: int = 50,
        offset: int = 0,
    ) -> ColorSearchResponse:
        """Return pictures with a colour, nearest first, then by how much of it they have.

        Args:
            hex_code: For example "#C4A87C", met by all colours within `delta_e_threshold` (CIE 1976).
            color_name: A plain name such as "blue", or one that style sheets know, such as "navy".
            color_family: One of `list_families`, for example "earth_tone".
            min_percentage: Least share of the picture in per cent, of all colours meant together.

        Raises:
            ValidationError: No colour is given or one there is not, or a number is out of its limits.
        """
        within("delta_e_threshold", delta_e_threshold, 0, 100)
        within("min_percentage", min_percentage, 0, 100)
        within("limit", limit, 1, 200)
        within("offset", offset, 0, 2**31)
        query = _query(hex_code, color_name, color_family, delta_e_threshold, min_percentage)
        matches, total = await self._library.catalog.search_palettes(query, limit=limit, offset=offset)
        ids = [match.file_id for match in matches]
        palettes = await self._library.catalog.palettes(ids)
        records = {record.id: record for record in await self._library.catalog.get_files(ids)}
        results = [
            await self._found(match, records[match.file_id], palettes[match.file_id])
            for match in matches
            if match.file_id in records
        ]
        return ColorSearchResponse(results=tuple(results), total_count=total, limit=limit, offset=offset)

    async def search_all(
        self,
        *,
        hex_code: str | None = None,
        color_name: str | None = None,
        color_family: str | None = None,
        delta_e_threshold: float = 15.0,
        min_percentage: float = 5.0,
        page_size: int = 50,
    ) -> AsyncIterator[ColorSearchResult]:
        """Yield all pictures that `search` finds."""
        wanted: dict[str, Any] = {
            "hex_code": hex_code,
            "color_name": color_name,
            "color_family": color_family,
            "delta_e_threshold": delta_e_threshold,
            "min_percentage": min_percentage,
        }
        offset, has_more = 0, True
        while has_more:
            page = await self.search(limit=page_size, offset=offset, **wanted)
            for result in page.results:
                yield result
            offset += page_size
            has_more = offset < page.total_count

    async def list_families(self) -> list[ColorFamilyInfo]:
        """Return the groups of colours that `search` knows."""
        return list(FAMILIES)

    async def batch_extract(
        self, image_ids: Sequence[str], *, force: bool = False, n_colors: int = 16
    ) -> BatchColorExtractionResult:
        """Extract the colours of 1 to 100 pictures, and return when it is done; one that fails stops no other.

        Raises ValidationError.
        """
        within("the number of pictures", len(image_ids), 1, MAX_BATCH_FILES)
        within("n_colors", n_colors, _FEWEST, _MOST)
        results: list[ColorExtractionResult] = []
        failed: dict[str, str] = {}
        for image_id in dict.fromkeys(image_ids):
            try:
                results.append(await self.extract(image_id, force=force, n_colors=n_colors))
            except PinakesError as error:
                failed[image_id] = error.message
        message = f"{len(results)} extracted" + (f", {len(failed)} failed" if failed else "")
        return BatchColorExtractionResult(
            queued_count=len(results), message=message, results=tuple(results), failed=failed
        )

    async def _picture(self, image_id: str) -> FileRecord:
        record = await self._library.catalog.get_file(image_id)
        if record.media_type is not MediaType.IMAGE:
            raise ResourceNotFoundError("The file with this id is no picture.", image_id=image_id)
        return record

    async def _found(self, match: PaletteMatch, record: FileRecord, palette: Palette) -> ColorSearchResult:
        url = None
        if record.thumbnail_sha256 is not None:
            url = await thumbnail_url(self._library.blobs.get(record.thumbnail_sha256))
        return ColorSearchResult(
            image_id=record.id,
            filename=record.filename,
            thumbnail_url=url,
            color_analysis=ColorAnalysis.of(palette),
            match_score=round(max(0.0, 1 - match.distance / 100), 4),
            matched_hex=match.hex,
            matched_percentage=round(match.share * 100, 1),
        )


def _result(record: FileRecord, palette: Palette | None) -> ColorExtractionResult:
    if palette is not None:
        analysis = ColorAnalysis.of(palette)
        return ColorExtractionResult(
            image_id=record.id, status="completed", color_analysis=analysis, extracted_at=palette.at
        )
    status = "pending" if record.status is FileStatus.COMPLETED else record.status.value
    failure = record.failure.message if record.failure else None
    return ColorExtractionResult(image_id=record.id, status=status, error_message=failure)


def _query(
    hex_code: str | None, name: str | None, family: str | None, within_: float, percentage: float
) -> PaletteQuery:
    if hex_code is None and name is None and family is None:
        raise ValidationError("Give a hex_code, a color_name or a color_family.")
    known = [info.name for info in FAMILIES]
    if family is not None and family not in known:
        raise ValidationError(f"Families of colours are {', '.join(known)}.", color_family=family)
    near = lab(parsed_hex(hex_code)) if hex_code is not None else None
    plain: str | None = None
    if name is not None:
        plain, code = _by_name(name)
        near = near or (lab(code) if code else None)
    return PaletteQuery(
        name=plain, family=family, near=near, within=within_, min_share=round(percentage / 100, 6)
    )


def _by_name(name: str) -> tuple[str | None, str | None]:
    """Return a plain name, or the hex code that style sheets have for another one. Raises ValidationError."""
    from PIL import ImageColor

    from pinakes.ingestion.pictures.colours import NAMES

    word = "".join(name.casefold().split()).replace("gray", "grey")
    if word in NAMES:
        return word, None
    code = ImageColor.colormap.get(word) or ImageColor.colormap.get(word.replace("grey", "gray"))
    if code is None:
        plain = ", ".join(NAMES)
        raise ValidationError(f"Use {plain}, a name such as navy or tan, or a hex code.", color_name=name)
    return None, str(code)
