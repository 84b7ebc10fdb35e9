"""When a calendar of anyone's is busy: each event as it says it, and what cannot be read named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.calendar_feed.channels.expanding import ExpandingFailed
from services.calendar_feed.domain.outside import MOST_BLOCKS, Block, Complaint, Expanded, Flaw
from tests.calendar_feed.outside.calendars import (
    GOOD,
    GOOD_BLOCK,
    HEAD,
    block,
    blocks_of,
    calendar,
    event,
    expanded,
    taken_in,
    weekly,
)

NEW_YORK = "America/New_York"


def flaws(found: Expanded) -> list[tuple[int, Flaw]]:
    return [(each.index, each.flaw) for each in found.unread]


async def test_ten_thousand_events_of_one_uid_are_read() -> None:
    events = [event("UID:same", f"SEQUENCE:{number}", *GOOD[1:]) for number in range(10_000)]
    found = await expanded(calendar(*events))
    assert taken_in(found) == (GOOD_BLOCK,)
    assert not found.unread


async def test_of_events_with_one_uid_the_latest_holds() -> None:
    moved = ("DTSTART:20261202T150000Z", "DTEND:20261202T160000Z")
    events = [event(*GOOD, "SEQUENCE:0"), event("UID:good", *moved, "SEQUENCE:1")]
    assert await blocks_of(*events) == await blocks_of(*reversed(events)) == (block(2, 15),)
    cancelled = event(*GOOD, "SEQUENCE:2", "STATUS:CANCELLED")
    assert await blocks_of(*events, cancelled) == ()


async def test_an_event_that_became_a_series_holds_as_the_series() -> None:
    found = await blocks_of(event(*GOOD, "SEQUENCE:0"), weekly("good", "SEQUENCE:1", hour=18))
    assert len(found) == 10
    assert found[0] == block(1, 18)


async def test_two_events_that_say_nothing_of_their_order_both_hold() -> None:
    other = event("UID:good", "DTSTART:20261202T150000Z", "DURATION:PT1H")
    assert await blocks_of(event(*GOOD), other) == (GOOD_BLOCK, block(2, 15))


async def test_ten_thousand_events_inside_one_another_are_named() -> None:
    nested = "BEGIN:VEVENT\r\n" * 10_000 + "END:VEVENT\r\n" * 10_000
    found = await expanded(calendar(event(*GOOD), nested))
    assert GOOD_BLOCK in taken_in(found)
    assert {each.flaw for each in found.unread} == {Flaw.NESTED}


@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 1000, b"<html></html>", b"BEGIN:VEVENT"])
async def test_what_is_no_calendar_is_refused(body: bytes) -> None:
    with pytest.raises(ExpandingFailed) as failed:
        await expanded(body)
    assert failed.value.complaint is Complaint.NOT_A_CALENDAR


@pytest.mark.parametrize("end", ["", "END:VCALEN", event(*GOOD)[:-9], HEAD])
async def test_a_calendar_without_its_end_is_refused(end: str) -> None:
    with pytest.raises(ExpandingFailed) as failed:
        await expanded((HEAD + event(*GOOD) + end).encode())
    assert failed.value.complaint is Complaint.CUT_OFF


async def test_broken_events_are_named_by_their_place() -> None:
    found = await expanded(
        calendar(
            event("UID:1", "DTSTART:nonsense", "DTEND:20261201T160000Z"),
            event(*GOOD),
            event("UID:3", "SUMMARY:no start"),
        )
        + b"BEGIN:VEVENT\r\nUID:4"
    )
    assert taken_in(found) == (GOOD_BLOCK,)
    assert flaws(found) == [(0, Flaw.BROKEN), (2, Flaw.BROKEN), (3, Flaw.BROKEN)]


@pytest.mark.parametrize(
    "override",
    [
        ("RECURRENCE-ID:20261208T150000Z", "DTSTART:nonsense", "DTEND:20261208T160000Z"),
        ("RECURRENCE-ID:20261208T150000Z", "STATUS:CANCELLED"),
        ("RECURRENCE-ID:nonsense", "DTSTART:20261208T160000Z", "DTEND:20261208T170000Z"),
    ],
)
async def test_an_override_that_cannot_be_read_leaves_its_date_as_the_series_has_it(
    override: tuple[str, ...],
) -> None:
    found = await expanded(calendar(weekly("w"), event("UID:w", *override)))
    assert len(taken_in(found)) == 10
    assert flaws(found) == [(1, Flaw.EXCEPTION)]


async def test_an_exdate_that_cannot_be_read_is_left_out_and_the_others_hold() -> None:
    series = weekly("w", "EXDATE:oops", "EXDATE:20261208T150000Z")
    found = await expanded(calendar(series))
    assert len(taken_in(found)) == 9
    assert flaws(found) == [(0, Flaw.EXCEPTION)]


async def test_of_a_series_that_cannot_be_read_its_overrides_are() -> None:
    broken = event("UID:w", *GOOD[1:], "RRULE:FREQ=SOMETIMES")
    moved = ("DTSTART:20261209T180000Z", "DTEND:20261209T190000Z")
    found = await expanded(
        calendar(broken, event("UID:w", "RECURRENCE-ID:20261208T150000Z", *moved))
    )
    assert block(9, 18) in taken_in(found)
    assert flaws(found) == [(0, Flaw.BROKEN)]


async def test_a_series_of_which_nothing_can_be_read_is_named() -> None:
    found = await expanded(calendar(event("UID:w", *GOOD[1:], "RRULE:FREQ=SOMETIMES")))
    assert found.hours == {}
    assert flaws(found) == [(0, Flaw.BROKEN)]


async def test_no_more_than_a_thousand_are_named() -> None:
    found = await expanded(calendar(*[event(f"UID:{number}") for number in range(1_100)]))
    assert len(found.unread) == 1_000
    assert not found.whole


@pytest.mark.parametrize(
    "free", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"]
)
async def test_what_says_that_it_is_free_is(free: str) -> None:
    found = await expanded(calendar(event(*GOOD, free), weekly("w", free)))
    assert taken_in(found) == ()
    assert not found.unread


async def test_our_own_feed_is_not_busy() -> None:
    head = "BEGIN:VCALENDAR\r\nPRODID:-//Standing Hour//Calendar Feed 1//EN\r\n"
    assert await expanded(calendar(event(*GOOD), head=head)) == Expanded(hours={})


@pytest.mark.parametrize("rule", ["", "RRULE:FREQ=YEARLY"])
async def test_a_whole_day_and_a_floating_time_are_the_clinicians(rule: str) -> None:
    found = await blocks_of(
        event("UID:day", "DTSTART;VALUE=DATE:20261201", rule),
        event("UID:days", "DTSTART;VALUE=DATE:20261210", "DTEND;VALUE=DATE:20261212", rule),
        event("UID:floating", "DTSTART:20261203T090000", "DURATION:PT1H", rule),
    )
    assert found[:3] == (
        Block(
            starts_at=datetime(2026, 12, 1, 5, tzinfo=UTC),
            ends_at=datetime(2026, 12, 2, 5, tzinfo=UTC),
        ),
        block(3, 14),
        Block(
            starts_at=datetime(2026, 12, 10, 5, tzinfo=UTC),
            ends_at=datetime(2026, 12, 12, 5, tzinfo=UTC),
        ),
    )


@pytest.mark.parametrize("rule", ["", "RRULE:FREQ=DAILY;COUNT=1"])
@pytest.mark.parametrize(
    "zone", ["America/New_York", "Eastern Standard Time", '"America/New_York"', "Our own"]
)
async def test_a_zone_is_known_by_any_of_its_names(zone: str, rule: str) -> None:
    own = (
        "BEGIN:VTIMEZONE\r\nTZID:Our own\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:-0500\r\nTZOFFSETTO:-0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    there = (f"DTSTART;TZID={zone}:20261201T100000", f"DTEND;TZID={zone}:20261201T110000")
    assert await blocks_of(event("UID:z", *there, rule), own) == (GOOD_BLOCK,)


async def test_a_series_keeps_its_local_hour_and_its_exceptions() -> None:
    found = await blocks_of(
        event(
            "UID:s",
            f"DTSTART;TZID={NEW_YORK}:20270302T100000",
            f"DTEND;TZID={NEW_YORK}:20270302T110000",
            "RRULE:FREQ=WEEKLY;COUNT=4",
            f"EXDATE;TZID={NEW_YORK}:20270309T100000",
        ),
        event(
            "UID:s",
            f"RECURRENCE-ID;TZID={NEW_YORK}:20270316T100000",
            f"DTSTART;TZID={NEW_YORK}:20270317T120000",
            f"DTEND;TZID={NEW_YORK}:20270317T130000",
        ),
    )
    assert [each.starts_at for each in found] == [
        datetime(2027, 3, 2, 15, tzinfo=UTC),
        datetime(2027, 3, 17, 16, tzinfo=UTC),
        datetime(2027, 3, 23, 14, tzinfo=UTC),
    ]


async def test_a_series_that_began_long_ago_has_the_dates_that_it_always_had() -> None:
    """Every third week from Tuesday 6 July 1999 on is Tuesday 8 December 2026 too."""
    series = event(
        "UID:s",
        f"DTSTART;TZID={NEW_YORK}:19990706T100000",
        f"DTEND;TZID={NEW_YORK}:19990706T110000",
        "RRULE:FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,TH",
        f"EXDATE;TZID={NEW_YORK}:20261210T100000",
    )
    moved = event(
        "UID:s",
        f"RECURRENCE-ID;TZID={NEW_YORK}:20261229T100000",
        f"DTSTART;TZID={NEW_YORK}:20261230T100000",
        f"DTEND;TZID={NEW_YORK}:20261230T110000",
    )
    first = (datetime(2026, 12, 8) - datetime(1999, 7, 6)).days  # noqa: DTZ001 # days of a wall
    assert first % 21 == 0
    found = await blocks_of(series, moved)
    assert found[:3] == (block(8, 15), block(30, 15), block(31, 15))


async def test_an_appointment_of_a_series_that_is_over_may_be_moved_to_today() -> None:
    over = event("UID:s", "DTSTART:20250107T150000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2")
    moved = event("UID:s", "RECURRENCE-ID:20250114T150000Z", *GOOD[1:])
    assert await blocks_of(over, moved) == (GOOD_BLOCK,)


@pytest.mark.parametrize("rule", ["FREQ=HOURLY;INTERVAL=24;COUNT=3", "FREQ=DAILY;COUNT=3"])
async def test_a_rule_of_hours_that_is_one_of_days_is_read(rule: str) -> None:
    found = await blocks_of(event(*GOOD, f"RRULE:{rule}"))
    assert found == (block(1, 15), block(2, 15), block(3, 15))


async def test_the_busy_periods_of_a_free_busy_are_taken() -> None:
    periods = (
        "BEGIN:VFREEBUSY\r\nUID:f\r\nDTSTART:20261201T000000Z\r\nDTEND:20261231T000000Z\r\n"
        "FREEBUSY;FBTYPE=BUSY:20261201T150000Z/20261201T160000Z,20261202T150000Z/PT1H\r\n"
        "FREEBUSY:20261203T150000Z/PT1H\r\n"
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261204T150000Z/PT1H\r\n"
        "FREEBUSY;FBTYPE=FREE:20261205T150000Z/PT1H\r\nEND:VFREEBUSY\r\n"
    )
    assert await blocks_of(periods) == tuple(block(day, 15) for day in (1, 2, 3, 4))
    broken = periods.replace("20261203T150000Z/PT1H", "soon")
    found = await expanded(calendar(event(*GOOD), broken))
    assert flaws(found) == [(1, Flaw.BROKEN)]


async def test_no_calendar_has_more_than_five_thousand_blocks() -> None:
    events = [
        event(
            f"UID:{number}",
            f"DTSTART:2027{1 + number % 12:02}{1 + number // 12 % 28:02}T{number // 336:02}0000Z",
            f"DTEND:2027{1 + number % 12:02}{1 + number // 12 % 28:02}T{number // 336:02}3000Z",
        )
        for number in range(8_000)
    ]
    assert len(await blocks_of(*events)) == MOST_BLOCKS


async def test_an_alarm_says_nothing_of_when_its_event_is() -> None:
    alarm = "BEGIN:VALARM\r\nUID:other\r\nDURATION:PT9H\r\nTRIGGER:-PT15M\r\nEND:VALARM"
    assert await blocks_of(event("UID:a", "DTSTART:20261201T150000Z", alarm, "DURATION:PT1H")) == (
        GOOD_BLOCK,
    )
