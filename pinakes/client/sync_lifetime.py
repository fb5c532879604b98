"""How a sync client opens, closes and forgets its library."""

from __future__ import annotations

import functools
import threading
import weakref
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pinakes.client.bridge import Bridge, Proxy
from pinakes.client.client import Pinakes
from pinakes.client.portal import Portal
from pinakes.client.settings import Settings
from pinakes.core.errors import ConfigurationError


class SyncLifetime(Proxy):
    """What `SyncPinakes` has besides the methods of `Pinakes`."""

    def __init__(self, library: str | Path | None = None, **options: Any) -> None:
        self._adopt(Pinakes(library, **options))

    def _adopt(self, client: Pinakes) -> None:
        self._target = client
        self._opening = threading.Lock()
        self._open_bridge: Bridge | None = None
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

    @property
    def settings(self) -> Settings:
        """How the library is opened."""
        return self.async_client.settings

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
    def _bridge(self) -> Bridge:  # type: ignore[override]  # opened by the first call
        if self._left:
            raise ConfigurationError("This client is closed: make another one, or enter it again.")
        return self._open_bridge or self._open()

    def _open(self) -> Bridge:
        with self._opening:
            if self._open_bridge is None:
                self._open_bridge, self._portal = _opened(self._target)
            return self._open_bridge


def _opened(client: Pinakes) -> tuple[Bridge, Portal]:
    portal = Portal("pinakes", functools.partial(client.__aexit__, None, None, None))
    try:
        portal.call(client.__aenter__)
    except BaseException:
        portal.close()
        raise
    opened = Bridge(portal)
    # A notebook's cell that runs again drops its client: the library must be free for the next one.
    weakref.finalize(opened, portal.close).atexit = False
    return opened, portal
