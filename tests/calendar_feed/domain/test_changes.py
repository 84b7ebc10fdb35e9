"""What a reader that saw a diary before is told: what differs, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.calendar_feed.domain.changes import Seen, Touched, differences
from services.calendar_feed.domain.entries import Entry, Status
from services.calendar_feed.domain.sync_tokens import SyncToken, read_token
from services.calendar_feed.domain.window import Window
from tests.calendar_feed.diary import entry, session_id
from tests.conftest import NOW

TODAY = NOW.date()
NOW_SHOWN = Window(today=TODAY)
SEEN = Seen(version=5, window=NOW_SHOWN)
DIARY = [entry(number) for number in range(3)]
TOKEN = SyncToken(showing="0123456789abcdef", version=5, first_day=date(2026, 10, 24))


def ids(entries: tuple[Entry, ...]) -> list[str]:
    return [str(each.session_id) for each in entries]


def at(joined: int, version: int) -> Touched:
    return Touched(joined=joined, version=version)


def test_nothing_touched_is_nothing_told() -> None:
    found = differences(SEEN, NOW_SHOWN, DIARY, {})
    assert (found.changed, found.gone) == ((), ())


def test_what_was_touched_and_is_shown_has_changed() -> None:
    found = differences(SEEN, NOW_SHOWN, DIARY, {session_id(1): at(1, 6)})
    assert (ids(found.changed), found.gone) == ([str(session_id(1))], ())


def test_what_left_the_diary_is_gone() -> None:
    found = differences(SEEN, NOW_SHOWN, DIARY[1:], {session_id(0): at(1, 6)})
    assert (found.changed, found.gone) == ((), (session_id(0),))


def test_what_came_and_left_since_was_never_seen() -> None:
    found = differences(SEEN, NOW_SHOWN, DIARY[1:], {session_id(0): at(6, 7)})
    assert (found.changed, found.gone) == ((), ())


def test_what_is_moved_out_of_the_window_is_gone() -> None:
    far = entry(0, dtstart=NOW + timedelta(days=300), revision=2)
    found = differences(SEEN, NOW_SHOWN, [far, *DIARY[1:]], {session_id(0): at(1, 6)})
    assert (found.changed, found.gone) == ((), (session_id(0),))


def test_what_was_never_shown_here_is_no_news() -> None:
    touched = {session_id(0): at(1, 6)}
    found = differences(SEEN, NOW_SHOWN, DIARY[1:], touched, elsewhere={session_id(0)})
    assert (found.changed, found.gone) == ((), ())


def test_the_days_that_pass_bring_entries_and_take_them_away() -> None:
    old = entry(0, dtstart=NOW - timedelta(days=30))
    new = entry(1, dtstart=NOW + timedelta(days=271))
    tomorrow = Window(today=TODAY + timedelta(days=1))
    found = differences(SEEN, tomorrow, [old, new, entry(2)], {})
    assert (ids(found.changed), found.gone) == ([str(session_id(1))], (session_id(0),))


def test_a_cancelled_entry_goes_when_it_is_remembered_no_more() -> None:
    cancelled = entry(0, status=Status.CANCELLED, revision=2)
    later = Window(today=TODAY + timedelta(days=32))
    found = differences(SEEN, later, [cancelled], {})
    assert (found.changed, found.gone) == ((), (session_id(0),))


def test_a_token_is_read_back_as_it_was_written() -> None:
    assert read_token(f" {TOKEN}\n") == TOKEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://example.com/ns/sync/1234",
        "urn:standing-hour:sync:0123456789abcdef:5:20261324",
        "urn:standing-hour:sync:0123456789ABCDEF:5:20261024",
        "urn:standing-hour:sync:0123456789abcdef:-5:20261024",
        f"{TOKEN}:1",
    ],
)
def test_what_is_no_token_of_ours_is_none(text: str) -> None:
    assert read_token(text) is None


@pytest.mark.parametrize(
    ("changes", "follows"),
    [
        ({}, True),
        ({"version": 4}, True),
        ({"first_day": date(2026, 10, 1)}, True),
        ({"version": 6}, False),
        ({"first_day": date(2026, 10, 25)}, False),
        ({"showing": "f" * 16}, False),
    ],
)
def test_only_what_was_seen_before_can_be_followed(
    changes: dict[str, object], follows: bool
) -> None:
    values = {"showing": TOKEN.showing, "version": 5, "first_day": TOKEN.first_day, **changes}
    assert TOKEN.follows(SyncToken(**values)) is follows  # type: ignore[arg-type] # from a table
