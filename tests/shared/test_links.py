"""A link opens for one purpose, from one secret, exactly as it was made, or not at all."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.links import BadLink, Link, Purpose, read, sign
from tests.cast import DANA_ID, KIM_ID

SECRET = "a secret of the practice, 32 characters and more"
ALPHABET = string.ascii_letters + string.digits + "-_"
END = datetime(2027, 7, 1, 20, tzinfo=UTC)
LINK = Link(
    purpose=Purpose.JOIN, session_id=DANA_ID, person_id=KIM_ID, generation=3, expires_at=END
)
TOKEN = sign(LINK, SECRET)

links = st.builds(
    Link,
    purpose=st.sampled_from(Purpose),
    session_id=st.uuids(),
    person_id=st.uuids(),
    generation=st.integers(0, 2**32 - 1),
    expires_at=st.integers(0, 250_000_000_000).map(lambda end: datetime.fromtimestamp(end, UTC)),
)
secrets = st.text(min_size=32, max_size=64)


class OtherPurpose(IntEnum):
    """A purpose that some later version might have."""

    CANCEL = 2


@given(links, secrets)
def test_any_link_comes_back_as_it_was_made(link: Link, secret: str) -> None:
    token = sign(link, secret)
    assert read(token, secret, purpose=link.purpose) == link
    assert token == sign(link, secret)


@given(links)
def test_a_link_fits_an_address(link: Link) -> None:
    token = sign(link, SECRET)
    assert len(token) == 104
    assert set(token) <= set(ALPHABET)


@pytest.mark.parametrize("place", range(len(TOKEN)))
def test_every_changed_character_is_refused(place: int) -> None:
    for other in set(ALPHABET) - {TOKEN[place]}:
        with pytest.raises(BadLink):
            read(TOKEN[:place] + other + TOKEN[place + 1 :], SECRET, purpose=Purpose.JOIN)


@pytest.mark.parametrize(
    "spoiled",
    [
        "",
        "x",
        TOKEN[:-1],
        TOKEN[:-4],
        TOKEN + "A",
        TOKEN + "AAAA",
        TOKEN + "=",
        TOKEN + "\n",
        " " + TOKEN,
        TOKEN[:50] + "=" + TOKEN[50:],
        TOKEN[:50] + "!" + TOKEN[50:],
        TOKEN.replace(TOKEN[0], "é", 1),
        TOKEN[0] + TOKEN[1:].swapcase(),
        "../" + TOKEN,
        "A" * 104,
        "A" * 100_000,
    ],
)
def test_a_damaged_link_is_refused(spoiled: str) -> None:
    with pytest.raises(BadLink):
        read(spoiled, SECRET, purpose=Purpose.JOIN)


@given(st.text(max_size=200))
def test_whatever_is_typed_in_is_refused(typed: str) -> None:
    with pytest.raises(BadLink):
        read(typed, SECRET, purpose=Purpose.JOIN)


@given(links, secrets, secrets)
def test_another_secret_does_not_open_it(link: Link, one: str, other: str) -> None:
    if one != other:
        with pytest.raises(BadLink):
            read(sign(link, one), other, purpose=link.purpose)


def test_a_link_for_another_purpose_does_not_open() -> None:
    purpose = cast(Purpose, OtherPurpose.CANCEL)
    other = replace(LINK, purpose=purpose)
    with pytest.raises(BadLink):
        read(sign(other, SECRET), SECRET, purpose=Purpose.JOIN)
    with pytest.raises(BadLink):
        read(TOKEN, SECRET, purpose=purpose)


@pytest.mark.parametrize(
    "changed",
    [
        replace(LINK, session_id=KIM_ID),
        replace(LINK, person_id=DANA_ID),
        replace(LINK, generation=4),
        replace(LINK, expires_at=END + timedelta(seconds=1)),
    ],
    ids=["session", "person", "generation", "end"],
)
def test_another_session_person_generation_or_end_is_another_seal(changed: Link) -> None:
    other = sign(changed, SECRET)
    assert other != TOKEN
    seal = 62  # characters of the fields alone, 46 bytes and a little of the seal
    with pytest.raises(BadLink):
        read(other[:seal] + TOKEN[seal:], SECRET, purpose=Purpose.JOIN)


def test_an_ended_link_is_still_read() -> None:
    long_ago = replace(LINK, expires_at=datetime(1999, 1, 1, tzinfo=UTC))
    assert read(sign(long_ago, SECRET), SECRET, purpose=Purpose.JOIN) == long_ago


BEFORE = datetime(1969, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("generation", "expires_at"),
    [(-1, END), (2**32, END), (0, END.replace(tzinfo=None)), (0, BEFORE)],
    ids=["a negative generation", "a generation of 33 bits", "a naive end", "an end before 1970"],
)
def test_a_link_that_cannot_be_written_cannot_be_made(
    generation: int, expires_at: datetime
) -> None:
    with pytest.raises(ValueError, match=r"aware end|32 bits"):
        replace(LINK, generation=generation, expires_at=expires_at)
