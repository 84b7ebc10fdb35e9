"""Feeds as they are answered."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.calendar_feed.domain.feeds import Detail, Form
from shared.web.openapi import AnswerModel

Once = Annotated[str | None, Field(description="Shown this once; null when repeated.")]


class FeedAnswer(AnswerModel):
    """A feed that can be read; never its address."""

    id: UUID
    clinician_id: UUID
    name: str
    detail: Detail
    form: Form
    created_at: AwareDatetime
    rotated_at: Annotated[AwareDatetime | None, Field(description="When its address changed.")]


class OpenedFeedAnswer(FeedAnswer):
    """A feed with its address, which is kept nowhere."""

    url: Once
    webcal_url: Annotated[Once, Field(description="The same, for programs that subscribe by it.")]
    not_repeated: Annotated[str | None, Field(description="Only when repeated.")] = None


class FeedsAnswer(AnswerModel):
    """The feeds that can be read, oldest first."""

    feeds: tuple[FeedAnswer, ...]
    next: Annotated[None, Field(description="Always null: this list has one page.")]
