"""A key as it is answered, once."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.scheduler.api.answers.fields import Id
from services.scheduler.domain.keys import KeyRole
from shared.web.openapi import AnswerModel


class KeyAnswer(AnswerModel):
    """A new key."""

    id: Id
    role: KeyRole
    name: str
    key: Annotated[str | None, Field(description="Shown this once; null when repeated.")]
    not_repeated: Annotated[str | None, Field(description="Only when repeated.")] = None
