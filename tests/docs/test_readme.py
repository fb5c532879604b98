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


def test_the_picture_is_the_graph() -> None:
    from pinakes.agents.shipped import SHIPPED
    from pinakes.graph.drawing import mermaid

    assert blocks("mermaid")[0].strip() == mermaid(SHIPPED).strip()


def test_the_make_targets_it_names_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf8"), re.M))
    assert set(re.findall(r"\bmake ([a-z-]+)", TEXT)) <= targets


def test_the_files_it_links_to_exist() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXT)
    assert [link for link in links if not (ROOT / link).exists()] == []
