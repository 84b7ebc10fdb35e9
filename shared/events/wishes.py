"""How people want to be written to, as the events tell it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shared.events.telling import Told

WallTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Such as 21:30.")]
MailKind = Annotated[str, Field(pattern="^[a-z_]{1,16}$", description="Such as reminder.")]
Minutes = Annotated[int, Field(ge=1, le=40_320, description="Minutes before the start.")]


class QuietHours(Told):
    """From when until when nobody is reminded, on the reader's own clock; it may cross midnight."""

    begin: WallTime
    end: WallTime


class MailWishes(Told):
    """How someone wants to be written to; what is None is as the practice has it."""

    opted_out: tuple[MailKind, ...] = ()
    reminder_minutes: tuple[Minutes, ...] | None = None
    quiet_hours: QuietHours | None = None
    invitations: bool = False


class ClinicianMail(Told):
    """What a clinician wants to hear by mail, and how early their clients are reminded."""

    digest_at: WallTime | None = None
    news: bool = False
    reminder_minutes: tuple[Minutes, ...] | None = None
    locale: str = "en"
    opted_out: tuple[MailKind, ...] = ()
