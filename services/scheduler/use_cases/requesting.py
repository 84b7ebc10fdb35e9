"""From a first contact to a course: enter a request, book its consultation and its course."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain import concerns, requests
from services.scheduler.domain.conflicts import Conflict
from services.scheduler.domain.courses import Course, CourseRequest
from services.scheduler.domain.errors import AgeNotKnown, NotRecorded, UnknownRequest
from services.scheduler.domain.limits import Finding, Plan, require_suitable
from services.scheduler.domain.overrides import Override
from services.scheduler.domain.people import Client, Clinician
from services.scheduler.domain.requests import Contact, Need, Request, Step
from services.scheduler.domain.sessions import Kind, Session, SessionRequest
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.windows import Window
from services.scheduler.store import people
from services.scheduler.store import requests as store
from services.scheduler.store.courses_held import courses_held
from services.scheduler.store.requests import WantedRequests
from services.scheduler.use_cases import booking
from services.scheduler.use_cases.people import enter_client
from services.scheduler.use_cases.practice import policy_of
from shared.zones import zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came in: from a client who is recorded, or from a new contact with a `timezone`."""

    need: Need
    windows: tuple[Window, ...]
    note: str | None = None
    client_id: UUID | None = None
    contact: Contact | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """With whom something is to be booked for a request, and what may be passed over."""

    request_id: UUID
    clinician_id: UUID
    hold_id: UUID | None = None
    override: Override | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """The consultation that was booked, and the limits and hours that were passed over."""

    request: Request
    session: Session
    overridden: tuple[Finding | Conflict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """The course that was booked, what was put off to its end, and what was passed over."""

    request: Request
    course: Course
    postponed: tuple[Conflict, ...] | None
    overridden: tuple[Finding | Conflict, ...]


CourseFor = Callable[[UUID], CourseRequest]  # the course, once it is known for which client


async def enter(conn: AsyncConnection, now: datetime, asked: Asked) -> Request:
    """Store what came in, or raise which field is at fault; no event tells of it."""
    policy = await policy_of(conn)
    concerns.require_known(asked.need.concerns, policy.concerns)
    client = await _client(conn, asked)
    need = _completed(asked.need, client)
    if need.born is not None and need.born > now.date():
        raise AgeNotKnown("lies in the future", pointer="#/date_of_birth")
    if need.born is None and need.age_group is None:
        raise AgeNotKnown("is not recorded of this client", pointer="#/date_of_birth")
    request = Request(
        id=uuid4(),
        made_at=now,
        need=need,
        windows=asked.windows,
        timezone=asked.timezone or (client.timezone if client else ""),
        note=asked.note,
        contact=asked.contact,
        client_id=asked.client_id,
    )
    await store.add_request(conn, request)
    return request


async def request_with(conn: AsyncConnection, id: UUID) -> Request:
    found = await store.find_request(conn, id)
    if found is None:
        raise UnknownRequest
    return found


async def list_requests(conn: AsyncConnection, wanted: WantedRequests) -> list[Request]:
    return await store.list_requests(conn, wanted)


async def book_consultation(
    conn: AsyncConnection, now: datetime, agreed: Agreed, slot: Slot, timezone: str
) -> Consulted:
    """Book the first meeting; who asked becomes a client by it, in the same transaction."""
    request = await _held(conn, agreed.request_id, Step.BOOK_CONSULTATION)
    looked = await _look(conn, now, agreed.clinician_id)
    limits = looked.require_suitable(request, [slot], agreed.override)
    client_id = await _client_of(conn, now, request)
    wanted = SessionRequest(
        kind=Kind.CONSULTATION,
        clinician_id=agreed.clinician_id,
        client_ids=(client_id,),
        slot=slot,
        timezone=timezone,
    )
    booked = await booking.book_one(
        conn, now, wanted, hold_id=agreed.hold_id, override=agreed.override
    )
    session = booked.session
    changed = requests.with_consultation(
        request,
        client_id=client_id,
        clinician_id=agreed.clinician_id,
        session_id=session.id,
    )
    await store.change_request(conn, changed)
    return Consulted(request=changed, session=session, overridden=(*limits, *booked.overridden))


async def book_course(
    conn: AsyncConnection, now: datetime, agreed: Agreed, course_for: CourseFor
) -> Paired:
    """Book the course with the clinician agreed on, whole; the request is answered by it.

    The limits are looked at again on the dates that it got: some may have been put off.
    """
    request = await _held(conn, agreed.request_id, Step.BOOK_COURSE)
    wanted = course_for(await _client_of(conn, now, request))
    looked = await _look(conn, now, agreed.clinician_id)
    looked.require_suitable(request, wanted.slots(), agreed.override)
    booked = await booking.book_on_its_clock(
        conn,
        now,
        wanted,
        hold_id=agreed.hold_id,
        override=agreed.override,
        pointers=["#/first_date"],  # the age on that date decides, and no field is the client
    )
    slots = [session.slot for session in booked.course.sessions]
    limits = looked.require_suitable(request, slots, agreed.override)
    changed = requests.with_course(
        request, clinician_id=agreed.clinician_id, course_id=booked.course.id
    )
    await store.change_request(conn, changed)
    return Paired(
        request=changed,
        course=booked.course,
        postponed=booked.postponed,
        overridden=(*limits, *booked.overridden),
    )


async def close(conn: AsyncConnection, now: datetime, id: UUID, reason: str | None) -> Request:
    """Let nothing come of the request; what is booked stays booked, and nobody is told."""
    request = requests.close(await _held(conn, id, Step.CLOSE), reason, now=now)
    await store.change_request(conn, request)
    return request


async def _held(conn: AsyncConnection, id: UUID, step: Step) -> Request:
    """Return the request and hold it, or raise why `step` is not to be taken."""
    request = await store.lock_request(conn, id)
    if request is None:
        raise UnknownRequest
    requests.after(request, step)
    return request


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """The clinician, whose diary is held, and how many courses they held before this one."""

    clinician: Clinician
    courses_held: int

    def require_suitable(
        self, request: Request, slots: Sequence[Slot], override: Override | None
    ) -> tuple[Finding, ...]:
        """Raise `NotSuitable` with every limit that is not met; return those passed over."""
        there = zone(request.timezone)
        plan = Plan(
            need=request.need,
            dates=[slot.starts_at.astimezone(there).date() for slot in slots],
            courses_held=self.courses_held,
        )
        return require_suitable(self.clinician, plan, override)


async def _look(conn: AsyncConnection, now: datetime, clinician_id: UUID) -> _Looked:
    clinician = await people.lock_clinician(conn, clinician_id)
    if clinician is None:
        raise NotRecorded("no clinician has this id", pointer="#/clinician_id")
    held = await courses_held(conn, now)
    return _Looked(clinician=clinician, courses_held=held.get(clinician_id, 0))


async def _client(conn: AsyncConnection, asked: Asked) -> Client | None:
    if asked.client_id is None:
        return None
    client = await people.find_client(conn, asked.client_id)
    if client is None:
        raise NotRecorded("no client has this id", pointer="#/client_id")
    return client


def _completed(need: Need, client: Client | None) -> Need:
    """What is recorded of a client counts where the request left it out."""
    if client is None:
        return need
    said = need.born is not None or need.age_group is not None
    return replace(
        need,
        born=need.born if said else client.date_of_birth,
        languages=need.languages or (client.locale,),
    )


async def _client_of(conn: AsyncConnection, now: datetime, request: Request) -> UUID:
    """Return the client, entered now if there is none yet."""
    new = request.new_client(uuid4())
    if new is not None:
        return (await enter_client(conn, now, new)).id
    if request.client_id is None:
        raise UnknownRequest
    return request.client_id
