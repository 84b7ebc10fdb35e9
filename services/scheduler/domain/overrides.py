"""Staff may pass over any limit, but never silently."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import Final

from services.scheduler.domain.conflicts import Conflict, Reason
from services.scheduler.domain.sessions import Session

BUSY: Final = frozenset({Reason.CLINICIAN_BUSY, Reason.CLIENT_BUSY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Who passes over a limit, by name, and why."""

    by: str = field(repr=False)
    reason: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.by.strip() or not self.reason.strip():
            raise ValueError("an override names who and why")


def overbooked(booked: Sequence[Session], overridden: Iterable[Conflict]) -> tuple[Session, ...]:
    """Return `booked`, each overbooked if its own hour is taken by someone, and only then."""
    taken = {  # in UTC, as slots are: an hour that exists twice never equals one in another zone
        each.starts_at.astimezone(UTC) for each in overridden if each.reason in BUSY
    }
    over = [each.slot.starts_at in taken for each in booked]
    return tuple(
        each if each.overbooked is so else replace(each, overbooked=so)
        for each, so in zip(booked, over, strict=True)
    )
