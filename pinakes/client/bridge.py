"""Classes without `async`, made from those with it: the same methods, waiting in the caller's thread.

A coroutine becomes a function, an async iterator an iterator, an async context manager a context manager; results
that have any of these are bridged in turn.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

from pinakes.client.portal import Portal

OTHER_NAMES = {"ChatSessionContext": "SyncChatSession"}
"""How the hosted sync client calls what does not follow the rule."""

_SHOWN = "_repr_mimebundle_"
_DIALECT = ((r"\basync (with|for)\b", r"\1"), (r"\bawait ", ""), (r"\b[Aa]sync context", "context"))

_MADE: dict[type, type[Proxy]] = {}
_BRIDGED: dict[type, bool] = {}


class Bridge:
    """The way from one sync client into its loop."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function or a coroutine function in the loop and return its result, bridged."""
        inner = [_inside(value) for value in args]
        named = {name: _inside(value) for name, value in kwargs.items()}

        async def run() -> Any:
            made = function(*inner, **named)
            return await made if inspect.isawaitable(made) else made

        return self.wrap(self._portal.call(run))

    def wrap(self, value: Any) -> Any:
        """Return a value as callers without `async` use it."""
        if isinstance(value, list):
            return [self.wrap(item) for item in value] if any(map(_is_bridged, value)) else value
        return sync_class(type(value))(value, self) if _is_bridged(value) else value


class Proxy:
    """An object of the async client, seen from outside its loop."""

    _target: Any
    _bridge: Bridge

    def __init__(self, target: Any, bridge: Bridge) -> None:
        self._target = target
        self._bridge = bridge

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self._bridge.wrap(getattr(self._target, name))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class IteratingProxy(Proxy):
    """An async iterator, as an iterator that can be left early with `close` or a `with` block."""

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            return self._bridge.call(self._target.__anext__)
        except StopAsyncIteration:
            raise StopIteration from None

    def __enter__(self) -> Self:
        if hasattr(self._target, "__aenter__"):
            self._bridge.call(self._target.__aenter__)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading."""
        self._bridge.call(self._target.aclose)


class EnteredProxy(Proxy):
    """An async context manager, as a context manager."""

    def __enter__(self) -> Any:
        entered = self._bridge.call(self._target.__aenter__)
        return self if getattr(entered, "_target", None) is self._target else entered

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        left: bool | None = self._bridge.call(self._target.__aexit__, kind, error, trace)
        return left


def sync_name(name: str) -> str:
    """Return how the class without `async` is called."""
    return OTHER_NAMES.get(name, f"Sync{name}")


def sync_class(cls: type) -> type[Proxy]:
    """Return the class without `async` for one with it; the same one every time."""
    if cls not in _MADE:
        base = _base(cls)
        own = {name: value for name, value in members(cls).items() if not hasattr(base, name)}
        namespace = {"__doc__": _said(cls.__doc__), "__module__": "pinakes.client.sync", **own}
        _MADE[cls] = type(sync_name(cls.__name__), (base,), namespace)
    return _MADE[cls]


def members(cls: type) -> dict[str, Any]:
    """Return what a sync class has in place of the class's public methods and properties."""
    found: dict[str, Any] = {}
    for name in dir(cls):
        if name.startswith("_") and name != _SHOWN:
            continue
        kept = inspect.getattr_static(cls, name)
        if isinstance(kept, property):
            found[name] = property(_reading(name), doc=_said(kept.__doc__))
        elif inspect.isfunction(kept) and name != "aclose":
            found[name] = _calling(kept)
    return found


def _base(cls: type) -> type[Proxy]:
    if hasattr(cls, "__anext__"):
        return IteratingProxy
    return EnteredProxy if hasattr(cls, "__aenter__") else Proxy


def _reading(name: str) -> Callable[[Proxy], Any]:
    def read(self: Proxy) -> Any:
        return self._bridge.call(lambda: getattr(self._target, name))

    return read


def _calling(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(self: Proxy, *args: Any, **kwargs: Any) -> Any:
        result = self._bridge.call(getattr(self._target, function.__name__), *args, **kwargs)
        return self if isinstance(result, Proxy) and result._target is self._target else result

    call.__doc__ = _said(function.__doc__)
    return call


def _is_bridged(value: Any) -> bool:
    cls = type(value)
    if cls not in _BRIDGED:
        _BRIDGED[cls] = hasattr(cls, "__anext__") or (cls.__module__.startswith("pinakes.") and _waits(cls))
    return _BRIDGED[cls]


def _waits(cls: type) -> bool:
    names = (name for name in dir(cls) if not name.startswith("_") or name in ("__aenter__", "__anext__"))
    found = (inspect.getattr_static(cls, name) for name in names)
    return any(inspect.iscoroutinefunction(one) or inspect.isasyncgenfunction(one) for one in found)


def _inside(value: Any) -> Any:
    return value._target if isinstance(value, Proxy) else value


def _said(text: str | None) -> str | None:
    """Return a docstring in the words of code without `async`."""
    for pattern, instead in _DIALECT:
        text = re.sub(pattern, instead, text) if text else text
    return text
