"""Exports as they are answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from services.scheduler.api.answers.fields import Moment
from shared.web.openapi import AnswerModel

Row = dict[str, Any]


class ExportAnswer(AnswerModel):
    """One person's everything; each part has the rows of one kind, as they are stored."""

    model_config = ConfigDict(extra="allow")

    kind: Literal["client", "clinician"]
    exported_at: Moment
    person: Annotated[Row, Field(description="The person's own row.")]
    sessions: tuple[Row, ...]
    courses: tuple[Row, ...]
    held_hours: tuple[Row, ...]
    arrivals: tuple[Row, ...]
    tasks: tuple[Row, ...]
    audit: Annotated[tuple[Row, ...], Field(description="Who did what that touched the person.")]
