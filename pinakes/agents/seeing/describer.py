"""Descriptions of pictures by a language model that sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from pinakes.agents.prompts import prompt_text
from pinakes.agents.seeing.forms import DescriptionForm, regions_of, safe
from pinakes.agents.seeing.pictures import picture_tokens
from pinakes.core.errors import ModelOutputError
from pinakes.core.files import Description
from pinakes.core.prompts import Data, Picture, Prompt
from pinakes.ports.language_model import LanguageModel

SIDE = 1024
MOST_TAGS = 12
_LONGEST_TITLE, _LONGEST_TAG, _LONGEST_TEXT = 120, 40, 8000
_KNOWN_TOKENS, _ANSWER_TOKENS = 150, 260


class ModelDescriber:
    """Implements `pinakes.ports.describer.Describer` with one call a picture."""

    side = SIDE

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    async def describe(self, picture: Picture, known: Sequence[Data] = ()) -> Description:
        """Return a description of one picture. Raises ModelError."""
        prompt = Prompt(
            task="describe",
            system=prompt_text("describe"),
            parts=(picture, *known, "Describe the picture."),
        )
        form = await self._model.fill(prompt, DescriptionForm)
        found = described(form, self.name)
        if not found.text:
            raise ModelOutputError(f"{self.name} said nothing about the picture; try again.")
        return found

    def expected_tokens(self, width: int, height: int) -> tuple[int, int]:
        """Return about how many tokens a picture takes, in and out."""
        words = self._model.count_tokens(prompt_text("describe"))
        return words + _KNOWN_TOKENS + picture_tokens(width, height, SIDE), _ANSWER_TOKENS


def described(form: DescriptionForm, model: str) -> Description:
    """Return what a model filled in, within bounds and with nothing in it that could act."""
    return Description(
        model=model,
        at=datetime.now(UTC),
        title=safe(form.title)[:_LONGEST_TITLE],
        text=safe(form.description),
        tags=_tags(form.tags),
        visible_text=_lines(form.visible_text),
        regions=regions_of(form.regions),
    )


def _tags(said: Iterable[str]) -> tuple[str, ...]:
    tags = (safe(tag).strip(" #.,").casefold() for tag in said)
    return tuple(dict.fromkeys(tag for tag in tags if 0 < len(tag) <= _LONGEST_TAG))[:MOST_TAGS]


def _lines(text: str) -> str:
    """Return text in a picture as it stands there, line by line."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)[:_LONGEST_TEXT]
