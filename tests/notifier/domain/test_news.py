"""What a person does not know yet."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from services.notifier.domain.news import Booked, Cancelled, Moved, News, Told, news
from tests.notifier.diary import DAY, THURSDAY
from tests.notifier.domain.test_plan import session

ID = UUID(int=1)
NOTHING = Told(session_id=ID)
MAYBE = Told(session_id=ID, doubted=True)
STANDS = Told(session_id=ID, starts_at=THURSDAY, status="scheduled")
STANDS_MAYBE = Told(session_id=ID, starts_at=THURSDAY, status="scheduled", doubted=True)
OFF = Told(session_id=ID, starts_at=THURSDAY, status="cancelled")


@pytest.mark.parametrize(
    ("told", "unsaid"),
    [
        (NOTHING, Booked()),
        (MAYBE, Booked()),
        (STANDS, None),
        (STANDS_MAYBE, Booked()),
        (OFF, Booked()),
    ],
)
def test_a_session_that_takes_place_is_news_to_who_has_not_heard_so(
    told: Told, unsaid: News | None
) -> None:
    assert news(told, session()) == unsaid


@pytest.mark.parametrize("told", [STANDS, STANDS_MAYBE])
def test_another_time_is_news_to_who_expects_the_old_one(told: Told) -> None:
    assert news(told, session(THURSDAY + DAY)) == Moved(before=THURSDAY)


@pytest.mark.parametrize(
    ("told", "unsaid"),
    [
        (NOTHING, None),
        (MAYBE, Cancelled(expected=THURSDAY)),
        (STANDS, Cancelled(expected=THURSDAY)),
        (OFF, None),
    ],
)
def test_a_cancel_is_news_to_who_may_expect_the_session(told: Told, unsaid: News | None) -> None:
    assert news(told, replace(session(), status="cancelled")) == unsaid


def test_nobody_knows_a_time_without_a_status() -> None:
    with pytest.raises(ValueError, match="neither"):
        Told(session_id=ID, starts_at=THURSDAY)
