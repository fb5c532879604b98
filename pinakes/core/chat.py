"""Conversations: messages, answers, sessions, and the tokens of a stream. Names follow the hosted SDK."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from pydantic import Field

from pinakes.core.display import answer_html, bundle, gallery_html, tables_html
from pinakes.core.evidence import Citation, Evidence, ParsedReferences, parse_references, resolve_marks
from pinakes.core.file_collection import FileCollection, FileRef
from pinakes.core.files import Span
from pinakes.core.plans import Focus, Plan, StepResult
from pinakes.core.value import Value

VEGA_LITE = "application/vnd.vegalite.v5+json"


class MessageRole(StrEnum):
    """Who speaks."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"


class ChatTokenType(StrEnum):
    """The kinds of events in a chat stream."""

    CONNECTION = "connection"
    STATUS = "status"
    THINKING = "thinking"
    THINKING_STEP = "thinking_step"
    TOOL_INVOCATION = "tool_invocation"
    TOOL_RESULT = "tool_result"
    IMAGE_RESULTS = "image_results"
    DOCUMENT_RESULTS = "document_results"
    LINK_RESULTS = "link_results"
    VIDEO_RESULTS = "video_results"
    TOKEN = "token"
    WARNING = "warning"
    PLAN_PENDING_APPROVAL = "plan_pending_approval"
    COMPLETE = "complete"
    ERROR = "error"
    CANCELLED = "cancelled"
    AUTH_ERROR = "auth_error"
    RECONNECTING = "reconnecting"
    PING = "ping"
    CLOSE = "close"


class Chart(Value):
    """A Vega-Lite specification."""

    spec: dict[str, Any]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/plain": str(self.spec.get("title", "chart")), VEGA_LITE: self.spec}


def _cited(metadata: Mapping[str, Any] | None) -> dict[str, str | None]:
    """Return the ids of the files that an answer cites, with their addresses on the web."""
    pieces = (citation["evidence"] for citation in (metadata or {}).get("citations", ()))
    return {piece["file_id"]: piece.get("url") for piece in pieces}


class ImageReference(Value):
    """A picture as chat results show it."""

    image_id: str
    filename: str
    thumbnail_url: str | None = None
    description: str | None = None
    confidence: float | None = None
    title: str | None = None
    stored_url: str | None = None


class Marked(Value):
    """A text with marks, and the means to read them."""

    content: str
    metadata: dict[str, Any] | None = None

    @property
    def resolved_content(self) -> str:
        """The text with its marks replaced by readable words."""
        return resolve_marks(self.content, self.result_refs)

    @property
    def references(self) -> ParsedReferences:
        """The marks, parsed; ids are completed from the citations."""
        return parse_references(self.content, _cited(self.metadata), self.result_refs)

    @property
    def result_refs(self) -> dict[str, Any]:
        """The members behind each `[[ref:KEY]]`: `{KEY: {"count": n, "ids": [...]}}`."""
        return dict((self.metadata or {}).get("result_refs", {}))

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The evidence behind the marks, in order of appearance."""
        return tuple(Citation.model_validate(c) for c in (self.metadata or {}).get("citations", ()))

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Pictures of the answer's grouped numbers, which notebooks draw."""
        tables = (self.metadata or {}).get("tables", ())
        return tuple(Chart(spec=table["chart"]) for table in tables if table.get("chart"))

    def as_collection(self) -> FileCollection:
        """Return the files that the text is about: its pictures, then what it cites."""
        return FileCollection(self._refs())

    def _refs(self) -> Iterable[FileRef]:
        for image in self._shown():
            yield FileRef(id=image.image_id, media_type="image", filename=image.filename)
        for piece in (citation.evidence for citation in self.citations):
            yield FileRef(id=piece.file_id, media_type=str(piece.media_type), filename=piece.filename)

    def _shown(self) -> Sequence[ImageReference]:
        return ()

    def _snippets(self) -> Mapping[str, str]:
        return {}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        html = answer_html(self.content, self.citations, self.result_refs, self._snippets())
        html += tables_html((self.metadata or {}).get("tables", ()))
        shown = [(i.filename, i.thumbnail_url, i.description or "") for i in self._shown()]
        return bundle(self.resolved_content, html + gallery_html(shown))


class ChatMessage(Marked):
    """One message of a session."""

    id: str
    role: MessageRole
    created_at: datetime | None = None
    token_count: int = 0
    image_context: list[ImageReference] | None = None

    def _shown(self) -> Sequence[ImageReference]:
        return self.image_context or ()


class ChatResponse(Marked):
    """The answer to one message; `snippets` are pictures of the places it cites, as data URLs by mark."""

    message_id: str
    session_id: str
    token_count: int = 0
    provider: str = ""
    model: str = ""
    processing_time_ms: int = 0
    images: list[ImageReference] | None = None
    snippets: dict[str, str] | None = None

    @classmethod
    def from_api_response(cls, data: Mapping[str, Any], session_id: str = "") -> Self:
        """Return the answer that an answer over the wire holds; `session_id` where it does not say its own."""
        return super().from_api_response({"session_id": session_id, **data})

    def _shown(self) -> Sequence[ImageReference]:
        return self.images or ()

    def _snippets(self) -> Mapping[str, str]:
        return self.snippets or {}


_TEXTS = {
    "token": "content",
    "complete": "content",
    "cancelled": "content",
    "thinking": "content",
    "plan_pending_approval": "description",
}
"""Which field of an event's data is its text, where that is not `message`."""


class ChatToken(Value):
    """One event of a stream as callers see it; `seq` numbers them within a turn, from 1."""

    type: ChatTokenType
    content: str | None = None
    data: dict[str, Any] = Field(default_factory=dict)
    seq: int = 0

    @classmethod
    def from_sse_event(cls, event_type: str, event_data: Mapping[str, Any]) -> Self:
        """Return the token that a server-sent event stands for. Raises ValueError for an unknown type."""
        data = {name: value for name, value in event_data.items() if name != "type"}
        text = data.get(_TEXTS.get(event_type, "message"))
        return cls(type=ChatTokenType(event_type), content=text, data=data)

    @property
    def resolved_content(self) -> str | None:
        """The content with its marks replaced by readable words."""
        return None if self.content is None else resolve_marks(self.content, self.result_refs)

    @property
    def references(self) -> ParsedReferences:
        """The marks of the content, parsed; ids are complete when the answer is."""
        return parse_references(self.content or "", _cited(self.data.get("metadata")), self.result_refs)

    @property
    def result_refs(self) -> dict[str, Any]:
        """The members behind each `[[ref:KEY]]`."""
        return dict(self.data.get("result_refs") or {})


class SessionRecord(Value):
    """A conversation as the catalog keeps it."""

    id: str
    title: str = ""
    is_active: bool = True
    use_all_images: bool = True
    image_ids: tuple[str, ...] = ()
    document_ids: tuple[str, ...] = ()
    video_ids: tuple[str, ...] = ()
    domain: str = "general"
    created_at: datetime
    updated_at: datetime


class TurnStatus(StrEnum):
    """How far a turn came."""

    RUNNING = "running"
    PENDING_APPROVAL = "pending_approval"
    COMPLETE = "complete"
    ERROR = "error"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"  # its process died


class TurnRecord(Value):
    """One question and its outcome; the question is written before anything runs."""

    id: str
    session_id: str
    ordinal: int
    question: str
    status: TurnStatus = TurnStatus.RUNNING
    answer: str = ""
    metadata: dict[str, Any] = Field(default_factory=dict)
    token_count: int = 0
    started_at: datetime
    ended_at: datetime | None = None


class Passage(Value):
    """Evidence with the full text it stands in, as a writer needs it; `spans` map the text to pages and boxes.

    `url` is where a saved page came from, and the only address outside the library that an answer may hold.
    """

    evidence: Evidence
    text: str
    heading: str = ""
    kind: str = "text"
    html: str | None = None
    spans: tuple[Span, ...] = ()
    url: str | None = None


class Exchange(Value):
    """An earlier question of the conversation and its answer."""

    question: str
    answer: str = ""


class WriteRequest(Value):
    """All that a writer sees."""

    question: str
    plan: Plan
    results: tuple[StepResult, ...]
    passages: tuple[Passage, ...] = ()
    history: tuple[str, ...] = ()
    conversation: tuple[Exchange, ...] = ()
    focus: Focus = Focus()
    domain: str = "general"
    detailed: bool = False
    max_words: int | None = None
    library_empty: bool = False


class Counted(Value):
    """The members behind counts in the text that a writer sends next, so that streams can show the numbers."""

    result_refs: dict[str, Any]


class Answer(Value):
    """A finished answer.

    Attributes:
        found: False when nothing in the library answers the question.
        result_refs: Members behind each count in the text.
        partial: A step failed, was skipped or a budget ran out; the text says so.
        dropped_marks: Marks without evidence that verification removed.
        unsupported: Sentences that state something without a verified citation, as they stand in the content.
    """

    content: str
    citations: tuple[Citation, ...] = ()
    result_refs: dict[str, Any] = Field(default_factory=dict)
    file_ids: tuple[str, ...] = ()
    found: bool = True
    partial: bool = False
    dropped_marks: int = 0
    unsupported: tuple[str, ...] = ()
    writer: str = "local"
