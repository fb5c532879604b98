"""The thirteen agents as data: all that a planner may know of them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from pinakes.core.plans import AgentCard


@cache
def load_cards() -> tuple[AgentCard, ...]:
    """Return the shipped cards in the order of `cards.toml`."""
    text = files("pinakes.agents").joinpath("cards.toml").read_text(encoding="utf-8")
    return tuple(AgentCard(name=name, **fields) for name, fields in tomllib.loads(text).items())


CARDS: tuple[AgentCard, ...] = load_cards()
