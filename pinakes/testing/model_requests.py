"""Requests as a `ModelServer` gets them: HTTP/1.1 by hand, so that connections can break on purpose."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["open", "answered", "broken", "abandoned"]


@dataclass
class Asked:
    """One request, as it arrived.

    Attributes:
        path: Without the leading "/v1".
        headers: By lower-case name.
        json: The body; for an upload its fields.
        files: What was uploaded, by field: file name and content.
        connection: The number of the connection it came through, from 1.
        at: When it arrived, in seconds of a monotonic clock.
        outcome: "answered" to the end, "broken" on purpose, "abandoned" by its client, or still "open".
    """

    method: str
    path: str
    headers: dict[str, str]
    json: dict[str, Any]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    connection: int = 0
    at: float = field(default_factory=time.monotonic)
    outcome: Outcome = "open"

    @property
    def key(self) -> str:
        """The key it was sent with."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    @property
    def streamed(self) -> bool:
        """Whether a stream was asked for."""
        return bool(self.json.get("stream"))

    @property
    def has_parts(self) -> bool:
        """Whether a message has several parts, or one that is not plain text."""
        return any(isinstance(message.get("content"), list) for message in self.json.get("messages", ()))

    @property
    def texts(self) -> list[str]:
        """The prompt's texts, part by part, in order."""
        return [part["text"] for part in self._parts() if part.get("type") == "text"]

    @property
    def prompt(self) -> str:
        """The prompt's texts together."""
        return "\n".join(self.texts)

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """The pictures' `image_url` objects, in order."""
        return [part["image_url"] for part in self._parts() if part.get("type") == "image_url"]

    def _parts(self) -> list[dict[str, Any]]:
        contents = [message.get("content") or "" for message in self.json.get("messages", ())]
        return [
            part
            for content in contents
            for part in ([{"type": "text", "text": content}] if isinstance(content, str) else content)
        ]


class Incoming(asyncio.StreamReader):
    """A reader that tells when its other end has gone, even while nobody reads."""

    def __init__(self) -> None:
        super().__init__()
        self.gone = asyncio.Event()

    def feed_eof(self) -> None:
        """Note that the other end will send nothing more."""
        super().feed_eof()
        self.gone.set()

    def set_exception(self, exc: Exception) -> None:
        """Note that the connection is lost."""
        super().set_exception(exc)
        self.gone.set()


async def next_request(incoming: Incoming) -> Asked | None:
    """Return the next request on a connection, or None when there will be none."""
    try:
        head = (await incoming.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (li.partition(":") for li in lines)
        }
        body = await _body(incoming, headers)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
        return None
    path = re.sub(r"^/v1(?=/)", "", target.partition("?")[0])
    fields, files = _fields(headers.get("content-type", ""), body)
    return Asked(method, path, headers, fields, files)


async def _body(incoming: Incoming, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await incoming.readexactly(int(headers.get("content-length", "0")))
    pieces = []
    while size := int((await incoming.readline()).split(b";")[0], 16):
        pieces.append(await incoming.readexactly(size))
        await incoming.readline()
    await incoming.readline()
    return b"".join(pieces)


def _fields(content_type: str, body: bytes) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    if boundary := re.search(r'boundary="?([^";]+)', content_type):
        return _parts_of(body, boundary.group(1).encode())
    try:
        value = json.loads(body) if body else {}
    except ValueError:
        value = {}
    return (value if isinstance(value, dict) else {}), {}


def _parts_of(body: bytes, boundary: bytes) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    fields: dict[str, Any] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        named = dict(re.findall(r'\b(name|filename)="([^"]*)"', head.decode("utf8", "replace")))
        name = named.get("name", "")
        if "filename" in named:
            files[name] = (named["filename"], content)
        elif name.endswith("[]"):
            fields.setdefault(name.removesuffix("[]"), []).append(content.decode())
        else:
            fields[name] = content.decode()
    return fields, files
