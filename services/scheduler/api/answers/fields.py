"""The members that answers are made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

_CLOCK: Final = "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"

Id = UUID
Day = date
Moment = Annotated[AwareDatetime, Field(description="RFC 3339, with its offset.")]
Clock = Annotated[str, Field(pattern=_CLOCK, description="On the wall clock; 24:00 ends a day.")]
Revision = Annotated[int, Field(ge=1, description="Rises with each change.")]
ZoneName = Annotated[str, Field(description="An IANA time zone name.")]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Next = Annotated[
    str | None, Field(description="Give it back as `next` for the next page; null on the last.")
]
NoNext = Annotated[None, Field(description="Always null: this list has one page.")]
