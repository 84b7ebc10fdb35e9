"""Which changes a calendar may not show before they matter, and to whom that matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.calendar_feed.domain.entries import Kind
from services.calendar_feed.domain.feeds import Choices, Detail, Feed, Form
from services.calendar_feed.domain.readers import Program, Reader
from services.calendar_feed.domain.unseen import Changed, Subscriber, unseen
from services.calendar_feed.domain.window import Window
from tests.calendar_feed.diary import COURSE_ID, HOUR, session_id, tuesday
from tests.cast import DANA_ID, KIM_ID
from tests.conftest import NOW

DAY = timedelta(days=1)
FIRST = tuesday(0)
FEED = Feed(
    id=session_id(99),
    clinician_id=DANA_ID,
    name="Phone",
    detail=Detail.BUSY,
    form=Form.INSTANCES,
    created_at=NOW,
)
MOVED = Changed(
    clinician_id=DANA_ID,
    session_id=session_id(0),
    revision=2,
    kind=Kind.COURSE,
    course_id=COURSE_ID,
    at=FIRST - 2 * HOUR,
    hours=(FIRST, FIRST + HOUR),
)


def google(**changes: Any) -> Reader:
    """It read six hours before the session, and comes back twelve hours after."""
    usual: dict[str, Any] = {
        "feed_id": FEED.id,
        "program": Program.GOOGLE,
        "first_at": FIRST - 24 * HOUR,
        "last_at": FIRST - 6 * HOUR,
        "fetches": 2,
        "version": 6,
    }
    return Reader(**{**usual, **changes})


def subscriber(reader: Reader | None = None, today: Any = None, **feed: Any) -> Subscriber:
    shown = replace(FEED, **feed)
    window = Window(today=today or FIRST.date(), back=shown.choices.back, ahead=shown.choices.ahead)
    return Subscriber(feed=shown, window=window, version=7, reader=reader or google())


def test_what_google_may_show_too_late_is_unseen() -> None:
    found = unseen(MOVED, [subscriber(), subscriber(google(last_at=FIRST - 8 * HOUR))])
    assert found is not None
    assert (found.seen_at, found.next_at) == (FIRST - 6 * HOUR, FIRST + 12 * HOUR)


@pytest.mark.parametrize(
    "chosen",
    [
        {"choices": Choices(kinds=frozenset({Kind.CONSULTATION}))},
        {"choices": Choices(course_id=KIM_ID)},
        {"form": Form.FREE_BUSY},
        {"ends_on": (FIRST - DAY).date()},
        {"revoked_at": FIRST - DAY},
        {"today": (FIRST - 3 * DAY).date(), "choices": Choices(ahead=DAY)},
    ],
    ids=["another kind", "another course", "for partners", "ended", "revoked", "far ahead"],
)
def test_a_feed_that_does_not_show_the_session_misleads_nobody(chosen: dict[str, Any]) -> None:
    assert unseen(MOVED, [subscriber(**chosen)]) is None


@pytest.mark.parametrize(
    "chosen",
    [
        {"choices": Choices(kinds=frozenset({Kind.COURSE}), course_id=COURSE_ID)},
        {"ends_on": FIRST.date()},
        {"form": Form.SERIES, "choices": Choices(ahead=DAY), "today": (FIRST - 3 * DAY).date()},
    ],
    ids=["this course", "its last day", "a whole course"],
)
def test_a_feed_that_shows_it_may_mislead(chosen: dict[str, Any]) -> None:
    assert unseen(MOVED, [subscriber(**chosen)]) is not None


def test_only_the_hours_that_a_feed_shows_count() -> None:
    """Moved here from a day that this feed is too short for: only where it is now can be missed."""
    hours = (FIRST + 5 * DAY, FIRST + HOUR)
    changed = replace(MOVED, hours=hours)
    assert subscriber(choices=Choices(ahead=DAY)).minds(changed) == FIRST + HOUR
    assert subscriber().minds(replace(changed, hours=(hours[0], hours[0] - DAY))) == FIRST + 4 * DAY


def test_a_change_that_we_learn_late_is_unseen_though_it_was_read_meanwhile() -> None:
    late = google(last_at=FIRST - HOUR)
    assert unseen(MOVED, [subscriber(late)]) is not None
    assert unseen(MOVED, [subscriber(replace(late, version=7))]) is None
    assert unseen(MOVED, [subscriber(replace(late, last_at=FIRST + DAY))]) is None


def test_whoever_looks_once_with_a_browser_is_no_subscriber() -> None:
    browser = google(program=Program.OTHER, fetches=1, first_at=FIRST - 6 * HOUR)
    assert unseen(MOVED, [subscriber(browser)]) is None
    assert unseen(MOVED, [subscriber(replace(browser, fetches=2))]) is not None
