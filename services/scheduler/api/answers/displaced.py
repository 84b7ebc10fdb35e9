"""What time off falls on, as it is answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.scheduler.api.answers.availability import TimeOffAnswer
from services.scheduler.api.answers.sessions import ConflictAnswer, SessionAnswer, StartAnswer
from shared.web.openapi import AnswerModel


class AffectedAnswer(AnswerModel):
    """A session that cannot stay, and a free hour for it, if one was found."""

    session: SessionAnswer
    proposal: StartAnswer | None


class AllAffectedAnswer(AnswerModel):
    """Every session to come that time off falls on, in the order of time."""

    affected: tuple[AffectedAnswer, ...]


class TimeOffEntered(TimeOffAnswer):
    """The time off, and every session to come that it falls on; they stay until it is applied."""

    affected: tuple[AffectedAnswer, ...]


class AppliedAnswer(AnswerModel):
    """Every session that was moved or cancelled, as it now is."""

    sessions: tuple[SessionAnswer, ...]
    overridden: Annotated[
        tuple[ConflictAnswer, ...], Field(description="What staff passed over.")
    ] = ()
