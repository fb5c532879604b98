"""Resources that run elsewhere: made from those of the client, with their operations sent through a transport."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, Self

from pinakes.client.chat_stream import ChatStream
from pinakes.client.operations import Json, Operation, decode, encode, operations
from pinakes.client.transport import Transport


class RemoteStream(ChatStream):
    """The pieces of a streaming operation, with what else a `ChatStream` has."""

    def __init__(self, pieces: AsyncIterator[Json], kind: Any, transport: Transport) -> None:
        self.id = ""
        self._pieces = pieces
        self._kind = kind
        self._transport = transport
        self._begun = False

    async def __anext__(self) -> Any:
        await self._begin()
        return decode(self._kind, await anext(self._pieces))

    async def __aenter__(self) -> Self:
        await self._begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def cancel(self) -> bool:
        """Stop the turn; False if it had ended."""
        stopped: bool = await self._transport.call("chats.cancel", {"turn_id": self.id}, _unheard)
        return stopped

    async def aclose(self) -> None:
        """Stop reading; the turn goes on."""
        self._begun = True
        close: Callable[[], Any] = getattr(self._pieces, "aclose", None) or _nothing
        await close()

    async def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self.id = (await anext(self._pieces))["id"] or ""


def remote(resource: str, cls: type, transport: Transport) -> Any:
    """Return a resource of this class whose operations run at the other end of the transport.

    What is no operation, such as `chats.session`, is inherited and works over those that are.
    """
    made = _remote_class(resource, cls)
    found = made.__new__(made)
    vars(found)["_transport"] = transport
    return found


@functools.lru_cache(maxsize=64)
def _remote_class(resource: str, cls: Any) -> Any:
    methods = {name: _sending(operation) for name, operation in operations(resource, cls).items()}
    for name, method in methods.items():
        functools.update_wrapper(method, getattr(cls, name))
    return type(f"Remote{cls.__name__}", (cls,), methods)


def _sending(operation: Operation) -> Callable[..., Any]:
    def stream(self: Any, *args: Any, **kwargs: Any) -> RemoteStream:
        given = operation.signature.bind(self, *args, **kwargs).arguments
        pieces = self._transport.stream(operation.name, _encoded(operation, given))
        return RemoteStream(pieces, operation.result, self._transport)

    async def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        given = operation.signature.bind(self, *args, **kwargs).arguments

        def told(listener: str, event: Json) -> None:
            given[listener](decode(operation.listeners[listener], event))

        answer = await self._transport.call(operation.name, _encoded(operation, given), told)
        return decode(operation.result, answer)

    return stream if operation.streams else call


def _encoded(operation: Operation, given: dict[str, Any]) -> dict[str, Json]:
    """Return arguments as JSON; of a listener, that there is one."""
    named = {name: value for name, value in given.items() if name != "self" and value is not None}
    return {
        name: True if name in operation.listeners else encode(operation.types[name], value)
        for name, value in named.items()
    }


def _unheard(listener: str, event: Json) -> None:
    return None


async def _nothing() -> None:
    return None
