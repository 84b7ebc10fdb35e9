"""What the practice has settled for everyone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from services.scheduler.domain.mail_wishes import PracticeMail

LEAST_HORIZON_WEEKS: Final = 78
MOST_HORIZON_WEEKS: Final = 260


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayCalendar:
    """Which country's holidays are kept, or one part's of it; no names means all of them."""

    country: str
    subdivision: str | None = None
    kept: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The limits that hold until a clinician has their own; unless set, no limit is felt.

    `revision` counts how often `mail` has changed.
    """

    holidays: HolidayCalendar | None = None
    buffer_minutes: int = 0
    minimum_notice_minutes: int = 0
    horizon_weeks: int = 104
    late_cancel_hours: int = 24
    missed_week_extends: bool = False
    offer_hours: int = 24
    concerns: tuple[str, ...] = ()
    revision: int = 0
    mail: PracticeMail = field(default_factory=PracticeMail)

    def __post_init__(self) -> None:
        if min(self.buffer_minutes, self.minimum_notice_minutes, self.late_cancel_hours) < 0:
            raise ValueError("a limit is not negative")
        if not LEAST_HORIZON_WEEKS <= self.horizon_weeks <= MOST_HORIZON_WEEKS:
            raise ValueError("the horizon is 78 to 260 weeks")
        if self.offer_hours < 1:
            raise ValueError("an offer lasts an hour or longer")

    @property
    def horizon(self) -> timedelta:
        """How long before it a first hour can be had."""
        return timedelta(weeks=self.horizon_weeks)
