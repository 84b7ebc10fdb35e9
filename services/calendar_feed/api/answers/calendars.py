"""Clinicians' own calendars as they are answered; never where they are."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.calendar_feed.domain.outside import Complaint, Flaw
from shared.web.openapi import AnswerModel


class UnreadAnswer(AnswerModel):
    """An event that could not be read; nothing of what it says."""

    index: Annotated[int, Field(description="Its place in the file, from 0.")]
    uid_sha256: str
    flaw: Flaw


class CalendarAnswer(AnswerModel):
    """A calendar that a clinician keeps elsewhere."""

    id: UUID
    clinician_id: UUID
    name: str
    state: Annotated[
        Literal["new", "fresh", "stale"],
        Field(description="`stale`: it could not be read for a day; what was known is kept."),
    ]
    read_at: AwareDatetime | None
    next_at: Annotated[AwareDatetime, Field(description="When it is read again.")]
    blocks: Annotated[int, Field(ge=0, description="How many stretches are taken.")]
    partial: Annotated[
        bool,
        Field(description="Some of it could not be read: what that took before is still taken."),
    ]
    complaint: Annotated[Complaint | None, Field(description="Why the last reading failed.")]
    unread: tuple[UnreadAnswer, ...]
    created_at: AwareDatetime


class CalendarsAnswer(AnswerModel):
    """Calendars, oldest first."""

    calendars: tuple[CalendarAnswer, ...]
    next: Annotated[None, Field(description="Always null: this list has one page.")]
