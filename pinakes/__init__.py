"""Agentic chat over your own images, documents, links and videos.

    async with Pinakes("./library") as client:
        await client.files.upload("manual.pdf")
        async with client.chat_session() as session:
            print((await session.send("When is the pump due?")).content)

Names are loaded at first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from pinakes.version import __version__

if TYPE_CHECKING:
    from pinakes.agents.spec import AgentContext, AgentSpec
    from pinakes.client.client import Pinakes
    from pinakes.client.settings import Settings
    from pinakes.core.chat import Answer, ChatMessage, ChatResponse, ChatToken, ChatTokenType
    from pinakes.core.errors import PinakesError
    from pinakes.core.evidence import Citation, Evidence
    from pinakes.core.files import FileFilter, FileRecord, MediaType
    from pinakes.core.options import Approval, Budget, TurnOptions
    from pinakes.core.plans import AgentCard, Plan, Step, StepResult, StepStatus, Task
    from pinakes.core.sessions import ChatSession
    from pinakes.core.uploads import BatchUploadResults, UploadResult
    from pinakes.graph.build import build_graph
    from pinakes.graph.resources import Resources
    from pinakes.library.library import Library
    from pinakes.tools.toolkit import library_tools

_HOMES = {
    "pinakes.agents.spec": ("AgentContext", "AgentSpec"),
    "pinakes.client.client": ("Pinakes",),
    "pinakes.client.settings": ("Settings",),
    "pinakes.core.chat": (
        "Answer",
        "ChatMessage",
        "ChatResponse",
        "ChatToken",
        "ChatTokenType",
    ),
    "pinakes.core.errors": ("PinakesError",),
    "pinakes.core.evidence": ("Citation", "Evidence"),
    "pinakes.core.files": ("FileFilter", "FileRecord", "MediaType"),
    "pinakes.core.options": ("Approval", "Budget", "TurnOptions"),
    "pinakes.core.plans": ("AgentCard", "Plan", "Step", "StepResult", "StepStatus", "Task"),
    "pinakes.core.sessions": ("ChatSession",),
    "pinakes.core.uploads": ("BatchUploadResults", "UploadResult"),
    "pinakes.graph.build": ("build_graph",),
    "pinakes.graph.resources": ("Resources",),
    "pinakes.library.library": ("Library",),
    "pinakes.tools.toolkit": ("library_tools",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AgentCard",
    "AgentContext",
    "AgentSpec",
    "Answer",
    "Approval",
    "BatchUploadResults",
    "Budget",
    "ChatMessage",
    "ChatResponse",
    "ChatSession",
    "ChatToken",
    "ChatTokenType",
    "Citation",
    "Evidence",
    "FileFilter",
    "FileRecord",
    "Library",
    "MediaType",
    "Pinakes",
    "PinakesError",
    "Plan",
    "Resources",
    "Settings",
    "Step",
    "StepResult",
    "StepStatus",
    "Task",
    "TurnOptions",
    "UploadResult",
    "__version__",
    "build_graph",
    "library_tools",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
