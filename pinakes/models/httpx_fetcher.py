"""Pages fetched with httpx, within limits of time, size, type and redirects, from the public network alone."""

from __future__ import annotations

import asyncio
import codecs
import zlib
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from urllib.parse import urljoin

import httpcore
import httpx

from pinakes.core.errors import (
    LinkContentError,
    LinkRefusedError,
    LinkTimeoutError,
    LinkUnreachableError,
    ValidationError,
)
from pinakes.core.web_addresses import authority, spelled, web_address
from pinakes.models.pinned_transport import CheckedBackend, PinnedTransport, Resolver, system_resolver
from pinakes.ports.fetcher import Fetched
from pinakes.version import __version__

_PAGES = ("text/html", "application/xhtml+xml")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE = 1 << 16
_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9",
    "Accept-Encoding": "gzip, deflate",
    "Accept-Language": "en, *;q=0.5",
    "User-Agent": f"Pinakes/{__version__} (saving a page for one reader)",
}


@dataclass(frozen=True)
class FetchLimits:
    """What one page may take: seconds in all and of silence, bytes unpacked, redirects."""

    seconds: float = 30.0
    silent_seconds: float = 10.0
    bytes: int = 10_000_000
    redirects: int = 8


class HttpxFetcher:
    """Fetches pages; implements `pinakes.ports.fetcher.Fetcher`.

    Keeps no cookies, sends no credentials, asks no proxy, runs nothing that a page contains.

    Args:
        allowed_hosts: Hosts that may be off the public network, as "host" (its usual ports) or "host:port".
        resolve, dial: How names are looked up and addresses connected to, for tests.
    """

    def __init__(
        self,
        allowed_hosts: Iterable[str] = (),
        *,
        limits: FetchLimits | None = None,
        resolve: Resolver = system_resolver,
        dial: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._allowed = frozenset(spot for host in allowed_hosts for spot in _spots(host))
        self._limits = limits or FetchLimits()
        self._backend = CheckedBackend(self._allowed, resolve, dial)
        self._transport: PinnedTransport | None = None
        self._opening = asyncio.Lock()

    def checked(self, url: str) -> str:
        """Return an address in its one spelling. Raises ValidationError, LinkRefusedError."""
        address = spelled(url)
        return address if authority(address) in self._allowed else web_address(address)

    async def fetch(self, url: str) -> Fetched:
        """Return the HTML page at an address, as UTF-8 where its server says what it is in.

        Raises LinkRefusedError, LinkUnreachableError, LinkTimeoutError, LinkContentError.
        """
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._fetch(url)
        except TimeoutError as error:
            raise LinkTimeoutError(
                f"The page did not come within {self._limits.seconds:g} seconds: try again later.", url=url
            ) from error

    async def aclose(self) -> None:
        """Close connections."""
        if self._transport is not None:
            await self._transport.aclose()

    async def _fetch(self, url: str) -> Fetched:
        address = self.checked(url)
        for _ in range(self._limits.redirects + 1):
            async with aclosing(await self._get(address)) as response:
                if response.status_code not in _REDIRECTS:
                    return await self._page(address, response)
                address = self._next(address, response)
        raise LinkUnreachableError(
            f"The address redirects more than {self._limits.redirects} times: check it.", url=url
        )

    def _next(self, address: str, response: httpx.Response) -> str:
        """Return where a redirect leads, checked like any address."""
        target = response.headers.get("location", "")
        if not target:
            raise LinkUnreachableError("The page was moved, and its server does not say where.", url=address)
        try:
            return self.checked(urljoin(address, target))
        except (ValidationError, ValueError) as error:
            raise LinkRefusedError(
                "The address redirects to something that is no web address.", url=address, target=target[:200]
            ) from error

    async def _page(self, address: str, response: httpx.Response) -> Fetched:
        status = response.status_code
        if status != httpx.codes.OK:
            raise LinkUnreachableError(
                f"The server answers {status} {response.reason_phrase}: check the address.".replace(
                    " :", ":"
                ),
                url=address,
                status=status,
            )
        kind, charset = _content_type(response)
        if kind and kind not in _PAGES:
            raise LinkContentError(
                f"The address leads to {kind[:80]}, not to a page: download it and upload the file.",
                url=address,
                content_type=kind[:80],
            )
        content = await self._content(address, response)
        return Fetched(url=address, content=_in_utf8(content, charset), status=status)

    async def _content(self, address: str, response: httpx.Response) -> bytes:
        """Return the unpacked body, stopping at the limit however much a little would become."""
        too_large = LinkContentError(
            f"The page has more than {self._limits.bytes / 1e6:g} MB: save what you need of it as a file.",
            url=address,
        )
        announced = response.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > self._limits.bytes:
            raise too_large
        content = bytearray()
        async for part in _unpacked(response):
            content += part
            if len(content) > self._limits.bytes:
                raise too_large
        if not content.strip():
            raise LinkContentError("The page is empty.", url=address)
        return bytes(content)

    async def _get(self, address: str) -> httpx.Response:
        """Send one request over the transport itself: no cookies, no redirects, nothing from the environment."""
        async with self._opening:
            if self._transport is None:  # certificates are read from disk
                self._transport = await asyncio.to_thread(PinnedTransport, self._backend)
        timeout = httpx.Timeout(self._limits.silent_seconds).as_dict()
        try:
            request = httpx.Request("GET", address, headers=_HEADERS, extensions={"timeout": timeout})
        except httpx.InvalidURL as error:
            raise LinkRefusedError("This address cannot be asked for: check it.", url=address) from error
        return await self._transport.handle_async_request(request)


async def _unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    """Yield a body unpacked, in pieces of bounded size. Raises LinkContentError."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding in ("", "identity"):
        async for part in response.aiter_raw():
            yield part
        return
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise LinkContentError(f"The page is packed as {coding[:40]!r}, which was not asked for.")
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # gzip or zlib, whichever it is
    try:
        async for part in response.aiter_raw():
            waiting = part
            while waiting:
                yield unpacking.decompress(waiting, _PIECE)
                waiting = unpacking.unconsumed_tail
            if unpacking.eof:  # what follows is no part of the page
                return
        yield unpacking.flush()
    except zlib.error as error:
        raise LinkContentError("The page is packed in a broken way: try again later.") from error


def _content_type(response: httpx.Response) -> tuple[str, str]:
    """Return the kind of content and its charset, as the server says; "" for what it does not say."""
    kind, _, rest = response.headers.get("content-type", "").partition(";")
    said = (part.partition("=") for part in rest.split(";"))
    charset = next((value for name, _, value in said if name.strip().lower() == "charset"), "")
    return kind.strip().lower(), charset.strip(" \"'")


def _in_utf8(content: bytes, charset: str) -> bytes:
    """Return a page as UTF-8 with its mark, if it is in the charset that its server names; else as it came."""
    if not charset or content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content
    try:
        text = content.decode(_WEB_NAMES.get(charset.lower(), charset))
        return codecs.BOM_UTF8 + text.encode() if "<" in text else content
    except (LookupError, UnicodeError, ValueError):  # an unknown or untrue one: the reader finds out
        return content


_WEB_NAMES = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}


def _spots(host: str) -> tuple[str, ...]:
    """Return "host:port" for each port that an entry of an allow-list means."""
    text = host.strip().lower()
    bare = text.startswith("[") and text.endswith("]")
    if not bare and text.rpartition(":")[2].isdigit() and (text.count(":") == 1 or text.startswith("[")):
        name, _, port = text.rpartition(":")
        return (f"{name.strip('[]')}:{port}",)
    return tuple(f"{text.strip('[]')}:{port}" for port in (80, 443))
