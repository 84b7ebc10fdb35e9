"""What is kept of a session's lines is small, and gives back every byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.calendar_feed.domain.detail import show
from services.calendar_feed.domain.entries import Status
from services.calendar_feed.ics.packing import pack, unpack
from services.calendar_feed.ics.vevent import vevent
from tests.calendar_feed.diary import DIARY, entry, showing


@pytest.mark.parametrize("status", list(Status))
def test_a_session_is_kept_in_a_third_of_its_bytes(status: Status) -> None:
    lines = vevent(show(entry(status=status), DIARY, showing()))
    assert unpack(pack(lines)) == lines
    assert len(pack(lines)) < len(lines) / 3


@given(st.binary())
def test_whatever_the_lines_are_they_come_back(lines: bytes) -> None:
    assert unpack(pack(lines)) == lines
