"""The hosted client's surface as facts (`surface.json`), and how ours is compared with it.

A class of ours meets one of the surface when it has every method, with its parameters in their order, their defaults
and what is by keyword alone, and every field or value. It may have more: parameters by keyword, fields, methods.
To cover another resource, add lines to `OURS`.
"""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

from differences import COMING, LEFT_OUT

SURFACE: dict[str, dict[str, dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "surface.json").read_text("utf8")
)

OURS: dict[str, dict[str, str]] = {
    "client": {"Pinakes": "pinakes.client.client"},
    "exceptions": dict.fromkeys(SURFACE["exceptions"], "pinakes.core.errors"),
    "pipeline": {"Pipeline": "pinakes.client.pipelines"},
    "resources/agent_operations": {"AgentOperationsResource": "pinakes.client.agent_operations"},
    "resources/agent_search": {"AgentSearchResource": "pinakes.client.agent_search"},
    "resources/chat": {
        "ChatResource": "pinakes.client.chats",
        "ChatSessionConfig": "pinakes.core.sessions",
        "ChatSessionContext": "pinakes.client.chat_session",
    },
    "resources/describe": {"DescribeResource": "pinakes.client.descriptions"},
    "resources/links": {"LinksResource": "pinakes.client.links"},
    "resources/video_analysis": {"VideoAnalysisResource": "pinakes.client.video_analysis"},
    "resources/video_scenes": {"VideoScenesResource": "pinakes.client.video_scenes"},
    "resources/video_uploads": {"VideoUploadsResource": "pinakes.client.video_uploads"},
    "sync": dict.fromkeys(SURFACE["sync"], "pinakes.client.sync"),
    "types/agent_operations": dict.fromkeys(SURFACE["types/agent_operations"], "pinakes.core.agent_results"),
    "types/agent_search": dict.fromkeys(SURFACE["types/agent_search"], "pinakes.core.agent_results"),
    "types/chat": {
        **dict.fromkeys(SURFACE["types/chat"], "pinakes.core.sessions"),
        **dict.fromkeys(("ImageReference", "ChatMessage", "ChatResponse", "ChatToken"), "pinakes.core.chat"),
        "PlanActionResponse": "pinakes.core.approvals",
    },
    "types/links": dict.fromkeys(SURFACE["types/links"], "pinakes.core.links"),
    "types/pipeline": {
        "PipelineStep": "pinakes.core.pipelines",
        "PipelineResult": "pinakes.core.pipelines",
        "StepResult": "pinakes.core.pipelines:PipelineStepResult",
    },
    "types/references": dict.fromkeys(SURFACE["types/references"], "pinakes.core.evidence"),
    "resources/files": {"FilesResource": "pinakes.client.files"},
    "resources/upload": {"UploadResource": "pinakes.client.uploads"},
    "resources/documents": {"DocumentsResource": "pinakes.client.documents"},
    "resources/folders": {"FoldersResource": "pinakes.client.folders"},
    "resources/colors": {"ColorsResource": "pinakes.client.colors"},
    "types/common": {
        "StorageTarget": "pinakes.core.batches",
        "ChatTokenType": "pinakes.core.chat",
        "MessageRole": "pinakes.core.chat",
        "DescriptionStatus": "pinakes.core.uploads",
    },
    "types/files": dict.fromkeys(SURFACE["types/files"], "pinakes.core.user_files"),
    "types/documents": {
        **dict.fromkeys(SURFACE["types/documents"], "pinakes.core.documents"),
        "DocumentProcessingErrorType": "pinakes.core.document_failures",
        "DocumentProcessingFailure": "pinakes.core.document_failures",
    },
    "types/folders": dict.fromkeys(SURFACE["types/folders"], "pinakes.core.folders"),
    "types/upload": dict.fromkeys(SURFACE["types/upload"], "pinakes.core.uploads"),
    "types/file_collection": dict.fromkeys(SURFACE["types/file_collection"], "pinakes.core.file_collection"),
    "types/callbacks": {
        name: "pinakes.core.videos" if name.startswith("Video") else "pinakes.core.callbacks"
        for name in SURFACE["types/callbacks"]
    },
    "types/video": dict.fromkeys(SURFACE["types/video"], "pinakes.core.videos"),
}
"""Module of the surface → class → our module that has it, and after a colon its name there if it is another one."""


@dataclass(frozen=True)
class Pair:
    """A class of the surface and ours."""

    module: str
    name: str
    home: str

    @cached_property
    def theirs(self) -> dict[str, Any]:
        return SURFACE[self.module][self.name]

    @cached_property
    def ours(self) -> type:
        home, _, name = self.home.partition(":")
        found: type = getattr(importlib.import_module(home), name or self.name)
        return found

    def mismatches(self) -> Iterator[tuple[str, str]]:
        """Yield what differs: its name, such as "FileList.files", and how."""
        for name, value in self.theirs.get("values", {}).items():
            member = getattr(self.ours, name, None)
            if not isinstance(member, Enum) or member.value != value:
                yield f"{self.name}.{name}", f"is not {value!r}"
        for name in self.theirs.get("fields", ()):
            if not self._has_field(name):
                yield f"{self.name}.{name}", "is no field"
        for name, told in self.theirs.get("methods", {}).items():
            for how in _method_mismatches(getattr(self.ours, name, None), name, told, self.ours):
                yield f"{self.name}.{name}", how

    def _has_field(self, name: str) -> bool:
        known: Any = self.ours
        return name in getattr(known, "model_fields", ()) or isinstance(
            inspect.getattr_static(known, name, None), property
        )


def pairs() -> list[Pair]:
    """Return every class of the surface that ours are compared with."""
    return [
        Pair(module, name, home)
        for module, homes in OURS.items()
        for name, home in homes.items()
        if name not in LEFT_OUT and name not in COMING
    ]


def uncompared() -> set[str]:
    """Return the classes of the surface that nothing of ours is compared with."""
    compared = {(pair.module, pair.name) for pair in pairs()}
    return {name for module, classes in SURFACE.items() for name in classes if (module, name) not in compared}


def _method_mismatches(ours: Any, name: str, told: str, owner: type) -> Iterator[str]:
    if told == "property":
        if not isinstance(inspect.getattr_static(owner, name, None), property):
            yield "is no property"
        return
    if ours is None:
        yield "is missing"
        return
    waits = inspect.iscoroutinefunction(ours) or inspect.isasyncgenfunction(ours)
    if told.startswith("async ") is not waits:
        yield f"is {'not ' if told.startswith('async ') else ''}async"
    static = isinstance(inspect.getattr_static(owner, name), (staticmethod, classmethod))
    parameters = list(inspect.signature(ours).parameters.values())
    yield from _parameter_mismatches(parameters if static else parameters[1:], _told(told))


def _parameter_mismatches(
    ours: list[inspect.Parameter], told: list[tuple[str, bool, str | None]]
) -> Iterator[str]:
    by_name = {parameter.name: parameter for parameter in ours}
    order = [p.name for p in ours if p.kind is not p.KEYWORD_ONLY]
    positional = [name for name, keyword, _ in told if not keyword]
    if [name for name in order if name in positional] != positional:
        yield f"takes {order} by position, not {positional}"
    for name, keyword, default in told:
        parameter = by_name.get(name)
        if parameter is None:
            yield f"has no parameter {name}"
        elif _default(parameter) != default:
            yield f"{name} is by default {_default(parameter)}, not {default}"
        elif keyword and parameter.kind is parameter.POSITIONAL_ONLY:
            yield f"{name} is not taken by keyword"
    expected = {name for name, _, _ in told}
    for parameter in ours:
        variadic = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        if parameter.name not in expected and not variadic and parameter.default is parameter.empty:
            yield f"needs {parameter.name} besides"


def _told(text: str) -> list[tuple[str, bool, str | None]]:
    """Return name, whether by keyword, and default of each parameter, from "(a, *b=1)"."""
    inside = text.partition("(")[2].removesuffix(")")
    found = []
    for part in filter(None, inside.split(", ")):
        name, equals, default = part.partition("=")
        found.append((name.removeprefix("*"), name.startswith("*"), default if equals else None))
    return found


def _default(parameter: inspect.Parameter) -> str | None:
    if parameter.default is parameter.empty:
        return None
    if isinstance(parameter.default, Enum):
        return f"{type(parameter.default).__name__}.{parameter.default.name}"
    return repr(parameter.default)
