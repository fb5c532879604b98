"""What a cold process costs: `pinakes ask` on the sample library, beside the bare imports that it cannot do without.

    python benchmarks/bench_cold.py [--library FOLDER] [--times N] [QUESTION …]

Processor seconds (user and system), the least of several runs in turn: the wall clock of a shared machine says little.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from pinakes import Pinakes, Settings

SAMPLES = Path(__file__).resolve().parent.parent / "examples" / "library"
QUESTIONS = ("How many photos are there?", "What torque do the coupling bolts of the HX-250 need?")
FLOOR = "import langgraph.graph, onnxruntime"
COMMAND = "from pinakes.cli.app import main; main()"


def seconds(*command: str) -> float:
    """Return the processor time that a command takes."""
    before = os.times()
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


async def fill(folder: Path) -> None:
    """Take the samples in, without reading text in pictures."""
    async with Pinakes(settings=Settings(library=folder, ocr="none")) as client:
        await client.files.upload_batch([SAMPLES])


def main() -> None:
    """Print a row per command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("questions", nargs="*", default=QUESTIONS)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--times", type=int, default=5)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = said.library or Path(made)
        if said.library is None:
            asyncio.run(fill(folder))
        ask = (sys.executable, "-c", COMMAND, "ask", "--library", str(folder))
        commands = {
            "bare imports": (sys.executable, "-c", FLOOR),
            **{question: (*ask, question) for question in said.questions},
        }
        least = dict.fromkeys(commands, float("inf"))
        for _ in range(said.times):
            least = {name: min(least[name], seconds(*command)) for name, command in commands.items()}
    for name, spent in least.items():
        sys.stdout.write(f"{name:60} {spent:6.2f} s {spent / least['bare imports']:6.2f} ×\n")


if __name__ == "__main__":
    main()
