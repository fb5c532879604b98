"""How well the local planner routes: python benchmarks/bench_routing.py [--failures] [--data ../shared/data].

A turn is right when its plan holds every agent it needs and no change that it did not ask for. The labelled
set is split in two by a hash of the words; `--failures` lists those of the half that tuning may look at.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import Any

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.compile import compile_plan
from pinakes.agents.planning.local import LocalPlanner
from pinakes.core.files import Inventory
from pinakes.core.plans import Plan, PlanRequest
from pinakes.models.minilm import MiniLmEmbedder

ROOT = Path(__file__).resolve().parents[1]
SETS = ROOT / "tests" / "planning" / "data"
MUTATING = {card.name for card in CARDS if card.mutates}
STOCK = Inventory(counts={"image": 40, "document": 20})
"""A library without links and videos, as most are."""
ALL_KINDS = Inventory(counts={"image": 40, "document": 20, "link": 8, "video": 6})
IMAGES = {".jpg", ".png", ".gif", ".webp", ".heic", ".bmp", ".tiff"}
Row = dict[str, Any]


def load(path: Path) -> list[Row]:
    """Return the rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def agents(plan: Plan) -> set[str]:
    """Return the names of the agents in a plan."""
    return {step.agent for step in plan.steps}


def is_right(row: Row, plan: Plan) -> bool:
    """Return whether a plan holds every agent needed, none to avoid (where `only` is set: none besides), no change
    that was not asked for, what its intents must say, each agent after those whose results it works on, and those
    `apart` side by side."""
    intents = " ".join(step.intent for step in plan.steps).lower()
    return (
        set(row["needs"]) <= agents(plan)
        and not set(row.get("avoid", ())) & agents(plan)
        and (not row.get("only") or sorted(row["needs"]) == sorted(step.agent for step in plan.steps))
        and all(words in intents for words in row.get("says", ()))
        and (row["mutates"] or not MUTATING & agents(plan))
        and all(set(needed) <= behind(plan, agent) for agent, needed in row.get("after", {}).items())
        and not any(a in behind(plan, b) or b in behind(plan, a) for a, b in row.get("apart", ()))
    )


def behind(plan: Plan, agent: str) -> set[str]:
    """Return the agents whose results an agent's steps wait for, however far up."""
    by_id = {step.id: step for step in plan.steps}
    waiting = [name for step in plan.steps if step.agent == agent for name in step.depends_on]
    names: set[str] = set()
    while waiting:
        names.add(name := waiting.pop())
        waiting += by_id[name].depends_on
    return {by_id[name].agent for name in names}


async def run(planner: LocalPlanner, row: Row) -> tuple[Plan, float]:
    """Return the compiled plan of a turn and the milliseconds it took."""
    start = time.perf_counter()
    inventory = row.get("inventory", Inventory())
    request = PlanRequest(question=row["text"], history=tuple(row.get("history", ())), inventory=inventory)
    plan = await planner.plan(request)
    return compile_plan(plan, CARDS), 1000 * (time.perf_counter() - start)


async def score(planner: LocalPlanner, name: str, rows: list[Row], failures: bool) -> None:
    """Print one set's figures."""
    done = [(row, *await run(planner, row)) for row in rows]
    right = [is_right(row, plan) for row, plan, _ in done]
    unasked = sum(bool(MUTATING & agents(plan)) and not row["mutates"] for row, plan, _ in done)
    steps = statistics.mean(len(plan.steps) for _, plan, _ in done)
    print(
        f"{name:24} {sum(right):4}/{len(rows):<4} {sum(right) / len(rows):.3f}  unasked changes {unasked}",
        end="",
    )
    print(f"  steps {steps:.2f}  ms p50 {statistics.median(ms for *_, ms in done):.1f}")
    _print_agents([(row, plan) for row, plan, _ in done])
    _print_confidence([(plan.confidence, ok) for (_, plan, _), ok in zip(done, right, strict=True)])
    for (row, plan, _), ok in zip(done, right, strict=True):
        if failures and not ok:
            print(f"   {row['text']!r} {row['history']} needs {row['needs']} got {sorted(agents(plan))}")
            print(*(f"      {step.agent}: {step.intent}" for step in plan.steps), sep="\n")


def _print_agents(done: list[tuple[Row, Plan]]) -> None:
    needed = Counter(name for row, _ in done for name in row["needs"])
    found = Counter(name for row, plan in done for name in row["needs"] if name in agents(plan))
    print("   " + "  ".join(f"{card.name} {found[card.name]}/{needed[card.name]}" for card in CARDS))


def _print_confidence(pairs: list[tuple[float, bool]]) -> None:
    for low, high in ((0.0, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 1.01)):
        inside = [(c, ok) for c, ok in pairs if low <= c < high]
        if inside:
            said, was = statistics.mean(c for c, _ in inside), statistics.mean(ok for _, ok in inside)
            print(
                f"   confidence {low:.1f}-{min(high, 1):.1f}: {len(inside):4} turns, said {said:.2f}, right {was:.2f}"
            )


def questions(path: Path, library: Path) -> list[Row]:
    """Return a list of questions as rows, each with the turns before it and the inventory of a folder of files."""
    files = [file for file in library.rglob("*") if file.is_file()]
    images = sum(file.suffix.lower() in IMAGES for file in files)
    inventory = Inventory(
        counts={"image": images, "document": len(files) - images},
        folders=tuple({str(file.parent.relative_to(library)) for file in files}),
        filenames=tuple(file.name for file in files),
    )
    rows: dict[str, Row] = {}
    for truth in load(path):
        before = rows.get(truth.get("turn_of", ""))
        history = [*before["history"], before["text"]] if before else []
        rows[truth["id"]] = {
            "text": truth["question"],
            "history": history,
            "needs": truth["agents"],
            "mutates": False,
            "inventory": inventory,
        }
    return list(rows.values())


async def clinc(planner: LocalPlanner, folder: Path) -> None:
    """Print how many assistant errands are taken for a change, and how many go to chat."""
    for path in (folder / "val.jsonl", folder / "oos_val.jsonl"):
        done = [(row, *await run(planner, row)) for row in load(path)]
        changes = [row["text"] for row, plan, _ in done if MUTATING & agents(plan)]
        chat = sum("chat" in agents(plan) for _, plan, _ in done) / len(done)
        late = sorted(ms for *_, ms in done)[int(0.95 * len(done))]
        print(
            f"CLINC {path.stem:18} {len(done)} turns  changes {len(changes)}  chat {chat:.2f}  ms p95 {late:.1f}"
        )
        print(*(f"   {text}" for text in changes[:40]), sep="\n")


async def main() -> None:
    """Run all sets that are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--questions", type=Path, help="a list of questions with the agents they need")
    parser.add_argument("--library", type=Path, default=ROOT / "examples" / "library")
    options = parser.parse_args()
    planner = LocalPlanner(MiniLmEmbedder())
    rows = load(SETS / "utterances.jsonl")
    for name in ("dev", "held-out"):
        mine = [row for row in rows if row["half"] == name]
        await score(planner, name, mine, options.failures and name == "dev")
    stocked = [row | {"inventory": STOCK} for row in load(SETS / "stocked_turns.jsonl")]
    for name in ("dev", "held-out"):
        mine = [row for row in stocked if row["half"] == name]
        await score(planner, f"stocked {name}", mine, options.failures and name == "dev")
    specialists = [row | {"inventory": ALL_KINDS} for row in load(SETS / "specialist_turns.jsonl")]
    for name in ("dev", "held-out"):
        mine = [row for row in specialists if row["half"] == name]
        await score(planner, f"specialists {name}", mine, options.failures and name == "dev")
    hard = [row | {"inventory": ALL_KINDS} for row in load(SETS / "hard_turns.jsonl")]
    for name in ("dev", "held-out"):
        mine = [row for row in hard if row["half"] == name]
        await score(planner, f"hard {name}", mine, options.failures and name == "dev")
    many = [row | {"inventory": ALL_KINDS} for row in load(SETS / "many_voices.jsonl")]
    for name in ("dev", "held-out"):
        mine = [row for row in many if row["half"] == name]
        await score(planner, f"many voices {name}", mine, options.failures and name == "dev")
    if options.questions:
        await score(planner, "questions", questions(options.questions, options.library), options.failures)
    voices = SETS / "other_voices.jsonl"
    if voices.exists():
        await score(planner, "other voices", load(voices), False)
    if (options.data / "routing").exists():
        await clinc(planner, options.data / "routing")


if __name__ == "__main__":
    asyncio.run(main())
