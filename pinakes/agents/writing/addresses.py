"""Keeps addresses that lead outside the library out of a text that a model wrote.

Whatever a program that shows the answer might turn into a link, a picture or a request counts as an address: URLs with
a scheme, with or without slashes, hosts without one, e-mail addresses, HTML. Tricks that hide one from a plain look
(character references, backslashes, characters without width) are undone first.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from html import unescape
from importlib.resources import files

LEFT_OUT = "[…]"
"""What stands where an address was."""

_REFERENCE = re.compile(r"&#?\w{1,32};")
_ESCAPED = re.compile(r"\\(?=[.:/@])")
_TAG = re.compile(r"<!--.*?-->|<[!?/]?[A-Za-z][\w-]*(?::(?!//)[\w-]*)?(?:\s[^<>]*|/[^<>]*)?>|</?>", re.DOTALL)
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_FETCHING = re.compile(r"\b(?:src|srcset|href|action|data|poster|background|style|on\w+)\s*=", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ENDS = ".,;:!?…*_~'\"’”»)]}>。，、；：！？」』】》）"
_STOP = r"\s<>\"`，。！？；、「」『』【】《》（）|"
_URL = re.compile(rf"<?[A-Za-z][A-Za-z0-9+.-]*:(?://|\\\\|/\\|\\/)[^{_STOP}]*>?")
_SLASHES = re.compile(rf"(?<![\w:/\\])//[^\W_][^{_STOP}]*")
_EMAIL = re.compile(r"<?[\w.+%-]*[\w+%-]@(?:[\w-]+[.．。｡])+[\w-]*\w>?|<?[\w.+%-]*[\w+%-]@\[?\d[\d.:]+\]?>?")
_MORE = rf"(?P<more>(?::\d+)?(?:[/?#\\][^{_STOP}]*)?)"
_HOSTS = (
    re.compile(
        r"(?<![A-Za-z0-9])(?P<host>(?:[a-z0-9](?:[\w-]*[a-z0-9])?[.．])+(?P<top>[a-z]{2,24}|xn--[a-z0-9-]+))"
        rf"(?![a-z0-9]|[-.][a-z0-9_]){_MORE}",
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(
        r"(?<![^\W_])(?P<host>(?:[^\W_](?:[\w-]*[^\W_])?[.．。｡])+(?P<top>[^\W\d_]{2,24}))"
        rf"(?![^\W_]|[-.]\w){_MORE}"
    ),
)
_WWW = re.compile(rf"(?<![A-Za-z0-9])www\d?[.．。｡][^\W_][^{_STOP}]*", re.IGNORECASE)
_NUMERIC = re.compile(rf"(?<![\w.])(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?::\d+)?/(?!\d{{1,2}}\b)[^{_STOP}]*")


class AddressFilter:
    """Takes addresses out of texts, word by word complete, and counts them.

    Args:
        saved: The addresses of saved pages, which may stay, exactly as they are.
        said: The user's own words: what stands there may be said back.
        names: Names of files, which may look like hosts.
        shown: Text whose hosts and e-mail addresses may be shown as code, which nothing turns into a link; for
            questions that ask for them.

    Attributes:
        removed: How many addresses were taken out.
    """

    def __init__(
        self, saved: Iterable[str] = (), said: str = "", names: Iterable[str] = (), shown: str = ""
    ) -> None:
        self._saved = frozenset(saved)
        self._said = frozenset(word.strip(_ENDS + "<(").casefold() for word in said.split())
        self._names = tuple(name.casefold() for name in names)
        self._shown = shown.casefold()
        self.removed = 0

    def allows(self, address: str) -> bool:
        """Return whether an address is that of a saved page, or the user's own words."""
        return address in self._saved or address.casefold() in self._said

    def clean(self, text: str) -> str:
        """Return a text without HTML and without addresses that lead outside."""
        text = self.without_tags(text)
        for pattern in (_URL, _EMAIL, _WWW):
            text = pattern.sub(self._instead, text)
        text = _acting().sub(self._instead, text)
        text = self._without_hosts(text)
        text = _SLASHES.sub(self._instead, _NUMERIC.sub(self._instead, text))
        return _OPENING.sub("‹", text)

    def without_tags(self, text: str) -> str:
        """Return a text without HTML tags."""
        text = _BREAK.sub(" ", text)
        while (bare := _TAG.sub("", text)) != text:
            self.removed += sum(bool(_FETCHING.search(tag)) for tag in _TAG.findall(text))
            text = bare
        return text

    def _without_hosts(self, text: str) -> str:
        for pattern in _HOSTS:
            text = pattern.sub(self._instead_of_host, text)
        return text

    def _instead(self, match: re.Match[str]) -> str:
        found, after = _ended(match.group().lstrip("<"))
        if self.allows(found):
            return found + after.removesuffix(">")
        if "@" in found and "/" not in found and found.casefold() in self._shown:
            return _as_code(found, match) + after.removesuffix(">")
        self.removed += 1
        return LEFT_OUT + after.removesuffix(">")

    def _instead_of_host(self, match: re.Match[str]) -> str:
        host, more = match["host"], match["more"]
        top = match["top"].casefold()
        if not (top in _domains() or top.startswith("xn--")):
            return host + self._without_hosts(more)
        if self._is_said(match):
            return match.group()
        address, after = _ended(more)
        plain = not address
        if plain and (_is_file(host, top) or host.casefold() in self._shown):
            return _as_code(host, match) + after
        self.removed += 1
        named = plain and host[0].isupper() and host.count(".") == 1  # "Amazon.com" is a company as well
        return (host.split(".")[0] if named else LEFT_OUT) + after

    def _is_said(self, match: re.Match[str]) -> bool:
        """Return whether a host stands in an allowed address, in the question or in a file's name."""
        word = match.string[: match.end()].split()[-1].lstrip("<(")
        named = any(name.endswith(match["host"].casefold()) for name in self._names)
        found, _ = _ended(match.group())
        return (
            self.allows(found) or self.allows(_ended(word)[0]) or (named and not match["more"].strip(_ENDS))
        )


def decoded(text: str) -> str:
    """Return a text with character references and hiding characters undone."""
    for _ in range(8):
        read = _REFERENCE.sub(lambda m: unescape(m.group()), text)
        if read == text:
            break
        text = read
    else:
        text = text.replace("&", "& ")
    return _ESCAPED.sub("", "".join(c for c in text if not _is_hidden(c)))


def _is_hidden(character: str) -> bool:
    if character in "\n\t\u200c\u200d":  # joiners belong to Persian words and to emoji
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs")


def _ended(address: str) -> tuple[str, str]:
    """Return an address without the punctuation after it, and that."""
    kept = address.rstrip(_ENDS)
    if address[len(kept) :].startswith(")") and kept.count("(") > kept.count(")"):
        kept += ")"
    return kept, address[len(kept) :]


def _as_code(text: str, match: re.Match[str]) -> str:
    inside = match.string[: match.start()].count("`") % 2
    return text if inside else f"`{text}`"


def _is_file(host: str, top: str) -> bool:
    return host.count(".") == 1 and top in _words("files")


@cache
def _domains() -> frozenset[str]:
    return _words("countries") | _words("general")


@cache
def _acting() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _words("schemes")), key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{names}):(?=[^\s\"'“”])[^{_STOP}]*", re.IGNORECASE)


@cache
def _words(name: str) -> frozenset[str]:
    lists = tomllib.loads(files(__package__).joinpath("hosts.toml").read_text("utf8"))
    return frozenset(lists[name].split())
