"""Prompts: one file each, its version in the first line, `$name` where something is filled in."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from string import Template

_HEAD = re.compile(r"<!-- version (\d+) -->\n")


def prompt_text(name: str, **values: str) -> str:
    """Return a prompt with its places filled. Raises KeyError for a place that was left empty."""
    return _template(name).substitute(values).strip()


def prompt_version(name: str) -> int:
    """Return a prompt's version: it counts up with every change of the words."""
    return int(_read(name)[0])


@cache
def _template(name: str) -> Template:
    return Template(_read(name)[1])


@cache
def _read(name: str) -> tuple[str, str]:
    text = files(__package__).joinpath(f"{name}.md").read_text("utf-8")
    head = _HEAD.match(text)
    if head is None:
        raise ValueError(f"The prompt '{name}' does not begin with its version.")
    return head[1], text[head.end() :]
