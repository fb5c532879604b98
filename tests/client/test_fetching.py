"""Fetching pages: only from the public network, whatever addresses, names and redirects say, and within limits."""

from __future__ import annotations

import socket
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_server import ARTICLE, PUBLIC, Names, Network, PageServer, bomb, page_server

from pinakes.core.errors import (
    LinkContentError,
    LinkRefusedError,
    LinkTimeoutError,
    LinkUnreachableError,
    ValidationError,
)
from pinakes.core.web_addresses import is_public, literal, spelled, web_address
from pinakes.models.httpx_fetcher import FetchLimits, HttpxFetcher

SMALL = FetchLimits(seconds=300.0, silent_seconds=120.0, bytes=200_000, redirects=3)


@pytest.fixture(scope="module")
def server() -> Iterator[PageServer]:
    with page_server() as running:
        yield running


@pytest.fixture
async def allowed(server: PageServer) -> AsyncIterator[HttpxFetcher]:
    async with aclosing(HttpxFetcher([server.host], limits=SMALL)) as fetcher:
        yield fetcher


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://017700000001/",
        "http://0177.0.0.01/",
        "http://127.0.0.1./",
        "http://１２７.0.0.1/",
        "http://①②⑦.0.0.1/",
        "http://0.0.0.0/",
        "http://0/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.100.100.200/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2852039166/",
        "http://168.63.129.16/",
        "http://192.0.0.192/",
        "http://198.18.0.1/",
        "http://224.0.0.1/",
        "http://240.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[0:0:0:0:0:ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
        "http://[fe80::1]/",
        "http://[fec0::1]/",
        "http://[fc00::1]/",
        "http://[fd00:ec2::254]/",
        "http://[ff02::1]/",
        "http://[2001:db8::1]/",
        "http://localhost/",
        "http://LOCALHOST.:8080/",
        "http://a.localhost/",
        "http://printer.local/",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://user@example.org/",
        "http://example.org@127.0.0.1/",
        "http://example.org:pw@example.org/",
        "http://example.org:25/",
        "http://example.org:22/",
    ],
)
def test_addresses_that_are_refused_at_once(url: str) -> None:
    with pytest.raises(LinkRefusedError):
        web_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "file:///etc/passwd",
        "ftp://example.org/",
        "javascript:alert(1)",
        "data:text/html,x",
        "gopher://example.org/",
        "http://",
        "http:///etc",
        "http://exa mple.org/",
        "http://example.org\\@127.0.0.1/",
        "http://example.org/\r\nHost: x",
        "http://[::1",
        "http://[fe80::1%25eth0]/",
        "http://[2606:2800:220:1::1%25eth0]/",
        "http://999.1.1.1/",
        "http://1.2.3.4.5/",
        "http://example.org:99999/",
        "http://-bad-/",
        "https://example.org/" + "a" * 2_048,
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(ValidationError):
        web_address(url)


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("HTTPS://Example.ORG:443", "https://example.org/"),
        ("http://example.org:80/a?b=1#part", "http://example.org/a?b=1"),
        ("http://example.org./a", "http://example.org/a"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://example.org/a%20b?q=%C3%BC", "https://example.org/a%20b?q=%C3%BC"),
        ("http://0x5db8d70e:8080/", "http://93.184.215.14:8080/"),
        ("http://[2606:2800:220:1::1]:8080/", "http://[2606:2800:220:1::1]:8080/"),
    ],
)
def test_one_spelling(url: str, same: str) -> None:
    assert web_address(url) == same == web_address(same)


def test_public_addresses() -> None:
    for text in ("93.184.215.14", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"):
        found = literal(text)
        assert found is not None and is_public(found), text
    assert literal("example.org") is None and spelled("http://127.0.0.1:8000/") == "http://127.0.0.1:8000/"


@given(
    st.text("htps:/@?#[]%\\\\.0123456789abcdefx-_~ \t\n１。ß∕＠:", max_size=40),
    st.sampled_from(["http://", "https://", "http:", ""]),
)
@settings(max_examples=400, deadline=None)
def test_spellings_are_read_alike_by_whom_they_are_given_to(text: str, begin: str) -> None:
    """What we check is what httpx asks for, and no other fault than ours leaves."""
    try:
        address = spelled(begin + text)
    except (ValidationError, LinkRefusedError):
        return
    assert spelled(address) == address
    asked = httpx.URL(address)
    host = urlsplit(address).hostname
    assert asked.scheme in ("http", "https") and not asked.userinfo and asked.raw_host.decode() == host


async def test_a_page(server: PageServer, allowed: HttpxFetcher) -> None:
    found = await allowed.fetch(server.page("/tides"))
    assert found.url == server.url("/tides") and b"3.8 metres" in found.content
    sent = server.requests[-1][1]
    assert sent["User-Agent"].startswith("Pinakes/") and "Cookie" not in sent and sent["Host"] == server.host


async def test_this_machine_is_refused_but_for_what_is_allowed(server: PageServer) -> None:
    server.page("/tides")
    before = len(server.requests)
    async with aclosing(HttpxFetcher()) as fetcher:
        with pytest.raises(LinkRefusedError):
            await fetcher.fetch(server.url("/tides"))
    async with aclosing(HttpxFetcher([f"127.0.0.1:{server.port + 1}", "localhost"])) as fetcher:
        for host in (server.host, f"localhost:{server.port}"):
            with pytest.raises(LinkRefusedError):
                await fetcher.fetch(f"http://{host}/tides")
    assert len(server.requests) == before


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        ["10.0.0.8"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["fe80::1%eth0"],
        [PUBLIC, "192.168.0.1"],
    ],
)
async def test_names_that_lead_inside(server: PageServer, answer: list[str]) -> None:
    network = Network(server.port)
    async with aclosing(HttpxFetcher(limits=SMALL, resolve=Names(answer), dial=network)) as fetcher:
        with pytest.raises(LinkRefusedError):
            await fetcher.fetch("http://intranet.example/tides")
    assert network.dialled == []


async def test_rebinding_between_look_ups_wins_nothing(server: PageServer) -> None:
    """A name that is public when it is checked and private afterwards: what was checked is connected to."""
    server.page("/tides")
    server.redirect("/again", "http://rebinding.example/tides")
    names, network = Names([PUBLIC], ["127.0.0.1"]), Network(server.port)
    async with aclosing(HttpxFetcher(limits=SMALL, resolve=names, dial=network)) as fetcher:
        assert b"Husum" in (await fetcher.fetch("http://rebinding.example/tides")).content
        assert (names.asked, network.dialled) == (["rebinding.example"], [PUBLIC])
        assert server.requests[-1][1]["Host"] == "rebinding.example"
        with pytest.raises(LinkRefusedError):
            await fetcher.fetch("http://rebinding.example/tides")
    names, network = Names([PUBLIC], ["169.254.169.254"]), Network(server.port)
    async with aclosing(HttpxFetcher(limits=SMALL, resolve=names, dial=network)) as fetcher:
        with pytest.raises(LinkRefusedError):
            await fetcher.fetch("http://rebinding.example/again")
    assert network.dialled == [PUBLIC]


async def test_no_connection_outlives_its_page(server: PageServer) -> None:
    server.page("/tides", Connection="keep-alive", Content_Length=str(len(ARTICLE.encode())))
    names, network = Names([PUBLIC]), Network(server.port)
    async with aclosing(HttpxFetcher(limits=SMALL, resolve=names, dial=network)) as fetcher:
        for _ in range(2):
            await fetcher.fetch("http://public.example/tides")
    assert network.dialled == [PUBLIC, PUBLIC]


async def test_the_next_address_is_tried(server: PageServer) -> None:
    import httpcore

    class OneDown(Network):
        async def connect_tcp(self, host: str, port: int, *args: Any, **more: Any) -> Any:
            if host == "93.184.215.99":
                self.dialled.append(host)
                raise httpcore.ConnectError("down")
            return await super().connect_tcp(host, port, *args, **more)

    server.page("/tides")
    network = OneDown(server.port)
    resolve = Names(["93.184.215.99", PUBLIC])
    async with aclosing(HttpxFetcher(limits=SMALL, resolve=resolve, dial=network)) as fetcher:
        await fetcher.fetch("http://public.example/tides")
    assert network.dialled == ["93.184.215.99", PUBLIC]
    async with aclosing(
        HttpxFetcher(limits=SMALL, resolve=Names(["93.184.215.99"]), dial=network)
    ) as fetcher:
        with pytest.raises(LinkUnreachableError):
            await fetcher.fetch("http://public.example/tides")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest/",
        "//10.0.0.1/x",
        "http://[::ffff:127.0.0.1]/",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "javascript:alert(1)",
        "http://example.org@127.0.0.1/",
        "http://2130706433/",
        "http://[::1",
        "gopher://127.0.0.1:6379/_FLUSHALL",
    ],
)
async def test_redirects_that_lead_elsewhere(server: PageServer, allowed: HttpxFetcher, target: str) -> None:
    with pytest.raises(LinkRefusedError):
        await allowed.fetch(server.redirect("/away", target))


async def test_redirects(server: PageServer, allowed: HttpxFetcher) -> None:
    server.page("/tides")
    server.redirect("/two", "/tides", 308)
    found = await allowed.fetch(server.redirect("/one", "two?x=1".replace("?x=1", "")))
    assert found.url == server.url("/tides")
    assert all("Cookie" not in headers for _, headers in server.requests[-3:])
    with pytest.raises(LinkUnreachableError, match="redirects more than 3"):
        await allowed.fetch(server.redirect("/loop", "/loop"))
    with pytest.raises(LinkUnreachableError, match="does not say where"):
        await allowed.fetch(server.redirect("/nowhere", ""))


@pytest.mark.parametrize(
    ("limits", "pause"),
    [(replace(SMALL, silent_seconds=0.2), 600.0), (replace(SMALL, seconds=0.5), 0.05)],
    ids=["silent", "drip"],
)
async def test_slow_pages(server: PageServer, limits: FetchLimits, pause: float) -> None:
    async with aclosing(HttpxFetcher([server.host], limits=limits)) as fetcher:
        with pytest.raises(LinkTimeoutError):
            await fetcher.fetch(server.slow("/slow", pause, 100_000))


async def test_large_pages(server: PageServer, allowed: HttpxFetcher) -> None:
    for path, more in (("/huge", {}), ("/announced", {"Content_Length": "999999999"})):
        with pytest.raises(LinkContentError, match="more than"):
            await allowed.fetch(server.page(path, b"x" * 300_000, **more))


async def test_packed_pages(server: PageServer, allowed: HttpxFetcher) -> None:
    import gzip

    article = ARTICLE.encode()
    for path, coding, body in (
        ("/gzip", "gzip", gzip.compress(article) + b"more that is no part of it"),
        ("/deflate", "deflate", zlib.compress(article)),
    ):
        found = await allowed.fetch(server.page(path, body, Content_Encoding=coding))
        assert found.content.endswith(article), coding
    with pytest.raises(LinkContentError, match="more than"):
        await allowed.fetch(server.page("/bomb", bomb(40_000_000), Content_Encoding="gzip"))
    for coding in ("gzip, gzip", "br", "compress"):
        with pytest.raises(LinkContentError, match="not asked for"):
            await allowed.fetch(server.page("/odd", b"x", Content_Encoding=coding))
    with pytest.raises(LinkContentError, match="broken"):
        await allowed.fetch(server.page("/broken", b"no gzip at all", Content_Encoding="gzip"))


@pytest.mark.parametrize(
    "kind", ["application/pdf", "image/png", "application/json", "text/plain", "video/mp4"]
)
async def test_other_kinds_of_content(server: PageServer, allowed: HttpxFetcher, kind: str) -> None:
    with pytest.raises(LinkContentError, match=kind):
        await allowed.fetch(server.page("/other", b"%PDF-1.7", kind))


async def test_faults(server: PageServer, allowed: HttpxFetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_knows(*args: Any, **more: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    for status in (404, 500, 403):
        with pytest.raises(LinkUnreachableError, match=str(status)) as raised:
            await allowed.fetch(server.failing("/fault", status))
        assert raised.value.details["status"] == status
    with pytest.raises(LinkContentError, match="empty"):
        await allowed.fetch(server.page("/empty", " \n"))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{closed.getsockname()[1]}"
        async with aclosing(HttpxFetcher([nobody], limits=SMALL)) as fetcher:
            with pytest.raises(LinkUnreachableError):
                await fetcher.fetch(f"http://{nobody}/")
    monkeypatch.setattr(socket, "getaddrinfo", nobody_knows)
    async with aclosing(HttpxFetcher(limits=SMALL)) as fetcher:
        with pytest.raises(LinkUnreachableError, match="no host"):
            await fetcher.fetch("http://nobody.invalid/")


async def test_no_tls_where_none_is_spoken(server: PageServer) -> None:
    async with aclosing(HttpxFetcher([server.host], limits=SMALL)) as fetcher:
        with pytest.raises(LinkUnreachableError):
            await fetcher.fetch(f"https://{server.host}/tides")


async def test_charsets(server: PageServer, allowed: HttpxFetcher) -> None:
    page = "<html><head><title>x</title></head><body>naïve café “ok”</body></html>"
    body = page.encode("cp1252")
    found = await allowed.fetch(server.page("/latin", body, "text/html; charset=ISO-8859-1"))
    assert found.content.decode("utf-8-sig") == page
    for charset in ("utf-8", "no-such-charset", "utf-16", '"', "hex", "idna"):
        found = await allowed.fetch(server.page("/wrong", body, f"text/html; charset={charset}"))
        assert found.content == body, charset


async def test_the_environment_sets_no_proxy(
    server: PageServer, allowed: HttpxFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert (await allowed.fetch(server.page("/tides"))).status == 200
