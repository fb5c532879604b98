"""Files taken in per second, OCR seconds per picture, memory of the reader processes, and blur found on photos.

python benchmarks/bench_ingest.py [FOLDER] [--no-ocr] [--blur FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import io
import statistics
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageFilter, ImageOps

from pinakes.core.errors import PinakesError
from pinakes.ingestion.detect import detect
from pinakes.ingestion.ingestor import Ingestor
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.pictures.measures import measure
from pinakes.ingestion.pool import WorkerPool
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.models.bm25 import Bm25Encoder
from pinakes.models.minilm import MiniLmEmbedder
from pinakes.models.rapid_ocr import RapidOcr

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "images"
RADII = (0, 1, 1.5, 2, 3, 4)
"""Gaussian blur in pixels of a picture 640 pixels wide."""


class WatchedPool(WorkerPool):
    """A pool that notes the most memory each of its processes took."""

    def __init__(self, size: int, options: ReadOptions) -> None:
        super().__init__(size, options)
        self.peaks: dict[int, int] = {}

    async def watch(self) -> None:
        while True:
            for worker in [*self._idle, *self._busy]:
                pid = worker._process.pid
                self.peaks[pid] = max(self.peaks.get(pid, 0), _peak_mb(pid))
            await asyncio.sleep(0.2)


def _peak_mb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


async def ingest(folder: Path, ocr: str | None, workers: int) -> None:
    paths = _files(folder)
    with tempfile.TemporaryDirectory() as place:
        library = await _library(Path(place))
        pool = WatchedPool(workers, ReadOptions(ocr=ocr))
        watch = asyncio.create_task(pool.watch())
        ingestor = Ingestor(library, pool, workers)
        started, refused, ids = time.perf_counter(), 0, []
        for path in paths:
            try:
                ids.append((await ingestor.add_path(path)).id)
            except PinakesError:
                refused += 1
        accepted = time.perf_counter() - started
        records = await ingestor.wait(ids)
        took = time.perf_counter() - started
        watch.cancel()
        await ingestor.aclose()
        await library.aclose()
    failed = sum(record.failure is not None for record in records)
    print(
        f"{folder}: {len(records)} files in {took:.1f} s = {len(records) / took:.1f} files/s, {workers} workers"
    )
    print(f"  accepted after {accepted:.1f} s; {refused} refused, {failed} failed; ocr {ocr or 'none'}")
    print(f"  peak memory of the processes: {sorted(pool.peaks.values(), reverse=True)} MB")


async def _library(place: Path) -> Library:
    embedder = MiniLmEmbedder(1)
    catalog = await SqlCatalog.open(f"sqlite+aiosqlite:///{place / 'catalog.sqlite'}", "default")
    index = await EdgeIndex.open(place / "index", embedder.dimensions)
    return Library("default", catalog, DiskBlobs(place / "blobs"), index, embedder, Bm25Encoder())


def ocr_times(folder: Path) -> None:
    engine = RapidOcr()
    engine.read(Image.new("RGB", (64, 64)))
    wall, cpu, with_text = [], [], 0
    for path in _pictures(folder):
        with Image.open(path) as stored:
            picture = ImageOps.exif_transpose(stored).convert("RGB")
        start = time.perf_counter(), time.process_time()
        with_text += bool(engine.read(picture))
        wall.append(time.perf_counter() - start[0])
        cpu.append(time.process_time() - start[1])
    print(f"ocr: {len(wall)} pictures, {with_text} with text; one core, per picture")
    print(
        f"  median {statistics.median(wall):.2f} s wall, {statistics.median(cpu):.2f} s cpu; max {max(cpu):.2f} s cpu"
    )


def blur_table(folder: Path) -> None:
    print("blurred copies of the photos found blurred:")
    for radius in RADII:
        found = [_is_blurred(path, radius) for path in _pictures(folder)]
        print(f"  radius {radius:<4} {sum(found):4d} of {len(found)}")


def _is_blurred(path: Path, radius: float) -> bool:
    with Image.open(path) as stored:
        picture = ImageOps.exif_transpose(stored).convert("RGB")
    if radius:
        buffer = io.BytesIO()
        picture.filter(ImageFilter.GaussianBlur(radius * max(picture.size) / 640)).save(
            buffer, "JPEG", quality=85
        )
        picture = Image.open(buffer)
    return measure(picture.convert("RGB")).blurred


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _pictures(folder: Path) -> list[Path]:
    found = []
    for path in _files(folder):
        try:
            if detect(path).content_type in ("image/jpeg", "image/png"):
                found.append(path)
        except PinakesError:
            continue
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DATA)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--no-ocr", action="store_true")
    parser.add_argument("--skip-blur", action="store_true")
    args = parser.parse_args()
    asyncio.run(ingest(args.folder, None, args.workers))
    if not args.no_ocr:
        asyncio.run(ingest(args.folder, "pinakes.models.rapid_ocr:RapidOcr", args.workers))
        ocr_times(args.folder)
    if not args.skip_blur:
        blur_table(args.folder)


if __name__ == "__main__":
    main()
