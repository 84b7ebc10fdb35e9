"""Whether mail is sent, as it is answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.web.openapi import AnswerModel


class SendingAnswer(AnswerModel):
    """Whether all sending is paused, and since when, by which key and why."""

    paused: bool
    paused_at: AwareDatetime | None
    paused_by: Annotated[str | None, Field(description="The id of the key that paused it.")]
    reason: str | None
