"""What is said to a language model, free of any vendor's wire."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pinakes.core.value import Value


class Data(Value):
    """Text from a file, a page or a picture: shown to a model as quoted data, never as instructions.

    Attributes:
        id: How the model may refer to it, for example "E3"; it stands nowhere else in the prompt.
        source: A few words for the model about where it is from; may be taken from a file, so it is quoted as well.
    """

    id: str
    text: str
    source: str = ""


class Picture(Value):
    """A picture for a model that sees.

    Attributes:
        id: How the model may refer to it.
        content: The encoded picture, already as small as it may be.
        detail: How closely the model should look, where its endpoint knows the difference.
    """

    id: str
    content: bytes
    mime_type: str = "image/jpeg"
    detail: Literal["auto", "low", "high"] = "auto"


class Said(Value):
    """An earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


class Prompt(Value):
    """One call's input.

    Attributes:
        task: What the call is for ("plan", "write", "describe" …): names spans and usage, is no part of the text.
        system: The instructions; our own words and the user's settings alone, never text of files.
        history: Earlier messages, oldest first.
        parts: The last user message, part by part: our words or the user's as `str`, text of files as `Data`.
        max_output_tokens: Where to stop; None leaves it to the model.
    """

    task: str
    system: str
    history: tuple[Said, ...] = ()
    parts: tuple[str | Data | Picture, ...] = Field(min_length=1)
    max_output_tokens: int | None = Field(default=None, ge=1)
