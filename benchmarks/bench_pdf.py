"""Pages a second and peak memory of reading a PDF, from file to chunks, on one core; pdfium's bare text as floor.

python benchmarks/bench_pdf.py [FILE.pdf] [--repeat N]
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

DEFAULT = Path(__file__).resolve().parents[2] / "shared/data/documents/unstructured/pdf/DA-619p.pdf"


def bare(path: Path) -> tuple[int, str]:
    """Extract the text of every page with pypdfium2 and nothing else."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    characters = 0
    for page in document:
        textpage = page.get_textpage()
        characters += len(textpage.get_text_range())
        textpage.close()
        page.close()
    pages = len(document)
    document.close()
    return pages, f"{characters:,} characters"


def read(path: Path) -> tuple[int, str]:
    """Read the file as Pinakes does."""
    from pinakes.ingestion.options import ReadOptions
    from pinakes.ingestion.readers import read as read_file

    found = read_file("pdf", path, "benchmark", ReadOptions())
    return len(found.pages), f"{len(found.elements):,} elements, {len(found.chunks):,} chunks"


def warm_up() -> None:
    """Load what a worker process loads once."""
    from pinakes.ingestion.readers import pdf  # noqa: F401
    from pinakes.ingestion.readers.language import guess_language
    from pinakes.ingestion.unstructured_offline import chunk_by_title, classify, english_words, make_element

    classify("The crew has found it.")
    english_words()
    chunk_by_title([make_element("NarrativeText", "A sentence.", "0")], soft=80, hard=100, combine_under=10)
    guess_language(
        ["The crew of the northern station inspected the pump and wrote down what it found there."]
    )


def measure(name: str, work: Callable[[Path], tuple[int, str]], path: Path, repeat: int) -> None:
    """Print the best of several runs: wall and processor seconds, pages a second, peak memory so far."""
    best_wall = best_cpu = float("inf")
    for _ in range(repeat):
        wall, cpu = time.perf_counter(), time.process_time()
        pages, result = work(path)
        best_wall = min(best_wall, time.perf_counter() - wall)
        best_cpu = min(best_cpu, time.process_time() - cpu)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform != "darwin" else 1024**2
    )
    print(
        f"{name:<24}{pages:>7}{best_wall:>9.2f}{best_cpu:>9.2f}{pages / best_wall:>9.1f}{pages / best_cpu:>11.1f}"
        f"{peak:>10.0f}  {result}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--repeat", type=int, default=2)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"{'':<24}{'pages':>7}{'wall s':>9}{'cpu s':>9}{'pages/s':>9}{'pages/cpu s':>12}{'RSS MB':>9}")
    measure("pypdfium2, bare text", bare, options.file, options.repeat)
    started = time.perf_counter()
    warm_up()
    print(f"(start of a worker: {time.perf_counter() - started:.1f} s)")
    measure("pinakes, file to chunks", read, options.file, options.repeat)


if __name__ == "__main__":
    main()
