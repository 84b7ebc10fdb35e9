"""Routes under /v1/reminders: what becomes of each planned mail, without anyone's address."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, BeforeValidator, Field

from services.notifier.api.answers.reminders import (
    RemindersAnswer,
    ResentAnswer,
    StoryAnswer,
)
from services.notifier.domain.errors import (
    NothingToSend,
    StillOpen,
    UnknownReminder,
    UnknownSession,
)
from services.notifier.domain.fates import Fate
from services.notifier.domain.states import Kind, State
from services.notifier.store.listing import Page, Shown, Story, Wanted
from services.notifier.use_cases.looking import planned, story_of
from services.notifier.use_cases.resending import resend
from shared.logs import log
from shared.store.database import Connection
from shared.web.answers import Answer, answer, answer_once, was_done
from shared.web.auth import Role, allow, caller
from shared.web.bodies import DoorModel, path_id, query_of
from shared.web.cursors import Cursor, cursor, with_plus
from shared.web.keys import CLOCK, DATABASE
from shared.web.openapi import describe
from shared.zones import zone

routes = web.RouteTableDef()

QueryInstant = Annotated[AwareDatetime, BeforeValidator(with_plus)]


class RemindersQuery(DoorModel):
    """All planned mails, unless narrowed; due from `from` on and before `until`."""

    session_id: UUID | None = None
    course_id: UUID | None = None
    person_id: UUID | None = None
    kind: Kind | None = None
    state: State | None = None
    reason: Annotated[str, Field(max_length=64)] | None = None
    fate: Fate | None = None
    since: Annotated[QueryInstant | None, Field(alias="from")] = None
    until: QueryInstant | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 200
    next: Cursor | None = None

    def wanted(self) -> Wanted:
        given = self.model_dump(exclude={"next"})
        return Wanted(**given, after=self.next)


@routes.get("/v1/reminders")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "List planned mails",
    query=RemindersQuery,
    answers={200: RemindersAnswer},
    refusals=(UnknownSession,),
)
async def get_reminders(request: web.Request) -> web.Response:
    """Answer what was planned, first due first; of a session, what is for its course too."""
    wanted = query_of(request, RemindersQuery).wanted()
    return answer(_page(await planned(request.app[DATABASE], wanted)))


@routes.get("/v1/reminders/{id}")
@allow(Role.ADMIN, Role.STAFF)
@describe("Read what became of one", answers={200: StoryAnswer}, refusals=(UnknownReminder,))
async def get_reminder(request: web.Request) -> web.Response:
    """Answer one planned mail, each attempt at it, and what its provider said later."""
    id = path_id(request, "id", UnknownReminder)
    return answer(_story(await story_of(request.app[DATABASE], id)))


@routes.post("/v1/reminders/{id}/resend")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Send it once more",
    answers={200: ResentAnswer},
    refusals=(UnknownReminder, StillOpen, NothingToSend),
)
async def post_resend(request: web.Request) -> web.Response:
    """Plan the same mail anew, due at once: 200 with the new one's id.

    That holds for one that was given up too; 409 if there is nothing to say any more.
    """
    id, now = path_id(request, "id", UnknownReminder), request.app[CLOCK].now()

    async def work(conn: Connection) -> Answer:
        new = await resend(conn, now, id)
        return Answer(status=HTTPStatus.OK, body={"id": str(new), "resent_id": str(id)})

    response = await answer_once(request, work)
    if was_done(response):
        log.info("reminder.resent", by=caller(request).id, reminder_id=str(id))
    return response


def _page(page: Page) -> dict[str, object]:
    return {
        "reminders": [_reminder(shown, timezone) for shown, timezone in page.reminders],
        "next": cursor(page.next) if page.next else None,
    }


def _story(story: Story) -> dict[str, object]:
    said, stop = _reminder(story.shown, story.timezone), story.stop
    return said | {
        "message_id": story.message_id,
        "address_stopped": stop
        and {"since": _local(stop.since, story.timezone), "reason": stop.reason},
        "tries": [
            {
                "number": each.number,
                "channel": each.channel,
                "begun_at": _local(each.begun_at, story.timezone),
                "ended_at": _local(each.ended_at, story.timezone),
                "outcome": each.outcome,
                "reason": each.reason,
            }
            for each in story.attempts
        ],
        "provider": [
            {"fate": each.fate, "at": _local(each.at, story.timezone), "reason": each.reason}
            for each in story.provider
        ],
    }


def _reminder(shown: Shown, timezone: str) -> dict[str, object]:
    """Times carry the offset of the zone that governs the session."""
    sent_at = shown.ended_at if shown.state == State.SENT else None
    return {
        "id": str(shown.id),
        "kind": shown.kind,
        "person_id": str(shown.person_id),
        "session_id": None if shown.session_id is None else str(shown.session_id),
        "course_id": None if shown.course_id is None else str(shown.course_id),
        "due_at": _local(shown.due_at, timezone),
        "state": shown.state,
        "reason": shown.reason,
        "attempts": shown.attempts,
        "sent_at": _local(sent_at, timezone),
        "answer_lost": shown.answer_lost,
        "fate": shown.fate,
        "fate_at": _local(shown.fate_at, timezone),
    }


def _local(moment: datetime | None, timezone: str) -> str | None:
    return None if moment is None else moment.astimezone(zone(timezone)).isoformat()
