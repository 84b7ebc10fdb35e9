"""Someone with a link sees the hour that is kept for them, and takes it or lets it go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain import offers as domain
from services.scheduler.domain import waiting
from services.scheduler.domain.audit import Entry as Line
from services.scheduler.domain.courses import CourseRequest, OnConflict, WallClock
from services.scheduler.domain.errors import HourTaken, SchedulerRefusal
from services.scheduler.domain.offers import Offer, OfferStatus
from services.scheduler.domain.sessions import SessionRequest
from services.scheduler.domain.waiting import Turn
from services.scheduler.store import offers, people
from services.scheduler.store import waiting as entries
from services.scheduler.use_cases.auditing import record
from services.scheduler.use_cases.booking import book_one, book_series
from services.scheduler.use_cases.ending_offers import pass_over
from services.scheduler.use_cases.free_hours import hold
from shared.eventlog import log
from shared.links import Link
from shared.store.database import Database


class Standing(StrEnum):
    """What someone with a good link finds."""

    OPEN = "open"  # take it, or let it go
    TAKEN = "taken"  # it is theirs
    OVER = "over"  # it is not kept for them any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A good link: the offer, how it stands, and whose clock and language to speak."""

    offer: Offer
    standing: Standing
    timezone: str
    locale: str


async def shown_by(conn: AsyncConnection, now: datetime, link: Link) -> Shown | None:
    """Return what `link` shows, or None if it has ended, was revoked, or fits nobody.

    The offer itself says until when it can be taken; its link says so for some weeks more.
    """
    offer = await offers.find_offer(conn, link.session_id)
    if offer is None or offer.client_id != link.person_id or offer.link_expires_at <= now:
        return None
    client = await people.find_client(conn, offer.client_id)
    if client is None or client.link_generation != link.generation:
        return None
    return Shown(
        offer=offer,
        standing=_standing(offer, now),
        timezone=client.timezone,
        locale=client.locale,
    )


async def accept(database: Database, now: datetime, offer: Offer) -> bool:
    """Book the hours whole and tell of it; False if they are not to be had any more.

    An offer that was taken already stays taken. What cannot be booked is let go.
    """
    try:
        return await database.write(partial(_accepting, now=now, offer_id=offer.id))
    except SchedulerRefusal:
        lose = partial(pass_over, now=now, offer=offer, status=OfferStatus.LOST)
        await database.write(lose)
        return False


async def decline(database: Database, now: datetime, offer: Offer) -> bool:
    """Let the hours go to the next; False if the offer was over already."""
    return await database.write(partial(_declining, now=now, offer=offer))


async def _declining(conn: AsyncConnection, now: datetime, offer: Offer) -> bool:
    if not offer.is_open_at(now):
        return False
    declined = await pass_over(conn, now, offer, OfferStatus.DECLINED)
    if declined:
        await record(conn, _line("offer.decline", offer, now))
    return declined


async def _accepting(conn: AsyncConnection, now: datetime, offer_id: UUID) -> bool:
    """Lock in the one order: the clinician, the client, the entry, the offer; the log last."""
    seen = await offers.find_offer(conn, offer_id)
    if seen is None:
        return False
    await hold(conn, seen.clinician_id, (seen.client_id,))
    entry = await entries.lock_entry(conn, seen.entry_id)
    offer = await offers.lock_offer(conn, offer_id)
    if entry is None or offer is None or not offer.is_open_at(now):
        return offer is not None and offer.status is OfferStatus.ACCEPTED
    await offers.change_offer(conn, domain.end(offer, OfferStatus.ACCEPTED, now=now))
    await entries.change_entry(conn, waiting.after(entry, Turn.ACCEPT))
    await _book(conn, now, offer)
    await log.append(conn, [announcements.offer_ended(offer, at=now)])
    await record(conn, _line("offer.accept", offer, now))
    return True


async def _book(conn: AsyncConnection, now: datetime, offer: Offer) -> None:
    """Book what was shown, or raise why not; weeks in between may have been put off meanwhile."""
    if offer.weekly:
        course = (await book_series(conn, now, _course(offer), hold_id=offer.hold_id)).course
        if course.sessions[0].slot != offer.slots[0]:
            raise HourTaken([])
        return
    session = SessionRequest(
        kind=offer.kind,
        clinician_id=offer.clinician_id,
        client_ids=(offer.client_id,),
        slot=offer.slots[0],
        timezone=offer.timezone,
    )
    await book_one(conn, now, session, hold_id=offer.hold_id)


def _course(offer: Offer) -> CourseRequest:
    return CourseRequest(
        clinician_id=offer.clinician_id,
        client_ids=(offer.client_id,),
        first_date=offer.first_date,
        at=offer.at,
        sessions=len(offer.slots),
        timezone=offer.timezone,
        wall_clock=WallClock.PRACTICE,
        on_conflict=OnConflict.POSTPONE,
    )


def _line(action: str, offer: Offer, now: datetime) -> Line:
    """Return who did what with the offer, for the audit log."""
    return Line(
        actor=f"client:{offer.client_id}",
        action=action,
        at=now,
        subject=offer.id,
        others=(offer.client_id, offer.clinician_id),
    )


def _standing(offer: Offer, now: datetime) -> Standing:
    if offer.status is OfferStatus.ACCEPTED:
        return Standing.TAKEN
    return Standing.OPEN if offer.is_open_at(now) else Standing.OVER
