"""Resources whose operations run somewhere else: at the far end of a transport, or in a library that opens first.

They are made from the resources' own classes, so that they are written once: `isinstance` holds, and what is no
operation, such as `chats.session`, is inherited and works over those that are.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, cast

from pinakes.client.chat_stream import ChatStream
from pinakes.client.operations import Operation, operations
from pinakes.core.errors import ConfigurationError

Resource = TypeVar("Resource")


class Stream(Protocol):
    """The pieces of a streaming operation; entered, it has begun and knows its id."""

    id: str

    def __aiter__(self) -> AsyncIterator[Any]: ...

    async def __aenter__(self) -> Any: ...

    async def cancel(self) -> bool:
        """Stop what makes the pieces; False if it had ended."""
        ...

    async def aclose(self) -> None:
        """Stop reading."""
        ...


class Line(Protocol):
    """Runs the operations of a resource, wherever that is."""

    async def call(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Run an operation and return its result; raises what it raises."""
        ...

    async def stream(self, operation: Operation, arguments: dict[str, Any]) -> Stream | AsyncIterator[Any]:
        """Begin an operation that streams, and return its pieces."""
        ...


class LineStream(ChatStream):
    """A stream over a line; it begins with the first piece that is asked for, or where it is entered."""

    def __init__(self, begin: Callable[[], Any]) -> None:
        self.id = ""
        self._begins = begin
        self._pieces: Any = None

    async def __anext__(self) -> Any:
        return await anext(await self._begun())

    async def __aenter__(self) -> Self:
        pieces = await self._begun()
        if isinstance(pieces, ChatStream):
            await pieces.__aenter__()
            self.id = pieces.id
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def cancel(self) -> bool:
        """Stop the turn; False if it had ended."""
        pieces = await self._begun()
        stopped: bool = await pieces.cancel()
        return stopped

    async def aclose(self) -> None:
        """Stop reading; the turn goes on."""
        pieces, self._pieces = self._pieces, _nothing()
        if pieces is not None:
            await pieces.aclose()

    async def _begun(self) -> Any:
        if self._pieces is None:
            self._pieces = await self._begins()
        return self._pieces


def through(line: Line, name: str, cls: type[Resource]) -> Resource:
    """Return a resource of this class whose operations run over the line."""
    made = _class_over(name, cast("Any", cls))
    found = made.__new__(made)
    vars(found)["_line"] = line
    resource: Resource = found
    return resource


def _unreached(self: Any, name: str) -> Any:
    """Say what is wrong where more is asked for than operations."""
    if name.startswith("__"):
        raise AttributeError(name)
    raise ConfigurationError(
        "This works on an open library of this process alone: enter the client first, with async with Pinakes(...)."
    )


@functools.lru_cache(maxsize=64)
def _class_over(name: str, cls: Any) -> Any:
    methods: dict[str, Any] = {n: _sending(operation) for n, operation in operations(name, cls).items()}
    for method_name, method in methods.items():
        functools.update_wrapper(method, getattr(cls, method_name))
    made = {"__getattr__": _unreached, "__module__": cls.__module__, "__doc__": cls.__doc__, **methods}
    return type(cls.__name__, (cls,), made)


def _sending(operation: Operation) -> Callable[..., Any]:
    def stream(self: Any, *args: Any, **kwargs: Any) -> LineStream:
        arguments = _bound(operation, self, args, kwargs)
        return LineStream(functools.partial(self._line.stream, operation, arguments))

    async def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return await self._line.call(operation, _bound(operation, self, args, kwargs))

    return stream if operation.streams else call


def _bound(operation: Operation, owner: Any, args: Any, kwargs: Any) -> dict[str, Any]:
    given = dict(operation.signature.bind(owner, *args, **kwargs).arguments)
    del given["self"]
    return given


async def _nothing() -> AsyncIterator[Any]:
    nothing: tuple[Any, ...] = ()
    for piece in nothing:
        yield piece
