"""Never two winners, never a part of a course; `python -m tests.scheduler.races` runs more."""

from __future__ import annotations

from shared.store.database import Database
from tests.scheduler.races import practice_of, race

ROUNDS = 3


async def test_one_of_many_has_the_hour_and_no_course_is_booked_in_part(
    database: Database,
) -> None:
    await race(await practice_of(database), ROUNDS)


async def test_two_replicas_are_as_one(postgres_database: Database) -> None:
    other = Database.at(postgres_database.engine.url.render_as_string(hide_password=False))
    try:
        await race(await practice_of(postgres_database, other), ROUNDS)
    finally:
        await other.close()
