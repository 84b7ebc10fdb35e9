"""Where people may be sent, and who they are there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.joining import Company
from services.scheduler.domain.rooms import (
    Room,
    Standing,
    Window,
    guest_in,
    host_of,
    may_lead_to,
    new_name,
    standing,
)
from tests.cast import ANA_ID, KIM_ID

HOSTS = frozenset({"doxy.me", "*.zoom.us"})
OPENS = datetime(2027, 2, 16, 19, 45, tzinfo=UTC)
WINDOW = Window(opens_at=OPENS, closes_at=OPENS + timedelta(minutes=90))
ROOM = Room(provider="jitsi", name="0f", window=WINDOW)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    "address",
    [
        "https://doxy.me/dana",
        "https://DOXY.me/dana",
        "https://doxy.me./dana",
        "https://doxy.me:8443/dana?room=1#now",
        "https://us05web.zoom.us/j/1",
        "https://a.b.zoom.us/j/1",
    ],
)
def test_a_host_on_the_list_may_be_gone_to(address: str) -> None:
    assert may_lead_to(address, HOSTS)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "doxy.me/dana",
        "//doxy.me/dana",
        "/join/x",
        "http://doxy.me/dana",
        "javascript:alert(1)//doxy.me",
        "https://elsewhere.example/doxy.me",
        "https://doxy.me.elsewhere.example/",
        "https://elsewhere.example#doxy.me",
        "https://notdoxy.me/",
        "https://zoom.us/j/1",
        "https://zoom.us.elsewhere.example/",
        "https://evilzoom.us/",
        "https://doxy.me@elsewhere.example/",
        "https://dana@doxy.me/",
        "https://dana:secret@doxy.me/",
        "https://:@doxy.me/",
        "https://elsewhere.example\\@doxy.me/",
        "https:\\\\doxy.me/",
        "https://doxy.me/a b",
        "https://doxy.me/\r\nSet-Cookie: a=b",
        "https://doxy.me/\x00",
        "https://doxy.mé/",
        "https://[::1/",
        "https://",
    ],
)
def test_nobody_is_sent_anywhere_else(address: str) -> None:
    assert not may_lead_to(address, HOSTS)


@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_be_judged(address: str) -> None:
    assert not may_lead_to(address, frozenset())


def test_the_host_of_an_entered_room_is_on_the_list() -> None:
    assert host_of("https://Rooms.example/dana") == {"rooms.example"}
    assert may_lead_to("https://Rooms.example/dana", host_of("https://Rooms.example/dana"))
    assert host_of(None) == frozenset()


def test_a_name_cannot_be_guessed_and_survives_lower_case() -> None:
    names = {new_name() for _ in range(100)}
    assert len(names) == 100
    assert all(len(name) == 32 and name == name.lower() and name.isalnum() for name in names)


def test_a_guest_is_the_same_at_each_press_and_someone_else_in_another_room() -> None:
    kim = guest_in("one", KIM_ID, is_host=False)
    assert kim == guest_in("one", KIM_ID, is_host=False)
    assert kim.id != guest_in("two", KIM_ID, is_host=False).id
    assert kim.id != guest_in("one", ANA_ID, is_host=False).id
    assert KIM_ID.hex not in kim.id


@pytest.mark.parametrize(
    ("now", "moved_by", "provider", "expected"),
    [
        (OPENS, timedelta(), "jitsi", Standing.GOOD),
        (OPENS + 90 * MINUTE, timedelta(), "jitsi", Standing.GOOD),
        (OPENS + 5 * MINUTE, 30 * MINUTE, "jitsi", Standing.SHIFTED),
        (OPENS + 91 * MINUTE, timedelta(days=1), "jitsi", Standing.STALE),
        (OPENS, timedelta(), "daily", Standing.STALE),
    ],
    ids=["at once", "at the end", "moved a little", "moved a day", "another provider"],
)
def test_what_becomes_of_a_room(
    now: datetime, moved_by: timedelta, provider: str, expected: Standing
) -> None:
    window = Window(opens_at=OPENS + moved_by, closes_at=WINDOW.closes_at + moved_by)
    assert standing(ROOM, provider=provider, window=window, now=now) is expected


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="opens before"):
        replace(WINDOW, closes_at=OPENS)
    with pytest.raises(ValueError, match="no more come"):
        Company(expected=1, come=2)


def test_the_secrets_of_a_room_are_in_no_repr() -> None:
    room = replace(ROOM, url="https://doxy.me/secret", reference="81234567890", name="secret")
    assert "secret" not in repr(room)
    assert "81234567890" not in repr(room)
