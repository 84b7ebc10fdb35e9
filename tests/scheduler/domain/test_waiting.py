"""Someone waits in their place until they take an hour or wait no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain import offers, waiting
from services.scheduler.domain.errors import NotWaiting
from services.scheduler.domain.offers import Offer, OfferStatus, lasts_until, was_passed_over
from services.scheduler.domain.sessions import Kind
from services.scheduler.domain.slots import HOUR, Slot
from services.scheduler.domain.waiting import ARROWS, Entry, EntryStatus, Turn
from services.scheduler.domain.wall_clock import weekly_slots
from services.scheduler.domain.windows import window_of_hour
from tests.cast import DANA_ID, KIM_ID, NEW_YORK, ORTIZ_ID
from tests.conftest import NOW

FIRST = date(2027, 2, 16)
TUESDAYS = weekly_slots(FIRST, time(15), 16, ZoneInfo(NEW_YORK))
DAY = timedelta(days=1)


def entry(**other: object) -> Entry:
    make: type = Entry
    good: dict[str, object] = {
        "id": UUID(int=1),
        "made_at": NOW,
        "client_id": KIM_ID,
        "sessions": 16,
        "timezone": NEW_YORK,
    }
    found: Entry = make(**(good | other))
    return found


def offer(slots: tuple[Slot, ...] = TUESDAYS, **other: object) -> Offer:
    make: type = Offer
    good: dict[str, object] = {
        "id": uuid4(),
        "entry_id": UUID(int=1),
        "client_id": KIM_ID,
        "clinician_id": DANA_ID,
        "kind": Kind.COURSE,
        "first_date": FIRST,
        "at": time(15),
        "timezone": NEW_YORK,
        "slots": slots,
        "hold_id": uuid4(),
        "made_at": NOW,
        "expires_at": NOW + DAY,
    }
    found: Offer = make(**(good | other))
    return found


@pytest.mark.parametrize(("status", "turn"), list(product(EntryStatus, Turn)))
def test_every_turn_from_every_state(status: EntryStatus, turn: Turn) -> None:
    before, to = entry(status=status), ARROWS.get((status, turn))
    if to is not None:
        assert waiting.after(before, turn) == replace(before, status=to)
        return
    with pytest.raises(NotWaiting, match=status.value):
        waiting.after(before, turn)


def test_who_declines_waits_on_in_their_place() -> None:
    offered = waiting.after(entry(), Turn.OFFER)
    assert waiting.after(offered, Turn.PASS) == entry()


def test_nothing_follows_once_an_hour_is_taken_or_the_wait_is_over() -> None:
    ends = {EntryStatus.ACCEPTED, EntryStatus.WITHDRAWN}
    assert {status for status, _ in ARROWS}.isdisjoint(ends)


@pytest.mark.parametrize(
    ("wish", "suited"),
    [
        ({}, True),
        ({"windows": (window_of_hour(1, time(15)),)}, True),
        ({"windows": (window_of_hour(1, time(16)),)}, False),
        ({"windows": (window_of_hour(1, time(12)),), "timezone": "America/Phoenix"}, False),
        ({"windows": (window_of_hour(1, time(21)),), "timezone": "Europe/Berlin"}, False),
        ({"since": FIRST, "until": FIRST}, True),
        ({"since": FIRST + DAY}, False),
        ({"until": FIRST - DAY}, False),
    ],
)
def test_every_hour_of_it_is_one_that_they_wait_for(wish: dict[str, object], suited: bool) -> None:
    """Sixteen Tuesdays at three in New York, across the change of clocks."""
    assert entry(**wish).suits(TUESDAYS) is suited


def test_only_a_course_has_more_than_one_session() -> None:
    with pytest.raises(ValueError, match="only a course"):
        entry(kind=Kind.CONSULTATION)
    assert not entry(kind=Kind.CONSULTATION, sessions=1).weekly


START = Slot.hour_from(datetime(2026, 11, 25, 15, tzinfo=UTC))  # two days and an hour ahead


@pytest.mark.parametrize(
    ("lasts", "notice", "ends"),
    [
        (timedelta(hours=24), timedelta(0), NOW + timedelta(hours=24)),
        (timedelta(hours=72), timedelta(0), START.starts_at),
        (timedelta(hours=24), timedelta(hours=48), NOW + HOUR),
        (timedelta(hours=24), timedelta(hours=48, minutes=30), NOW + timedelta(minutes=30)),
        (timedelta(hours=24), timedelta(hours=48, minutes=31), None),
        (timedelta(hours=24), timedelta(hours=72), None),
    ],
)
def test_an_offer_never_outlives_the_notice_before_its_hour(
    lasts: timedelta, notice: timedelta, ends: datetime | None
) -> None:
    assert lasts_until(START, now=NOW, lasts=lasts, minimum_notice=notice) == ends


def test_it_is_open_until_its_end_and_not_at_it() -> None:
    made = offer()
    assert made.is_open_at(NOW + DAY - timedelta(seconds=1))
    assert not made.is_open_at(NOW + DAY)
    declined = offers.end(made, OfferStatus.DECLINED, now=NOW + HOUR)
    assert not declined.is_open_at(NOW + HOUR)
    assert offers.end(declined, OfferStatus.EXPIRED, now=NOW + DAY) == declined


@pytest.mark.parametrize(
    ("status", "passed"),
    [
        (OfferStatus.DECLINED, True),
        (OfferStatus.EXPIRED, True),
        (OfferStatus.LOST, True),
        (OfferStatus.ACCEPTED, False),
        (OfferStatus.WITHDRAWN, False),
    ],
)
def test_an_hour_that_was_not_taken_is_not_offered_to_them_again(
    status: OfferStatus, passed: bool
) -> None:
    past = [offers.end(offer(), status, now=NOW)]
    assert was_passed_over(past, DANA_ID, TUESDAYS) is passed
    a_week_later = weekly_slots(FIRST + 7 * DAY, time(15), 16, ZoneInfo(NEW_YORK))
    assert was_passed_over(past, DANA_ID, a_week_later) is passed


def test_another_hour_or_another_clinician_is_not_passed_over() -> None:
    past = [offers.end(offer(), OfferStatus.DECLINED, now=NOW)]
    assert not was_passed_over(past, ORTIZ_ID, TUESDAYS)
    an_hour_later = weekly_slots(FIRST, time(16), 16, ZoneInfo(NEW_YORK))
    assert not was_passed_over(past, DANA_ID, an_hour_later)
