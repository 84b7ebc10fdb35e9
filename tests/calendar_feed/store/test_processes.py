"""The same state is the same bytes in every process, whatever a process does in its own way."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from services.calendar_feed.domain.entries import Kind
from services.calendar_feed.domain.feeds import Choices, Detail, Form
from shared.events.data import SessionBooked, WorkingHours
from shared.links import sign
from shared.store.database import Database
from tests.calendar_feed.diary import (
    cancelled,
    course_booked,
    dana_saved,
    learn,
    moved,
)
from tests.calendar_feed.store.one_process import served
from tests.calendar_feed.store.subscribing import subscribe
from tests.calendar_feed.store.test_own_calendars import KIMS, OTHERS, saved
from tests.cast import ANA_ID, KIM_ID, LEE_ID
from tests.conftest import NOW
from tests.shared.diary import SECRET

ROOT: Final = Path(__file__).parents[3]
CHOSEN: Final[tuple[tuple[Detail, dict[str, Any]], ...]] = (
    (Detail.BUSY, {"form": Form.FREE_BUSY}),
    (Detail.CODE, {"choices": Choices(kinds=frozenset(Kind), alarms=(timedelta(minutes=10),))}),
    (Detail.INITIALS, {"form": Form.SERIES}),
    (Detail.INITIALS, {"choices": Choices(office_hours=True)}),
)


async def test_two_processes_that_hash_otherwise_serve_the_same_bytes(
    database: Database, database_url: str
) -> None:
    """No order that a set or a dictionary has by chance is in any byte."""
    tokens = await _a_practice(database)
    here = await served(database_url, tokens)
    assert len(set(here)) == len(tokens)
    for seed in ("1", "4242"):
        assert await _in_a_process(database_url, tokens, seed) == here


async def _a_practice(database: Database) -> list[str]:
    """Learn of a course, a group and their changes; return the addresses of every sort of feed."""
    people = [saved(ANA_ID, name="Ana Ruiz"), saved(LEE_ID, name="Lee"), saved(KIM_ID)]
    office = (WorkingHours(weekday=1, start=540, end=1080),)
    dana = dana_saved(working_hours=office)
    await learn(database, dana, *people, course_booked(), SessionBooked(session=OTHERS))
    await learn(database, moved(2), cancelled(5), at=NOW + timedelta(hours=1))
    chosen = [await subscribe(database, detail, **how) for detail, how in CHOSEN]
    return [*(each.token for each in chosen), sign(KIMS, SECRET)]


async def _in_a_process(database_url: str, tokens: list[str], seed: str) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.calendar_feed.store.one_process", database_url, *tokens),
        cwd=ROOT,
        env={"PYTHONHASHSEED": seed},
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    return told.decode().splitlines()
