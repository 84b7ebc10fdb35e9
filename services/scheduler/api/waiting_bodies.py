"""What the waiting list takes, and what may be asked of it."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from services.scheduler.api.examples import DANA, KIM
from services.scheduler.api.fields import BookedDate, Count, State, TimeOfDay, ZoneName, not_before
from services.scheduler.api.queries import Cursor
from services.scheduler.api.request_bodies import Limit
from services.scheduler.api.window_bodies import Weekday, WindowBody
from services.scheduler.domain.offers import OfferStatus
from services.scheduler.domain.sessions import Kind
from services.scheduler.domain.waiting import EntryStatus
from services.scheduler.domain.windows import Window, window_of_hour
from services.scheduler.domain.working_hours import WEEKDAYS
from services.scheduler.store.offers import WantedOffers
from services.scheduler.store.waiting import WantedEntries
from services.scheduler.use_cases.waiting import Wish
from shared.web.bodies import DoorModel

LATEST: Final = time(23)


class EntryBody(DoorModel):
    """Who waits for what: an hour (`weekday` and `time`), `windows`, or neither for any hour.

    Times are on the clock in `timezone`, the client's own if it is left out. The first hour
    is on a day from `from` to `until`, both included. No clinician means any who suits.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "client_id": KIM,
                    "clinician_id": DANA,
                    "weekday": "tuesday",
                    "time": "15:00",
                    "sessions": 16,
                },
                {
                    "client_id": KIM,
                    "windows": [{"weekday": "friday", "start": "09:00", "end": "12:00"}],
                },
            ]
        }
    )

    client_id: UUID
    clinician_id: UUID | None = None
    kind: Literal["course", "consultation", "follow_up"] = "course"
    sessions: Annotated[Count | None, Field(validate_default=True)] = None
    weekday: Weekday | None = None
    time: Annotated[TimeOfDay | None, Field(validate_default=True)] = None
    windows: Annotated[tuple[WindowBody, ...], Field(max_length=50)] = ()
    timezone: ZoneName | None = None
    since: Annotated[BookedDate | None, Field(alias="from")] = None
    until: BookedDate | None = None
    state: State | None = None

    @field_validator("sessions")
    @classmethod
    def _only_of_a_course(cls, sessions: int | None, info: ValidationInfo) -> int | None:
        if sessions not in (None, 1) and info.data.get("kind") != "course":
            raise ValueError("is 1 unless it is a course")
        return sessions

    @field_validator("time")
    @classmethod
    def _goes_with_the_weekday(cls, at: TimeOfDay | None, info: ValidationInfo) -> TimeOfDay | None:
        if (at is None) != (info.data.get("weekday") is None):
            raise ValueError("goes with a weekday, and only with it")
        if at is not None and at > LATEST:
            raise ValueError("must be 23:00 or earlier")
        return at

    @field_validator("windows")
    @classmethod
    def _or_an_hour(cls, windows: tuple[WindowBody, ...], info: ValidationInfo) -> object:
        if windows and info.data.get("weekday") is not None:
            raise ValueError("go without a weekday and a time")
        return windows

    @field_validator("until")
    @classmethod
    def _comes_after_since(cls, until: date | None, info: ValidationInfo) -> date | None:
        return not_before(until, info.data.get("since"))

    def wish(self) -> Wish:
        """Return what is waited for: a course has 16 sessions unless it says how many."""
        return Wish(
            client_id=self.client_id,
            clinician_id=self.clinician_id,
            kind=Kind(self.kind),
            sessions=self.sessions or (16 if self.kind == "course" else 1),
            windows=self._windows(),
            timezone=self.timezone,
            since=self.since,
            until=self.until,
            state=self.state,
        )

    def _windows(self) -> tuple[Window, ...]:
        if self.weekday is not None and self.time is not None:
            return (window_of_hour(WEEKDAYS.index(self.weekday), self.time),)
        return tuple(each.window() for each in self.windows)


class EntriesQuery(DoorModel):
    """The whole list, or those who stand so, in its order."""

    status: EntryStatus | None = None
    limit: Limit = 200
    next: Cursor | None = None

    def wanted(self) -> WantedEntries:
        """Return one more than fits on the page, so that it is known whether there are more."""
        return WantedEntries(status=self.status, after=self.next, limit=self.limit + 1)


class OffersQuery(DoorModel):
    """All offers, or those that stand so, or of one entry, in the order they were made."""

    status: OfferStatus | None = None
    entry_id: UUID | None = None
    limit: Limit = 200
    next: Cursor | None = None

    def wanted(self) -> WantedOffers:
        """Return one more than fits on the page, so that it is known whether there are more."""
        return WantedOffers(
            status=self.status, entry_id=self.entry_id, after=self.next, limit=self.limit + 1
        )
