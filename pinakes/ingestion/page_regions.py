"""Parts of PDF pages as pictures, with the place that is meant marked.

Pages are drawn in a process of its own, `python -m pinakes.ingestion.page_regions`, which ends with its work: a
damaged file can stop that process and nothing else. Requests come as one JSON list on stdin, pictures leave as one JSON
list of base64 texts, null where a page cannot be drawn.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from pinakes.core.files import Box
from pinakes.core.value import Value

_DEADLINE_S = 20.0
_WIDTH = 720
"""Pixels that a page is drawn wide."""
_AROUND = 0.04
"""Share of the page's height shown above and below the place."""
_LEAST = 0.12
_MOST = 0.5
"""Shares of the page's height that a part has at least and at most."""
_MARK = (255, 226, 89)
_log = logging.getLogger(__name__)


class Region(Value):
    """A place on a page; its box in shares of the page, None for the page's upper part."""

    path: str
    page: int
    box: Box | None = None


async def pictures(regions: Sequence[Region]) -> list[bytes | None]:
    """Return the places as JPEGs, None for those that cannot be drawn."""
    if not regions:
        return []
    asked = json.dumps([region.model_dump(mode="json") for region in regions]).encode()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_DEADLINE_S):
            told, _ = await process.communicate(asked)
        drawn: list[str | None] = json.loads(told)
    except (TimeoutError, ValueError, OSError):
        _log.warning("pages of %d files could not be drawn", len({region.path for region in regions}))
        return [None] * len(regions)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return [base64.b64decode(one) if one else None for one in drawn]


def main() -> None:
    """Draw what stdin asks for."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever libraries print is no answer
    asked = [Region.model_validate(one) for one in json.load(sys.stdin)]
    drawn = [_drawn(region) for region in asked]
    json.dump([base64.b64encode(one).decode() if one else None for one in drawn], answers)
    answers.close()


def _drawn(region: Region) -> bytes | None:
    import pypdfium2

    try:
        with closing(pypdfium2.PdfDocument(Path(region.path))) as document:
            with closing(document[region.page - 1]) as page:
                picture = page.render(scale=_WIDTH / max(1.0, page.get_width())).to_pil().convert("RGB")
            return _cut(picture, region.box)
    except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError):
        return None


def _cut(picture: Any, box: Box | None) -> bytes:
    from PIL import Image, ImageChops, ImageDraw

    width, height = picture.size
    top, bottom = _shown(box)
    if box is not None:
        place = (box[0] * width - 3, box[1] * height - 2, box[2] * width + 3, box[3] * height + 2)
        mark = Image.new("RGB", picture.size, "white")
        ImageDraw.Draw(mark).rectangle(place, fill=_MARK)
        picture = ImageChops.multiply(picture, mark)  # the words stay as dark as they are
    out = BytesIO()
    picture.crop((0, int(top * height), width, int(bottom * height))).save(out, "JPEG", quality=80)
    return out.getvalue()


def _shown(box: Box | None) -> tuple[float, float]:
    """Return from where to where a page is shown, as shares of its height."""
    if box is None:
        return 0.0, _MOST
    top, bottom = box[1] - _AROUND, min(box[3] + _AROUND, box[1] - _AROUND + _MOST)
    missing = max(0.0, _LEAST - (bottom - top)) / 2
    top, bottom = top - missing, bottom + missing
    over = max(0.0, -top) - max(0.0, bottom - 1)
    return max(0.0, top + over), min(1.0, bottom + over)


if __name__ == "__main__":
    main()
