"""Clinicians, clients and guardians, as far as booking needs to know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.scheduler.domain.working_hours import WorkingHours


class Notices(StrEnum):
    """What a guardian hears of a client's sessions."""

    NONE = "none"
    TIMES = "times"
    COPIES = "copies"


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """Leave to practise where the client is, such as in US-NY; both dates are included."""

    state: str
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise ValueError("a license ends after it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinician:
    """Someone who holds sessions; `timezone` is the wall clock of the working hours.

    `capacity` is how many courses at a time; a buffer or a notice of None is the practice's.
    """

    id: UUID
    revision: int
    name: str = field(repr=False)
    email: str = field(repr=False)
    timezone: str
    room_url: str | None = field(default=None, repr=False)
    working_hours: tuple[WorkingHours, ...] = ()
    age_groups: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    licenses: tuple[License, ...] = ()
    languages: tuple[str, ...] = ()
    accepting_clients: bool = True
    capacity: int | None = None
    buffer_minutes: int | None = None
    minimum_notice_minutes: int | None = None
    link_generation: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """Someone who may hear of a minor's sessions."""

    id: UUID
    name: str = field(repr=False)
    email: str = field(repr=False)
    notices: Notices
    link_generation: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Someone whom sessions are for; times are shown to them in `timezone` and `locale`."""

    id: UUID
    revision: int
    name: str = field(repr=False)
    email: str = field(repr=False)
    timezone: str
    locale: str = "en"
    date_of_birth: date | None = field(default=None, repr=False)
    guardians: tuple[Guardian, ...] = ()
    link_generation: int = 0
