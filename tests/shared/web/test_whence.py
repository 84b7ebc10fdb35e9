"""Whence a request comes: trusted proxies are believed, and only what they heard themselves."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Final

import pytest

from shared.settings import BadSettings, Reading
from shared.web.whence import whence

PROXY: Final = "172.18.0.1"
TRUSTED: Final = (ip_network("172.18.0.0/16"), ip_network("2001:db8::1"))
DANAS: Final = "203.0.113.7"


def test_with_no_trusted_proxy_whoever_connects_is_it() -> None:
    assert whence(PROXY, (DANAS,), ()) == PROXY
    assert whence("", (DANAS,), ()) == ""


@pytest.mark.parametrize(
    ("forwarded", "found"),
    [
        ((DANAS,), DANAS),
        ((f" {DANAS}:41234 ",), DANAS),
        (("[2001:db8::7]:443",), "2001:db8::7"),
        (("2001:DB8:0::7",), "2001:db8::7"),
        ((f"::ffff:{DANAS}",), DANAS),
        ((DANAS, "172.18.0.9"), DANAS),
        ((f"{DANAS}, 2001:db8::1",), DANAS),
        (("172.18.0.9",), "172.18.0.9"),
    ],
    ids=["one", "port", "v6 port", "v6", "mapped", "two lines", "two proxies", "the proxy's own"],
)
def test_what_a_trusted_proxy_heard_is_believed(forwarded: tuple[str, ...], found: str) -> None:
    assert whence(PROXY, forwarded, TRUSTED) == found


@pytest.mark.parametrize(
    "forwarded",
    [(f"192.0.2.1, {DANAS}",), ("192.0.2.1", DANAS), (f"172.18.0.9, {DANAS}",)],
    ids=["a guess before", "a line before", "a proxy's name before"],
)
def test_what_stands_before_the_last_hop_that_nobody_trusts_is_not_believed(
    forwarded: tuple[str, ...],
) -> None:
    assert whence(PROXY, forwarded, TRUSTED) == DANAS


def test_whoever_is_no_trusted_proxy_is_not_believed() -> None:
    assert whence(DANAS, ("192.0.2.1",), TRUSTED) == DANAS
    assert whence(DANAS, (PROXY,), TRUSTED) == DANAS


@pytest.mark.parametrize("said", ["", "unknown", "_hidden", "1.2.3", "203.0.113.7 x", ","])
def test_a_hop_that_is_no_address_is_the_proxy_that_named_it(said: str) -> None:
    assert whence(PROXY, (f"192.0.2.1, {said}",), TRUSTED) == PROXY


def test_proxies_are_addresses_or_networks() -> None:
    reading = Reading({"TRUSTED_PROXIES": "172.18.0.0/16, 2001:db8::1"})
    assert reading.networks("TRUSTED_PROXIES") == TRUSTED
    assert Reading({}).networks("TRUSTED_PROXIES") == ()


@pytest.mark.parametrize("wrong", ["proxy.example", "172.18.0.1/16", "0.0.0.0/0", "10.0.0.1,::/0"])
def test_what_is_no_network_or_all_of_them_is_complained_of(wrong: str) -> None:
    reading = Reading({"TRUSTED_PROXIES": wrong})
    reading.networks("TRUSTED_PROXIES")
    with pytest.raises(BadSettings, match="TRUSTED_PROXIES must be addresses or networks"):
        reading.settle()
