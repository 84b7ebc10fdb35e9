"""What each event of the scheduler means here."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.use_cases import learning
from shared.events import data as told
from shared.events.envelope import Event
from shared.store.api_keys import apply_key


async def apply(conn: AsyncConnection, event: Event) -> None:
    """Apply one event in the consumer's transaction."""
    match event.data:
        case told.ClinicianSaved() as clinician:
            await learning.learn_clinician(conn, clinician, event.time)
        case told.ClientSaved() as client:
            await learning.learn_client(conn, client, event.time)
        case told.KeySaved() as key:
            await apply_key(conn, key)
        case (
            told.CourseBooked(sessions=sessions)
            | told.CourseChanged(sessions=sessions)
            | told.CourseEnded(sessions=sessions)
        ):
            await learning.learn_sessions(conn, sessions, event.time)
        case told.OfferMade() | told.OfferEnded():
            pass  # an hour that may yet be declined is nobody's appointment
        case told.PracticeSaved() | told.AddressBounced():
            pass  # mail is no matter of a feed
        case told.BusyChanged() | told.FeedChangeUnseen():
            pass  # told by us
        case told.SessionTold(session=session):
            await learning.learn_sessions(conn, [session], event.time)
