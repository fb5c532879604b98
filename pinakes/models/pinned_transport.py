"""HTTP connections to checked addresses alone: a name is looked up once, and what was checked is connected to.

Nothing between the check and the connection asks for the name again, so an answer that changes in between (DNS
rebinding) changes nothing. The Host header and the name in TLS stay those of the URL.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from pinakes.core.errors import LinkTimeoutError, LinkUnreachableError
from pinakes.core.web_addresses import IpAddress, check_public, literal

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host, as text."""
_MOST_TRIED = 4


async def system_resolver(host: str, port: int) -> list[str]:
    """Return what the system knows of a name. Raises LinkUnreachableError."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise LinkUnreachableError(f"There is no host {host}: check the address.", host=host) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to hosts whose every address is public, and to allowed ones.

    Args:
        allowed: Hosts as "host:port" that may be anywhere.
        resolve: Looks names up.
        dial: Connects, to addresses alone.
    """

    def __init__(
        self,
        allowed: Iterable[str] = (),
        resolve: Resolver = system_resolver,
        dial: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._allowed = frozenset(allowed)
        self._resolve = resolve
        self._dial = dial or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to one of the host's addresses. Raises LinkRefusedError, LinkUnreachableError."""
        addresses = await self._addresses(host, port)
        failure: Exception | None = None
        for address in addresses[:_MOST_TRIED]:
            try:
                return await self._dial.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or LinkUnreachableError(f"{host} has no address.", host=host)

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: pages are not behind sockets of this machine."""
        raise LinkUnreachableError("Pages are fetched over the network alone.")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[IpAddress]:
        """Return the addresses of a host, all of them checked."""
        known = literal(host)
        texts = [str(known)] if known is not None else await self._resolve(host, port)
        found = [address for text in texts if (address := literal(text.partition("%")[0])) is not None]
        if f"{host.strip('[]')}:{port}" not in self._allowed:
            for address in found:
                check_public(address, host)
        return found


class PinnedTransport(httpx.AsyncBaseTransport):
    """Sends requests over a backend that checks addresses; no proxy, no HTTP/2, nothing from the environment."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend, tls: ssl.SSLContext | None = None) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(trust_env=False),
            max_keepalive_connections=0,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises LinkRefusedError, LinkUnreachableError, LinkTimeoutError."""
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = httpcore.Request(
            request.method, target, headers=request.headers.raw, extensions=request.extensions
        )
        with _as_link_errors(url.host):
            response = await self._pool.handle_async_request(sent)
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response, url.host),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close connections."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The raw body of a response."""

    def __init__(self, response: httpcore.Response, host: str) -> None:
        self._response = response
        self._host = host

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_link_errors(self._host):
            async for part in self._response.aiter_stream():
                yield part

    async def aclose(self) -> None:
        await self._response.aclose()


@contextmanager
def _as_link_errors(host: str) -> Any:
    try:
        yield
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise LinkTimeoutError(f"{host} did not answer in time: try again later.", host=host) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
        told = str(error)[:200] or type(error).__name__
        raise LinkUnreachableError(f"{host} cannot be reached ({told}).", host=host) from error
