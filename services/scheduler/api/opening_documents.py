"""What may be asked of openings, as a frozen model, and how they are answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Annotated, Final
from uuid import UUID

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator

from services.scheduler.api.documents import Document
from services.scheduler.api.fields import (
    BookedDate,
    LocaleTag,
    State,
    TimeOfDay,
    Word,
    ZoneName,
    not_before,
)
from services.scheduler.domain.courses import MOST_SESSIONS
from services.scheduler.domain.openings import MOST_EXCEPTIONS, Gap, Opening, Search
from services.scheduler.domain.suitability import Wishes
from services.scheduler.domain.working_hours import WEEKDAYS
from services.scheduler.use_cases.openings import Asked
from shared.web.bodies import DoorModel
from shared.zones import zone

USUAL_SPAN: Final = timedelta(weeks=4)
LONGEST_SPAN: Final = timedelta(weeks=52)
Clock = Callable[[datetime, str], str]
_EVERY_DAY: Final = frozenset(range(len(WEEKDAYS)))


def _weekdays(text: object) -> frozenset[int]:
    names = str(text).split(",")
    if not set(names) <= set(WEEKDAYS):
        raise ValueError("must be a weekday such as tuesday, or several with commas between")
    return frozenset(map(WEEKDAYS.index, names))


Weekdays = Annotated[frozenset[int], BeforeValidator(_weekdays), WithJsonSchema({"type": "string"})]


class OpeningsQuery(DoorModel):
    """Which weekly hours are asked for; `from` and `until` bound the first date, both included.

    They are today and four weeks later unless given. `earliest` and `latest` bound the start.
    Without a `timezone` it is the practice's clock on the wall.
    """

    clinician_id: UUID | None = None
    client_id: UUID | None = None
    sessions: Annotated[int, Field(ge=1, le=MOST_SESSIONS)] = 16
    since: Annotated[BookedDate | None, Field(alias="from")] = None
    until: BookedDate | None = None
    weekday: Weekdays = _EVERY_DAY
    earliest: TimeOfDay = time.min
    latest: TimeOfDay = time.max
    exceptions: Annotated[int, Field(ge=0, le=MOST_EXCEPTIONS)] = 0
    timezone: ZoneName | None = None
    age_group: Word | None = None
    concern: Word | None = None
    language: LocaleTag | None = None
    state: State | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] | None = None

    @field_validator("until")
    @classmethod
    def _comes_last(cls, until: date | None, info: ValidationInfo) -> date | None:
        since: date | None = info.data.get("since")
        if since is not None and until is not None and until - since > LONGEST_SPAN:
            raise ValueError(f"must be at most {LONGEST_SPAN.days} days after 'from'")
        return not_before(until, since)

    @field_validator("latest")
    @classmethod
    def _comes_later(cls, latest: time, info: ValidationInfo) -> time:
        if latest < info.data.get("earliest", time.min):
            raise ValueError("must not be before 'earliest'")
        return latest

    def asked(self, own: UUID | None, practice_timezone: str, *, now: datetime) -> Asked | None:
        """Return the search, or None for dates that have all passed."""
        timezone = self.timezone or practice_timezone
        bounds = self._bounds(now.astimezone(zone(timezone)).date())
        if bounds is None:
            return None
        search = Search(
            timezone=timezone,
            first=bounds[0],
            last=bounds[1],
            sessions=self.sessions,
            exceptions=self.exceptions,
            weekdays=self.weekday,
            earliest=self.earliest,
            latest=self.latest,
        )
        return Asked(
            search=search,
            clinician_id=self.clinician_id or own,
            client_id=self.client_id,
            wishes=self._wishes(),
            limit=self.limit,
        )

    def _bounds(self, today: date) -> tuple[date, date] | None:
        """Return the first dates that may still be had."""
        first = max(self.since or today, today)
        last = self.until or first + USUAL_SPAN
        return (first, min(last, first + LONGEST_SPAN)) if first <= last else None

    def _wishes(self) -> Wishes:
        return Wishes(
            age_group=self.age_group,
            concern=self.concern,
            language=self.language,
            state=self.state,
        )


def openings_document(found: Sequence[Opening]) -> Document:
    """Return them in their order; many share the same hours, so each is written once."""
    clock = cache(_local)
    return {"openings": [_opening(each, clock) for each in found]}


def _local(moment: datetime, timezone: str) -> str:
    return moment.astimezone(zone(timezone)).isoformat()


def _opening(opening: Opening, clock: Clock) -> Document:
    return {
        "clinician_id": str(opening.clinician_id),
        "weekday": WEEKDAYS[opening.first_date.weekday()],
        "time": opening.at.isoformat("minutes"),
        "timezone": opening.timezone,
        "clinician_timezone": opening.clinician_timezone,
        "first_date": opening.first_date.isoformat(),
        "sessions": [_session(start, opening, clock) for start in opening.starts],
        "exceptions": [_gap(gap, opening.timezone, clock) for gap in opening.gaps],
        **(opening.busy_news.document() if opening.busy_news else {}),
    }


def _session(start: datetime, opening: Opening, clock: Clock) -> Document:
    """On the clinician's clock too where that is another."""
    document: Document = {"starts_at": clock(start, opening.timezone)}
    if opening.clinician_timezone != opening.timezone:
        document["clinician_starts_at"] = clock(start, opening.clinician_timezone)
    return document


def _gap(gap: Gap, timezone: str, clock: Clock) -> Document:
    return {
        "date": gap.date.isoformat(),
        "reason": gap.cause.value,
        "substitute": clock(gap.substitute, timezone) if gap.substitute else None,
    }
