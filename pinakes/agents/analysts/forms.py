"""What models fill in. Short names: a form's schema is part of every prompt."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class Source(BaseModel):
    """The id of a piece of data, and words copied from it."""

    id: str
    quote: str


class Point(BaseModel):
    """One finding."""

    text: str
    sources: list[Source]


class Points(BaseModel):
    """Findings."""

    points: list[Point]


class Compared(BaseModel):
    """What documents say differently, alike, and alone."""

    changed: list[Point]
    same: list[Point]
    only: list[Point]


class Row(BaseModel):
    """One value: what kind it is, as it is written, and what it is of."""

    kind: str
    value: str
    text: str
    sources: list[Source]


class Rows(BaseModel):
    """Values."""

    rows: list[Row]


class Merged(BaseModel):
    """A finding made of others, by their ids."""

    text: str
    ids: list[str]


class MergedPoints(BaseModel):
    """Findings made of others."""

    points: list[Merged]


class MergedComparison(BaseModel):
    """What documents say differently, alike, and alone, made of findings."""

    changed: list[Merged]
    same: list[Merged]
    only: list[Merged]


class Group(BaseModel):
    """A name and the ids of what belongs under it."""

    name: str
    ids: list[str]


class Groups(BaseModel):
    """Groups."""

    groups: list[Group]


class Judged(BaseModel):
    """What the two sides of a pair say of each other, with words copied from both."""

    pair: int
    verdict: Literal["supports", "contradicts", "related", "unrelated"]
    reason: str
    left_quote: str
    right_quote: str


class Verdicts(BaseModel):
    """Judged pairs."""

    pairs: list[Judged]


class Name(BaseModel):
    """A name for the group of this id."""

    id: str
    name: str


class Names(BaseModel):
    """Names of groups."""

    names: list[Name]
