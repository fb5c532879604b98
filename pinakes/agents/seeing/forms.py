"""What a model that sees fills in, and that brought within bounds: nothing of it is taken on trust."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from pinakes.agents.writing.marks import plain
from pinakes.core.files import Box, Region
from pinakes.core.value import Value

LONGEST_TEXT = 1200
_LONGEST_LABEL = 80
_MOST_REGIONS = 8
_OVERRUN = 0.05
"""How far a box may stand over the edge and still be meant; more is another scale, and says nothing."""

_ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,15}://|\bwww\.|\bmailto:)(\S*)", re.IGNORECASE)


def _sure(value: Any) -> float:
    """Return a confidence in 0 to 1, however it was written."""
    try:
        number = float(str(value).strip().rstrip("%"))
    except ValueError:
        return 0.5
    if not math.isfinite(number):
        return 0.5
    return min(1.0, max(0.0, number / 100 if number > 1 else number))


def _listed(value: Any) -> Any:
    return [] if value is None else value


def _text(value: Any) -> str:
    return "" if value is None else str(value)


Text = Annotated[str, BeforeValidator(_text)]


class RegionForm(BaseModel):
    """A place in a picture."""

    label: Text = Field(default_factory=str, description="What is there, in a few words.")
    box: list[float] = Field(default_factory=list, description="[left, top, right, bottom], each 0 to 1.")


class SeenForm(BaseModel):
    """What a picture shows of what is asked."""

    picture: Text = Field(default_factory=str, description="The picture's id.")
    text: Text = Field(default_factory=str, description="What in it bears on the question.")
    fits: bool = Field(
        default_factory=lambda: True, description="Whether the picture shows what is asked for."
    )
    confidence: Annotated[float, BeforeValidator(_sure)] = Field(
        default_factory=lambda: 0.5, description="How sure you are, 0 to 1."
    )
    regions: Annotated[list[RegionForm], BeforeValidator(_listed)] = Field(default_factory=list)


class LookForm(BaseModel):
    """What pictures show of what is asked."""

    answer: Text = Field(
        default_factory=str, description="The answer over all pictures, with [id] for a picture."
    )
    findings: Annotated[list[SeenForm], BeforeValidator(_listed)] = Field(default_factory=list)


class DescriptionForm(BaseModel):
    """What one picture shows."""

    title: Text = Field(default_factory=str)
    description: Text = Field(default_factory=str)
    tags: Annotated[list[Text], BeforeValidator(_listed)] = Field(default_factory=list)
    visible_text: Text = Field(default_factory=str)
    regions: Annotated[list[RegionForm], BeforeValidator(_listed)] = Field(default_factory=list)


class Finding(Value):
    """What was seen in one picture or frame, checked: `id` is one that was shown."""

    id: str
    text: str
    fits: bool = True
    confidence: float = 0.5
    regions: tuple[Region, ...] = ()


def findings_of(forms: Iterable[SeenForm], ids: Collection[str]) -> list[Finding]:
    """Return the findings on pictures that were shown, one each, in their order; what says nothing goes."""
    found: dict[str, Finding] = {}
    for form in forms:
        picture_id = _id_in(form.picture, ids)
        text = safe(form.text)
        if picture_id is None or not text:
            continue
        if picture_id in found:
            found[picture_id] = _both(found[picture_id], text, regions_of(form.regions))
            continue
        found[picture_id] = Finding(
            id=picture_id,
            text=text,
            fits=form.fits,
            confidence=form.confidence,
            regions=regions_of(form.regions),
        )
    return [found[picture_id] for picture_id in ids if picture_id in found]


def regions_of(forms: Iterable[RegionForm]) -> tuple[Region, ...]:
    """Return the regions that are boxes within the picture, clamped to it."""
    boxed = ((form, box_of(form.box)) for form in forms)
    kept = [Region(label=safe(form.label)[:_LONGEST_LABEL], box=box) for form, box in boxed if box]
    return tuple(kept[:_MOST_REGIONS])


def box_of(numbers: Sequence[float]) -> Box | None:
    """Return a box in 0 to 1 with its corners in order; None for any other scale, and for one without an area."""
    if len(numbers) != 4 or not all(math.isfinite(n) and -_OVERRUN <= n <= 1 + _OVERRUN for n in numbers):
        return None
    first, second, third, fourth = (round(min(1.0, max(0.0, n)), 4) for n in numbers)
    left, right = sorted((first, third))
    top, bottom = sorted((second, fourth))
    return (left, top, right, bottom) if right > left and bottom > top else None


def safe(text: str) -> str:
    """Return a model's words on one line without marks, markup or live addresses, at most 1,200 characters.

    What stands in a picture can reach a model's words, and must not become a link there.
    """
    return plain(_ADDRESS.sub(r"\1", text))[:LONGEST_TEXT].strip()


def _id_in(said: str, ids: Collection[str]) -> str | None:
    named = re.sub(r"[^A-Za-z0-9]", "", said).upper().removeprefix("PICTURE").removeprefix("FRAME")
    return next((i for i in ids if i.upper() == named or i.upper().lstrip("PT") == named), None)


def _both(first: Finding, text: str, regions: tuple[Region, ...]) -> Finding:
    joined = first.text if text in first.text else f"{first.text} {text}"[:LONGEST_TEXT]
    return first.model_copy(update={"text": joined, "regions": (*first.regions, *regions)[:_MOST_REGIONS]})
