"""The README's Python runs and prints what it says; its picture is the real graph."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text("utf8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.S)


def test_the_first_example_prints_what_the_readme_shows(tmp_path: Path) -> None:
    code, shown = blocks("python")[0], blocks("text")[0]
    code = code.replace('"./library"', repr(str(tmp_path / "library")))
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == shown.strip()


def test_the_picture_names_every_node_of_the_graph() -> None:
    from pinakes.agents.shipped import SHIPPED
    from pinakes.graph.build import build_graph
    from pinakes.graph.resources import Resources

    graph = build_graph(Resources(library=None, planner=None, writer=None, agents=SHIPPED))  # type: ignore[arg-type]
    nodes = set(graph.get_graph().nodes) - {"__start__", "__end__"}
    words = set(re.findall(r"\b[a-z_]+\b", blocks("mermaid")[0]))
    assert nodes <= words
    assert words & {"approve", "apply"} <= nodes


def test_the_make_targets_it_names_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf8"), re.M))
    assert set(re.findall(r"\bmake ([a-z-]+)", TEXT)) <= targets


def test_the_files_it_links_to_exist() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXT)
    assert [link for link in links if not (ROOT / link).exists()] == []
