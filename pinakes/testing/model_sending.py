"""Answers on their way out of a `ModelServer`, whole, in pieces, or broken off."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pinakes.testing import model_wire
from pinakes.testing.model_replies import Fault, Reply
from pinakes.testing.model_requests import Asked


class BrokenOffError(Exception):
    """The answer ends here, on purpose."""


async def send(outgoing: asyncio.StreamWriter, asked: Asked, reply: Reply, body: dict[str, Any]) -> None:
    """Send a whole answer; one that breaks off does so half-way. Raises BrokenOffError."""
    whole = _whole(HTTPStatus.OK, "application/json", json.dumps(body))
    if reply.breaks:
        outgoing.write(whole[:-50])
        await break_off(outgoing, reply)
    await _finish(outgoing, asked, whole)


async def send_fault(outgoing: asyncio.StreamWriter, asked: Asked, fault: Fault) -> None:
    """Send an error."""
    kind = "application/json" if fault.body is None else "text/html"
    body = json.dumps(model_wire.error_body(fault)) if fault.body is None else fault.body
    await _finish(outgoing, asked, _whole(fault.status, kind, body, fault.headers.items()))


async def stream(outgoing: asyncio.StreamWriter, asked: Asked, reply: Reply) -> None:
    """Send a chat completion as server-sent events. Raises BrokenOffError."""
    outgoing.write(
        _head(HTTPStatus.OK, [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")])
    )
    for sent, chunk in enumerate(model_wire.chunks(asked, reply)):
        if reply.breaks and sent == reply.breaks_after:
            await break_off(outgoing, reply)
        await asyncio.sleep(reply.piece_s)
        await _event(outgoing, json.dumps(chunk))
    await _finish(outgoing, asked, _chunk("[DONE]") + b"0\r\n\r\n")


async def break_off(outgoing: asyncio.StreamWriter, reply: Reply) -> None:
    """End an answer in its way. Raises BrokenOffError."""
    await outgoing.drain()
    if reply.breaks == "hang":
        await asyncio.Event().wait()
    if reply.breaks == "error":
        # as gateways do it: the status was sent long ago
        fault = Fault(status=500, message="The server had an error while it answered.", type="server_error")
        await _event(outgoing, json.dumps(model_wire.error_body(fault)))
    if reply.breaks == "reset":
        connection = outgoing.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise BrokenOffError


def _whole(status: int, kind: str, body: str, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    content = body.encode()
    return _head(status, [("Content-Type", kind), ("Content-Length", str(len(content))), *headers]) + content


async def _finish(outgoing: asyncio.StreamWriter, asked: Asked, last: bytes) -> None:
    asked.outcome = "answered"  # before the client can look
    outgoing.write(last)
    await outgoing.drain()


async def _event(outgoing: asyncio.StreamWriter, data: str) -> None:
    outgoing.write(_chunk(data))
    await outgoing.drain()


def _chunk(data: str) -> bytes:
    content = f"data: {data}\n\n".encode()
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


def _head(status: int, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
