"""What clients did is kept in its order, and posts are counted for an hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from services.scheduler.domain import courses
from services.scheduler.domain.courses import CourseRequest
from services.scheduler.domain.self_service import Act, Action, Before
from services.scheduler.domain.sessions import Session
from services.scheduler.store import diary, self_service
from services.scheduler.store.courses import add_course
from shared.store.database import Database
from tests.cast import ANA_ID, DANA_ID, KIM_ID, NEW_YORK
from tests.conftest import NOW
from tests.scheduler.store.agreed import session

HELD = session()


def action(number: int, act: Act = Act.CONFIRM, client_id: UUID = KIM_ID) -> Action:
    return Action(
        id=uuid4(),
        session_id=HELD.id,
        client_id=client_id,
        number=number,
        act=act,
        made_at=NOW,
        seen="0123456789abcdef",
        revision=number + 1,
        before=Before.of(replace(HELD, confirmed_by=(KIM_ID,)), client_id),
    )


async def last(database: Database, client_id: UUID = KIM_ID) -> Action | None:
    found = partial(self_service.last_action, session_id=HELD.id, client_id=client_id)
    return await database.read(found)


async def test_the_last_thing_that_this_client_did_comes_back_whole(diaries: Database) -> None:
    first, second, anas = action(1), action(2, Act.MOVE), action(1, client_id=ANA_ID)
    await diaries.write(lambda conn: diary.add(conn, [HELD]))
    assert await last(diaries) is None
    for each in (second, first, anas):
        await diaries.write(partial(self_service.add_action, action=each))
    assert await last(diaries) == second
    assert await last(diaries, ANA_ID) == anas
    undone = replace(second, undone_at=NOW + timedelta(minutes=1))
    await diaries.write(lambda conn: self_service.change_action(conn, undone))
    assert await last(diaries) == undone


async def test_the_database_refuses_two_actions_in_one_place(diaries: Database) -> None:
    await diaries.write(lambda conn: diary.add(conn, [HELD]))
    await diaries.write(lambda conn: self_service.add_action(conn, action(1)))
    with pytest.raises(IntegrityError):
        await diaries.write(lambda conn: self_service.add_action(conn, action(1)))


async def test_posts_of_one_link_are_counted_for_an_hour(diaries: Database) -> None:
    async def posted(minutes: int) -> int:
        now = NOW + timedelta(minutes=minutes)
        return await diaries.read(
            lambda conn: self_service.posts_of_the_hour(conn, HELD.id, KIM_ID, now)
        )

    for client_id, minutes in ((KIM_ID, 0), (KIM_ID, 30), (ANA_ID, 30)):
        at = NOW + timedelta(minutes=minutes)
        count = partial(self_service.count_post, session_id=HELD.id, client_id=client_id, now=at)
        await diaries.write(count)
    assert [await posted(minutes) for minutes in (30, 59, 60, 89, 90)] == [2, 2, 1, 1, 0]
    end = NOW + timedelta(minutes=60)
    assert await diaries.write(lambda conn: self_service.forget_posts(conn, end)) == 1
    assert await posted(60) == 1


async def test_a_group_is_one_also_when_only_one_member_comes(diaries: Database) -> None:
    request = CourseRequest(
        clinician_id=DANA_ID,
        client_ids=(KIM_ID, ANA_ID),
        first_date=date(2027, 3, 2),
        at=time(15),
        sessions=1,
        timezone=NEW_YORK,
    )
    course = courses.book(request, id=uuid4(), session_ids=(uuid4(),), now=NOW)
    await diaries.write(lambda conn: add_course(conn, course, NOW))
    await diaries.write(lambda conn: diary.add(conn, [HELD]))

    async def is_group(session: Session) -> bool:
        return await diaries.read(lambda conn: self_service.is_group(conn, session))

    assert await is_group(course.sessions[0])
    assert await is_group(replace(course.sessions[0], client_ids=(KIM_ID,)))
    assert not await is_group(HELD)
