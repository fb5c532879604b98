"""What an endpoint can do, learned without asking for it.

What the user configured wins. Else the model's own profile is believed, then its name; and what is in nobody's table
is tried in the course of the work: a request that the endpoint refuses, naming a feature, is made anew without that
feature, and no later call tries it again. So no call is ever spent on probing alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from langchain_core.language_models import BaseChatModel
from pydantic import BaseModel

from pinakes.core.errors import ContentFilteredError, ContextTooLongError, ModelError, ModelOutputError
from pinakes.core.prompts import Picture, Prompt
from pinakes.ports.language_model import Capabilities

Way = Literal["json_schema", "tools", "json"]
_NEXT_WAY: dict[Way, Way] = {"json_schema": "tools", "tools": "json"}

# Families of models that take pictures, as endpoints name them; others have to be configured.
_SEES = re.compile(
    r"gpt-?4o|gpt-?4\.\d|gpt-?4-(turbo|vision)|gpt-?[5-9]|(^|/)o[134](?!-mini|\d)|o4-mini|chatgpt"
    r"|claude-(3|opus|sonnet|haiku)|gemini|pixtral|mistral-(small-3|small3|medium-3|large-3)|magistral.*250[9]"
    r"|llava|moondream|minicpm-?[vo]|intern-?vl|smolvlm|paligemma|idefics|molmo|cogvlm|ovis|nova-(lite|pro|premier)"
    r"|llama-?4|llama-?3\.2.*(11b|90b)|gemma-?3(?!.*(270m|[^\d]1b))|gemma-?4|glm-?4(\.\d)?v|grok-(2-vision|4)"
    r"|phi-?4-multimodal|vision|[-_.\d]vlm?\b|vl[-_:]",
    re.IGNORECASE,
)

_NAMES: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "stream_usage": r"stream_options|include_usage",
        "max_tokens": r"(unsupported|unrecogni[sz]ed|unknown|extra|not permitted|unexpected).*max_(completion_)?tokens"
        r"|max_(completion_)?tokens.*(unsupported|not supported|unrecogni[sz]ed|unknown|not permitted|unexpected)",
        "json_schema": r"response_?format|json_?schema|structured.outputs?|guided|grammar",
        "tools": r"\btools?\b|tool_choice|function.?call|\bfunctions?\b",
        "images": r"\bimages?\b|image_url|multi-?modal|vision|modalit",
        "parts": r"content.{0,60}\bstring\b|expected a string|invalid type: sequence",
    }.items()
}
_BAD_SCHEMA = re.compile(
    r"invalid schema|schema.{0,40}(invalid|not (valid|allowed|permitted))", re.IGNORECASE
)
# Endpoints answer a feature that they lack with any of these.
_REFUSALS = {400, 404, 405, 415, 422, 500, 501}
_SETTLED = (ContentFilteredError, ContextTooLongError, ModelOutputError)


@dataclass(frozen=True)
class Shape:
    """How one call is made.

    Attributes:
        way: How a form is asked for; None when none is.
        parts: Whether a message keeps its parts.
        stream_usage: Whether a stream's usage may be asked for.
        max_tokens: Whether a longest length may be given.
    """

    way: Way | None = None
    parts: bool = True
    stream_usage: bool = True
    max_tokens: bool = True


class Endpoint:
    """What is known of one model behind one endpoint; shared by calls that run at once."""

    def __init__(self, model: BaseChatModel, name: str, configured: Capabilities | None) -> None:
        told = configured.model_dump(include=configured.model_fields_set) if configured else {}
        self._capabilities = Capabilities(**(_believed(model, name) | told))
        self._takes_max_tokens = True
        self._by_form: dict[type[BaseModel], Way] = {}
        self._proven: set[Way] = set()

    @property
    def capabilities(self) -> Capabilities:
        """What is believed now."""
        return self._capabilities

    def shape(self, form: type[BaseModel] | None) -> Shape:
        """Return how to make the next call."""
        known = self._capabilities
        return Shape(
            way=None if form is None else self._by_form.get(form, known.structured),
            parts=known.parts,
            stream_usage=known.stream_usage,
            max_tokens=self._takes_max_tokens,
        )

    def refused(
        self, shape: Shape, prompt: Prompt, form: type[BaseModel] | None, error: ModelError
    ) -> str | None:
        """Learn from a refused call.

        Returns:
            What the endpoint lacks, in words, when the call may be made anew without; None when it may not.
        """
        if error.details.get("status") not in _REFUSALS or isinstance(error, _SETTLED):
            return None
        reason = str(error.details.get("reason", ""))
        if shape.stream_usage and _NAMES["stream_usage"].search(reason):
            self._learn(stream_usage=False)
            return "usage of streams"
        if shape.max_tokens and prompt.max_output_tokens and _NAMES["max_tokens"].search(reason):
            self._takes_max_tokens = False
            return "longest lengths"
        if form is not None and shape.way in _NEXT_WAY and _NAMES[shape.way].search(reason):
            self._step_down(form, shape.way, is_schema=bool(_BAD_SCHEMA.search(reason)))
            return "tool calls" if shape.way == "tools" else "answers by a JSON schema"
        return self._content_refused(shape, prompt, reason)

    def without(self, shape: Shape, form: type[BaseModel]) -> Shape:
        """Return the next shape for a form whose way the model's class does not offer."""
        if shape.way in _NEXT_WAY:
            self._step_down(form, shape.way, is_schema=False)
        return self.shape(form)

    def answered(self, shape: Shape, *, in_form: bool) -> None:
        """Learn from an answer: one without any form, in a way that never worked, means that it was not heeded."""
        if shape.way is None:
            return
        if in_form:
            self._proven.add(shape.way)
        elif shape.way not in self._proven and self._capabilities.structured == shape.way:
            # Whoever passes over one way passes over the other: words alone reach the model itself.
            self._learn(structured="json")

    def _step_down(self, form: type[BaseModel], way: Way, *, is_schema: bool) -> None:
        if is_schema:
            self._by_form[form] = _NEXT_WAY[way]
        elif self._capabilities.structured == way:
            self._learn(structured=_NEXT_WAY[way])
        else:
            self._by_form.pop(form, None)

    def _content_refused(self, shape: Shape, prompt: Prompt, reason: str) -> str | None:
        has_pictures = any(isinstance(part, Picture) for part in prompt.parts)
        if has_pictures and (_NAMES["images"].search(reason) or _NAMES["parts"].search(reason)):
            self._learn(images=False)
        elif shape.parts and _NAMES["parts"].search(reason):
            self._learn(parts=False)
            return "messages of several parts"
        return None

    def _learn(self, **known: Any) -> None:
        self._capabilities = self._capabilities.model_copy(update=known)


def _believed(model: BaseChatModel, name: str) -> dict[str, Any]:
    """Return what the model's profile says, or else its name."""
    profile: dict[str, Any] = {**(model.profile or {})}
    told: dict[str, Any] = {"images": bool(profile.get("image_inputs", _SEES.search(name)))}
    if isinstance(most := profile.get("max_input_tokens"), int):
        told["context_tokens"] = most
    if profile.get("structured_output") is False:
        told["structured"] = "json" if profile.get("tool_calling") is False else "tools"
    return told
