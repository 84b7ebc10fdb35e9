"""Planned mails as they are answered."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.notifier.domain.fates import Fate
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
    fate: Annotated[Fate | None, Field(description="What the provider said of it later.")]
    fate_at: Moment | None


class RemindersAnswer(AnswerModel):
    """Planned mails, first due first."""

    reminders: tuple[ReminderAnswer, ...]
    next: Annotated[str | None, Field(description="What to ask `next` with; null at the end.")]


class TryAnswer(AnswerModel):
    """One attempt whose outcome is known."""

    number: Annotated[int, Field(ge=1)]
    channel: str
    begun_at: Moment
    ended_at: Moment
    outcome: str
    reason: str | None


class ProviderAnswer(AnswerModel):
    """What the provider told of it after taking it."""

    fate: Fate
    at: Moment
    reason: str | None


class StopAnswer(AnswerModel):
    """Why nothing more is sent to an address, and since when."""

    since: Moment
    reason: Annotated[str, Field(description="`bounced`, `dropped`, `spam` or `refused`.")]


class StoryAnswer(ReminderAnswer):
    """One planned mail, each attempt at it, and what the provider said later."""

    message_id: Annotated[
        str | None, Field(description="What the channel calls it; null until it took it.")
    ]
    address_stopped: Annotated[
        StopAnswer | None,
        Field(description="What keeps mail from the reader's present address; null if nothing."),
    ]
    tries: tuple[TryAnswer, ...]
    provider: tuple[ProviderAnswer, ...]


class ResentAnswer(AnswerModel):
    """The new mail, and the one that it repeats."""

    id: UUID
    resent_id: UUID


class ManyResentAnswer(AnswerModel):
    """How many were planned anew of how many that were looked at."""

    resent: Annotated[int, Field(ge=0)]
    looked_at: Annotated[int, Field(ge=0)]
    next: Annotated[str | None, Field(description="What to ask `next` with; null at the end.")]
