"""`GET /v1/reminders`: what becomes of each planned mail, without anyone's address."""

from __future__ import annotations

from uuid import UUID

from aiohttp import web

from services.notifier.api.answers.reminders import RemindersAnswer
from services.notifier.domain.errors import UnknownSession
from services.notifier.domain.states import State
from services.notifier.store.plans import Shown
from services.notifier.use_cases.looking import planned_for
from shared.web.answers import answer
from shared.web.auth import Role, allow
from shared.web.bodies import DoorModel, query_of
from shared.web.keys import DATABASE
from shared.web.openapi import describe
from shared.zones import zone

routes = web.RouteTableDef()


class RemindersQuery(DoorModel):
    """Whose plan to show."""

    session_id: UUID


@routes.get("/v1/reminders")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "List what was planned for a session",
    query=RemindersQuery,
    answers={200: RemindersAnswer},
    refusals=(UnknownSession,),
)
async def get_reminders(request: web.Request) -> web.Response:
    """Answer everything that was planned for a session, and for its course, first due first."""
    query = query_of(request, RemindersQuery)
    session, planned = await planned_for(request.app[DATABASE], query.session_id)
    reminders = [_reminder(each, session.timezone) for each in planned]
    return answer({"reminders": reminders, "next": None})


def _reminder(shown: Shown, timezone: str) -> dict[str, object]:
    """Times carry the offset of the zone that governs the session."""
    clock = zone(timezone)
    sent_at = shown.ended_at if shown.state == State.SENT else None
    return {
        "id": str(shown.id),
        "kind": shown.kind,
        "person_id": str(shown.person_id),
        "session_id": None if shown.session_id is None else str(shown.session_id),
        "course_id": None if shown.course_id is None else str(shown.course_id),
        "due_at": shown.due_at.astimezone(clock).isoformat(),
        "state": shown.state,
        "reason": shown.reason,
        "attempts": shown.attempts,
        "sent_at": None if sent_at is None else sent_at.astimezone(clock).isoformat(),
        "answer_lost": shown.answer_lost,
    }
