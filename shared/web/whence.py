"""Whence a request comes, where proxies stand before us that are trusted to say so."""

from __future__ import annotations

import functools
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from shared.settings import Network

FORWARDED_FOR: Final = "X-Forwarded-For"
_ONE_COLON: Final = 1  # an address and a port; an IPv6 address has more


@functools.lru_cache(maxsize=1024)  # programs ask again and again from where they are
def whence(remote: str, forwarded: tuple[str, ...], trusted: tuple[Network, ...]) -> str:
    """Return the last hop to us that is no trusted proxy; with none trusted, who connected.

    `forwarded` are the lines of X-Forwarded-For. Each proxy writes at their end whom it heard, so
    they are believed from there on back, and no farther than to the first who is not trusted:
    whatever stands before may have been written by anyone.
    """
    hop = remote
    for said in reversed([each for line in forwarded for each in line.split(",")]):
        address = _address(said)
        if address is None or not _is_trusted(hop, trusted):
            break
        hop = str(address)
    return hop


def _is_trusted(hop: str, trusted: tuple[Network, ...]) -> bool:
    address = _address(hop)
    return address is not None and any(address in network for network in trusted)


def _address(said: str) -> IPv4Address | IPv6Address | None:
    """Return the address that is written there, with or without a port."""
    text = said.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == _ONE_COLON:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
