"""A server on 127.0.0.1 with pages of every bad kind, and a network in which names lead to it."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore

PUBLIC = "93.184.215.14"
ARTICLE = (
    "<!doctype html><html lang=en><head><title>Tides of the north sea</title>"
    '<meta property="og:title" content="Tides"><meta property="og:site_name" content="Sea Weekly">'
    '<meta property="og:description" content="How high the water comes."><meta property="og:type" content="article">'
    '<meta property="og:locale" content="en_GB"><meta property="og:image" content="/a.png">'
    '<link rel="icon" href="/icon.png"></head><body><nav><a href=/>Home</a></nav><article><h1>Tides</h1>'
    "<p>The spring tide at Husum rises by 3.8 metres above the mean low water, and every gauge along the coast "
    "is read twice a day by volunteers who write the figures into a book.</p>"
    '<p>Neap tides are far weaker.</p><img src="/chart.png" alt="A chart of tides"></article></body></html>'
)

Answer = Callable[[BaseHTTPRequestHandler], None]


class PageServer:
    """Answers each path with what it was told; keeps the requests' paths and headers."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                owner.requests.append((self.path, dict(self.headers.items())))
                with suppress(ConnectionError):
                    owner.pages.get(self.path, lambda h: h.send_error(404))(self)

            def log_message(self, *args: Any) -> None: ...

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *args: Any) -> None: ...

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_address[1]

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def page(
        self,
        path: str,
        content: str | bytes = ARTICLE,
        kind: str = "text/html; charset=utf-8",
        **headers: str,
    ) -> str:
        body = content.encode() if isinstance(content, str) else content

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            if kind:
                handler.send_header("Content-Type", kind)
            for name, value in {"Connection": "close", **headers}.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.pages[path] = answer
        return self.url(path)

    def redirect(self, path: str, target: str, status: int = 302) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Location", target)
            handler.send_header("Set-Cookie", "spy=1; Path=/")
            handler.send_header("Connection", "close")
            handler.end_headers()

        self.pages[path] = answer
        return self.url(path)

    def slow(self, path: str, pause: float, times: int = 50) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", "text/html")
            handler.send_header("Connection", "close")
            handler.end_headers()
            for _ in range(times):
                handler.wfile.write(b"<p>")
                handler.wfile.flush()
                time.sleep(pause)

        self.pages[path] = answer
        return self.url(path)

    def failing(self, path: str, status: int) -> str:
        self.pages[path] = lambda handler: handler.send_error(status)
        return self.url(path)


@contextmanager
def page_server() -> Iterator[PageServer]:
    pages = PageServer()
    thread = threading.Thread(target=pages.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield pages
    finally:
        pages.server.shutdown()
        pages.server.server_close()
        thread.join()


def bomb(size: int) -> bytes:
    """Zeros, packed a thousand times smaller."""
    return gzip.compress(bytes(size))


class Network(httpcore.AsyncNetworkBackend):
    """Leads every public address to the server, and keeps which addresses were connected to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.dialled: list[str] = []
        self._real = httpcore.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, *args: Any, **more: Any) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        return await self._real.connect_tcp("127.0.0.1", self.port, *args, **more)


class Names:
    """Answers look-ups one after the other; the last answer stays."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
