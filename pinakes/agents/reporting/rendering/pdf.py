"""Reports as PDF, set by Typst.

The report goes to Typst as data that the template shows as text: no word of it is ever read as Typst's markup.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime, time
from importlib.resources import files
from pathlib import Path
from typing import Any

from pinakes.agents.reporting.document import (
    Block,
    Bullets,
    Figure,
    Grid,
    Paragraph,
    Report,
    Sentence,
    Source,
    laid_out,
)
from pinakes.agents.reporting.words import Words
from pinakes.core.errors import AgentError, ConfigurationError

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


def write(report: Report) -> bytes:
    """Return the report as PDF. Raises ConfigurationError where Typst is not installed, AgentError where it fails."""
    try:
        import typst
    except ImportError as error:
        raise ConfigurationError(
            "PDF reports need Typst: pip install 'pinakes[reports]'.", extra="reports"
        ) from error
    _check_script(report, typst.Fonts().families())
    with tempfile.TemporaryDirectory(prefix="pinakes-report-") as folder:
        root = Path(folder)
        _write_files(report, root)
        moment = datetime.combine(report.made, time(), UTC)
        try:
            made = typst.compile(root / "report.typ", root=root, format="pdf", timestamp=moment)
        except typst.TypstError as error:
            raise AgentError(
                "The report could not be set as PDF; take another format.", reason=str(error)
            ) from error
    if not isinstance(made, bytes):
        raise AgentError("The report could not be set as PDF; take another format.")
    return made


def _check_script(report: Report, families: list[str]) -> None:
    """Refuse a report in Chinese, Japanese or Korean where no font has its letters: all of it would be boxes."""
    said = "".join([report.title, report.scope, *_said(report)])
    letters = [c for c in said if c.isalpha()]
    if len(_CJK.findall(said)) * _SHARE > len(letters) and not any(_CJK_FONT.search(f) for f in families):
        raise ConfigurationError(
            "PDF reports in Chinese, Japanese or Korean need a font with these letters: install one, "
            "for example Noto Serif CJK, or take HTML or Word."
        )


_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CJK_FONT = re.compile(
    r"CJK|Source Han|Song|Hei|Ming|Mincho|Gothic|YaHei|PingFang|WenQuanYi|Malgun|Batang|Nanum|Unifont|Fallback|"
    r"Arial Unicode|KaiTi|FangSong|Meiryo|Hiragino|Noto (?:Sans|Serif) (?:SC|TC|JP|KR)"
)
_SHARE = 10


def _said(report: Report) -> list[str]:
    blocks = [b for b in report.blocks if isinstance(b, Paragraph | Bullets)]
    return [s.text for b in blocks for s in (b.sentences if isinstance(b, Paragraph) else b.items)]


def _write_files(report: Report, root: Path) -> None:
    template = files(__package__).joinpath("report.typ").read_text("utf8")
    (root / "report.typ").write_text(template, "utf8")
    (root / "report.json").write_text(json.dumps(_data(report), ensure_ascii=False), "utf8")
    for block in report.blocks:
        if isinstance(block, Figure):
            (root / _filename(block)).write_bytes(block.content)


def _filename(figure: Figure) -> str:
    return f"figure-{figure.number}.{_ENDINGS[figure.content_type]}"


def _data(report: Report) -> dict[str, Any]:
    words = Words(report.language)
    return {
        "title": report.title,
        "language": report.language,
        "made": words.say("made", report.made.isoformat()),
        "scope": report.scope,
        "words": {key: words.say(key) for key in ("figure", "table", "missing", "sources")},
        "sections": [
            {"heading": s.heading, "level": s.level, "blocks": [_laid(b) for b in laid_out(s.blocks)]}
            for s in report.sections
        ],
        "missing": list(report.missing),
        "sources": [_source(source) for source in report.sources],
    }


def _laid(block: Block | tuple[Figure, Figure]) -> dict[str, Any]:
    if isinstance(block, tuple):
        return {"kind": "pair", "figures": [_block(figure) for figure in block]}
    return _block(block)


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "sentences": [asdict(s) for s in block.sentences]}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "numbered": block.numbered, "items": [asdict(s) for s in block.items]}
    if isinstance(block, Grid):
        return _grid(block)
    return {
        "kind": "figure",
        "path": _filename(block),
        "number": block.number,
        "caption": _caption(block.caption),
        "shape": block.width / max(1, block.height),
        "width": block.width,
    }


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "kind": "table",
        "number": grid.number,
        "caption": _caption(grid.caption),
        "columns": grid.columns,
        "head": grid.filled(grid.head),
        "rows": [grid.filled(row) for row in grid.rows],
        "right": [grid.is_numeric(n) for n in range(grid.columns)],
        "weights": _weights(grid),
        "note": grid.note,
    }


def _weights(grid: Grid) -> list[int]:
    """Return shares of the width: columns with long cells get more, within bounds."""
    lengths = [
        max((len(grid.filled(row)[n]) for row in (grid.head, *grid.rows)), default=1)
        for n in range(grid.columns)
    ]
    return [min(40, max(7, length)) for length in lengths]


def _caption(sentence: Sentence) -> dict[str, Any]:
    return asdict(sentence)


def _source(source: Source) -> dict[str, Any]:
    titled = source.title and source.title != source.filename
    return {
        "number": source.number,
        "title": source.title if titled else "",
        "filename": source.filename,
        "detail": source.detail,
    }
