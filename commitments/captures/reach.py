"""Where a fetch may go: the public internet alone. Who names an address here reaches nothing inside."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

# In 2000::/3, and yet they lead to IPv4 addresses of somebody's choosing, or to nobody.
_EMBEDDING = [IPv6Network(n) for n in ("2002::/16", "2001::/23", "2001:db8::/32", "3fff::/20")]
_UNICAST = IPv6Network("2000::/3")
_RELAYS = ip_network("192.88.99.0/24")


def is_public(address: Address) -> bool:
    """Whether an address is one host of the public internet: no private, local, shared, multicast, reserved or
    documentation range, no IPv4 inside IPv6 (mapped, 6to4, Teredo, NAT64)."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and address not in _RELAYS
    return address in _UNICAST and address.is_global and not any(address in network for network in _EMBEDDING)


def looked_up(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


@dataclass(frozen=True)
class Reach:
    """Another one than PUBLIC is given in code, by tests alone."""

    ports: frozenset[int] | None = frozenset({80, 443})
    allows: Callable[[Address], bool] = is_public
    resolve: Callable[[str, int], list[str]] = looked_up
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: float = 30.0
    most_bytes: int = 10 * 2**20

    def allowed(self, host: str, port: int) -> list[Address]:
        """Those of its addresses to which one may connect. Raises OSError."""
        found = [ip_address(address) for address in self.resolve(host, port) if "%" not in address]
        return [address for address in found if self.allows(address)]


PUBLIC = Reach()
