"""The door is open from 15 minutes before to 15 minutes after."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.scheduler.domain.joining import Door, door_of
from services.scheduler.domain.sessions import Status
from tests.scheduler.domain.diary import SESSION, SLOT

QUARTER = timedelta(minutes=15)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (SLOT.starts_at - QUARTER - SECOND, Door.EARLY),
        (SLOT.starts_at - QUARTER, Door.OPEN),
        (SLOT.starts_at, Door.OPEN),
        (SLOT.ends_at + QUARTER, Door.OPEN),
        (SLOT.ends_at + QUARTER + SECOND, Door.OVER),
    ],
    ids=["16 minutes before", "15 before", "at the start", "15 after", "16 after"],
)
def test_the_door_by_the_clock(now: datetime, expected: Door) -> None:
    assert door_of(SESSION, now=now) is expected


def test_a_cancelled_session_has_no_door() -> None:
    cancelled = replace(SESSION, status=Status.CANCELLED)
    assert door_of(cancelled, now=SLOT.starts_at) is Door.CANCELLED


def test_someone_who_was_cut_off_comes_back_in_after_the_session_was_concluded() -> None:
    attended = replace(SESSION, status=Status.ATTENDED)
    assert door_of(attended, now=SLOT.starts_at) is Door.OPEN
