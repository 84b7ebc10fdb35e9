"""What the calendar feed tells of clinicians' calendars: hours and moments, and nothing else."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from shared.events.telling import EventData, Revision, Told

MOST_BLOCKS: Final = 5_000


class BusyBlock(Told):
    """Hours that are taken in a calendar outside; never by what."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime

    @model_validator(mode="after")
    def _ends_later(self) -> BusyBlock:
        if self.ends_at <= self.starts_at:
            raise ValueError("a block ends later than it starts")
        return self


class BusyChanged(EventData):
    """What is taken in a clinician's own calendar: all of it, as it was last read.

    Told when it changes, and every few hours when it does not, so that `read_at` is never much
    older than the last reading.
    """

    type: ClassVar[str] = "busy.changed.v1"
    calendar_id: UUID
    clinician_id: UUID
    revision: Revision
    blocks: Annotated[tuple[BusyBlock, ...], Field(max_length=MOST_BLOCKS)]
    read_at: AwareDatetime
    stale: Annotated[
        bool, Field(description="It could not be read for a day: this is what was known then.")
    ] = False
    removed: Annotated[bool, Field(description="The calendar is read no more.")] = False

    @property
    def subject(self) -> UUID:
        return self.calendar_id


class FeedChangeUnseen(EventData):
    """A session changed, and a calendar that shows it may not have read that in time."""

    type: ClassVar[str] = "feed.change_unseen.v1"
    clinician_id: UUID
    session_id: UUID
    revision: Annotated[int, Field(ge=1, description="Of the session.")]
    seen_at: Annotated[AwareDatetime, Field(description="When the calendar last read its feed.")]
    next_at: Annotated[AwareDatetime, Field(description="Until when it may not read it again.")]

    @property
    def subject(self) -> UUID:
        return self.clinician_id
