"""What may be said of how someone wants to be written to, as frozen models."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StrictBool, StrictInt, ValidationInfo, field_validator

from services.scheduler.api.fields import Email, LocaleTag, TimeOfDay
from services.scheduler.domain.mail_wishes import (
    LONGEST_BEFORE,
    MOST_FOLLOW_UP_WEEKS,
    MOST_REMINDERS,
    MailKind,
    QuietHours,
)
from shared.web.bodies import DoorModel


def _longest_first(minutes: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(minutes)) < len(minutes):
        raise ValueError("must name each time before once")
    return tuple(sorted(minutes, reverse=True))


def _each_once(kinds: tuple[MailKind, ...]) -> tuple[MailKind, ...]:
    if len(set(kinds)) < len(kinds):
        raise ValueError("must name each kind once")
    return tuple(sorted(kinds))


ReminderMinutes = Annotated[
    tuple[Annotated[StrictInt, Field(ge=1, le=LONGEST_BEFORE)], ...],
    Field(
        max_length=MOST_REMINDERS,
        description="How many minutes before the start, each once; none at all: no reminders.",
    ),
    AfterValidator(_longest_first),
]
OptedOut = Annotated[
    tuple[MailKind, ...],
    Field(max_length=len(MailKind), description="What is not to be mailed."),
    AfterValidator(_each_once),
]


class QuietHoursBody(DoorModel):
    """From when until when nobody is reminded, on the reader's own clock; may cross midnight."""

    begin: TimeOfDay
    end: TimeOfDay

    @field_validator("end")
    @classmethod
    def _is_another_time(cls, end: time, info: ValidationInfo) -> time:
        if end == info.data.get("begin"):
            raise ValueError("must be another time than the beginning")
        return end

    def hours(self) -> QuietHours:
        return QuietHours(begin=self.begin, end=self.end)


class MailBody(DoorModel):
    """What of someone's mail is to be otherwise; what is left out stays as it is."""

    def said(self) -> dict[str, Any]:
        """Return what was said, as the wishes have it."""
        said: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        quiet = said.get("quiet_hours")
        if isinstance(quiet, QuietHoursBody):
            said["quiet_hours"] = quiet.hours()
        return said


class WishesBody(MailBody):
    """How a client or a guardian wants to be written to; null is as the practice has it."""

    opted_out: OptedOut = ()
    reminder_minutes: ReminderMinutes | None = None
    quiet_hours: QuietHoursBody | None = None
    invitations: StrictBool = False


class ClinicianMailBody(MailBody):
    """What a clinician wants to hear, and when their clients are reminded."""

    opted_out: OptedOut = ()
    digest_at: TimeOfDay | None = None
    news: StrictBool = False
    reminder_minutes: ReminderMinutes | None = None
    locale: LocaleTag = "en"


class PracticeMailBody(MailBody):
    """What holds for everyone who has no wish of their own; null is as it was installed."""

    reminder_minutes: ReminderMinutes | None = None
    quiet_hours: QuietHoursBody | None = None
    staff_address: Email | None = None
    follow_up_weeks: Annotated[StrictInt, Field(ge=1, le=MOST_FOLLOW_UP_WEEKS)] | None = None
