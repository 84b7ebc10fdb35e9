"""At 18 guardians lose their say: on the birthday, where the client is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.people import (
    Client,
    Guardian,
    GuardianRequest,
    Notices,
    born_by,
    close_to_guardians,
    comes_of_age,
    guardian,
    is_minor,
    is_of_age,
    revoke_links,
)
from tests.cast import ANA_ID, KIM_ID, LEE_ID

DAYS = st.dates(min_value=date(1920, 1, 1), max_value=date(2100, 12, 31))
PARENT = Guardian(
    id=ANA_ID, name="Ana", email="ana@clients.example", notices=Notices.COPIES, link_generation=4
)


def kim(born: date | None, timezone: str = "America/New_York") -> Client:
    return Client(
        id=KIM_ID,
        revision=3,
        name="Kim",
        email="kim@clients.example",
        timezone=timezone,
        date_of_birth=born,
        guardians=(PARENT,),
        link_generation=7,
    )


@pytest.mark.parametrize(
    ("born", "birthday"),
    [
        (date(2009, 2, 16), date(2027, 2, 16)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(1988, 2, 29), date(2006, 3, 1)),
        (date(2009, 12, 31), date(2027, 12, 31)),
    ],
)
def test_someone_is_a_minor_to_the_day_before_the_birthday(born: date, birthday: date) -> None:
    assert comes_of_age(born) == birthday
    assert is_minor(born, birthday - timedelta(days=1))
    assert not is_minor(born, birthday)
    assert is_of_age(born, birthday)
    assert not is_of_age(born, birthday - timedelta(days=1))


def test_whose_birth_is_not_recorded_is_neither() -> None:
    assert not is_minor(None, date(2027, 2, 16))
    assert not is_of_age(None, date(2027, 2, 16))


@given(born=DAYS, day=DAYS)
def test_who_may_have_come_of_age_is_found_by_the_date_of_birth_alone(
    born: date, day: date
) -> None:
    assert (born <= born_by(day)) == is_of_age(born, day)


def test_guardians_have_a_say_to_the_day_before_the_birthday() -> None:
    client = kim(date(2009, 2, 16))
    assert client.guardians_on(date(2027, 2, 15)) == (PARENT,)
    assert client.guardians_on(date(2027, 2, 16)) == ()


@pytest.mark.parametrize(
    ("timezone", "first_moment"),
    [
        ("America/New_York", datetime(2027, 2, 16, 5, tzinfo=UTC)),
        ("Pacific/Honolulu", datetime(2027, 2, 16, 10, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2027, 2, 15, 10, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2027, 2, 15, 18, 30, tzinfo=UTC)),
    ],
)
def test_the_birthday_begins_at_midnight_where_the_client_is(
    timezone: str, first_moment: datetime
) -> None:
    client = kim(date(2009, 2, 16), timezone)
    assert client.guardians_on(client.day_of(first_moment)) == ()
    assert client.guardians_on(client.day_of(first_moment - timedelta(seconds=1))) == (PARENT,)


def test_a_client_closed_to_guardians_keeps_their_names_and_kills_their_links() -> None:
    closed = close_to_guardians(kim(date(2009, 2, 16)))
    assert closed.revision == 4
    assert closed.link_generation == 7
    (former,) = closed.guardians
    assert (former.id, former.name, former.notices) == (ANA_ID, "Ana", Notices.NONE)
    assert former.link_generation == 5


def test_revoked_links_are_the_clients_and_every_guardians() -> None:
    revoked = revoke_links(kim(None))
    assert (revoked.revision, revoked.link_generation) == (4, 8)
    assert [each.link_generation for each in revoked.guardians] == [5]
    assert [each.notices for each in revoked.guardians] == [Notices.COPIES]


@pytest.mark.parametrize(
    ("notices", "generation"),
    [(Notices.NONE, 5), (Notices.TIMES, 4), (Notices.COPIES, 4)],
)
def test_a_guardian_who_is_to_hear_nothing_loses_the_links(
    notices: Notices, generation: int
) -> None:
    said = GuardianRequest(id=ANA_ID, name="Ana", email="ana@clients.example", notices=notices)
    assert guardian(said, PARENT, id=LEE_ID).link_generation == generation
    assert guardian(said, PARENT, id=LEE_ID).id == ANA_ID


def test_a_new_guardian_gets_a_new_id() -> None:
    said = GuardianRequest(name="Lee", email="lee@clients.example")
    made = guardian(said, None, id=LEE_ID)
    assert (made.id, made.notices, made.link_generation) == (LEE_ID, Notices.NONE, 0)
