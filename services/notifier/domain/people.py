"""Who is written to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A client, as far as a mail needs one; the name is kept and, so far, never mailed."""

    id: UUID
    revision: int
    name: str
    email: str
    timezone: str
    locale: str
    link_generation: int
