"""Planned mails as they are answered."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.notifier.domain.states import Kind, State
from shared.web.openapi import AnswerModel

Moment = Annotated[
    AwareDatetime, Field(description="RFC 3339, with the offset of the zone of the session.")
]


class ReminderAnswer(AnswerModel):
    """What becomes of one planned mail; no address, and no words of it."""

    id: UUID
    kind: Kind
    person_id: UUID
    session_id: Annotated[UUID | None, Field(description="Null for a mail about a whole course.")]
    course_id: Annotated[UUID | None, Field(description="Null for a mail about one session.")]
    due_at: Moment
    state: State
    reason: Annotated[str | None, Field(description="Why it was not sent.")]
    attempts: Annotated[int, Field(ge=0)]
    sent_at: Moment | None
    answer_lost: Annotated[bool, Field(description="Whether it may have arrived twice.")]


class RemindersAnswer(AnswerModel):
    """Everything that was planned for a session and for its course, first due first."""

    reminders: tuple[ReminderAnswer, ...]
    next: Annotated[None, Field(description="Always null: this list has one page.")]
