"""A time that came free and is kept for one person for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The first hour, whether it comes every week, and until when it can be taken (UTC)."""

    id: UUID
    person_id: UUID
    starts_at: datetime
    timezone: str
    weekly: bool
    expires_at: datetime
    ended: bool
