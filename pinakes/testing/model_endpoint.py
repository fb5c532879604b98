"""What a `ModelServer` answers to whom: its script, its key, its models, and what it cannot do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pinakes.testing import model_wire
from pinakes.testing.model_replies import (
    Answer,
    Fault,
    Reply,
    Respond,
    as_reply,
    unknown_model,
    unsupported,
    wrong_key,
)
from pinakes.testing.model_requests import Asked

CHAT = "/chat/completions"
EMBEDDINGS = "/embeddings"
SPEECH = "/audio/transcriptions"
MODELS = "/models"

Lack = Literal["json_schema", "json_object", "tools", "parts", "images", "stream_options", "usage"]


@dataclass
class Endpoint:
    """Decides on answers; `ModelServer` says what its fields mean."""

    script: list[Answer | Respond]
    respond: Respond | None
    embeddings: list[Fault | Reply | None]
    transcripts: list[Answer]
    key: str | None
    models: tuple[str, ...]
    lacks: frozenset[Lack]
    dimensions: int
    overused: bool = field(default=False, init=False)

    def reply(self, asked: Asked) -> Reply | Fault:
        """Return the answer to a request."""
        if (refused := self._refusal(asked)) is not None:
            return refused
        if asked.path == EMBEDDINGS:
            return (self.embeddings.pop(0) if self.embeddings else None) or Reply()
        if asked.path == SPEECH:
            return as_reply(self.transcripts.pop(0)) if self.transcripts else Reply()
        return self._scripted(asked) if asked.path == CHAT else Reply()

    def body(self, asked: Asked, reply: Reply) -> dict[str, Any]:
        """Return a whole answer as JSON."""
        if asked.path == CHAT:
            return model_wire.completion(asked, reply)
        if asked.path == EMBEDDINGS:
            return model_wire.embeddings(asked, self.dimensions)
        if asked.path == SPEECH:
            return model_wire.transcript(asked, reply)
        return model_wire.models(self.models or ("test-model",))

    def _scripted(self, asked: Asked) -> Reply | Fault:
        answer = self.script.pop(0) if self.script else self.respond
        if answer is None:
            self.overused = True
            return Fault(status=400, message="The script of this server has ended.", code="script_ended")
        reply = as_reply(answer(asked) if callable(answer) else answer)
        if isinstance(reply, Reply) and "usage" in self.lacks:
            return replace(reply, tokens=None)
        return reply

    def _refusal(self, asked: Asked) -> Fault | None:
        if self.key is not None and asked.key != self.key:
            return wrong_key()
        if asked.path not in (CHAT, EMBEDDINGS, SPEECH, MODELS):
            return Fault(status=404, message=f"Unknown path {asked.path}")
        model = asked.json.get("model", "")
        if self.models and asked.path != MODELS and model not in self.models:
            return unknown_model(model)
        return next((fault for lack in sorted(self.lacks) if (fault := _lacking(lack, asked))), None)


def _lacking(lack: Lack, asked: Asked) -> Fault | None:
    """Return why a request is refused by an endpoint that lacks something, None when it needs no such thing."""
    form: Mapping[str, Any] = asked.json.get("response_format") or {}
    if asked.path == CHAT and lack in ("json_schema", "json_object") and form.get("type") == lack:
        return unsupported("response_format", f"'response_format' of type '{lack}' is not supported.")
    if lack == "tools" and asked.json.get("tools"):
        return unsupported("tools", "This model does not support tools.")
    if lack == "images" and asked.pictures:
        return unsupported("messages", "This model does not support image input.")
    if lack == "parts" and asked.has_parts:
        return unsupported(
            "messages", "Invalid type for 'messages.content': expected a string, got an array."
        )
    if lack == "stream_options" and asked.json.get("stream_options"):
        return unsupported("stream_options")
    return None
