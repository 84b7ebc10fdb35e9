"""What is taken, how long a pause is, and when news is old: the rules alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from services.calendar_feed.domain.outside import (
    EVERY,
    LONGEST_PAUSE,
    MOST_STRETCHES,
    Block,
    Expanded,
    Flaw,
    Hours,
    Unread,
    hours_now,
    is_stale,
    merged,
    pause,
    taken,
    window,
)

NOW: Final = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def block(starts: float, ends: float) -> Block:
    return Block(starts_at=NOW + timedelta(hours=starts), ends_at=NOW + timedelta(hours=ends))


def test_hours_that_overlap_or_touch_are_one() -> None:
    found = merged([block(5, 6), block(1, 3), block(2, 4), block(4, 4.5)], window(NOW))
    assert found == (block(1, 4.5), block(5, 6))


def test_an_hour_inside_a_longer_one_does_not_shorten_it() -> None:
    assert merged([block(1, 9), block(2, 3)], window(NOW)) == (block(1, 9),)


def test_what_lies_outside_the_window_is_cut_or_left() -> None:
    ahead = 400 * 24
    found = merged([block(-30, -25), block(-25, -23), block(ahead - 1, ahead + 9)], window(NOW))
    assert found == (block(-24, -23), block(ahead - 1, ahead))


def test_a_block_without_length_or_in_another_zone_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="later"):
        block(1, 1)
    with pytest.raises(ValueError, match="UTC"):
        Block(starts_at=NOW.replace(tzinfo=None), ends_at=NOW)


def test_pauses_double_up_to_six_hours() -> None:
    assert [pause(failures, 0.5) for failures in (0, 1, 2)] == [EVERY, EVERY * 2, EVERY * 4]
    assert pause(50, 0.5) == LONGEST_PAUSE
    assert pause(50, 1.0) == LONGEST_PAUSE
    assert pause(0, 0.0) < EVERY < pause(0, 1.0)


def test_news_is_old_after_a_day_without_a_read() -> None:
    assert not is_stale(NOW - timedelta(hours=24), NOW)
    assert is_stale(NOW - timedelta(hours=24, seconds=1), NOW)
    assert is_stale(None, NOW)


BEFORE: Final[Hours] = {"a": (block(1, 2),), "b": (block(3, 4),)}
AFTER: Final[Hours] = {"a": (block(5, 6),)}


def unread(uid: str, flaw: Flaw) -> tuple[Unread, ...]:
    return (Unread(index=0, uid_sha256=uid, flaw=flaw),)


def test_an_event_that_was_read_is_taken_as_it_now_is_and_one_that_is_gone_is_free() -> None:
    assert hours_now(BEFORE, Expanded(hours=AFTER), window(NOW)) == AFTER


@pytest.mark.parametrize("flaw", [Flaw.BROKEN, Flaw.TOO_COSTLY, Flaw.TOO_OFTEN, Flaw.NESTED])
def test_an_event_that_cannot_be_read_is_taken_as_before(flaw: Flaw) -> None:
    found = Expanded(hours=AFTER, unread=unread("b", flaw))
    assert hours_now(BEFORE, found, window(NOW)) == {**AFTER, "b": BEFORE["b"]}
    assert not Expanded(hours={}, unread=unread("b", Flaw.TOO_COSTLY)).will_do


def test_what_was_left_out_of_a_series_keeps_nothing_that_it_was_before() -> None:
    found = Expanded(hours=AFTER, unread=unread("a", Flaw.EXCEPTION))
    assert hours_now(BEFORE, found, window(NOW)) == AFTER


def test_while_more_cannot_be_read_than_is_named_nothing_unseen_becomes_free() -> None:
    found = Expanded(hours={**AFTER, "c": ()}, whole=False)
    before = {**BEFORE, "c": (block(7, 8),)}
    assert hours_now(before, found, window(NOW)) == {**AFTER, "b": BEFORE["b"]}
    assert not found.will_do


def test_hours_that_have_passed_are_kept_no_longer() -> None:
    found = Expanded(hours={}, unread=unread("a", Flaw.BROKEN))
    assert hours_now(BEFORE, found, window(NOW + timedelta(days=2))) == {}


def test_no_more_hours_are_kept_than_there_is_room_for_and_the_first_ones_are() -> None:
    many = {str(hour): (block(hour % 9_000, hour % 9_000 + 0.5),) for hour in range(21_000)}
    kept = hours_now({}, Expanded(hours=many), window(NOW))
    assert sum(map(len, kept.values())) == MOST_STRETCHES
    assert max(each.starts_at for each in taken(kept, window(NOW))) < block(8_900, 8_901).starts_at
