"""The way to an OpenAI-compatible endpoint: its address, its key, and connections that go nowhere else."""

from __future__ import annotations

import asyncio
import importlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pinakes.core.errors import ConfigurationError, ModelError
from pinakes.models.faults import typed
from pinakes.models.patience import Patience

if TYPE_CHECKING:
    import openai

OPENAI_URL = "https://api.openai.com/v1"
_NO_KEY = "no-key"
_CONNECT_S = 10.0
_LONGEST_WAIT_S = 60.0
Result = TypeVar("Result")


@dataclass(frozen=True)
class Endpoint:
    """An address with its key.

    What the OpenAI libraries would read from the environment (other addresses, proxies of their own, the key, the
    organisation) is settled here, so that nothing goes to anybody but the address in the settings.
    """

    url: str
    key: str = field(repr=False)

    @classmethod
    def of(cls, base_url: str | None, api_key: str | None) -> Endpoint:
        """Return the endpoint; without a URL it is OpenAI's. Local endpoints need no key.

        Raises:
            ConfigurationError: The URL is none, or OpenAI's key is missing.
        """
        url = (base_url or OPENAI_URL).rstrip("/")
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConfigurationError(
                "The model's base URL must begin with http:// or https:// and name a host.", base_url=url
            )
        if not api_key and parts.hostname == urlsplit(OPENAI_URL).hostname:
            raise ConfigurationError(
                "OpenAI's models need a key: set PINAKES_MODEL_API_KEY, or PINAKES_MODEL_BASE_URL for "
                "another endpoint."
            )
        return cls(url, api_key or _NO_KEY)

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI itself rather than something that speaks like it."""
        return urlsplit(self.url).hostname == urlsplit(OPENAI_URL).hostname

    def settings(self, timeout_s: float) -> dict[str, Any]:
        """Return what LangChain's OpenAI classes take: no retries of their own, and our connections."""
        import openai

        timeout = openai.Timeout(timeout_s, connect=min(_CONNECT_S, timeout_s))
        return {
            "base_url": self.url,
            "api_key": self.key,
            "timeout": timeout,
            "max_retries": 0,
            "openai_proxy": None,
            "http_client": openai.DefaultHttpxClient(**self._connections(timeout)),
            "http_async_client": openai.DefaultAsyncHttpxClient(**self._connections(timeout)),
        }

    def client(self, timeout_s: float) -> openai.AsyncOpenAI:
        """Return the vendor's own client."""
        import openai

        made = self.settings(timeout_s)
        client = openai.AsyncOpenAI(
            base_url=self.url,
            api_key=self.key,
            timeout=made["timeout"],
            max_retries=0,
            http_client=made["http_async_client"],
        )
        self.anonymous(client)
        return client

    def anonymous(self, *clients: Any) -> None:
        """Make clients keep the environment's OpenAI organisation and project from other endpoints."""
        for client in clients:
            if not self.is_openai:
                client.organization = client.project = None

    def _connections(self, timeout: Any) -> dict[str, Any]:
        limits: dict[str, Any] = {}
        if self.url.startswith("http:"):
            # Only a TLS handshake is worth keeping a connection for, which its event loop may not outlive.
            limits["limits"] = _limits(max_connections=1000, max_keepalive_connections=0)
        # A redirect would carry the prompt to somebody else.
        return {"timeout": timeout, "follow_redirects": False, "verify": _tls(), **limits}


async def persistently(
    call: Callable[[], Awaitable[Result]],
    name: str,
    retries: int,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Result:
    """Return a call's result, tried again where that makes sense. Raises ModelError."""
    patience = Patience(retries, _LONGEST_WAIT_S, sleep)
    while True:
        try:
            return await call()
        except Exception as error:
            fault: ModelError = typed(error, name)
            seconds = patience.seconds(fault)
            if seconds is None:
                raise fault from error
        await patience.wait(seconds)


@cache
def _tls() -> ssl.SSLContext:
    # Reading the certificates takes 0.1 s, and every role has a client.
    made: ssl.SSLContext = _http().create_ssl_context()
    return made


def _limits(**limits: int) -> Any:
    return _http().Limits(**limits)


def _http() -> Any:
    """Return the HTTP library that the installed OpenAI client is built on."""
    import openai

    base = next(cls for cls in openai.DefaultAsyncHttpxClient.__mro__ if cls.__name__ == "AsyncClient")
    return importlib.import_module(base.__module__.partition(".")[0])
