"""What a practice may settle, as frozen models, and how it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StrictInt

from services.scheduler.api.documents import Document, practice_mail_document
from services.scheduler.api.fields import BufferMinutes, NoticeMinutes, Word
from services.scheduler.api.mail_bodies import PracticeMailBody
from services.scheduler.domain.practice import (
    LEAST_HORIZON_WEEKS,
    MOST_HORIZON_WEEKS,
    HolidayCalendar,
    Policy,
)
from shared.web.bodies import DoorModel

Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
Hours = Annotated[StrictInt, Field(ge=0, le=336)]


def _each_once(words: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(words)) < len(words):
        raise ValueError("must name each once")
    return words


class HolidaysBody(DoorModel):
    """A country's calendar, or a part's, and the names of what is kept of it."""

    country: Country
    subdivision: Word | None = None
    kept: Annotated[tuple[Word, ...], Field(max_length=100)] | Literal["all"] = "all"

    def calendar(self) -> HolidayCalendar:
        kept = None if self.kept == "all" else tuple(self.kept)
        return HolidayCalendar(country=self.country, subdivision=self.subdivision, kept=kept)


class PracticeBody(DoorModel):
    """What is to be settled; what is left out stays as it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "holidays": {
                        "country": "US",
                        "subdivision": "NY",
                        "kept": ["New Year's Day", "Christmas Day"],
                    },
                    "buffer_minutes": 10,
                    "horizon_weeks": 104,
                },
                {"holidays": None},
                {
                    "mail": {
                        "reminder_minutes": [1440, 60],
                        "quiet_hours": {"begin": "21:00", "end": "08:00"},
                        "staff_address": "desk@practice.example",
                        "follow_up_weeks": 4,
                    }
                },
            ]
        }
    )

    holidays: HolidaysBody | None = None
    buffer_minutes: BufferMinutes = 0
    minimum_notice_minutes: NoticeMinutes = 0
    horizon_weeks: Annotated[StrictInt, Field(ge=LEAST_HORIZON_WEEKS, le=MOST_HORIZON_WEEKS)] = 104
    late_cancel_hours: Hours = 24
    missed_week_extends: StrictBool = False
    offer_hours: Annotated[Hours, Field(ge=1)] = 24
    concerns: Annotated[tuple[Word, ...], Field(max_length=100), AfterValidator(_each_once)] = ()
    mail: PracticeMailBody = PracticeMailBody()

    def said(self) -> dict[str, Any]:
        """Return what was said, as the policy has it."""
        said: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if self.holidays is not None:
            said["holidays"] = self.holidays.calendar()
        if "mail" in said:
            said["mail"] = self.mail.said()
        return said


class HolidaysQuery(DoorModel):
    """Whose holidays, of which year; this year's, if none is said."""

    country: Country
    subdivision: Word | None = None
    year: Annotated[int, Field(ge=2000, le=2100)] | None = None

    def calendar(self) -> HolidayCalendar:
        return HolidayCalendar(country=self.country, subdivision=self.subdivision)


def policy_document(policy: Policy) -> Document:
    return {
        "holidays": _calendar_document(policy.holidays),
        "buffer_minutes": policy.buffer_minutes,
        "minimum_notice_minutes": policy.minimum_notice_minutes,
        "horizon_weeks": policy.horizon_weeks,
        "late_cancel_hours": policy.late_cancel_hours,
        "missed_week_extends": policy.missed_week_extends,
        "offer_hours": policy.offer_hours,
        "concerns": list(policy.concerns),
        "mail": practice_mail_document(policy.mail),
    }


def holidays_document(days: Mapping[date, tuple[str, ...]]) -> Document:
    return {
        "holidays": [{"date": day.isoformat(), "names": list(days[day])} for day in sorted(days)]
    }


def _calendar_document(calendar: HolidayCalendar | None) -> Document | None:
    if calendar is None:
        return None
    kept: object = "all" if calendar.kept is None else list(calendar.kept)
    return {"country": calendar.country, "subdivision": calendar.subdivision, "kept": kept}
