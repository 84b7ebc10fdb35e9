"""No connection leads inside, however its address is written."""

from __future__ import annotations

import socket

import pytest

from services.calendar_feed.channels.address_guard import AddressRefused, guarding, is_public

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "192.0.0.9",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "2001::1",
    "2002:7f00:1::",
    "fc00::1",
    "fe80::1",
    "fe80::1%1",
    "3fff::1",
    "fec0::1",
    "ff02::1",
    "0x7f000001",
    "localhost",
    "",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_that_leads_inside_is_refused(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(AddressRefused):
        guarding()((socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 443)))


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.72.14", "2606:4700::6810:84e5"])
def test_a_public_address_is_taken(address: str) -> None:
    assert is_public(address)


def test_only_the_named_port_of_a_test_is_let_through() -> None:
    make = guarding(frozenset({("127.0.0.1", 20_001)}))
    make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 20_001))).close()
    with pytest.raises(AddressRefused):
        make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 20_002)))
