"""Ask a list of questions and print every answer, with what can be checked by machine.

    python benchmarks/ask_questions.py examples/questions.jsonl --library DIR [--add FOLDER ...] [--only PREFIX]

A question with `turn_of` goes on in the session of the question of that id; others start one of their own, except that
consecutive `follow` questions of a plain list go on in the session before them. With truth in the list (`agents`,
`files`, `answer`), a line per question says whether the needed agents were planned, a true file was cited, and how many
of the gold answer's numbers and names occur in the answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from pinakes import ChatResponse, Pinakes

_TELLING = re.compile(r"\d[\d.,:]*\d|\d|\b[A-Z][\w-]+")


def gold_share(gold: str | None, answer: str) -> float | None:
    """Return the share of the gold answer's numbers and capitalised words that the answer holds."""
    telling = set(_TELLING.findall(gold or ""))
    return sum(word.lower() in answer.lower() for word in telling) / len(telling) if telling else None


def verdict(truth: dict[str, Any], response: ChatResponse) -> dict[str, Any]:
    """Return what can be checked without reading."""
    metadata = response.metadata or {}
    cited = {citation.evidence.filename for citation in response.citations}
    wanted = {Path(name).name for name in truth.get("files", ())}
    shown = response.resolved_content
    return {
        "agents": set(truth.get("agents", ())) <= set(metadata.get("agents_used", ())),
        "file": bool(cited & wanted) if wanted else None,
        "refused": not metadata.get("found", True),
        "gold": gold_share(truth.get("answer"), shown),
    }


async def ask_all(client: Pinakes, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ask every question in its session and print the answers."""
    rows: list[dict[str, Any]] = []
    async with AsyncExitStack() as stack:
        sessions: dict[str, Any] = {}
        previous = None
        for truth in questions:
            parent = truth.get("turn_of") or (previous if truth.get("kind") == "follow" else None)
            session = sessions.get(parent) or await stack.enter_async_context(client.chat_session())
            started = time.perf_counter()
            response = await session.send(truth["question"])
            sessions[truth["id"]], previous = session, truth["id"]
            rows.append(
                {"id": truth["id"], "seconds": time.perf_counter() - started} | verdict(truth, response)
            )
            show(truth, response, rows[-1])
    return rows


def show(truth: dict[str, Any], response: ChatResponse, row: dict[str, Any]) -> None:
    """Print one question with its answer."""
    agents = ", ".join((response.metadata or {}).get("agents_used", ()))
    told = truth.get("answer", truth.get("truth"))
    print(f"\n### {truth['id']} {truth['question']}\n    [{agents}] {row}\n    truth: {told}")
    print("    " + response.resolved_content.replace("\n", "\n    "))


def share(rows: list[dict[str, Any]], key: str) -> str:
    """Return how often a check held, of the questions it applies to."""
    values = [float(row[key]) for row in rows if row[key] is not None]
    return f"{key} {sum(values) / len(values):.2f} of {len(values)}" if values else f"{key} -"


async def main() -> None:
    """Take files in if asked to, ask, and sum up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("questions", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--add", type=Path, nargs="*", default=[])
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    lines = given.questions.read_text("utf8").splitlines()
    questions = [q for q in map(json.loads, lines) if q["id"].startswith(given.only)]
    async with Pinakes(given.library) as client:
        for folder in given.add:
            results = await client.files.upload_batch(folder, folder_path="")
            print(results.summary())
            for failed in results.failed():
                print("  ", failed.filename, failed.description_error_type, failed.description_error)
        rows = await ask_all(client, questions)
    seconds = sorted(row["seconds"] for row in rows)
    print("\n" + " · ".join(share(rows, key) for key in ("agents", "file", "gold", "refused")))
    print(f"seconds a turn: median {seconds[len(seconds) // 2]:.2f}, worst {seconds[-1]:.2f}")


if __name__ == "__main__":
    asyncio.run(main())
