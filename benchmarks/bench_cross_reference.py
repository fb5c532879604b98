"""Verdicts on the labelled pairs of `tests/comparing`: accuracy by split, precision of contradictions.

Run: python benchmarks/bench_cross_reference.py [--misses dev]
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path

from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.comparing.kinship import Kinship
from pinakes.agents.comparing.statements import Statement
from pinakes.agents.comparing.verdicts import Judgement, judge, words_to_learn
from pinakes.models.minilm import MiniLmEmbedder

FOLDER = Path(__file__).parent.parent / "tests" / "comparing"
PAIRS, DIFFERENT = FOLDER / "pairs.jsonl", FOLDER / "different_matters.jsonl"


async def judged(pairs: list[dict[str, str]]) -> list[Judgement]:
    """Return the verdict on every pair."""
    embedder, kinship = MiniLmEmbedder(threads=1), Kinship()
    found = []
    for pair in pairs:
        left = Statement(pair["left"], pair.get("left_heading", ""))
        right = Statement(pair["right"], pair.get("right_heading", ""))
        a, b = await vectors_of([left.text, right.text], embedder)
        await kinship.learn(words_to_learn(left, right), embedder)
        found.append(judge(left, right, float(a @ b), kinship))
    return found


def main() -> None:
    """Print a line for each split."""
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    found = asyncio.run(judged(pairs))
    shown = sys.argv[2] if sys.argv[1:2] == ["--misses"] else ""
    heads = ("contradicts: precision", "recall", "supports: precision")
    out = [f"{'split':9} {'pairs':>5} {'right':>6} {heads[0]:>23} {heads[1]:>7} {heads[2]:>20}"]
    for split in ("dev", "held-out"):
        rows = [(p, j) for p, j in zip(pairs, found, strict=True) if p["split"] == split]
        out.append(f"{split:9} {len(rows):5} {_figures(rows)}")
        if split == shown:
            out += [
                f"  {p['id']} {p['verdict']} → {j.verdict} ({j.why}): {p['left']} ↔ {p['right']}"
                for p, j in rows
                if p["verdict"] != j.verdict
            ]
    others = [json.loads(line) for line in DIFFERENT.read_text(encoding="utf-8").splitlines()]
    wrong = [
        (p, j) for p, j in zip(others, asyncio.run(judged(others)), strict=True) if j.verdict == "contradicts"
    ]
    out.append(f"of {len(others)} pairs about different matters {len(wrong)} were called contradictions")
    if shown:
        out += [f"  {p['left']} ↔ {p['right']} ({j.why})" for p, j in wrong]
    sys.stdout.write("\n".join(out) + "\n")


def _figures(rows: list[tuple[dict[str, str], Judgement]]) -> str:
    right = sum(p["verdict"] == j.verdict for p, j in rows)
    said = Counter(j.verdict.value for _, j in rows)
    hits = Counter(j.verdict.value for p, j in rows if p["verdict"] == j.verdict)
    labelled = Counter(p["verdict"] for p, _ in rows)
    contradicts, recall = (
        f"{hits['contradicts']}/{said['contradicts']}",
        f"{hits['contradicts']}/{labelled['contradicts']}",
    )
    return f"{right / len(rows):6.0%} {contradicts:>23} {recall:>7} {hits['supports']:>17}/{said['supports']}"


if __name__ == "__main__":
    main()
