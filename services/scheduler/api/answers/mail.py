"""How people want to be written to, as it is answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.scheduler.api.answers.fields import Clock
from services.scheduler.domain.mail_wishes import MailKind
from shared.web.openapi import AnswerModel

ReminderMinutes = Annotated[
    tuple[int, ...] | None, Field(description="Before the start, longest first; null: unsaid.")
]
OptedOut = Annotated[tuple[MailKind, ...], Field(description="What is not mailed.")]


class QuietHoursAnswer(AnswerModel):
    """From when until when nobody is reminded, on the reader's own clock."""

    begin: Clock
    end: Clock


class WishesAnswer(AnswerModel):
    """How a client or a guardian wants to be written to; null is as the practice has it."""

    opted_out: OptedOut
    reminder_minutes: ReminderMinutes
    quiet_hours: QuietHoursAnswer | None
    invitations: Annotated[bool, Field(description="Whether mails bring calendar entries.")]


class ClinicianMailAnswer(AnswerModel):
    """What a clinician wants to hear, and when their clients are reminded."""

    opted_out: OptedOut
    digest_at: Annotated[Clock | None, Field(description="When their day is mailed; null: never.")]
    news: Annotated[bool, Field(description="Whether they hear who confirmed or cancelled.")]
    reminder_minutes: ReminderMinutes
    locale: str


class PracticeMailAnswer(AnswerModel):
    """What holds for everyone who has no wish of their own; null is as it was installed."""

    reminder_minutes: ReminderMinutes
    quiet_hours: QuietHoursAnswer | None
    staff_address: Annotated[str | None, Field(description="Hears of mail that does not arrive.")]
    follow_up_weeks: Annotated[int | None, Field(description="After the end of a course.")]
