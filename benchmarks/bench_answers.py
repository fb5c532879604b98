"""How well questions are answered and refused: python benchmarks/bench_answers.py [--language en] [--form paragraphs].

XQuAD's 120 paragraphs are written to files and taken in by the real ingestion; every question is asked as it is and
with its article taken out. `--form articles` makes one Markdown file of each article. `--whole` sends every question
through a chat session (planner, graph and all) instead of the document search agent and the writer.

Weights were fitted on the even articles (fit_answers.py); both halves are shown. A sentence counts as cited when
a mark follows it.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xquad import Query, RememberingEmbedder, XQuad

from pinakes import Pinakes
from pinakes.agents import document_search
from pinakes.agents.spec import AgentContext
from pinakes.agents.writing.paragraphs import NOTHING
from pinakes.client.settings import Settings
from pinakes.client.wiring import OpenLibrary, Parts, open_library
from pinakes.core.chat import Answer, WriteRequest
from pinakes.core.evidence import Citation
from pinakes.core.plans import Plan, Step, Task


@dataclass(frozen=True)
class Outcome:
    """What one question got."""

    query: Query
    content: str
    citations: Sequence[Citation]
    first_s: float

    @property
    def refused(self) -> bool:
        return NOTHING in self.content

    def answered_within(self, count: int) -> bool:
        return any(self.query.answered_by(c.sentence) for c in self.citations[:count])

    def right_first(self, paragraph: str) -> bool:
        """Return whether the first quote stands in the right paragraph."""
        return bool(self.citations) and _flat(self.citations[0].evidence.quote) in _flat(paragraph)


def _flat(text: str) -> str:
    return "".join(text.split())


def write_files(xquad: XQuad, folder: Path, form: str) -> dict[str, list[Path]]:
    """Write the corpus and return its files by article."""
    files: dict[str, list[Path]] = {}
    for number, title in xquad.titles.items():
        names = xquad.article_files(number)
        if form == "articles":
            path = folder / f"{number:02}.md"
            path.write_text(f"# {title}\n\n" + "\n\n".join(xquad.paragraphs[n] for n in names) + "\n", "utf8")
            files[str(number)] = [path]
        else:
            files[str(number)] = [folder / name for name in names]
            for name in names:
                (folder / name).write_text(xquad.paragraphs[name], "utf8")
    return files


async def take_in(held: OpenLibrary, paths: Sequence[Path]) -> list[str]:
    """Read files into the library and return their ids."""
    records = [await held.ingestor.add_path(path) for path in paths]
    done = await held.ingestor.wait([record.id for record in records])
    failed = [f"{record.filename}: {record.failure}" for record in done if record.failure]
    if failed:
        raise SystemExit("not read: " + "; ".join(failed))
    return [record.id for record in done]


async def ask(held: OpenLibrary, query: Query) -> Outcome:
    """Run the document search agent and the writer, as a turn of one step does."""
    started, first = time.perf_counter(), 0.0
    step = Step(id="s1", agent="document_search", intent=query.text)
    context = AgentContext(library=held.library, report=lambda _: None, now=lambda: datetime.now(UTC))
    result = await document_search.run(Task(step=step, question=query.text), context)
    passages = await held.library.passages(result.evidence)
    request = WriteRequest(
        question=query.text, plan=Plan(id="p", steps=(step,)), results=(result,), passages=tuple(passages)
    )
    async for piece in held.resources.writer.write(request):
        first = first or time.perf_counter() - started
        if isinstance(piece, Answer):
            return Outcome(query, piece.content, piece.citations, first)
    raise SystemExit("the writer ended without an answer")


async def ask_whole(client: Pinakes, query: Query) -> Outcome:
    """Ask in a fresh chat session."""
    started = time.perf_counter()
    async with client.chat_session() as session:
        response = await session.send(query.text)
    return Outcome(query, response.content, response.citations, time.perf_counter() - started)


@asynccontextmanager
async def opened(folder: Path, whole: bool) -> AsyncIterator[tuple[OpenLibrary, Pinakes | None]]:
    """Hold a library, with a client over it where whole turns are asked."""
    if whole:
        async with Pinakes(folder) as client:
            yield client._held().opened, client
        return
    settings = Settings(library=folder, ocr="none")
    async with open_library(settings, Parts(embedder=RememberingEmbedder())) as held:
        yield held, None


async def run(xquad: XQuad, form: str, whole: bool, every: int) -> tuple[list[Outcome], list[Outcome]]:
    """Return what every question gets with its article there, and without it."""
    with tempfile.TemporaryDirectory() as place:
        sources = Path(place) / "sources"
        sources.mkdir()
        files = write_files(xquad, sources, form)
        async with opened(Path(place) / "library", whole) as (held, client):

            async def asked(query: Query) -> Outcome:
                return await (ask_whole(client, query) if client else ask(held, query))

            ids = {article: await take_in(held, paths) for article, paths in files.items()}
            queries = xquad.queries[::every]
            present = [await asked(query) for query in queries]
            absent: list[Outcome] = []
            for article, paths in files.items():
                await held.library.delete(ids[article])
                absent += [await asked(q) for q in queries if str(q.article) == article]
                await take_in(held, paths)
            return present, absent


def report(name: str, xquad: XQuad, present: Sequence[Outcome], absent: Sequence[Outcome]) -> None:
    """Print one line of figures."""

    def share(outcomes: Sequence[bool]) -> str:
        return f"{100 * sum(outcomes) / max(1, len(outcomes)):5.1f}"

    cells = [
        share([o.answered_within(1) for o in present]),
        share([o.answered_within(2) for o in present]),
        share([o.right_first(xquad.paragraphs[o.query.filename]) for o in present]),
        share([o.refused for o in present]),
        share([o.refused for o in absent]),
    ]
    print(f"{name:18} {len(present):4}  " + "   ".join(cells))


def main() -> None:
    """Ask everything and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--language", default="en", choices=["en", "de", "es", "zh"])
    parser.add_argument("--form", default="paragraphs", choices=["paragraphs", "articles"])
    parser.add_argument("--whole", action="store_true", help="send questions through chat sessions")
    parser.add_argument("--every", type=int, default=1, help="ask only every n-th question")
    parser.add_argument("--failures", action="store_true", help="list what was not answered")
    options = parser.parse_args()
    xquad = XQuad(options.language)
    present, absent = asyncio.run(run(xquad, options.form, options.whole, options.every))
    print(f"\nXQuAD {options.language}, {options.form}{', whole turns' if options.whole else ''}")
    print("                      n  answer in 1   in 2   paragraph   falsely refused   absent refused")
    for name, halves in (("trained on", {0}), ("held out", {1}), ("all", {0, 1})):
        kept = [[o for o in outcomes if o.query.article % 2 in halves] for outcomes in (present, absent)]
        report(name, xquad, *kept)
    times = sorted(o.first_s for o in present)
    print(f"first word after {1000 * times[len(times) // 2]:.0f} ms (median)")
    if options.failures:
        for o in present:
            if not o.answered_within(2):
                print(f"- {o.query.text} | {o.query.answers} | {o.content[:200]!r}")
        for o in absent:
            if not o.refused:
                print(f"- ABSENT {o.query.text} | {o.content[:200]!r}")


if __name__ == "__main__":
    main()
