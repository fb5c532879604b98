"""The seam between the client's resources and where they run: here, or later on a server.

Resources are written once, over a library. A transport carries calls of their operations as JSON; `remote.py` makes
resources from the same classes that send their calls through one.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from pinakes.client.chat_stream import ChatStream
from pinakes.client.operations import Json, Operation, decode, encode, operations, resources
from pinakes.core.errors import PinakesError, ResourceNotFoundError, error_class

Told = Callable[[str, Json], None]
"""Is told of progress: the listener's parameter, and the event."""


class Transport(Protocol):
    """Carries operations by name; raises what they raise."""

    async def call(self, operation: str, arguments: Mapping[str, Json], told: Told) -> Json:
        """Run an operation and return its result."""
        ...

    def stream(self, operation: str, arguments: Mapping[str, Json]) -> AsyncIterator[Json]:
        """Run an operation that streams. The first piece is `{"id": …}`: the turn's, where there is one."""
        ...

    async def aclose(self) -> None:
        """Let go of what it holds, such as connections."""
        ...


class LocalTransport:
    """Runs operations on a client of this process, over JSON in both directions, as a server would."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._operations = {
            operation.name: operation
            for name, kind in resources(type(client)).items()
            for operation in operations(name, kind).values()
        }

    async def call(self, operation: str, arguments: Mapping[str, Json], told: Told) -> Json:
        """Run an operation and return its result."""
        known = self._known(operation)
        listeners = {name: _listener(known, name, told) for name in known.listeners if name in arguments}
        try:
            result = await self._method(operation)(**_decoded(known, arguments), **listeners)
        except PinakesError as error:
            raise rebuilt(_travelled(error.to_dict())) from error
        return _travelled(encode(known.result, result))

    async def stream(self, operation: str, arguments: Mapping[str, Json]) -> AsyncIterator[Json]:
        """Run an operation that streams."""
        known = self._known(operation)
        pieces = self._method(operation)(**_decoded(known, arguments))
        try:
            if isinstance(pieces, ChatStream):
                await pieces.__aenter__()
            yield {"id": getattr(pieces, "id", None)}
            async for piece in pieces:
                yield _travelled(encode(known.result, piece))
        except PinakesError as error:
            raise rebuilt(_travelled(error.to_dict())) from error
        finally:
            await pieces.aclose()

    async def aclose(self) -> None:
        """Do nothing: the client belongs to whom it was made by."""

    def _known(self, name: str) -> Operation:
        with suppress(KeyError):
            return self._operations[name]
        raise ResourceNotFoundError(f"There is no operation '{name}'.", operation=name)

    def _method(self, name: str) -> Callable[..., Any]:
        resource, _, method = name.partition(".")
        found: Callable[..., Any] = getattr(getattr(self._client, resource), method)
        return found


def rebuilt(error: Mapping[str, Any]) -> PinakesError:
    """Return the error that `PinakesError.to_dict` told of."""
    return error_class(error["code"])(error["message"], **error["details"])


def _decoded(operation: Operation, arguments: Mapping[str, Json]) -> dict[str, Any]:
    return {
        name: decode(operation.types[name], data)
        for name, data in _travelled(dict(arguments)).items()
        if name not in operation.listeners
    }


def _listener(operation: Operation, name: str, told: Told) -> Callable[[Any], None]:
    return lambda event: told(name, _travelled(encode(operation.listeners[name], event)))


def _travelled(data: Json) -> Json:
    return json.loads(json.dumps(data))
