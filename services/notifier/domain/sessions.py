"""What the notifier knows of a session: when it is, and whether it takes place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

SCHEDULED: Final = "scheduled"
CANCELLED: Final = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session as it now is; `times_revision` is the revision that set its present time."""

    id: UUID
    course_id: UUID | None
    revision: int
    times_revision: int
    starts_at: datetime
    timezone: str
    status: str
    links_expire_at: datetime
    clinician_id: UUID
    ends_at: datetime
    confirmed_by: frozenset[UUID] = frozenset()

    @property
    def takes_place(self) -> bool:
        return self.status == SCHEDULED


def times_revision(known: Session | None, *, revision: int, starts_at: datetime) -> int:
    """Return the revision at which the time that holds from `revision` on was set.

    A session that takes place again after all is set anew, so that it is reminded of again.
    """
    if known is not None and known.starts_at == starts_at and known.status != CANCELLED:
        return known.times_revision
    return revision
