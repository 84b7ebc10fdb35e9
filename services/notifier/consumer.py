"""What each event of the scheduler, and of the calendar feed, means here."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.plan import Change
from services.notifier.use_cases import learning, learning_calendars, learning_people
from services.notifier.use_cases.reminding import Rules
from shared.eventlog.consumer import Apply
from shared.events import data as told
from shared.events.envelope import Event
from shared.store.api_keys import apply_key


def applying(rules: Rules) -> Apply:
    """Return what the consumer does with each event, inside its transaction."""

    async def apply(conn: AsyncConnection, event: Event) -> None:
        change = Change(event_id=event.id, at=event.time)
        if not await _apply_settings(conn, event.data, change, rules):
            await _apply_course(conn, event.data, change, rules)

    return apply


async def apply_calendar(conn: AsyncConnection, event: Event) -> None:
    """Apply one event of the calendar feed: a change that a calendar may show too late."""
    match event.data:
        case told.FeedChangeUnseen() as unseen:
            change = Change(event_id=event.id, at=event.time)
            await learning_calendars.learn_unseen(conn, unseen, change)


async def _apply_settings(
    conn: AsyncConnection, data: told.EventData, change: Change, rules: Rules
) -> bool:
    """Learn of people, the practice and keys; return whether it was one of these."""
    match data:
        case told.ClientSaved() as client:
            await learning_people.learn_client(conn, client, change, rules)
        case told.ClinicianSaved() as clinician:
            await learning_people.learn_clinician(conn, clinician, change, rules)
        case told.PracticeSaved() as settled:
            await learning_people.learn_practice(conn, settled, change, rules)
        case told.KeySaved() as key:
            await apply_key(conn, key)
        case _:
            return False
    return True


async def _apply_course(
    conn: AsyncConnection, data: told.EventData, change: Change, rules: Rules
) -> None:
    match data:
        case told.CourseBooked() as course:
            await learning.learn_course(conn, course, change, rules)
        case told.CourseChanged() as course:
            await learning.learn_changes(conn, course, change, rules)
        case told.CourseEnded() as course:
            await learning.learn_end(conn, course, change, rules)
        case told.OfferMade() as offer:
            await learning.learn_offer(conn, offer, change)
        case told.OfferEnded() as ended:
            await learning.learn_offer_ended(conn, ended)
        case told.SessionTold() as about:
            await _apply_session(conn, about, change, rules)


async def _apply_session(
    conn: AsyncConnection, about: told.SessionTold, change: Change, rules: Rules
) -> None:
    match about:
        case told.SessionBooked(session=session):
            await learning.learn_booked(conn, session, change, rules)
        case told.SessionMoved() as moved:
            await learning.learn_moved(conn, moved, change, rules)
        case told.SessionCancelled(session=session):
            await learning.learn_cancelled(conn, session, change, rules)
        case told.SessionConcluded(session=session):
            await learning.learn_concluded(conn, session, change, rules)
