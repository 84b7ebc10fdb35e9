"""What the practice has settled about its mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.notifier.domain.people import QuietHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """When it reminds, when it is quiet, who is told of trouble; None is not settled."""

    revision: int = 0
    offsets: tuple[timedelta, ...] | None = None
    quiet_hours: QuietHours | None = None
    staff_address: str | None = None
    follow_up_after: timedelta | None = None
