"""What the practice has settled, as it is answered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.scheduler.api.answers.fields import Day
from services.scheduler.api.answers.mail import PracticeMailAnswer
from shared.web.openapi import AnswerModel


class HolidayCalendarAnswer(AnswerModel):
    """Which holidays are kept."""

    country: str
    subdivision: str | None
    kept: tuple[str, ...] | Literal["all"]


class PracticeAnswer(AnswerModel):
    """All that the practice has settled."""

    holidays: Annotated[HolidayCalendarAnswer | None, Field(description="Null: none are kept.")]
    buffer_minutes: Annotated[int, Field(description="Free between two sessions.")]
    minimum_notice_minutes: Annotated[int, Field(description="How soon an hour can be had.")]
    horizon_weeks: Annotated[int, Field(description="How far ahead the first hour can be.")]
    late_cancel_hours: Annotated[int, Field(description="From when on a cancel is late.")]
    missed_week_extends: Annotated[bool, Field(description="Whether the end moves with it.")]
    offer_hours: Annotated[int, Field(description="How long a freed hour is kept for someone.")]
    concerns: Annotated[tuple[str, ...], Field(description="The practice's own list.")]
    mail: PracticeMailAnswer


class HolidayAnswer(AnswerModel):
    """One day, and its names."""

    date: Day
    names: tuple[str, ...]


class HolidaysAnswer(AnswerModel):
    """The holidays of one year, in order."""

    holidays: tuple[HolidayAnswer, ...]
