"""How soon a mail is there: a confirmation after its booking, a reminder after its time."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from benchmarks.figures import Times, ms, times_of
from benchmarks.office import Json, Office, Refused, office_of
from benchmarks.processes import practice, running, wait_all_ready
from benchmarks.sections import Section
from benchmarks.servers import databases, lasting_postgres
from shared.clock import SystemClock
from tests.postgres import PostgresServer

MAILS: Final = 100
EACH_SECOND: Final = 5
BOOKING_SECONDS: Final = 35  # until the first reminder is due, all must have been booked
PATIENCE_SECONDS: Final = 20
QUIET_SECONDS: Final = 0.15
People = Sequence[tuple[str, str]]
COLUMNS: Final = ("a mail in the maildir", "median", "p99", "slowest", "mails", "to the limit")


async def run() -> Section:
    """Book meetings a day and some seconds away; read when each mail was written."""
    rows = await _on("SQLite", None)
    async with lasting_postgres() as server:
        if server is not None:
            rows += await _on("PostgreSQL", server)
    return Section(
        name="mails",
        aim="Until a mail is written; to reach: under 2 s, the confirmation and the reminder.",
        columns=COLUMNS,
        rows=rows,
        notes=[
            "confirmation: from the 201 of one meeting; reminder: from its due time, none before",
            f"each meeting after {QUIET_SECONDS * 1000:.0f} ms of quiet; in a burst: {MAILS} "
            "booked one after another without a pause, which is more than the promise is for",
            f"{EACH_SECOND} reminders fall due in each second; the time is that of the file",
            "limit: the same files written, synced and renamed by a bare loop in the same run",
        ],
    )


async def _on(kind: str, server: PostgresServer | None) -> list[list[str]]:
    with practice(await databases(server) if server else None) as services:
        services.start()
        wait_all_ready(running(services))
        async with office_of(services) as office:
            people = [(await office.clinician(n), await office.client(n)) for n in range(MAILS)]
            confirmations, reminders = await _one_by_one(office, people)
            burst = await _at_once(office, people)
        limit = _bare_writes(services.folder)
    return [
        _row(f"{kind}: confirmation", confirmations, limit),
        _row(f"{kind}: reminder", reminders, limit),
        _row(f"{kind}: confirmation in a burst", burst, limit),
        _row(f"{kind}: limit", limit, limit),
    ]


async def _one_by_one(office: Office, people: People) -> tuple[Times, Times]:
    first = SystemClock().now() + timedelta(days=1, seconds=BOOKING_SECONDS)
    booked = []
    for number, pair in enumerate(people):
        starts_at = first + timedelta(seconds=number // EACH_SECOND)
        booked.append(await _book(office, pair, starts_at))
        await asyncio.sleep(QUIET_SECONDS)
    confirmations, reminders = [], []
    for session_id, answered_at in booked:
        mails = {mail["kind"]: mail for mail in await _sent(office, session_id, count=2)}
        due_at = datetime.fromisoformat(mails["reminder"]["due_at"])
        confirmations.append(_written(office, mails["confirmation"]) - answered_at)
        reminders.append(_written(office, mails["reminder"]) - due_at)
    return _times(confirmations), _times(reminders)


async def _at_once(office: Office, people: People) -> Times:
    starts_at = SystemClock().now() + timedelta(days=3)
    booked = [await _book(office, pair, starts_at) for pair in people]
    taken = []
    for session_id, answered_at in booked:
        mail = (await _sent(office, session_id, count=1))[0]
        taken.append(_written(office, mail) - answered_at)
    return _times(taken)


async def _book(office: Office, pair: tuple[str, str], starts_at: datetime) -> tuple[str, datetime]:
    """Book a meeting; return its id, and when the 201 was there."""
    body = {
        "kind": "consultation",
        "clinician_id": pair[0],
        "client_ids": [pair[1]],
        "starts_at": starts_at.isoformat(timespec="seconds"),
    }
    made = await office.ask("POST", "scheduler", "/v1/sessions", body)
    return made["id"], SystemClock().now()


async def _sent(office: Office, session_id: str, *, count: int) -> list[Json]:
    """Return the mails of a session once so many were sent."""
    deadline = time.monotonic() + BOOKING_SECONDS + MAILS / EACH_SECOND + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = await office.ask("GET", "notifier", f"/v1/reminders?session_id={session_id}")
        sent = [mail for mail in found["reminders"] if mail["state"] == "sent"]
        if len(sent) == count:
            return sent
        await asyncio.sleep(0.5)
    raise Refused("a mail was never sent")


def _written(office: Office, mail: Json) -> datetime:
    """Return when the file of this delivery was written, by the file system's own clock."""
    file = next((office.services.folder / "mail" / "new").glob(f"*{mail['id']}*"))
    return datetime.fromtimestamp(file.stat().st_mtime_ns / 1e9, UTC)


def _bare_writes(folder: Path) -> Times:
    contents = [file.read_bytes() for file in (folder / "mail" / "new").iterdir()]
    seconds = []
    for number, content in enumerate(contents):
        begun = time.perf_counter()
        with (folder / f"{number}.tmp").open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        (folder / f"{number}.tmp").rename(folder / f"{number}.mail")
        seconds.append(time.perf_counter() - begun)
    return Times(seconds)


def _times(taken: list[timedelta]) -> Times:
    return Times([each.total_seconds() for each in taken])


def _row(name: str, times: Times, limit: Times) -> list[str]:
    figures = [ms(times.median), ms(times.p99), ms(times.slowest), str(times.rounds)]
    return [name, *figures, times_of(times.median, limit.median)]
