"""What may be said of a feed, as frozen models."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StrictInt

from services.calendar_feed.domain.addresses import GRACE, LONGEST_GRACE
from services.calendar_feed.domain.entries import Kind
from services.calendar_feed.domain.feeds import (
    AHEAD,
    BACK,
    DEFAULT_NAME,
    LONGEST_AHEAD,
    LONGEST_BACK,
    MOST_ALARMS,
    Choices,
    Detail,
    Feed,
    Form,
    offered,
)
from shared.web.bodies import DoorModel
from shared.web.cursors import Cursor

DANA: Final = "da0a0000-0000-4000-8000-000000000001"  # a clinician whom no practice knows
_WEEK_OF_MINUTES: Final = 7 * 24 * 60


def _line(text: str) -> str:
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
        raise ValueError("must be one line without control characters")
    return text


def _each_once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) != len(values):
        raise ValueError("must name each only once")
    return values


FeedName = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_line)]
BackDays = Annotated[StrictInt, Field(ge=0, le=LONGEST_BACK.days)]
AheadDays = Annotated[StrictInt, Field(ge=1, le=LONGEST_AHEAD.days)]
Kinds = Annotated[tuple[Kind, ...], Field(max_length=len(Kind)), AfterValidator(_each_once)]
AlarmMinutes = Annotated[
    tuple[Annotated[StrictInt, Field(ge=0, le=_WEEK_OF_MINUTES)], ...],
    Field(max_length=MOST_ALARMS),
    AfterValidator(_each_once),
]


class _Chosen(DoorModel):
    """What a feed shows; what is left out stays as it is, or as is usual."""

    name: FeedName = DEFAULT_NAME
    detail: Detail = Detail.BUSY
    form: Form = Form.INSTANCES
    back_days: BackDays = BACK.days
    ahead_days: AheadDays = AHEAD.days
    kinds: Annotated[Kinds, Field(description="Empty: every kind.")] = ()
    course_id: UUID | None = None
    alarm_minutes: Annotated[AlarmMinutes, Field(description="Before the start.")] = ()
    join_links: StrictBool = True
    office_hours: Annotated[StrictBool, Field(description="As VAVAILABILITY (RFC 7953).")] = False
    ends_on: Annotated[date | None, Field(description="Its last day, in UTC.")] = None

    def chosen(self, feed: Feed, *, agreed: bool) -> Feed:
        """Return the feed as it is to be now."""
        said: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        own = {name: said[name] for name in ("name", "detail", "form", "ends_on") if name in said}
        choices = self._choices(feed.choices, said)
        if "detail" in own:
            offered(self.detail, agreed=agreed)
        return replace(feed, **own, choices=choices)

    def _choices(self, choices: Choices, said: dict[str, Any]) -> Choices:
        made: dict[str, Any] = {
            "back_days": {"back": timedelta(days=self.back_days)},
            "ahead_days": {"ahead": timedelta(days=self.ahead_days)},
            "kinds": {"kinds": frozenset(self.kinds)},
            "course_id": {"course_id": self.course_id},
            "alarm_minutes": {"alarms": tuple(timedelta(minutes=n) for n in self.alarm_minutes)},
            "join_links": {"join_links": self.join_links},
            "office_hours": {"office_hours": self.office_hours},
        }
        changes = [made[name] for name in made if name in said]
        return replace(choices, **{name: value for each in changes for name, value in each.items()})


class FeedBody(_Chosen):
    """A new feed; the calendar program shows `name`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"clinician_id": DANA},
                {"clinician_id": DANA, "name": "Phone", "detail": "code", "alarm_minutes": [10]},
            ]
        }
    )

    clinician_id: UUID

    def feed(self, id: UUID, now: datetime, *, agreed: bool) -> Feed:
        """Return the feed that is asked for, or refuse what is not offered."""
        usual = Feed(
            id=id,
            clinician_id=self.clinician_id,
            name=DEFAULT_NAME,
            detail=Detail.BUSY,
            form=Form.INSTANCES,
            created_at=now,
        )
        return self.chosen(usual, agreed=agreed)


class FeedChanges(_Chosen):
    """What is to be changed of a feed; its address stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"join_links": False}, {"ends_on": "2027-06-30"}]}
    )


class RotateBody(DoorModel):
    """How long the old address is good beside the new one; 0 where it fell into wrong hands."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"grace_days": 0}]})

    grace_days: Annotated[StrictInt, Field(ge=0, le=LONGEST_GRACE.days)] = GRACE.days

    @property
    def grace(self) -> timedelta:
        return timedelta(days=self.grace_days)


class FeedsQuery(DoorModel):
    """Whose feeds to list; everyone's when it is not said."""

    clinician_id: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 200
    next: Cursor | None = None


class FetchesQuery(DoorModel):
    """A page of fetches, the latest first."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 200
    next: Cursor | None = None
