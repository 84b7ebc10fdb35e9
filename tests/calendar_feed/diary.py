"""Dana's diary as the scheduler tells it: sixteen Tuesdays at three, New York time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

import icalendar

from services.calendar_feed.consumer import apply
from services.calendar_feed.domain.detail import Diary, Showing
from services.calendar_feed.domain.entries import Entry, Kind, Status
from services.calendar_feed.domain.feeds import Detail
from shared.events.data import (
    ClinicianSaved,
    CourseBooked,
    EventData,
    Session,
    SessionCancelled,
    SessionMoved,
)
from shared.events.envelope import tell
from shared.store.database import Database
from shared.zones import zone
from tests.cast import DANA, DANA_ID, KIM_ID, NEW_YORK
from tests.conftest import NOW
from tests.shared.diary import SECRET

PUBLIC_URL: Final = "https://hour.example"
COURSE_ID: Final = UUID("c0000000-0000-4000-8000-000000000001")
WEEKS: Final = 16
HOUR: Final = timedelta(hours=1)
FIRST: Final = datetime(2027, 2, 16, 15, 0)  # noqa: DTZ001 # a wall clock in New York
DIARY: Final = Diary(person_id=DANA_ID, link_generation=0, links_at=NOW)


def showing(detail: Detail = Detail.BUSY) -> Showing:
    return Showing(detail=detail, public_url=PUBLIC_URL, secret=SECRET)


def tuesday(number: int) -> datetime:
    """The start of the `number`th session, from 0, in UTC; the clocks change before the fourth."""
    local = (FIRST + number * timedelta(weeks=1)).replace(tzinfo=zone(NEW_YORK))
    return local.astimezone(UTC)


def session_id(number: int) -> UUID:
    return UUID(int=0x5E55_0000_0000_4000_8000_0000_0000_0000 + number)


def session(number: int = 0, **changes: Any) -> Session:
    starts_at: datetime = changes.pop("starts_at", tuesday(number))
    values: dict[str, Any] = {
        "session_id": session_id(number),
        "revision": 1,
        "kind": "course",
        "course_id": COURSE_ID,
        "clinician_id": DANA_ID,
        "client_ids": (KIM_ID,),
        "starts_at": starts_at,
        "ends_at": starts_at + HOUR,
        "timezone": NEW_YORK,
        "status": "scheduled",
        "links_expire_at": tuesday(WEEKS) + timedelta(days=30),
    }
    return Session(**{**values, **changes})


def dana_saved(**changes: Any) -> ClinicianSaved:
    values: dict[str, Any] = {
        "clinician_id": DANA_ID,
        "revision": 1,
        "name": DANA["name"],
        "email": DANA["email"],
        "timezone": NEW_YORK,
        "link_generation": 0,
    }
    return ClinicianSaved(**{**values, **changes})


def course_booked(clients: tuple[UUID, ...] = (KIM_ID,)) -> CourseBooked:
    return CourseBooked(
        course_id=COURSE_ID,
        clinician_id=DANA_ID,
        client_ids=clients,
        timezone=NEW_YORK,
        sessions=tuple(session(number, client_ids=clients) for number in range(WEEKS)),
    )


def moved(number: int, *, revision: int = 2) -> SessionMoved:
    """Session `number` begins an hour later than planned for each revision."""
    starts_at = tuesday(number) + (revision - 1) * HOUR
    return SessionMoved(
        session=session(number, starts_at=starts_at, revision=revision),
        previous_starts_at=tuesday(number),
    )


def cancelled(number: int, *, revision: int = 2) -> SessionCancelled:
    return SessionCancelled(session=session(number, revision=revision, status="cancelled"))


async def learn(database: Database, *facts: EventData, at: datetime = NOW) -> None:
    """Apply what the scheduler told at `at`, each event in its own transaction."""
    for fact in facts:
        await database.write(partial(apply, event=tell(fact, source="scheduler", at=at)))


def entry(number: int = 0, **changes: Any) -> Entry:
    dtstart: datetime = changes.pop("dtstart", tuesday(number))
    values: dict[str, Any] = {
        "session_id": session_id(number),
        "clinician_id": DANA_ID,
        "client_id": KIM_ID,
        "revision": 1,
        "dtstart": dtstart,
        "dtend": dtstart + HOUR,
        "status": Status.CONFIRMED,
        "created": NOW,
        "last_modified": NOW,
        "links_expire_at": tuesday(WEEKS) + timedelta(days=30),
        "kind": Kind.COURSE,
        "course_id": COURSE_ID,
        "timezone": NEW_YORK,
        "clients": 1,
    }
    return Entry(**{**values, **changes})


def events_of(body: bytes) -> dict[str, Any]:
    """Return every VEVENT of a feed by its UID, as icalendar reads it."""
    calendar = icalendar.Calendar.from_ical(body)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def content_lines(body: bytes) -> list[str]:
    """Unfold the way RFC 5545 section 3.1 says, without any library."""
    return body.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def names_of(lines: Sequence[str]) -> list[str]:
    return [line.partition(":")[0].partition(";")[0] for line in lines]
