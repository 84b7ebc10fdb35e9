"""What is taken, how long a pause is, and when news is old: the rules alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from services.calendar_feed.domain.outside import (
    EVERY,
    LONGEST_PAUSE,
    Block,
    is_stale,
    merged,
    pause,
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
