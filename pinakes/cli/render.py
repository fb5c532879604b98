"""How answers, plans and listings look in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from pinakes.core.display import place
from pinakes.core.documents import DocumentSearchResponse
from pinakes.core.evidence import MARK, Citation
from pinakes.core.files import Locator
from pinakes.core.plans import Plan
from pinakes.core.uploads import LibraryStatus, UploadResult

_OPEN_MARK = re.compile(r"\[(?:\[[^\]]*\]?)?$")


class Footnotes:
    """Turns the marks of a stream of text into numbers, in order of first appearance; pictures keep their names.

    A mark may arrive in pieces, so text from an unfinished "[[" on is held back until it is whole.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        self._held = ""

    def feed(self, piece: str) -> str:
        """Return what can be shown now."""
        text = self._held + piece
        unfinished = _OPEN_MARK.search(text)
        cut = unfinished.start() if unfinished else len(text)
        self._held = text[cut:]
        return MARK.sub(self._number, text[:cut])

    def close(self) -> str:
        """Return what was held back."""
        rest, self._held = self._held, ""
        return MARK.sub(self._number, rest)

    def _number(self, match: re.Match[str]) -> str:
        if match.group(1) == "ref":
            return str(self.counts.get(match.group(2), match.group(2)))
        number = self.numbers.setdefault(match.group(0), len(self.numbers) + 1)
        if match.group(1) == "doc":
            return f"[{number}]"
        return f"{match.group(3).split('|')[1]} [{number}]" if match.group(3) else f"[{number}]"


def counts_of(result_refs: dict[str, dict[str, object]]) -> dict[str, int]:
    """Return the number behind each counted mark."""
    counts: dict[str, int] = {}
    for key, ref in result_refs.items():
        ids = ref.get("ids")
        number = ref.get("count", len(ids) if isinstance(ids, Sequence) else 0)
        counts[key] = number if isinstance(number, int) else 0
    return counts


def show_sources(console: Console, numbers: dict[str, int], citations: Iterable[Citation]) -> None:
    """Print one line per number: file, place and the words it stands on."""
    by_mark: dict[str, list[Citation]] = {}
    for citation in citations:
        by_mark.setdefault(citation.mark, []).append(citation)
    for mark, number in numbers.items():
        cited = by_mark.get(mark)
        if not cited:
            continue
        line = Text(f"  [{number}] ", style="cyan")
        line.append(cited[0].evidence.filename, style="bold")
        line.append(_where(cited[0].evidence.locator), style="dim")
        console.print(line, soft_wrap=True)
        for quote in dict.fromkeys(_short(c.evidence.quote) for c in cited if c.evidence.quote):
            console.print(Text(f"      “{quote}”", style="dim italic"), soft_wrap=True)


def plan_tree(plan: Plan) -> Tree:
    """Return a plan as a tree of rounds, each with the steps that run side by side."""
    tree = Tree(f"[bold]plan[/] [dim]({plan.source}, confidence {plan.confidence:.2f})[/]")
    for number, wave in enumerate(plan.waves(), 1):
        branch = tree.add(f"round {number}") if len(plan.waves()) > 1 else tree
        for step in wave:
            after = f" [dim]after {', '.join(step.depends_on)}[/]" if step.depends_on else ""
            branch.add(f"[cyan]{step.id}[/] [bold]{step.agent}[/]: {escape(step.intent)}{after}")
    return tree


def hits_table(found: DocumentSearchResponse) -> Table:
    """Return search results as a table."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right", style="cyan")
    table.add_column(overflow="fold")
    for hit in found.items:
        pages = f", p. {hit.page_numbers[0]}" if hit.page_numbers else ""
        text = Text(f"{hit.document_filename}{pages}\n", style="bold")
        text.append(_short(hit.content, 240), style="not bold")
        table.add_row(f"{hit.score:.2f}", text)
    return table


def failures_table(results: Iterable[UploadResult]) -> Table:
    """Return failed files with their reasons."""
    table = Table(title="Not taken in", title_justify="left", box=None, pad_edge=False)
    for column in ("file", "reason", "what to do"):
        table.add_column(column, overflow="fold")
    for result in results:
        table.add_row(
            escape(result.filename), result.description_error_type, escape(result.description_error or "")
        )
    return table


def status_table(status: LibraryStatus) -> Table:
    """Return a library at a glance."""
    table = Table(box=None, show_header=False, pad_edge=False)
    kinds = ", ".join(f"{n} {kind}{'' if n == 1 else 's'}" for kind, n in status.counts.items()) or "empty"
    rows = {
        "library": status.library,
        "tenant": status.tenant,
        "files": kinds,
        "failed": str(status.failed),
        "waiting": str(status.pending),
        "folders": str(status.folders),
        "passages": str(status.chunks),
        "on disk": f"{status.bytes_on_disk / 1e6:.1f} MB",
        "index": status.index,
        "embedder": status.embedder,
        "image vectors": status.image_embedder or "none",
        "ocr": status.ocr or "none",
        "writer": status.writer,
        "sessions": str(status.sessions),
    }
    for name, value in rows.items():
        table.add_row(f"[dim]{name}[/]", escape(value))
    return table


def _where(locator: Locator) -> str:
    if locator.box is None or locator.start_s is not None:
        return place(locator)
    return f"{place(locator)} [{' '.join(f'{edge:.2f}' for edge in locator.box)}]"


def _short(text: str, limit: int = 160) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"
