"""What each event of the scheduler means here."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.plan import Change
from services.notifier.use_cases import learning
from services.notifier.use_cases.learning import Rules
from shared.eventlog.consumer import Apply
from shared.events import data as told
from shared.events.envelope import Event
from shared.store.api_keys import apply_key


def applying(rules: Rules) -> Apply:
    """Return what the consumer does with each event, inside its transaction."""

    async def apply(conn: AsyncConnection, event: Event) -> None:
        change = Change(event_id=event.id, at=event.time)
        match event.data:
            case told.ClientSaved() as client:
                await learning.learn_client(conn, client)
            case told.ClinicianSaved():
                pass  # no mail names a clinician, and none goes to one
            case told.KeySaved() as key:
                await apply_key(conn, key)
            case told.CourseBooked() as course:
                await learning.learn_course(conn, course, change, rules)
            case told.CourseChanged() | told.CourseEnded() as course:
                await learning.learn_changes(conn, course, change, rules)
            case told.OfferMade() as offer:
                await learning.learn_offer(conn, offer, change)
            case told.OfferEnded() as ended:
                await learning.learn_offer_ended(conn, ended)
            case told.SessionTold() as about:
                await _apply_session(conn, about, change, rules)

    return apply


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
