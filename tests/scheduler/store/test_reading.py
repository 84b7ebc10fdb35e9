"""What was stored is read back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from uuid import UUID, uuid4

from services.scheduler.domain import courses
from services.scheduler.domain.courses import CourseRequest
from services.scheduler.domain.people import Client, Clinician, Guardian, Notices
from services.scheduler.domain.sessions import Session, Status
from services.scheduler.domain.slots import HOUR
from services.scheduler.domain.working_hours import WorkingHours
from services.scheduler.store import diary, people
from services.scheduler.store.courses import add_course, find_course
from services.scheduler.store.listing import Page, Place, Wanted, list_sessions
from shared.store.database import Database
from tests.cast import ANA_ID, DANA_ID, KIM_ID, LEE_ID, NEW_YORK, ORTIZ_ID
from tests.conftest import NOW
from tests.scheduler.store.agreed import NOON, session


async def test_a_clinician_comes_back_whole(database: Database) -> None:
    clinician = Clinician(
        id=uuid4(),
        revision=1,
        name="Dana Reyes",
        email="dana@clinicians.example",
        timezone=NEW_YORK,
        room_url="https://rooms.example/dana",
        working_hours=(WorkingHours(weekday=1, start=540, end=1440),),
        age_groups=("teens",),
        concerns=("grief", "roles"),
        link_generation=2**32 - 1,
    )
    await database.write(lambda conn: people.add_clinician(conn, clinician, NOW))
    assert await database.read(people.all_clinicians) == [clinician]
    found = await database.read(lambda conn: people.find_clinician(conn, clinician.id))
    assert found == clinician


async def test_a_client_comes_back_with_the_guardians_in_order(database: Database) -> None:
    client = Client(
        id=uuid4(),
        revision=1,
        name="Kim Park",
        email="kim@clients.example",
        timezone=NEW_YORK,
        locale="es-US",
        date_of_birth=date(2011, 5, 4),
        guardians=tuple(
            Guardian(id=uuid4(), name=name, email=f"{name}@x.example", notices=notices)
            for name, notices in zip("bca", Notices, strict=True)
        ),
    )
    await database.write(lambda conn: people.add_client(conn, client, NOW))
    assert await database.read(people.all_clients) == [client]
    assert await database.read(lambda conn: people.find_client(conn, client.id)) == client
    assert await database.read(lambda conn: people.find_client(conn, uuid4())) is None


async def test_locking_clients_tells_which_of_them_exist(diaries: Database) -> None:
    known = await diaries.write(lambda conn: people.lock_clients(conn, [LEE_ID, uuid4(), KIM_ID]))
    assert set(known) == {LEE_ID, KIM_ID}


async def test_a_group_course_comes_back_with_its_clients_in_order(diaries: Database) -> None:
    request = CourseRequest(
        clinician_id=DANA_ID,
        client_ids=(LEE_ID, KIM_ID, ANA_ID),
        first_date=date(2027, 2, 16),
        at=time(15),
        sessions=3,
        timezone=NEW_YORK,
    )
    ids = (uuid4(), uuid4(), uuid4())
    course = courses.book(request, id=uuid4(), session_ids=ids, now=NOW)
    await diaries.write(lambda conn: add_course(conn, course, NOW))
    assert await diaries.read(lambda conn: find_course(conn, course.id)) == course


async def test_a_changed_session_comes_back_as_it_now_is(diaries: Database) -> None:
    held = session()
    changed = replace(held, status=Status.CANCELLED, revision=2, cancel_reason="ill")
    await diaries.write(lambda conn: diary.add(conn, [held]))
    await diaries.write(lambda conn: diary.change(conn, [changed]))
    assert await diaries.read(lambda conn: diary.find(conn, held.id)) == changed
    assert await diaries.write(lambda conn: diary.lock(conn, held.id)) == changed


async def page_of(database: Database, wanted: Wanted) -> Page:
    return await database.read(lambda conn: list_sessions(conn, wanted))


async def test_pages_follow_one_another_without_a_gap(diaries: Database) -> None:
    pairs = [(DANA_ID, KIM_ID), (ORTIZ_ID, ANA_ID)]
    made = [
        session(clinician, client, starts_at=NOON + n * HOUR)
        for n in range(5)
        for clinician, client in pairs
    ]
    await diaries.write(lambda conn: diary.add(conn, made))
    seen: list[Session] = []
    after: Place | None = None
    for _ in range(4):
        page = await page_of(diaries, Wanted(limit=3, after=after))
        seen += page.sessions
        after = page.next
    assert after is None
    assert len({each.id for each in seen}) == 10
    assert [each.slot for each in seen] == sorted(each.slot for each in made)


async def listed(database: Database, wanted: Wanted) -> list[UUID]:
    return [each.id for each in (await page_of(database, wanted)).sessions]


async def test_the_list_is_narrowed_by_person_and_time(diaries: Database) -> None:
    first, second = session(), session(ORTIZ_ID, KIM_ID, starts_at=NOON + HOUR)
    third = session(DANA_ID, ANA_ID, starts_at=NOON + 2 * HOUR)
    await diaries.write(lambda conn: diary.add(conn, [third, first, second]))
    assert await listed(diaries, Wanted(limit=9)) == [first.id, second.id, third.id]
    assert await listed(diaries, Wanted(limit=9, clinician_id=DANA_ID)) == [first.id, third.id]
    assert await listed(diaries, Wanted(limit=9, client_id=KIM_ID)) == [first.id, second.id]
    within = Wanted(limit=9, since=NOON + HOUR, until=NOON + 2 * HOUR)
    assert await listed(diaries, within) == [second.id]
    assert await listed(diaries, Wanted(limit=9, client_id=LEE_ID)) == []
