"""What a person does not know yet."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from services.notifier.domain.news import (
    Booked,
    Cancelled,
    Confirmed,
    Moved,
    News,
    Step,
    Told,
    clinician_knew,
    clinicians_concerned,
    news,
    news_to_clinician,
)
from services.notifier.domain.sessions import Session
from tests.cast import DANA_ID, KIM_ID, ORTIZ_ID
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


CONFIRMED = replace(session(), confirmed_by=frozenset({KIM_ID}))


@pytest.mark.parametrize(
    ("told", "now_is", "unsaid"),
    [
        (STANDS, CONFIRMED, Confirmed()),
        (replace(STANDS, confirmed=True), CONFIRMED, None),
        (replace(STANDS, confirmed=True, doubted=True), CONFIRMED, Confirmed()),
        (replace(STANDS, confirmed=True), session(), None),
        (replace(STANDS, starts_at=THURSDAY - DAY), CONFIRMED, Moved(before=THURSDAY - DAY)),
        (NOTHING, CONFIRMED, Booked()),
        (STANDS, replace(CONFIRMED, status="cancelled"), Cancelled(expected=THURSDAY)),
    ],
)
def test_a_clinician_hears_once_that_someone_will_come(
    told: Told, now_is: Session, unsaid: News | None
) -> None:
    assert news_to_clinician(told, now_is) == unsaid


@pytest.mark.parametrize(
    ("after", "concerned"),
    [
        (CONFIRMED, {DANA_ID}),
        (session(THURSDAY + DAY), {DANA_ID}),
        (replace(session(), status="cancelled"), {DANA_ID}),
        (replace(session(), clinician_id=ORTIZ_ID), {DANA_ID, ORTIZ_ID}),
        (replace(session(), status="attended"), set()),
        (session(), set()),
    ],
)
def test_news_is_for_whoever_has_the_session_or_had_it(
    after: Session, concerned: set[UUID]
) -> None:
    assert clinicians_concerned(Step(before=session(), after=after)) == concerned
    assert clinicians_concerned(Step(before=None, after=after)) == frozenset()


def test_before_the_first_news_a_clinician_knows_what_stood() -> None:
    step = Step(before=session(), after=replace(session(), clinician_id=ORTIZ_ID))
    assert clinician_knew(step, DANA_ID) == replace(STANDS, session_id=step.after.id)
    assert clinician_knew(step, ORTIZ_ID) == Told(session_id=step.after.id)


def test_nobody_knows_a_time_without_a_status() -> None:
    with pytest.raises(ValueError, match="neither"):
        Told(session_id=ID, starts_at=THURSDAY)
