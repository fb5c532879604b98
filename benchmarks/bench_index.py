"""Insert and search, the engine in this process against qdrant-client's local mode, on made-up chunks.

    python benchmarks/bench_index.py [--points 10000] [--folder DIR]

Vectors are random around a few hundred topics, terms follow Zipf's law; five tenants, ten chunks a file.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np

from pinakes.core.ids import derived_id
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.qdrant_index import MEMORY, QdrantIndex
from pinakes.ports.embedder import SparseVector
from pinakes.ports.index import IndexFilter, IndexPoint, VectorIndex

DIMENSIONS, TOPICS, TENANTS, BATCH, ASKED = 384, 300, 5, 64, 15
ANY = IndexFilter()


def make_points(number: int) -> list[IndexPoint]:
    """Return chunks with vectors near topics and some sixty terms each."""
    numbers = np.random.default_rng(7)
    topics = numbers.normal(size=(TOPICS, DIMENSIONS))
    vectors = topics[numbers.integers(TOPICS, size=number)] + numbers.normal(size=(number, DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    terms = numbers.zipf(1.3, size=(number, 60)) % 50_000
    return [
        IndexPoint(
            id=derived_id("chunk", str(n)),
            file_id=derived_id("file", str(n // 10)),
            media_type="document" if n % 3 else "image",
            dense=tuple(vectors[n].tolist()),
            terms=sparse(terms[n].tolist()),
        )
        for n in range(number)
    ]


def sparse(terms: list[int]) -> SparseVector:
    """Return each term once, with a weight."""
    unique = sorted(set(terms))
    return SparseVector(indices=tuple(unique), values=tuple(1.0 for _ in unique))


async def insert(index: VectorIndex, points: list[IndexPoint]) -> float:
    """Return the seconds that writing took."""
    started = time.perf_counter()
    for start in range(0, len(points), BATCH):
        await index.upsert(f"tenant {start // BATCH % TENANTS}", points[start : start + BATCH])
    return time.perf_counter() - started


async def median_ms(ask: Callable[[IndexPoint], Awaitable[object]], points: list[IndexPoint]) -> float:
    """Return the median milliseconds of a search."""
    chosen, times = random.Random(1).sample(points, ASKED), []
    for point in chosen:
        started = time.perf_counter()
        await ask(point)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


async def measure(index: VectorIndex, points: list[IndexPoint]) -> dict[str, float]:
    """Return what is compared, by name."""
    figures = {"insert, s": await insert(index, points)}
    kinds = IndexFilter(media_types=("image",))
    files = IndexFilter(file_ids=tuple(derived_id("file", str(n)) for n in range(10_000)))
    for name, where in (("", ANY), (" one kind", kinds), (" 10,000 files", files)):
        figures[f"dense{name}, ms"] = await median_ms(
            lambda p, where=where: index.search_dense("tenant 1", p.dense, 20, where), points
        )
        figures[f"terms{name}, ms"] = await median_ms(
            lambda p, where=where: index.search_terms(
                "tenant 1", sparse(list(p.terms.indices[:6])), 20, where
            ),
            points,
        )
    return figures


async def main(number: int, folder: Path) -> None:
    """Print both and their ratio."""
    points = make_points(number)
    edge = await EdgeIndex.open(folder / "edge", DIMENSIONS)
    ours = await measure(edge, points)
    await edge.aclose()
    started = time.perf_counter()
    edge = await EdgeIndex.open(folder / "edge", DIMENSIONS)
    reopened = time.perf_counter() - started
    await edge.aclose()
    local = await QdrantIndex.open(MEMORY, "bench", DIMENSIONS)
    theirs = await measure(local, points)
    await local.aclose()
    print(f"{number:,} points of {DIMENSIONS} dimensions, {TENANTS} tenants\n")
    print(f"{'':<22}{'edge':>10}{'local':>10}{'ratio':>8}")
    for name, value in ours.items():
        print(f"{name:<22}{value:>10.2f}{theirs[name]:>10.2f}{theirs[name] / value:>8.1f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nedge opens again in {reopened:.2f} s; peak memory of this script {peak:,.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=None)
    arguments = parser.parse_args()
    made = arguments.folder or Path(tempfile.mkdtemp(prefix="bench-index-"))
    try:
        asyncio.run(main(arguments.points, made))
    finally:
        if arguments.folder is None:
            shutil.rmtree(made)
