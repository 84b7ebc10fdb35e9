"""What may be said of a feed, as frozen models."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field

from services.calendar_feed.domain.feeds import (
    DEFAULT_NAME,
    Feed,
    offered_detail,
    offered_form,
)
from shared.web.bodies import DoorModel

DANA: Final = "da0a0000-0000-4000-8000-000000000001"  # a clinician whom no practice knows


def _line(text: str) -> str:
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
        raise ValueError("must be one line without control characters")
    return text


FeedName = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_line)]


class FeedBody(DoorModel):
    """A new feed; the calendar program shows `name`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"clinician_id": DANA}]})

    clinician_id: UUID
    name: FeedName = DEFAULT_NAME
    detail: Literal["busy", "code", "initials"] = "busy"
    form: Literal["instances", "series"] = "instances"

    def feed(self, id: UUID, now: datetime) -> Feed:
        """Return the feed that is asked for, or refuse what is not offered."""
        return Feed(
            id=id,
            clinician_id=self.clinician_id,
            name=self.name,
            detail=offered_detail(self.detail),
            form=offered_form(self.form),
            created_at=now,
        )


class FeedsQuery(DoorModel):
    """Whose feeds to list; everyone's when it is not said."""

    clinician_id: UUID | None = None
