"""A clinician as the feeds know one: whose links are good, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinician:
    """`version` and `changed_at` (aware) move with whatever this clinician's feeds show."""

    id: UUID
    revision: int
    timezone: str
    link_generation: int
    links_at: datetime
    version: int
    changed_at: datetime
