"""`SyncPinakes`: the same client for code without `async`. A bridge over `Pinakes`, not a copy of it.

`sync.pyi` beside this file tells type checkers what is made here; `scripts/write_sync_types.py` writes it.
"""

from __future__ import annotations

import functools
import threading
import weakref
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pinakes.client import bridge
from pinakes.client.agent_operations import AgentOperationsResource
from pinakes.client.agent_search import AgentSearchResource
from pinakes.client.chat_session import ChatSessionContext
from pinakes.client.chat_stream import ChatStream
from pinakes.client.chats import ChatResource
from pinakes.client.client import Pinakes
from pinakes.client.colors import ColorsResource
from pinakes.client.describing import Describing
from pinakes.client.documents import DocumentsResource
from pinakes.client.error_names import ErrorNames
from pinakes.client.files import FilesResource
from pinakes.client.folders import FoldersResource
from pinakes.client.links import LinksResource
from pinakes.client.pipelines import Pipeline
from pinakes.client.portal import Portal
from pinakes.client.reports import Report, ReportsResource
from pinakes.client.uploads import UploadResource
from pinakes.client.video_analysis import VideoAnalysisResource
from pinakes.client.video_scenes import VideoScenesResource
from pinakes.client.video_uploads import VideoUploadsResource
from pinakes.core.errors import ConfigurationError

BRIDGED = (
    AgentOperationsResource,
    AgentSearchResource,
    ChatResource,
    ChatSessionContext,
    ChatStream,
    ColorsResource,
    Describing,
    DocumentsResource,
    FilesResource,
    FoldersResource,
    LinksResource,
    Pipeline,
    Report,
    ReportsResource,
    UploadResource,
    VideoAnalysisResource,
    VideoScenesResource,
    VideoUploadsResource,
)
"""What `SyncPinakes` gives out; each has its class here, such as `SyncFilesResource`."""


class _Client(bridge.Proxy):
    """What `SyncPinakes` has besides the methods of `Pinakes`."""

    def __init__(self, library: str | Path | None = None, **options: Any) -> None:
        self._adopt(Pinakes(library, **options))

    def _adopt(self, client: Pinakes) -> None:
        self._target = client
        self._opening = threading.Lock()
        self._open_bridge: bridge.Bridge | None = None
        self._portal: Portal | None = None
        self._left = False

    @classmethod
    def from_env(cls, **options: Any) -> Self:
        """Return a client set up by `PINAKES_*` variables alone."""
        self = cls.__new__(cls)
        self._adopt(Pinakes.from_env(**options))
        return self

    @property
    def async_client(self) -> Pinakes:
        """The client underneath; it lives in another thread's loop, so nothing of it can be awaited elsewhere."""
        client: Pinakes = self._target
        return client

    def __enter__(self) -> Self:
        self._left = False
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close_session(self, session_id: str) -> dict[str, Any]:
        """Mark a conversation as not active; sending to it makes it active again."""
        closed: dict[str, Any] = self._bridge.call(lambda: self._target.chats.close_session(session_id))
        return closed

    def close(self) -> None:
        """Let the library go; running calls of other threads are cancelled. Entering opens it again."""
        with self._opening:
            portal, self._portal, self._open_bridge = self._portal, None, None
            self._left = True
        if portal is not None:
            portal.close()

    @property
    def _bridge(self) -> bridge.Bridge:  # type: ignore[override]  # opened by the first call
        if self._left:
            raise ConfigurationError("This client is closed: make another one, or enter it again.")
        return self._open_bridge or self._open()

    def _open(self) -> bridge.Bridge:
        with self._opening:
            if self._open_bridge is None:
                self._open_bridge, self._portal = _opened(self._target)
            return self._open_bridge


def _opened(client: Pinakes) -> tuple[bridge.Bridge, Portal]:
    portal = Portal("pinakes", functools.partial(client.__aexit__, None, None, None))
    try:
        portal.call(client.__aenter__)
    except BaseException:
        portal.close()
        raise
    opened = bridge.Bridge(portal)
    # A notebook's cell that runs again drops its client: the library must be free for the next one.
    weakref.finalize(opened, portal.close).atexit = False
    return opened, portal


class SyncPinakes(_Client, ErrorNames):
    """A library folder and the conversations about it, for code without `async`; arguments as of `Pinakes`.

    Use it in a `with` block, or call `close` at the end; it opens with the first call. Any thread may call it, also
    where an event loop runs already, as in a notebook. Callbacks run in the client's own thread.
    """


globals().update({bridge.sync_name(cls.__name__): bridge.sync_class(cls) for cls in BRIDGED})

for _name, _member in bridge.members(Pinakes).items():
    if not hasattr(SyncPinakes, _name):
        setattr(SyncPinakes, _name, _member)
functools.update_wrapper(SyncPinakes.__init__, Pinakes.__init__)
