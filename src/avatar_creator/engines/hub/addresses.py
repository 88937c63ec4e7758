"""Which addresses a request may go to.

A service's response may lead to public addresses over HTTPS, or back to the service itself, and nowhere else.
"""

import ipaddress
import os
from collections.abc import Mapping
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import httpx2

from avatar_creator.domain.text import shown
from avatar_creator.engines.hub.credentials import is_loopback

_PROXY_VARIABLES = {"http": ("HTTP_PROXY", "ALL_PROXY"), "https": ("HTTPS_PROXY", "ALL_PROXY")}


class ForbiddenAddress(Exception):
    """A response leads to an address that must not be requested. The message completes "its address "."""


class ProxyDown(Exception):
    """The proxy of the environment cannot be reached. The message is the name of its variable."""


class Origin(NamedTuple):
    """Where the service itself is: its responses may lead back there."""

    scheme: str
    host: str

    @classmethod
    def of(cls, url: str) -> Self:
        parts = urlsplit(url)
        return cls(parts.scheme, parts.hostname or "")

    def has(self, url: httpx2.URL) -> bool:
        """Return whether an address is on the same host, and no less safe."""
        is_here = url.host == self.host or (is_loopback(url.host) and is_loopback(self.host))
        return is_here and url.scheme in {"https", self.scheme}


NO_ORIGIN = Origin("https", "")


def parse_address(url: str) -> httpx2.URL:
    """Return the address that a response holds. Raises ForbiddenAddress if it cannot be one."""
    try:
        address = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError):  # ValueError: characters that cannot be encoded
        raise ForbiddenAddress("is none that can be asked") from None
    if not address.host and address.scheme in {"", "http", "https"}:
        raise ForbiddenAddress("is none that can be asked")
    return address


def check_address(url: httpx2.URL, origin: Origin) -> None:
    """Raise ForbiddenAddress for an address that no response of a service at ``origin`` may lead to."""
    if origin.has(url):
        return
    if not url.scheme:
        raise ForbiddenAddress("is none that can be asked")
    if url.scheme != "https":
        raise ForbiddenAddress(f"begins with {shown(url.scheme)}, not with https")
    if is_loopback(url.host) or not _is_public(url.host):
        raise ForbiddenAddress("is not public")


class ConnectionGuard:
    """Checks the address that was connected to, before anything is sent to it.

    A name may resolve to another address each time, so only the connection shows a private one. Behind a proxy it
    cannot be seen: there it is for the proxy to forbid.
    """

    def __init__(self, url: httpx2.URL, origin: Origin) -> None:
        self._url = url
        self._origin = origin
        self._is_proxied = False

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Receive an event of httpcore's trace extension."""
        _, _, step = event.partition(".")
        match step:
            case "connect_tcp.started":
                self._is_proxied = info["host"] != self._url.raw_host.decode("ascii").strip("[]")
            case "connect_tcp.failed" if self._is_proxied:
                raise ProxyDown(_proxy_variable(self._url.scheme)) from None
            case "connect_tcp.complete" if not self._is_proxied and not self._origin.has(self._url):
                stream = info["return_value"]
                peer = stream.get_extra_info("server_addr")
                if not peer or not _is_public(str(peer[0])):
                    stream.close()
                    raise ForbiddenAddress("is not public")


def _is_public(host: str) -> bool:
    """Return whether it is a public address. A name counts as one: its address is checked when it is connected to."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return True
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    return address.is_global and not address.is_multicast


def _proxy_variable(scheme: str) -> str:
    names = [each for name in _PROXY_VARIABLES[scheme] for each in (name, name.lower())]
    return next((name for name in names if os.environ.get(name)), "the settings of the system")
