"""Nothing that a person typed becomes part of a mail's structure."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.notifier.domain.loopback import is_loopback
from services.notifier.domain.mail import (
    LONGEST_ADDRESS,
    PLAIN,
    BadAddress,
    Mail,
    plain_address,
    spelled_in_ascii,
)

BAD = [
    "",
    "kim",
    "@clients.example",
    "kim@",
    "kim@clients.example\r\nBcc: x@x.example",
    "kim@clients.example, ana@clients.example",
    "Kim Park <kim@clients.example>",
    "kim park@clients.example",
    "kïm@clients.example",
    "kim@" + "x" * 300 + ".example",
    "kim@bad..example",
    "k" * 10_000 + "@clients.example",
]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        plain_address(text)


def test_a_domain_in_other_letters_is_written_in_ascii() -> None:
    assert plain_address("kim@bücher.example") == "kim@xn--bcher-kva.example"


@given(st.from_regex(PLAIN, fullmatch=True))
def test_an_address_that_is_plain_at_a_glance_is_plain_at_length(text: str) -> None:
    assume(len(text) <= LONGEST_ADDRESS)
    assert plain_address(text) == spelled_in_ascii(text) == text


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused_and_never_more_than_one_line(text: str) -> None:
    try:
        address = plain_address(text)
    except BadAddress:
        return
    assert address.isascii()
    assert not set("\r\n\x00 ,<>") & set(address) or '"' in address


def test_a_subject_is_one_line() -> None:
    with pytest.raises(ValueError, match="one line"):
        Mail(
            delivery_id=UUID(int=1),
            to="kim@clients.example",
            subject="Hello\nBcc: x@x.example",
            text="",
            html="",
        )


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False),
     ("localhost.evil.example", False), ("10.0.0.1", False), ("", False)],
)  # fmt: skip
def test_only_this_machine_is_a_loopback(host: str, own: bool) -> None:
    assert is_loopback(host) is own
