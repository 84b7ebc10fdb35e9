"""Who suits a request: hard limits first, then fit, in plain points that add up.

The same facts give the same order: points, then fewer courses held, then the id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final
from uuid import UUID

from services.scheduler.domain.limits import (
    Finding,
    Plan,
    Standing,
    findings,
    hours_finding,
    license_finding,
    unmet,
)
from services.scheduler.domain.openings import Gap
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.requests import Need

CONCERNS: Final = 40
LANGUAGE: Final = 25
HOURS: Final = 20
LOAD: Final = 15
PLENTY_OF_HOURS: Final = 5  # more to choose from than these adds nothing
MANY_COURSES: Final = 30  # a week without room, where no capacity is recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyHour:
    """An hour that is free on all of `dates`, which are the client's own, and not in the `gaps`.

    It is kept at `at` on the clock in `timezone`, from `first_date` there.
    """

    weekday: str
    at: time
    timezone: str
    first_date: date
    dates: tuple[date, ...]
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A clinician, the hours that suit the request, and how many courses they hold."""

    clinician: Clinician
    hours: tuple[WeeklyHour, ...]
    courses_held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So many points `of` the most there are, and from which facts."""

    name: str
    points: int
    of: int
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How one clinician stands to a request; `parts` only if none of the limits is unmet."""

    clinician_id: UUID
    findings: tuple[Finding, ...]
    parts: tuple[Part, ...] = ()
    hours: tuple[WeeklyHour, ...] = ()
    courses_held: int

    @property
    def score(self) -> int:
        return sum(part.points for part in self.parts)

    @property
    def is_out(self) -> bool:
        return bool(unmet(self.findings))


def ranked(
    need: Need, candidates: Sequence[Candidate], wanted_dates: Sequence[date]
) -> list[Match]:
    """Return all candidates, the best first, and those that are out last.

    `wanted_dates` are those of a course that began at once; they count where no hour is free.
    """
    matches = [_match(need, each, wanted_dates) for each in candidates]
    return sorted(matches, key=lambda m: (m.is_out, -m.score, m.courses_held, m.clinician_id))


def _match(need: Need, candidate: Candidate, wanted_dates: Sequence[date]) -> Match:
    clinician, hours = candidate.clinician, candidate.hours
    licensed = tuple(hour for hour in hours if _licensed(clinician, need, hour.dates))
    dates = licensed[0].dates if licensed else hours[0].dates if hours else tuple(wanted_dates)
    plan = Plan(need=need, dates=dates, courses_held=candidate.courses_held)
    found = (*findings(clinician, plan), hours_finding(len(hours)))
    out = bool(unmet(found))
    return Match(
        clinician_id=clinician.id,
        findings=found,
        parts=() if out else _parts(need, candidate, licensed),
        hours=() if out else licensed,
        courses_held=candidate.courses_held,
    )


def _licensed(clinician: Clinician, need: Need, dates: Sequence[date]) -> bool:
    found = license_finding(clinician.licenses, need.state, dates)
    return found.standing is not Standing.NOT_MET


def _parts(need: Need, candidate: Candidate, hours: Sequence[WeeklyHour]) -> tuple[Part, ...]:
    return (
        _concerns(need, candidate.clinician),
        _language(need, candidate.clinician),
        _hours(hours),
        _load(candidate),
    )


def _concerns(need: Need, clinician: Clinician) -> Part:
    asked = list(need.concerns)
    matched = [each for each in asked if each in clinician.concerns]
    facts: dict[str, object] = {"asked": asked, "matched": matched}
    if not clinician.concerns:
        facts["standing"] = Standing.UNKNOWN.value
    points = CONCERNS * len(matched) // len(asked) if asked else CONCERNS
    return Part(name="concerns", points=points, of=CONCERNS, facts=facts)


def _language(need: Need, clinician: Clinician) -> Part:
    """A language without its country is the same language: es-MX meets es."""
    spoken = {_plain(tag) for tag in clinician.languages}
    matched = [tag for tag in need.languages if _plain(tag) in spoken]
    facts: dict[str, object] = {"asked": list(need.languages), "matched": matched}
    if not spoken:
        facts["standing"] = Standing.UNKNOWN.value
    points = LANGUAGE if matched or not need.languages else 0
    return Part(name="language", points=points, of=LANGUAGE, facts=facts)


def _hours(hours: Sequence[WeeklyHour]) -> Part:
    points = HOURS * min(len(hours), PLENTY_OF_HOURS) // PLENTY_OF_HOURS
    return Part(name="hours", points=points, of=HOURS, facts={"weekly_hours": len(hours)})


def _load(candidate: Candidate) -> Part:
    capacity, held = candidate.clinician.capacity, candidate.courses_held
    room = capacity or MANY_COURSES
    points = LOAD * max(room - held, 0) // room
    known = {"standing": Standing.UNKNOWN.value} if capacity is None else {"capacity": capacity}
    facts: dict[str, object] = {"courses_held": held, **known}
    return Part(name="load", points=points, of=LOAD, facts=facts)


def _plain(tag: str) -> str:
    return tag.partition("-")[0].lower()
