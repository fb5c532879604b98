"""When the local planner is sure, and whether it is right then: python benchmarks/bench_planner.py.

On everyday turns that nobody tuned it to (`tests/planning/data/everyday_turns.jsonl`, split in two by a hash of the
words; "later" asks the same after another turn), on the harder ones of `many_voices.jsonl`, and what the prompt of the
model planner takes in tokens.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from bench_routing import ALL_KINDS, SETS, Row, agents, load, run  # noqa: E402

from pinakes.agents.planning.local import LocalPlanner  # noqa: E402
from pinakes.agents.planning.sureness import SURE  # noqa: E402
from pinakes.core.plans import Plan  # noqa: E402
from pinakes.models.minilm import MiniLmEmbedder  # noqa: E402
from pinakes.models.tokens import count_tokens  # noqa: E402
from tests.planning.golden_plan import prompt_shown, schema_shown  # noqa: E402

LEVELS = (0.0, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95)


def is_right(row: Row, plan: Plan) -> bool:
    """Return whether a plan has all agents it needs and none but those it may have, and says what it must."""
    said = " ".join(step.intent for step in plan.steps).lower()
    fits = set(row["needs"]) <= agents(plan) <= {*row["needs"], *row["may"]}
    return fits and all(words in said for words in row["says"])


async def measure(planner: LocalPlanner, title: str, rows: list[Row]) -> None:
    """Print how many turns pass each level of confidence and how many of those are right."""
    done = []
    for row in rows:
        plan, _ = await run(planner, row | {"inventory": ALL_KINDS})
        done.append((row, plan.confidence, is_right(row, plan)))
    print(f"{title}: {len(done)} turns")
    for level in LEVELS:
        passed = [right for _, confidence, right in done if confidence >= level]
        mark = "  <- sure" if level == SURE else ""
        print(
            f"   from {level:.2f}: {len(passed) / len(done):4.0%} of turns, right {sum(passed) / len(passed):.3f}{mark}"
        )
    by_sort: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for row, confidence, right in done:
        by_sort[row["sort"]].append((confidence >= SURE, right))
    for sort, marks in by_sort.items():
        sure, right = sum(s for s, _ in marks), sum(r for _, r in marks)
        print(
            f"   {sort:9} {len(marks):3} turns, sure {sure / len(marks):4.0%}, right {right / len(marks):.2f}"
        )


async def main() -> None:
    """Print both halves, alone and later in a conversation."""
    planner = LocalPlanner(MiniLmEmbedder(threads=1))
    rows = load(SETS / "everyday_turns.jsonl")
    for half in ("dev", "held-out"):
        mine = [row for row in rows if row["half"] == half]
        await measure(planner, half, mine)
        later = [row | {"history": ["photos of the greenhouse"]} for row in mine if not row["history"]]
        await measure(planner, f"{half}, later", later)
    voices = load(SETS / "many_voices.jsonl")
    for half in ("dev", "held-out"):
        await measure(planner, f"many voices, {half}", [row for row in voices if row["half"] == half])
    schema = json.dumps(json.loads(schema_shown()))
    print(f"prompt {count_tokens(prompt_shown())} tokens, schema {count_tokens(schema)}")


if __name__ == "__main__":
    asyncio.run(main())
