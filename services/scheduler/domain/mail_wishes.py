"""How people want to be written to, and what the practice settles about its mail.

This is the only place where it is recorded; the notifier learns of it by events and obeys.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import time
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from shared.links import about_kind

MOST_REMINDERS: Final = 10
LONGEST_BEFORE: Final = 40_320  # minutes: four weeks
MOST_FOLLOW_UP_WEEKS: Final = 52


class MailKind(StrEnum):
    """What someone may want no mail of; an address check and staff's own mail are not here."""

    CONFIRMATION = "confirmation"
    REMINDER = "reminder"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CHANGED = "changed"
    OFFER = "offer"
    ENDED = "ended"
    FOLLOW_UP = "follow_up"
    DIGEST = "digest"
    NEWS = "news"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From when until when nobody is reminded, on the reader's own clock; may cross midnight."""

    begin: time
    end: time

    def __post_init__(self) -> None:
        if self.begin == self.end:
            raise ValueError("quiet hours end at another time than they begin")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWishes:
    """What a client or a guardian wants; None is as the practice has it."""

    opted_out: tuple[MailKind, ...] = ()
    reminder_minutes: tuple[int, ...] | None = None
    quiet_hours: QuietHours | None = None
    invitations: bool = False

    def __post_init__(self) -> None:
        _require_minutes(self.reminder_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianMail:
    """What a clinician wants to hear, in which language, and when their clients are reminded."""

    opted_out: tuple[MailKind, ...] = ()
    digest_at: time | None = None
    news: bool = False
    reminder_minutes: tuple[int, ...] | None = None
    locale: str = "en"

    def __post_init__(self) -> None:
        _require_minutes(self.reminder_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeMail:
    """What holds for everyone who has no wish of their own; None is as it was installed."""

    reminder_minutes: tuple[int, ...] | None = None
    quiet_hours: QuietHours | None = None
    staff_address: str | None = field(default=None, repr=False)
    follow_up_weeks: int | None = None

    def __post_init__(self) -> None:
        _require_minutes(self.reminder_minutes)
        if self.follow_up_weeks is not None:
            _require_within(self.follow_up_weeks, MOST_FOLLOW_UP_WEEKS, "a follow-up")


M = TypeVar("M", MailWishes, ClinicianMail)


def wishing(mail: M, kind: MailKind, *, wanted: bool) -> M:
    """Return the wishes of someone who wants mail of this kind after all, or not any more."""
    kinds = set(mail.opted_out)
    kinds = kinds - {kind} if wanted else kinds | {kind}
    return replace(mail, opted_out=tuple(sorted(kinds)))


def kind_of(about: UUID) -> MailKind | None:
    """Return which kind a link is about; it holds no more than what stands for the kind."""
    return _KINDS.get(about)


def _require_minutes(minutes: tuple[int, ...] | None) -> None:
    if minutes is None:
        return
    if len(minutes) > MOST_REMINDERS or list(minutes) != sorted(set(minutes), reverse=True):
        raise ValueError("reminders are at most ten, each once, the longest before first")
    for each in minutes:
        _require_within(each, LONGEST_BEFORE, "a reminder")


def _require_within(number: int, most: int, what: str) -> None:
    if not 1 <= number <= most:
        raise ValueError(f"{what} comes 1 to {most} before or after")


_KINDS: Final = {about_kind(kind): kind for kind in MailKind}
