"""How long a channel is left alone: as it asks, and never not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.notifier.domain.resting import LONGEST, SHORTEST, rest_until
from tests.conftest import NOW

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("asked", [2 * SECOND, 10 * SECOND, HOUR])
def test_a_wait_that_is_asked_for_is_kept(asked: timedelta) -> None:
    assert rest_until(NOW - HOUR, NOW, asked=asked) == NOW + asked


@pytest.mark.parametrize("asked", [timedelta(), -SECOND, -HOUR, None])
def test_a_wait_that_is_over_is_as_none(asked: timedelta | None) -> None:
    assert rest_until(NOW, NOW, asked=asked) == NOW + SHORTEST
    assert rest_until(NOW - 40 * SECOND, NOW, asked=asked) == NOW + 40 * SECOND
    assert rest_until(NOW - HOUR, NOW, asked=asked) == NOW + LONGEST


def test_the_shortest_wait_is_a_second() -> None:
    assert rest_until(NOW, NOW, asked=timedelta(milliseconds=1)) == NOW + SECOND
