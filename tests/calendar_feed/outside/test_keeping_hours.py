"""No hour becomes free because a calendar cannot be read, and none stays taken for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.calendar_feed.domain.outside import EVERY
from tests.calendar_feed.diary import dana_saved, learn
from tests.calendar_feed.outside.calendars import event
from tests.calendar_feed.outside.elsewhere import (
    DAY,
    FIRST,
    HOUR,
    HOURS,
    Elsewhere,
    calendar_of,
    with_events,
)


async def test_the_good_events_of_a_broken_calendar_are_kept_and_the_bad_are_named(
    elsewhere: Elsewhere,
) -> None:
    elsewhere.body = with_events(event("UID:dentist", *HOURS), event("UID:x", "DTSTART:never"))
    await elsewhere.add()
    read = await elsewhere.read()
    assert len(read.blocks) == 1
    assert [(each.index, each.flaw) for each in read.unread] == [(1, "broken")]


@pytest.mark.parametrize(
    "rule", ["RRULE:FREQ=SOMETIMES", "RRULE:FREQ=MINUTELY", "RDATE:20270101T000000Z,x"]
)
async def test_an_hour_is_not_free_because_its_event_cannot_be_read_any_more(
    elsewhere: Elsewhere, rule: str
) -> None:
    lunch = event("UID:lunch", "DTSTART:20261203T170000Z", "DURATION:PT1H")
    elsewhere.body = with_events(event("UID:dentist", *HOURS), lunch)
    await elsewhere.add()
    await elsewhere.read()
    elsewhere.body, elsewhere.etag = with_events(event("UID:dentist", *HOURS, rule)), '"2"'
    read = await elsewhere.read(after=HOUR)
    assert [each.starts_at for each in read.blocks] == [FIRST]  # and lunch is over for good
    assert len(read.unread) == 1
    elsewhere.etag = '"3"'
    assert len((await elsewhere.read(after=HOUR)).blocks) == 1  # as often as it is read
    elsewhere.body, elsewhere.etag = with_events(lunch), '"4"'
    read = await elsewhere.read(after=HOUR)
    assert [each.starts_at for each in read.blocks] == [FIRST + 2 * DAY + 2 * HOUR]
    assert read.unread == ()


async def test_what_took_too_long_is_read_again_whatever_its_version(elsewhere: Elsewhere) -> None:
    hard = ("DTSTART:00010101T000000Z", "RRULE:FREQ=DAILY;COUNT=1000000000")
    elsewhere.body = with_events(event("UID:x", *hard))
    await elsewhere.add()
    await elsewhere.read()
    await elsewhere.read(after=HOUR)
    assert "If-None-Match" not in elsewhere.server.asked[-1]


async def test_a_calendar_that_is_cut_off_frees_no_hour(elsewhere: Elsewhere) -> None:
    await elsewhere.add()
    await elsewhere.read()
    elsewhere.body, elsewhere.etag = calendar_of()[:-5], '"2"'
    read = await elsewhere.read(after=HOUR)
    assert (read.complaint, len(read.blocks)) == ("cut_off", 1)


async def test_in_another_zone_the_same_bytes_are_other_hours(elsewhere: Elsewhere) -> None:
    elsewhere.body = with_events(event("UID:x", "DTSTART:20261201T150000", "DURATION:PT1H"))
    await elsewhere.add()
    read = await elsewhere.read()
    assert read.blocks[0].starts_at == datetime(2026, 12, 1, 20, tzinfo=UTC)
    await learn(elsewhere.database, dana_saved(revision=9, timezone="America/Los_Angeles"))
    read = await elsewhere.read(after=HOUR)
    assert read.blocks[0].starts_at == datetime(2026, 12, 1, 23, tzinfo=UTC)


async def test_with_another_zone_database_it_is_read_whole(elsewhere: Elsewhere) -> None:
    await elsewhere.add()
    await elsewhere.read()
    elsewhere.reading = replace(elsewhere.reading, tzversion="2031a")
    await elsewhere.read(after=HOUR)
    assert "If-None-Match" not in elsewhere.server.asked[-1]
    await elsewhere.read(after=HOUR)
    assert "If-None-Match" in elsewhere.server.asked[-1]


async def test_a_version_that_cannot_be_kept_does_not_keep_it_from_being_read(
    elsewhere: Elsewhere,
) -> None:
    elsewhere.etag = '"caf\u00e9"'
    await elsewhere.add()
    read = await elsewhere.read()
    assert (read.complaint, read.etag, len(read.blocks)) == (None, None, 1)


async def test_what_nobody_foresaw_is_a_failure_like_any_other(elsewhere: Elsewhere) -> None:
    await elsewhere.add()
    await elsewhere.read()
    elsewhere.reading = replace(elsewhere.reading, tzversion="\udce9")  # no database keeps that
    read = await elsewhere.read(after=HOUR)
    assert (read.complaint, read.failures, len(read.blocks)) == ("unforeseen", 1, 1)
    assert read.next_at > elsewhere.clock.now() + EVERY
