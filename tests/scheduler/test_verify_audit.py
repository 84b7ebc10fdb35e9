"""The command that proves the audit log, as the person who runs it sees it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from services.scheduler.domain.audit import START
from shared.store.database import Database
from tests.scheduler.command import ran
from tests.scheduler.use_cases.test_auditing import rewrite, written


async def test_a_whole_log_says_how_many_entries_and_its_head(
    database: Database, database_url: str
) -> None:
    await written(database, 3)
    async with database.engine.connect() as conn:
        head = (await conn.execute(sa.text("SELECT hash FROM audit_head"))).scalar_one()
    assert await ran("verify-audit", database_url) == (0, f"whole: 3 entries, head {head}\n")
    assert await ran("verify-audit", database_url, "--head", head) == (
        0,
        f"whole: 3 entries, head {head}\n",
    )


async def test_a_rewritten_log_names_its_first_broken_entry(
    database: Database, database_url: str
) -> None:
    await written(database, 4)
    await rewrite(database, "UPDATE audit_entries SET actor = 'nobody' WHERE position IN (2, 4)")
    code, said = await ran("verify-audit", database_url)
    assert code == 1
    assert said.startswith("BROKEN at entry 2:")


async def test_a_log_without_the_saved_head_is_broken(
    database: Database, database_url: str
) -> None:
    await written(database, 2)
    code, said = await ran("verify-audit", database_url, "--head", "ab" * 32)
    assert code == 1
    assert "the saved head is not among them" in said


async def test_a_log_with_no_entry_is_whole(database: Database, database_url: str) -> None:
    assert await ran("verify-audit", database_url) == (0, f"whole: 0 entries, head {START.hash}\n")


async def test_a_database_that_was_never_migrated_has_no_log(
    empty_database_url: str,
) -> None:
    code, said = await ran("verify-audit", empty_database_url)
    assert code == 2
    assert "not migrated" in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_address_that_is_none_is_said_in_words(database_url: str) -> None:
    code, said = await ran("verify-audit", "nonsense")
    assert code == 2
    assert "DATABASE_URL" in said
    assert "Traceback" not in said
