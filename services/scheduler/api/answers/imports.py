"""Imports as they are answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.scheduler.api.answers.fields import Id
from services.scheduler.domain.imports import Kind, Status
from shared.web.openapi import AnswerModel


class FaultAnswer(AnswerModel):
    """What is wrong in one line of a table; never the value itself."""

    line: Annotated[int, Field(ge=1, description="As an editor counts; the header is line 1.")]
    column: Annotated[str, Field(description="Empty where it is the whole line.")]
    detail: str


class ImportAnswer(AnswerModel):
    """How far an import has come."""

    id: Id
    kind: Kind
    dry_run: bool
    status: Status
    lines: Annotated[int, Field(ge=0, description="Lines below the header.")]
    done: Annotated[int, Field(ge=0, description="Lines that have been read.")]
    entered: Annotated[int, Field(ge=0, description="People who were entered: all, or none.")]
    errors: Annotated[tuple[FaultAnswer, ...], Field(description="Everything that is wrong.")]
