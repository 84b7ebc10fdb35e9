"""A range of time that a calendar is asked about (RFC 4791 section 9.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRange:
    """From `begins` on, before `ends`; both aware, None is open."""

    begins: datetime | None
    ends: datetime | None

    def overlaps(self, begins: datetime, ends: datetime) -> bool:
        """Whether something from `begins` to `ends` takes place in the range, if only in part."""
        return (self.begins is None or self.begins < ends) and (
            self.ends is None or self.ends > begins
        )
