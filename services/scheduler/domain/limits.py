"""The hard limits of a pairing: what rules a clinician out, and what nobody recorded.

A fact that is not recorded rules nobody out; it is told as unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from services.scheduler.domain.errors import NotSuitable
from services.scheduler.domain.overrides import Override
from services.scheduler.domain.people import Clinician, License
from services.scheduler.domain.requests import Need
from services.scheduler.domain.sessions import Kind


class Limit(StrEnum):
    """What is looked at, in this order."""

    LICENSE = "license"  # where the client lives, on each of the dates
    AGE_GROUP = "age_group"
    ACCEPTING = "accepting"
    CAPACITY = "capacity"  # courses at a time
    HOURS = "hours"  # a weekly hour that is free for all of the course


class Standing(StrEnum):
    """How a clinician stands to a limit."""

    MET = "met"
    UNKNOWN = "unknown"  # nothing is recorded, so nothing is checked
    NOT_MET = "not_met"


class Cause(StrEnum):
    """Why a limit is not met."""

    NOT_LICENSED = "not_licensed"  # in that state, at any time
    LICENSE_STARTS = "license_starts"  # on a date that is too late
    LICENSE_ENDS = "license_ends"  # before the last of the dates
    OTHER_AGE_GROUP = "other_age_group"
    NOT_ACCEPTING = "not_accepting"
    FULL = "full"
    NO_HOURS = "no_hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One limit, how it stands, and if it is not met, the cause with its date if it has one."""

    limit: Limit
    standing: Standing
    cause: Cause | None = None
    date: date | None = None

    def __post_init__(self) -> None:
        if (self.cause is not None) != (self.standing is Standing.NOT_MET):
            raise ValueError("a limit that is not met, and no other, has a cause")

    def document(self) -> dict[str, object]:
        """Return it as the plain values that an answer lists."""
        found: dict[str, object] = {"limit": self.limit.value, "standing": self.standing.value}
        if self.cause is not None:
            found["cause"] = self.cause.value
        if self.date is not None:
            found["date"] = self.date.isoformat()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """For whom, on which local dates, and how many courses the clinician holds already.

    A follow-up is with someone who is a client already, and takes no place of a course.
    """

    need: Need
    dates: Sequence[date]
    courses_held: int
    kind: Kind = Kind.COURSE

    def __post_init__(self) -> None:
        if not self.dates:
            raise ValueError("a plan has dates")


def findings(clinician: Clinician, plan: Plan) -> tuple[Finding, ...]:
    """Return how the clinician stands to each limit that needs no diary."""
    always = (
        license_finding(clinician.licenses, plan.need.state, plan.dates),
        _age_group(clinician, plan),
    )
    if plan.kind is Kind.FOLLOW_UP:
        return always
    return (*always, _accepting(clinician), _capacity(clinician, plan))


def unmet(found: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(each for each in found if each.standing is Standing.NOT_MET)


def require_suitable(
    clinician: Clinician, plan: Plan, override: Override | None
) -> tuple[Finding, ...]:
    """Raise `NotSuitable` with every limit that is not met; return those passed over."""
    out = unmet(findings(clinician, plan))
    refuse_unmet(out, override)
    return out


def refuse_unmet(out: Sequence[Finding], override: Override | None) -> None:
    """Raise `NotSuitable` with every limit that is not met, unless staff pass over them."""
    if out and override is None:
        raise NotSuitable([each.document() for each in out])


def license_finding(
    licenses: Sequence[License], state: str | None, dates: Sequence[date]
) -> Finding:
    """Return whether there is a license in `state` on every one of `dates`.

    The first date that none covers decides: one had ended before it, or the next comes later.
    """
    if not licenses or state is None:
        return Finding(limit=Limit.LICENSE, standing=Standing.UNKNOWN)
    there = [each for each in licenses if each.state == state]
    if not there:
        return _no_license(Cause.NOT_LICENSED)
    bare = next((day for day in sorted(dates) if not any(_covers(o, day) for o in there)), None)
    if bare is None:
        return Finding(limit=Limit.LICENSE, standing=Standing.MET)
    ended = [each.until for each in there if each.until is not None and each.until < bare]
    if ended:
        return _no_license(Cause.LICENSE_ENDS, max(ended))
    starts = min(each.since for each in there if each.since is not None)
    return _no_license(Cause.LICENSE_STARTS, starts)


def _no_license(cause: Cause, day: date | None = None) -> Finding:
    return Finding(limit=Limit.LICENSE, standing=Standing.NOT_MET, cause=cause, date=day)


def _covers(license: License, day: date) -> bool:
    return (license.since is None or license.since <= day) and (
        license.until is None or day <= license.until
    )


def _age_group(clinician: Clinician, plan: Plan) -> Finding:
    """On the first date: who turns 18 later stays with whom they began."""
    group = plan.need.age_group_on(min(plan.dates))
    seen = {each.strip().lower().removesuffix("s") for each in clinician.age_groups}
    if not seen or group is None:
        return Finding(limit=Limit.AGE_GROUP, standing=Standing.UNKNOWN)
    return _met(Limit.AGE_GROUP, group.value in seen)


def _accepting(clinician: Clinician) -> Finding:
    return _met(Limit.ACCEPTING, clinician.accepting_clients)


def _capacity(clinician: Clinician, plan: Plan) -> Finding:
    if clinician.capacity is None:
        return Finding(limit=Limit.CAPACITY, standing=Standing.UNKNOWN)
    return _met(Limit.CAPACITY, plan.courses_held < clinician.capacity)


_CAUSES: Final = {
    Limit.AGE_GROUP: Cause.OTHER_AGE_GROUP,
    Limit.ACCEPTING: Cause.NOT_ACCEPTING,
    Limit.CAPACITY: Cause.FULL,
    Limit.HOURS: Cause.NO_HOURS,
}


def _met(limit: Limit, is_met: bool) -> Finding:
    if is_met:
        return Finding(limit=limit, standing=Standing.MET)
    return Finding(limit=limit, standing=Standing.NOT_MET, cause=_CAUSES[limit])


def hours_finding(count: int) -> Finding:
    """Return whether there is at least one weekly hour."""
    return _met(Limit.HOURS, count > 0)
