"""A closed group: its members come, go and stay away without touching one another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.conflicts import Reason
from services.scheduler.domain.courses import Course, CourseRequest
from services.scheduler.domain.errors import (
    AlreadyMember,
    GroupFull,
    HourTaken,
    JoiningOver,
    LastMember,
    NotAGroup,
    NotAMember,
    NotAway,
    RosterSize,
)
from services.scheduler.domain.overrides import Override
from services.scheduler.domain.rosters import Roster
from services.scheduler.domain.series import Reach
from services.scheduler.domain.sessions import Kind, Session, SessionRequest
from services.scheduler.domain.slots import Slot
from services.scheduler.store.tasks import WantedTasks
from services.scheduler.use_cases import booking, groups, tasks
from services.scheduler.use_cases.groups import Member
from shared.eventlog import log
from shared.events.data import CourseChanged
from shared.events.envelope import read_event
from shared.store.database import Database
from tests.cast import ANA_ID, DANA_ID, KIM_ID, LEE_ID, NEW_YORK, ORTIZ_ID
from tests.conftest import NOW

T = TypeVar("T")
FIRST = date(2027, 2, 16)
WEEKS = 6
PAIR = Roster(minimum=2, maximum=3, join_until=3)
WEEK = timedelta(weeks=1)


@dataclass
class Group:
    """Dana's group of Kim and Ana, six Tuesdays at three."""

    database: Database
    course: Course

    async def run(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        return await self.database.write(work)

    async def join(
        self, client_id: UUID = LEE_ID, *, now: datetime = NOW, override: Override | None = None
    ) -> groups.Joined:
        member = Member(course_id=self.course.id, client_id=client_id, now=now)
        return await self.run(lambda conn: groups.join_group(conn, member, override=override))

    async def leave(
        self, client_id: UUID = ANA_ID, *, now: datetime = NOW, since: date | None = None
    ) -> Course:
        member = Member(course_id=self.course.id, client_id=client_id, now=now)
        reach = Reach(now=now, since=since)
        return await self.run(lambda conn: groups.leave_group(conn, member, reach))

    async def stay_away(self, number: int, client_id: UUID = ANA_ID) -> Session:
        id = self.course.sessions[number].id
        return await self.run(lambda conn: groups.stay_away(conn, NOW, id, client_id))

    async def come(self, number: int, client_id: UUID = ANA_ID) -> Session:
        id = self.course.sessions[number].id
        return await self.run(lambda conn: groups.come_after_all(conn, NOW, id, client_id))

    async def expected(self) -> list[set[UUID]]:
        course = await self.run(lambda conn: booking.course_with(conn, self.course.id))
        return [set(session.client_ids) for session in course.sessions]

    async def told(self) -> list[CourseChanged]:
        events = await self.database.read(lambda conn: log.read_after(conn, 0, 100))
        read = [read_event(raw) for raw in events]
        return [each.data for each in read if each and isinstance(each.data, CourseChanged)]


def request(roster: Roster | None = PAIR, *clients: UUID) -> CourseRequest:
    return CourseRequest(
        clinician_id=DANA_ID,
        client_ids=clients or (KIM_ID, ANA_ID),
        first_date=FIRST,
        at=time(15),
        sessions=WEEKS,
        timezone=NEW_YORK,
        roster=roster,
    )


async def booked(database: Database, wanted: CourseRequest) -> Course:
    return await database.write(lambda conn: booking.book_course(conn, NOW, wanted))


@pytest.fixture
async def group(diaries: Database) -> Group:
    return Group(diaries, await booked(diaries, request()))


async def test_a_group_begins_with_as_many_as_its_roster_allows(diaries: Database) -> None:
    for clients in ((KIM_ID,), (KIM_ID, ANA_ID, LEE_ID)):
        with pytest.raises(RosterSize) as refused:
            await booked(diaries, request(Roster(minimum=2, maximum=2, join_until=1), *clients))
        assert refused.value.pointer == "#/client_ids"


async def test_who_joins_is_expected_at_every_session_to_come(group: Group) -> None:
    after_two = group.course.sessions[1].slot.ends_at
    joined = await group.join(now=after_two)
    assert joined.course.client_ids == (KIM_ID, ANA_ID, LEE_ID)
    everyone = {KIM_ID, ANA_ID, LEE_ID}
    assert await group.expected() == [{KIM_ID, ANA_ID}] * 2 + [everyone] * 4
    (event,) = await group.told()
    assert len(event.sessions) == 4
    assert {session.revision for session in event.sessions} == {2}
    assert {set(session.client_ids) == everyone for session in event.sessions} == {True}


async def test_a_full_group_takes_nobody_and_says_so(group: Group, database: Database) -> None:
    await group.join()
    other = Group(database, group.course)
    with pytest.raises(AlreadyMember):
        await other.join()
    small = await booked_with_ortiz(database, Roster(minimum=1, maximum=2, join_until=6))
    with pytest.raises(GroupFull):
        await small.join()


async def booked_with_ortiz(database: Database, roster: Roster | None) -> Group:
    wanted = CourseRequest(
        clinician_id=ORTIZ_ID,
        client_ids=(KIM_ID, ANA_ID),
        first_date=FIRST + timedelta(days=1),
        at=time(15),
        sessions=WEEKS,
        timezone=NEW_YORK,
        roster=roster,
    )
    return Group(database, await booked(database, wanted))


async def test_nobody_joins_after_the_cut_off(group: Group) -> None:
    with pytest.raises(JoiningOver):
        await group.join(now=group.course.sessions[2].slot.starts_at)
    await group.join(now=group.course.sessions[1].slot.starts_at)


async def test_a_course_without_a_roster_is_no_group_to_join(diaries: Database) -> None:
    with pytest.raises(NotAGroup):
        await (await booked_with_ortiz(diaries, None)).join()


async def test_every_date_in_the_new_members_own_way_is_told(group: Group) -> None:
    second, fourth = (group.course.sessions[n].slot for n in (1, 3))
    for slot in (second, fourth):
        await consult(group.database, slot)
    with pytest.raises(HourTaken) as refused:
        await group.join()
    assert [(c.starts_at.astimezone(UTC), c.reason) for c in refused.value.conflicts] == [
        (second.starts_at, Reason.CLIENT_BUSY),
        (fourth.starts_at, Reason.CLIENT_BUSY),
    ]
    assert await group.expected() == [{KIM_ID, ANA_ID}] * WEEKS
    assert await group.told() == []


async def consult(database: Database, slot: Slot) -> None:
    wanted = SessionRequest(
        kind=Kind.CONSULTATION,
        clinician_id=ORTIZ_ID,
        client_ids=(LEE_ID,),
        slot=slot,
        timezone=NEW_YORK,
    )
    await database.write(lambda conn: booking.book_session(conn, NOW, wanted))


async def test_staff_may_pass_over_limits_and_only_the_doubled_hours_are_exempt(
    group: Group,
) -> None:
    third = group.course.sessions[2].slot
    await consult(group.database, third)
    override = Override(by="Sam Staff", reason="agreed by telephone")
    joined = await group.join(now=third.ends_at - WEEK * 2, override=override)
    assert [conflict.reason for conflict in joined.overridden] == [Reason.CLIENT_BUSY]
    assert [session.overbooked for session in joined.course.sessions].count(True) == 1
    assert joined.course.sessions[2].overbooked


async def test_who_leaves_is_expected_no_more_and_the_hour_is_free_again(group: Group) -> None:
    await group.join()
    await group.leave(LEE_ID, since=group.course.sessions[3].slot.starts_at.date())
    pair = {KIM_ID, ANA_ID}
    assert await group.expected() == [pair | {LEE_ID}] * 3 + [pair] * 3
    await consult(group.database, group.course.sessions[3].slot)
    with pytest.raises(HourTaken):
        await consult(group.database, group.course.sessions[2].slot)
    assert await open_tasks(group) == []


async def test_a_group_that_gets_too_small_becomes_a_task_of_the_staff(group: Group) -> None:
    await group.leave(ANA_ID)
    assert await group.expected() == [{KIM_ID}] * WEEKS
    assert await open_tasks(group) == [("group_below_minimum", group.course.id)]
    with pytest.raises(LastMember):
        await group.leave(KIM_ID)
    with pytest.raises(NotAMember):
        await group.leave(ANA_ID)


async def test_who_is_away_from_all_that_is_left_may_leave_and_nobody_hears_of_it(
    group: Group,
) -> None:
    last = await group.stay_away(WEEKS - 1)
    told = len(await group.told())
    course = await group.leave(ANA_ID, since=last.slot.starts_at.date())
    assert course.client_ids == (KIM_ID,)
    assert len(await group.told()) == told


async def open_tasks(group: Group) -> list[tuple[str, UUID]]:
    wanted = WantedTasks(is_open=True, limit=10)
    page = await group.database.read(lambda conn: tasks.tasks_page(conn, wanted))
    return [(task.kind, task.subject) for task in page.tasks]


async def test_who_left_may_join_again(group: Group) -> None:
    await group.stay_away(1)
    await group.leave(ANA_ID)
    await group.join(ANA_ID)
    assert await group.expected() == [{KIM_ID, ANA_ID}] * WEEKS
    await group.stay_away(1)
    assert (await group.expected())[1] == {KIM_ID}


async def test_one_member_away_leaves_the_session_to_the_others(group: Group) -> None:
    session = await group.stay_away(2)
    assert session.client_ids == (KIM_ID,)
    assert await group.expected() == [{KIM_ID, ANA_ID}] * 2 + [{KIM_ID}] + [{KIM_ID, ANA_ID}] * 3
    (event,) = await group.told()
    assert [told.client_ids for told in event.sessions] == [(KIM_ID,)]
    found = await group.run(lambda conn: groups.attendance_of(conn, group.course.id))
    assert found.away == {session.id: (ANA_ID,)}
    with pytest.raises(LastMember):
        await group.stay_away(2, KIM_ID)
    with pytest.raises(NotAMember):
        await group.stay_away(2, ANA_ID)


async def test_who_was_away_may_come_after_all_while_the_hour_is_free(group: Group) -> None:
    await group.join()
    await group.stay_away(2, LEE_ID)
    await group.come(2, LEE_ID)
    assert (await group.expected())[2] == {KIM_ID, ANA_ID, LEE_ID}
    with pytest.raises(NotAway):
        await group.come(2, LEE_ID)
    await group.stay_away(2, LEE_ID)
    await consult(group.database, group.course.sessions[2].slot)
    with pytest.raises(HourTaken):
        await group.come(2, LEE_ID)


async def test_of_two_who_want_the_last_place_one_gets_it(group: Group) -> None:
    small = await booked_with_ortiz_alone(group.database)
    found = await asyncio.gather(small.join(ANA_ID), small.join(LEE_ID), return_exceptions=True)
    assert sum(isinstance(each, groups.Joined) for each in found) == 1
    assert sum(isinstance(each, GroupFull) for each in found) == 1
    assert all(len(people) == 2 for people in await small.expected())


async def booked_with_ortiz_alone(database: Database) -> Group:
    wanted = CourseRequest(
        clinician_id=ORTIZ_ID,
        client_ids=(KIM_ID,),
        first_date=FIRST + timedelta(days=2),
        at=time(15),
        sessions=WEEKS,
        timezone=NEW_YORK,
        roster=Roster(minimum=1, maximum=2, join_until=6),
    )
    return Group(database, await booked(database, wanted))
