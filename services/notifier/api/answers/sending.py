"""Whether mail is sent, and to whom none is, as it is answered."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.web.openapi import AnswerModel


class SendingAnswer(AnswerModel):
    """Whether all sending is paused, and since when, by which key and why."""

    paused: bool
    paused_at: AwareDatetime | None
    paused_by: Annotated[str | None, Field(description="The id of the key that paused it.")]
    reason: str | None


class StoppedAddressAnswer(AnswerModel):
    """Someone to whose present address nothing is sent."""

    person_id: Annotated[UUID, Field(description="Of the practice's own address, ends in 1.")]
    reason: Annotated[str, Field(description="`bounced`, `dropped`, `spam` or `refused`.")]
    since: AwareDatetime
    reminder_id: Annotated[UUID, Field(description="The mail that it was found by.")]


class StoppedAddressesAnswer(AnswerModel):
    """Whom no mail reaches, longest stopped first."""

    stopped_addresses: tuple[StoppedAddressAnswer, ...]
    next: Annotated[str | None, Field(description="What to ask `next` with; null at the end.")]
