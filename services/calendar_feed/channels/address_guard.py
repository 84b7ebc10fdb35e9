"""The guard of every connection out: to public addresses and to nothing else.

It is asked where a socket is made, so a name is judged by what it resolved to for this very
connection: one that resolves otherwise a moment later, or a redirect, gains nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final

AddressInfo = tuple[Any, Any, int, str, tuple[Any, ...]]
SocketFactory = Callable[[AddressInfo], socket.socket]
Place = tuple[str, int]

# Those that Python 3.11 takes for global, although they lead to, or stand for, something else.
_NOT_PUBLIC: Final = tuple(
    ip_network(each)
    for each in (
        "100.64.0.0/10",  # RFC 6598, carrier-grade NAT
        "192.0.0.0/24",  # RFC 6890, protocol assignments
        "192.88.99.0/24",  # RFC 7526, 6to4 relays
        "64:ff9b::/96",  # RFC 6052, NAT64: an IPv4 address is inside
        "64:ff9b:1::/48",  # RFC 8215, NAT64 of a local network
        "2001::/23",  # RFC 6890, protocol assignments; Teredo is one
        "2002::/16",  # RFC 3056, 6to4: an IPv4 address is inside
        "fec0::/10",  # RFC 3879, site-local
        "3fff::/20",  # RFC 9637, documentation
        "::/96",  # RFC 4291 2.5.5.1, IPv4-compatible
    )
)


class AddressRefused(Exception):
    """No connection goes to this address.

    No OSError on purpose: one inside address refuses the name, instead of its next being tried.
    """


def is_public(text: str) -> bool:
    """Whether this address is one of the public internet, itself and not by what it embeds."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address.scope_id):
        return False
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in _NOT_PUBLIC)


def guarding(let_through: frozenset[Place] = frozenset()) -> SocketFactory:
    """Return what makes aiohttp's sockets, or raises `AddressRefused`.

    `let_through` are the servers of tests, on the loopback; whoever runs the service cannot set it.
    """

    def make(found: AddressInfo) -> socket.socket:
        family, kind, protocol, _, place = found
        if (place[0], place[1]) not in let_through and not is_public(str(place[0])):
            raise AddressRefused
        return socket.socket(family=family, type=kind, proto=protocol)

    return make
