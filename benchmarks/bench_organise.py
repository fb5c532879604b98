"""How well files are filed by what they say: python benchmarks/bench_organise.py [--library FOLDER] [--draws 3].

The 698 policy pages of a bank are taken in by the real ingestion under hashed names, so that no name tells anything.

1. Ten files of each of the nine folders with over 20 files lie in their folder, all others at the top; the agent is
   asked to "file the rest into the existing folders". A move is right if it is to the file's own category; files of
   the two tiny categories have no folder, so that moving them is always wrong. Also with every second folder alone,
   and with the others: of the files that belong there, and of all, where about half are strangers to every folder.
2. Without folders, "sort the documents by product": purity is the share of files that are of their new folder's
   commonest product (or category); the truth is in the original names. A folder's name must occur in its texts.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pinakes.agents import folder_management
from pinakes.agents.organising.contents import contents_of
from pinakes.agents.spec import AgentContext
from pinakes.client.settings import Settings
from pinakes.client.wiring import Parts, open_library
from pinakes.core.changes import Change, ChangeAction, ChangeSet, FileState
from pinakes.core.files import FileFilter, FileRecord
from pinakes.core.ids import new_id
from pinakes.core.plans import Focus, Step, StepResult, Task
from pinakes.library.library import Library
from pinakes.tools.scope import files_of

BANK = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "retrieval" / "bank_kb"
FEWEST = 20
FILED = 10


def hashed(name: str) -> str:
    """Return the name that a page is taken in under."""
    return hashlib.sha256(name.encode()).hexdigest()[:16] + ".md"


def truth() -> dict[str, tuple[str, str]]:
    """Return category and product of each page, by hashed name."""
    rows = [json.loads(line) for line in (BANK / "folders.jsonl").read_text(encoding="utf-8").splitlines()]
    return {hashed(row["_id"]): (row["folder"], row["_id"].rpartition("_")[0]) for row in rows}


async def take_in(folder: Path) -> None:
    """Fill a new library with the pages."""
    async with open_library(Settings(library=folder, ocr="none"), Parts()) as opened:
        with tempfile.TemporaryDirectory() as place:
            paths = []
            for page in sorted((BANK / "md").glob("*.md")):
                path = Path(place) / hashed(page.stem)
                path.write_bytes(page.read_bytes())
                paths.append(path)
            records = [await opened.ingestor.add_path(path) for path in paths]
            await opened.ingestor.wait([record.id for record in records])


async def asked(library: Library, intent: str, those: Sequence[str] = ()) -> StepResult:
    """Return what the agent proposes, with these files as those shown last."""
    step = Step(id="s1", agent="folder_management", intent=intent)
    task = Task(step=step, question=intent, focus=Focus(file_ids=tuple(those)))
    return await folder_management.run(
        task, AgentContext(library, lambda message: None, lambda: datetime.now(UTC))
    )


async def put(library: Library, files: Sequence[FileRecord], places: dict[str, str]) -> None:
    """Put each file where it is said to be, "" for the top."""
    moved = [f for f in files if f.folder_path != places.get(f.id, "")]
    changes = [
        Change(
            id=f.id,
            action=ChangeAction.MOVE,
            file_id=f.id,
            before=FileState(folder_path=f.folder_path, filename=f.filename),
            after=FileState(folder_path=places.get(f.id, ""), filename=f.filename),
        )
        for f in moved
    ]
    if changes:
        prepared = await library.prepare_changes(ChangeSet(plan_id=new_id(), changes=tuple(changes)))
        await library.apply_changes(prepared)


async def filing(
    library: Library, folders: Sequence[str], seed: int, *, strangers: bool
) -> tuple[float, float, float]:
    """Return the share of files moved, the share of those that landed right, and the seconds it took."""
    known = truth()
    files = sorted(await files_of(library, FileFilter()), key=lambda f: f.filename)
    draw = random.Random(seed)
    filed: dict[str, str] = {}
    for folder in folders:
        filed |= {
            f.id: folder for f in draw.sample([f for f in files if known[f.filename][0] == folder], FILED)
        }
    await put(library, files, filed)
    rest = [f.id for f in files if f.id not in filed and (strangers or known[f.filename][0] in folders)]
    start = time.perf_counter()
    found = await asked(library, "file those into the existing folders", rest)
    seconds = time.perf_counter() - start
    moves = [c for c in found.changes if c.action is ChangeAction.MOVE and c.before and c.after]
    right = sum(known[c.before.filename][0] == c.after.folder_path for c in moves if c.before and c.after)
    return len(moves) / len(rest), right / max(len(moves), 1), seconds


async def by_product(library: Library) -> None:
    """Print how pure the folders are that the agent makes by product."""
    known = truth()
    files = await files_of(library, FileFilter())
    await put(library, files, {})
    start = time.perf_counter()
    found = await asked(library, "sort the documents by product")
    seconds = time.perf_counter() - start
    groups: dict[str, list[FileRecord]] = {}
    by_id = {f.id: f for f in files}
    for change in found.changes:
        if change.action is ChangeAction.MOVE and change.after and change.file_id:
            groups.setdefault(change.after.folder_path, []).append(by_id[change.file_id])
    total = sum(map(len, groups.values()))
    pure = [
        sum(
            Counter(known[f.filename][n] for f in members).most_common(1)[0][1] for members in groups.values()
        )
        for n in (0, 1)
    ]
    said = 0
    for name, members in groups.items():
        texts = " ".join(c.heading + " " + c.text for c in await contents_of(library, members)).casefold()
        said += name.casefold() in texts
    print(
        f"by product: {len(groups)} folders, {total} of {len(files)} files moved ({total / len(files):.0%}),"
    )
    print(f"  purity by product {pure[1] / total:.3f}, by category {pure[0] / total:.3f}; {seconds:.0f} s;")
    print(
        f"  {said} of {len(groups)} names occur in their files' texts, e.g. {', '.join(sorted(groups)[:6])}"
    )


async def main() -> None:
    """Take the pages in, unless a library is given that has them, and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--library", type=Path, help="kept between runs")
    arguments.add_argument("--draws", type=int, default=3)
    given = arguments.parse_args()
    counts = Counter(category for category, _ in truth().values())
    folders = [name for name, count in counts.most_common() if count > FEWEST]
    with tempfile.TemporaryDirectory() as place:
        folder = given.library or Path(place)
        if not (folder / "catalog.sqlite").exists():
            await take_in(folder)
        async with open_library(Settings(library=folder, ocr="none"), Parts()) as opened:
            print("folders        moved  right  (mean and worst of the draws)")
            for name, some, strangers in (
                ("all nine", folders, True),
                ("1st 3rd 5th …", folders[::2], False),
                ("2nd 4th …", folders[1::2], False),
                ("1st … of all", folders[::2], True),
                ("2nd … of all", folders[1::2], True),
            ):
                draws = range(given.draws)
                rows = [await filing(opened.library, some, seed, strangers=strangers) for seed in draws]
                moved, right, seconds = (sum(row[n] for row in rows) / len(rows) for n in range(3))
                worst = min(row[1] for row in rows)
                print(f"{name:14} {moved:.3f}  {right:.3f}  (worst {worst:.3f})  {seconds:.0f} s", flush=True)
            await by_product(opened.library)


if __name__ == "__main__":
    asyncio.run(main())
