"""What a form of ours can say, and what is nothing that a button of ours says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.scheduler.pages.own_forms import day_in, id_in, moment_in, written_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-02-15T09:00:00-05:00", datetime(2027, 2, 15, 14, tzinfo=UTC)),
        ("2027-02-15T09:00:00", None),
        ("9999-12-31T23:30:00+00:00", None),
        ("0001-01-01T00:00:00+12:00", None),
        ("now", None),
    ],
)
def test_a_time_has_a_zone_and_is_not_far_away(text: str, expected: datetime | None) -> None:
    assert moment_in(text) == expected


def test_what_is_no_day_and_no_id_is_nothing() -> None:
    assert day_in("2027-02-30") is None
    assert id_in("1") is None


def test_what_cannot_be_seen_is_left_out_of_what_was_written() -> None:
    assert written_in("\x00 Mon\u202eday\r\nat 5\x1b ") == "Monday\nat 5"
