"""Dana's own calendar on a server of its own, and the reading of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from aiohttp import web

from services.calendar_feed.store import outside
from services.calendar_feed.store.outside import OutsideCalendar
from services.calendar_feed.use_cases import importing
from services.calendar_feed.use_cases.reading_outside import Reading, read_once
from shared.clock import HeldClock
from shared.eventlog import log
from shared.events.data import BusyChanged
from shared.events.envelope import read_event
from shared.store.database import Database
from tests.cast import DANA_ID
from tests.fakes.ics_server import IcsServer
from tests.shared.diary import SECRET

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOURS = ("DTSTART:20261201T150000Z", "DURATION:PT1H")
FIRST = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)


def calendar_of(*starts: datetime) -> bytes:
    events = "".join(
        "BEGIN:VEVENT\r\nUID:dentist\r\nSUMMARY:Kim Park's dentist\r\n"
        f"DTSTART:{each:%Y%m%dT%H%M%SZ}\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
        for each in starts
    )
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Elsewhere//EN\r\n"
    return f"{head}{events}END:VCALENDAR\r\n".encode()


def with_events(*events: str) -> bytes:
    return calendar_of().replace(b"END:VCALENDAR", "".join(events).encode() + b"END:VCALENDAR")


class Elsewhere:
    """Dana's own calendar on a server, and the reading of it."""

    def __init__(self, database: Database, clock: HeldClock, server: IcsServer) -> None:
        self.database, self.clock, self.server = database, clock, server
        self.body, self.status, self.etag = calendar_of(FIRST), 200, '"1"'
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        self.reading = Reading(
            database=database,
            clock=clock,
            fetch=server.reader(),
            secrets=(SECRET,),
            chance=lambda: 0.5,
        )

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self.meanwhile is not None:
            await self.meanwhile()
        if request.headers.get("If-None-Match") == self.etag and self.status == 200:
            return web.Response(status=304)
        return web.Response(body=self.body, status=self.status, headers={"ETag": self.etag})

    async def add(self) -> OutsideCalendar:
        now = self.clock.now()
        calendar = OutsideCalendar(
            id=uuid4(),
            clinician_id=DANA_ID,
            name="Own calendar",
            sealed=importing.sealed_address(self.server.address(), SECRET),
            created_at=now,
            next_at=now,
        )
        return await self.database.write(lambda conn: importing.add(conn, calendar))

    async def read(self, after: timedelta = timedelta()) -> OutsideCalendar:
        """Let time pass, read what is due, and return how the calendar then stands."""
        self.clock.advance(after)
        await read_once(self.reading)
        (found,) = await self.database.read(lambda conn: outside.list_calendars(conn, DANA_ID))
        return found

    async def told(self) -> list[BusyChanged]:
        raw = await self.database.read(lambda conn: log.read_after(conn, 0, 100))
        events = [read_event(each) for each in raw]
        return [each.data for each in events if each and isinstance(each.data, BusyChanged)]
