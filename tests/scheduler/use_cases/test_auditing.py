"""The audit log: one chain whoever writes, and nobody can rewrite it unseen."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.audit import START, Entry, seal
from services.scheduler.store import audit
from services.scheduler.store.tables import audit_entries, audit_head, audit_subjects
from services.scheduler.use_cases.auditing import PAGE, record, verify
from shared.store.database import Database
from tests.cast import ANA_ID, DANA_ID, KIM_ID
from tests.conftest import NOW

APPENDED: Final = ("audit_entries", "audit_subjects")


def entry(number: int, *, subject: UUID | None = KIM_ID) -> Entry:
    return Entry(
        actor="admin",
        action="POST /v1/courses",
        subject=subject,
        others=(DANA_ID, ANA_ID),
        at=NOW + timedelta(minutes=number),
        details={"number": number},
    )


async def write(database: Database, made: Entry) -> None:
    await database.write(lambda conn: record(conn, made))


async def written(database: Database, entries: int) -> None:
    for number in range(entries):
        await write(database, entry(number))


async def rewrite(database: Database, *statements: str) -> None:
    """Do what only someone who owns the database can: take its guards away first."""
    async with database.engine.begin() as conn:
        if database.is_postgres:
            for table in (*APPENDED, "audit_head"):
                await conn.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            names = await conn.execute(
                sa.text(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'aud%'"
                )
            )
            for name in names.scalars().all():
                await conn.execute(sa.text(f"DROP TRIGGER {name}"))
        for statement in statements:
            await conn.execute(sa.text(statement))


async def test_entries_stand_in_the_order_they_were_written(database: Database) -> None:
    await written(database, 3)
    found = await database.read(lambda conn: audit.entries(conn, audit.WantedEntries(limit=9)))
    assert [sealed.entry for sealed in found] == [entry(0), entry(1), entry(2)]
    assert [sealed.position for sealed in found] == [1, 2, 3]
    verdict = await verify(database)
    assert verdict.sound
    assert verdict.head == found[-1].head


async def test_an_empty_log_is_sound(database: Database) -> None:
    verdict = await verify(database)
    assert verdict.sound
    assert verdict.head == START


async def test_a_change_that_is_undone_leaves_no_entry(database: Database) -> None:
    async def fail(conn: AsyncConnection) -> None:
        await record(conn, entry(0))
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(fail)
    assert (await verify(database)).head == START


async def test_many_writers_make_one_chain(database: Database) -> None:
    await asyncio.gather(*(write(database, entry(number)) for number in range(30)))
    verdict = await verify(database)
    assert verdict.sound
    assert verdict.head.position == 30


@pytest.mark.parametrize("table", APPENDED)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET position = position + 100",
        "DELETE FROM {}",
        "DELETE FROM {} WHERE position = 1",
    ],
)
async def test_the_database_refuses_to_rewrite(
    database: Database, table: str, statement: str
) -> None:
    await written(database, 2)
    with pytest.raises(DBAPIError, match="only ever added to"):
        await database.write(lambda conn: conn.execute(sa.text(statement.format(table))))
    assert (await verify(database)).head.position == 2


async def test_the_database_refuses_to_replace_an_entry(database: Database) -> None:
    await written(database, 2)
    replace = "INSERT {} INTO audit_entries SELECT position, at, 'nobody', action, details, hash"
    replace += " FROM audit_entries WHERE position = 1"
    with pytest.raises(DBAPIError):
        await database.write(
            lambda conn: conn.execute(
                sa.text(replace.format("" if database.is_postgres else "OR REPLACE"))
            )
        )
    assert (await verify(database)).sound


@pytest.mark.parametrize("position", [1, 3, 5])
@pytest.mark.parametrize(
    "change",
    [
        "actor = 'service'",
        "action = 'GET /v1/clients'",
        "details = replace(details, 'number', 'nobody')",
        "details = '{ }'",
        "details = 'no JSON'",
        "hash = '" + "ab" * 32 + "'",
        "at = '2026-11-23 14:00:01.000000'",
    ],
)
async def test_a_changed_entry_is_named(database: Database, change: str, position: int) -> None:
    await written(database, 5)
    await rewrite(database, f"UPDATE audit_entries SET {change} WHERE position = {position}")
    assert (await verify(database)).broken == position


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_subjects WHERE position = 3 AND place = 1",
        "DELETE FROM audit_subjects WHERE position = 3",
        "UPDATE audit_subjects SET place = place + 7 WHERE position = 3 AND place = 0",
        "UPDATE audit_subjects SET subject_id = (SELECT subject_id FROM audit_subjects WHERE"
        " position = 3 AND place = 0) WHERE position = 3 AND place = 1",
    ],
)
async def test_a_changed_subject_is_named(database: Database, statement: str) -> None:
    await written(database, 5)
    await rewrite(database, statement)
    assert (await verify(database)).broken == 3


async def test_a_time_that_is_none_is_named(database: Database) -> None:
    if database.is_postgres:
        pytest.skip("PostgreSQL has no such times")
    await written(database, 3)
    await rewrite(database, "UPDATE audit_entries SET at = 'never' WHERE position = 2")
    assert (await verify(database)).broken == 2


async def test_a_dropped_entry_is_named(database: Database) -> None:
    await written(database, 5)
    await rewrite(
        database,
        "DELETE FROM audit_subjects WHERE position = 2",
        "DELETE FROM audit_entries WHERE position = 2",
    )
    assert (await verify(database)).broken == 2


async def test_two_entries_that_changed_places_are_named(database: Database) -> None:
    await written(database, 5)
    columns = ("at", "actor", "action", "details", "hash")
    swap = ", ".join(
        f"{name} = (SELECT {name} FROM audit_entries AS other WHERE other.position ="
        " 5 - audit_entries.position)"
        for name in columns
    )
    await rewrite(database, f"UPDATE audit_entries SET {swap} WHERE position IN (2, 3)")
    assert (await verify(database)).broken == 2


async def test_an_entry_put_in_without_the_chain_is_named(database: Database) -> None:
    await written(database, 2)
    await rewrite(
        database,
        "INSERT INTO audit_entries SELECT 3, at, actor, action, details, hash"
        " FROM audit_entries WHERE position = 2",
    )
    assert (await verify(database)).broken == 3


async def test_a_tail_that_was_cut_off_does_not_fit_the_head(database: Database) -> None:
    await written(database, 5)
    await rewrite(
        database,
        "DELETE FROM audit_subjects WHERE position > 3",
        "DELETE FROM audit_entries WHERE position > 3",
    )
    assert (await verify(database)).broken == 4


async def test_a_tail_cut_off_with_care_is_seen_by_the_head_saved_elsewhere(
    database: Database,
) -> None:
    await written(database, 5)
    saved = (await verify(database)).head.hash
    await rewrite(
        database,
        "DELETE FROM audit_subjects WHERE position > 3",
        "DELETE FROM audit_entries WHERE position > 3",
        "UPDATE audit_head SET position = 3,"
        " hash = (SELECT hash FROM audit_entries WHERE position = 3)",
    )
    assert (await verify(database)).sound  # nothing in the database itself tells of it
    verdict = await verify(database, saved)
    assert not verdict.holds_saved
    assert not verdict.sound


async def test_a_log_written_anew_is_seen_by_the_head_saved_elsewhere(database: Database) -> None:
    await written(database, 3)
    saved = (await verify(database)).head.hash
    await rewrite(
        database,
        "DELETE FROM audit_subjects",
        "DELETE FROM audit_entries",
        f"UPDATE audit_head SET position = 0, hash = '{START.hash}'",
    )
    for number in range(3):
        await write(database, entry(number, subject=ANA_ID))
    assert (await verify(database)).sound
    assert not (await verify(database, saved)).sound


async def test_an_earlier_head_is_still_part_of_the_chain(database: Database) -> None:
    await written(database, 2)
    saved = (await verify(database)).head.hash
    await written(database, 2)
    assert (await verify(database, saved)).sound


async def test_many_entries_are_verified_a_page_at_a_time(database: Database) -> None:
    if database.is_postgres:
        pytest.skip("the same code; writing them there takes longer than reading them")
    head = START
    rows: list[dict[str, object]] = []
    subjects: list[dict[str, object]] = []
    for number in range(12 * PAGE + 1):
        sealed = seal(entry(number), head)
        head, made = sealed.head, sealed.entry
        rows.append(
            {
                "position": sealed.position,
                "at": made.at,
                "actor": made.actor,
                "action": made.action,
                "details": f'{{"number":{number}}}',
                "hash": sealed.hash,
            }
        )
        subjects.extend(
            {"position": sealed.position, "place": place, "subject_id": id}
            for place, id in enumerate(made.subjects)
        )
    async with database.engine.begin() as conn:
        await conn.execute(sa.insert(audit_entries), rows)
        await conn.execute(sa.insert(audit_subjects), subjects)
        await conn.execute(sa.update(audit_head).values(position=head.position, hash=head.hash))
    verdict = await verify(database)
    assert verdict.sound
    assert verdict.head == head
