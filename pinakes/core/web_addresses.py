"""Addresses on the web: one spelling for each, and which of them are on the public network."""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urlsplit, urlunsplit

from pinakes.core.errors import LinkRefusedError, ValidationError

LONGEST_URL = 2_048
IpAddress = IPv4Address | IPv6Address
_PORTS = {"http": 80, "https": 443}
_LOWEST_FREE_PORT = 1024
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_INNER_NAMES = ("localhost", "local", "internal", "home.arpa")
"""Names under these lead to this machine or its own network."""
_NAT64 = IPv6Network("64:ff9b::/96")
_OLD_V4 = IPv6Network("::/96")
_SPECIAL = tuple(
    map(ip_network, ("168.63.129.16", "192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "2001::/23"))
)
"""Not for pages, whatever a Python's tables say: a cloud's own services, protocol assignments, relays, tunnels."""


def web_address(url: str) -> str:
    """Return a web address in its one spelling: scheme and host in lower case, no default port, no fragment.

    Raises:
        ValidationError: It is none, or has more than 2,048 characters.
        LinkRefusedError: It names a user, a port of another service, or a host that is not on the public network.
    """
    address = spelled(url)
    parts = urlsplit(address)
    host = parts.hostname or ""
    known = literal(host)
    if known is not None:
        check_public(known, host)
    if any(host == name or host.endswith(f".{name}") for name in _INNER_NAMES):
        raise LinkRefusedError(f"{host} is not on the public web: {_ALLOWING}", host=host)
    return address


def spelled(url: str) -> str:
    """Return a web address in its one spelling, wherever it leads. Raises ValidationError, LinkRefusedError."""
    text = url.strip()
    if not text or len(text) > LONGEST_URL or re.search(r"[\s\x00-\x20\\]", text):
        raise _invalid(f"A link's url has 1 to {LONGEST_URL:,} characters and no spaces.", url)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _invalid("This is no web address: check it.", url) from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname:
        raise _invalid("A link's url begins with http:// or https:// and names a host.", url)
    if "@" in parts.netloc:
        raise LinkRefusedError("An address with a user's name in it is not fetched: leave that out.", url=url)
    if port is not None and port not in _PORTS.values() and port < _LOWEST_FREE_PORT:
        raise LinkRefusedError(f"No pages are fetched from port {port}.", url=url, port=port)
    host = _host(parts.hostname, url)
    netloc = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    path, query = quote(parts.path or "/", safe=_KEPT), quote(parts.query, safe=_KEPT)
    address = urlunsplit((scheme, netloc, path, query, ""))
    if len(address) > LONGEST_URL:
        raise _invalid(f"A link's url has 1 to {LONGEST_URL:,} characters and no spaces.", url)
    return address


_KEPT = "/%:;=@,!$&'()*+~?[]|-._"


def authority(url: str) -> str:
    """Return host and port as in an allow-list, for example "127.0.0.1:8000"; the port is always there."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or _PORTS.get(parts.scheme, 80)}"


def literal(host: str) -> IpAddress | None:
    """Return the address that a host spells out, also as 2130706433, 0x7f.1 or 017700000001; None for a name."""
    text = host.strip("[]").rstrip(".")
    try:
        return ip_address(text)
    except ValueError:
        pass
    if not _NUMBER.fullmatch(text.rpartition(".")[2]):
        return None
    try:
        return IPv4Address(socket.inet_aton(text))
    except OSError as error:
        raise ValidationError("This host is neither a name nor an address: check it.", host=host) from error


def check_public(address: IpAddress, host: str) -> None:
    """Check that an address is on the public network. Raises LinkRefusedError."""
    if not is_public(address):
        raise LinkRefusedError(
            f"{host} is not on the public web: {_ALLOWING}",
            host=host,
            address=str(address),
        )


_ALLOWING = "pages are fetched from there alone. The setting link_allowed_hosts allows single hosts."


def is_public(address: IpAddress) -> bool:
    """Return whether an address is one of the public network, whatever other address it carries inside."""
    inside = _carried(address)
    if inside is not None:
        return is_public(inside)
    if any(address in network for network in _SPECIAL):
        return False
    if isinstance(address, IPv6Address) and (address.is_site_local or address.scope_id):
        return False
    reserved = address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local
    return address.is_global and not reserved and not address.is_unspecified


def _carried(address: IpAddress) -> IpAddress | None:
    """Return the older address inside a newer one: mapped, translated or tunnelled."""
    if not isinstance(address, IPv6Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return IPv4Address("0.0.0.0")  # tunnels lead anywhere: never public
    if address in _NAT64 or (address in _OLD_V4 and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _host(host: str, url: str) -> str:
    """Return a host in ASCII; an address in its usual spelling, in brackets where it has colons."""
    if "%" in host:
        raise _invalid("A host has no percent signs: check it.", url)
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise _invalid(
            "This host's name cannot be written as the web writes names: check it.", url
        ) from error
    known = literal(name)
    if known is not None:
        return f"[{known}]" if isinstance(known, IPv6Address) else str(known)
    if not _NAME.fullmatch(name) or len(name) > 253:
        raise _invalid("This host is neither a name nor an address: check it.", url)
    return name.lower().rstrip(".")


def _invalid(message: str, url: str) -> ValidationError:
    return ValidationError(message, url=url[:LONGEST_URL])
