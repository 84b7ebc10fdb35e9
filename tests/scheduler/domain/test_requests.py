"""A request takes its steps in their order, and says for whom it is."""

from __future__ import annotations

from datetime import date
from itertools import product
from uuid import UUID

import pytest

from services.scheduler.domain import requests
from services.scheduler.domain.errors import WrongOrder
from services.scheduler.domain.requests import (
    ARROWS,
    AgeGroup,
    Contact,
    Need,
    Request,
    RequestStatus,
    Step,
    age_group_on,
)
from tests.cast import DANA_ID, KIM_ID, NEW_YORK
from tests.conftest import NOW

SESSION_ID, COURSE_ID = UUID(int=1), UUID(int=2)
ADULT = Need(age_group=AgeGroup.ADULT)


def from_kim() -> Request:
    contact = Contact(name="Kim Park", email="kim@clients.example", locale="es-US")
    return Request(id=UUID(int=9), made_at=NOW, need=ADULT, timezone=NEW_YORK, contact=contact)


def take(request: Request, step: Step) -> Request:
    match step:
        case Step.BOOK_CONSULTATION:
            return requests.with_consultation(
                request, client_id=KIM_ID, clinician_id=DANA_ID, session_id=SESSION_ID
            )
        case Step.BOOK_COURSE:
            return requests.with_course(request, clinician_id=DANA_ID, course_id=COURSE_ID)
        case Step.CLOSE:
            return requests.close(request, "moved away", now=NOW)


def standing(status: RequestStatus) -> Request:
    ways: dict[RequestStatus, tuple[Step, ...]] = {
        RequestStatus.OPEN: (),
        RequestStatus.CONSULTATION: (Step.BOOK_CONSULTATION,),
        RequestStatus.PAIRED: (Step.BOOK_CONSULTATION, Step.BOOK_COURSE),
        RequestStatus.CLOSED: (Step.CLOSE,),
    }
    request = from_kim()
    for step in ways[status]:
        request = take(request, step)
    assert request.status is status
    return request


@pytest.mark.parametrize(("status", "step"), list(product(RequestStatus, Step)))
def test_every_step_from_every_state(status: RequestStatus, step: Step) -> None:
    request, to = standing(status), ARROWS.get((status, step))
    if to is not None:
        assert take(request, step).status is to
        return
    with pytest.raises(WrongOrder):
        take(request, step)


def test_no_course_comes_before_a_consultation() -> None:
    with pytest.raises(WrongOrder, match="a consultation comes first"):
        take(from_kim(), Step.BOOK_COURSE)


def test_nothing_follows_a_pairing_or_a_close() -> None:
    ends = {RequestStatus.PAIRED, RequestStatus.CLOSED}
    assert {status for status, _ in ARROWS}.isdisjoint(ends)
    assert set(ARROWS.values()) == set(RequestStatus) - {RequestStatus.OPEN}


def test_who_asked_is_forgotten_here_once_they_are_a_client() -> None:
    new = from_kim().new_client(KIM_ID)
    assert new is not None
    assert (new.name, new.locale, new.timezone) == ("Kim Park", "es-US", NEW_YORK)
    consulted = take(from_kim(), Step.BOOK_CONSULTATION)
    assert (consulted.contact, consulted.client_id) == (None, KIM_ID)
    assert consulted.new_client(KIM_ID) is None


@pytest.mark.parametrize(
    ("day", "group"),
    [
        (date(2027, 2, 28), AgeGroup.TEEN),
        (date(2027, 3, 1), AgeGroup.ADULT),
        (date(2030, 1, 1), AgeGroup.ADULT),
        (date(2009, 2, 28), AgeGroup.TEEN),
    ],
)
def test_eighteen_is_an_adult_from_the_birthday_on(day: date, group: AgeGroup) -> None:
    assert age_group_on(date(2009, 3, 1), day) is group
    assert Need(born=date(2009, 3, 1)).age_group_on(day) is group


def test_who_is_born_on_a_leap_day_is_older_from_the_first_of_march_on() -> None:
    born = date(2008, 2, 29)
    assert age_group_on(born, date(2026, 2, 28)) is AgeGroup.TEEN
    assert age_group_on(born, date(2026, 3, 1)) is AgeGroup.ADULT


@pytest.mark.parametrize(
    "broken",
    [
        {"contact": None},
        {"client_id": KIM_ID},
        {"status": RequestStatus.PAIRED},
        {"course_id": COURSE_ID},
        {"status": RequestStatus.CLOSED},
        {"need": Need()},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_a_request_that_contradicts_itself_cannot_be_made(broken: dict[str, object]) -> None:
    good: dict[str, object] = {
        "id": UUID(int=9),
        "made_at": NOW,
        "need": ADULT,
        "timezone": NEW_YORK,
        "contact": Contact(name="Kim Park", email="kim@clients.example"),
    }
    make: type = Request
    make(**good)
    with pytest.raises(ValueError, match="request"):
        make(**(good | broken))
