"""A contact sheet of some of the pictures, for the README."""

from pathlib import Path

from PIL import Image, ImageOps

from making.album import DRAWINGS, PHOTOGRAPHS
from making.items import Paint
from making.photofile import seed_of

SHOWN = (
    "2025-01/year-plan-whiteboard.jpg",
    "2025-03/IMG_0312.jpg",
    "2025-03/pump-house-flooded.jpg",
    "2025-03/delivery-note-DN-55121.jpg",
    "2025-04/norhaven-test-bench.jpg",
    "2025-04/hamburg-evening-1.jpg",
    "2025-05/P-104-vibration-meter.jpg",
    "2025-07/C-2-oil-spill.jpg",
    "2025-07/C-2-load-sign.jpg",
    "2025-09/C-2-load-test.heic",
    "2025-09/bergen-quay-1.jpg",
    "Safety/pump-house-floor-plan.png",
)
TILE = (400, 300)


def write_contact_sheet(path: Path, columns: int = 4) -> None:
    """Write small versions of some pictures, side by side, into one JPEG."""
    rows = -(-len(SHOWN) // columns)
    sheet = Image.new("RGB", (columns * TILE[0], rows * TILE[1]), (255, 255, 255))
    for number, name in enumerate(SHOWN):
        tile = ImageOps.pad(_picture(name), (TILE[0] - 8, TILE[1] - 8), color=(255, 255, 255))
        sheet.paste(tile, (number % columns * TILE[0] + 4, number // columns * TILE[1] + 4))
    sheet.save(path, "JPEG", quality=80, optimize=True)


def _picture(name: str) -> Image.Image:
    paint: Paint = DRAWINGS[name] if name in DRAWINGS else PHOTOGRAPHS[name]
    return paint(seed_of(name if name in DRAWINGS else f"Photos/{name}")).convert("RGB")
