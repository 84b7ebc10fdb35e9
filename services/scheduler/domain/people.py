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
class Clinician:
    """Someone who holds sessions; `timezone` is the wall clock of the working hours."""

    id: UUID
    revision: int
    name: str = field(repr=False)
    email: str = field(repr=False)
    timezone: str
    room_url: str | None = field(default=None, repr=False)
    working_hours: tuple[WorkingHours, ...] = ()
    age_groups: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
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
