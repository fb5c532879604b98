"""A line through a transport: arguments and results travel as JSON, listeners stay here and are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, Self

from pinakes.client.chat_stream import ChatStream
from pinakes.client.lines import through
from pinakes.client.operations import Json, Operation, decode, encode
from pinakes.client.transport import Transport


class OverTransport:
    """Sends operations through a transport; a `Line`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def call(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Run an operation at the other end and return its result."""

        def told(listener: str, event: Json) -> None:
            arguments[listener](decode(operation.listeners[listener], event))

        answer = await self._transport.call(operation.name, _encoded(operation, arguments), told)
        return decode(operation.result, answer)

    async def stream(self, operation: Operation, arguments: dict[str, Any]) -> RemoteStream:
        """Ask for the pieces of an operation at the other end."""
        pieces = self._transport.stream(operation.name, _encoded(operation, arguments))
        return RemoteStream(pieces, operation.result, self._transport)


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

    async def cancel(self) -> bool:
        """Stop the turn; False if it had ended."""
        await self._begin()
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
    """Return a resource of this class whose operations run at the other end of the transport."""
    return through(OverTransport(transport), resource, cls)


def _encoded(operation: Operation, given: dict[str, Any]) -> dict[str, Json]:
    """Return arguments as JSON; of a listener, that there is one."""
    return {
        name: True if name in operation.listeners else encode(operation.types[name], value)
        for name, value in given.items()
        if value is not None
    }


def _unheard(listener: str, event: Json) -> None:
    return None


async def _nothing() -> None:
    return None
