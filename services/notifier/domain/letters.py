"""What a mail says, before it is put into anyone's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.notifier.domain.states import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """One time that a mail names, the zone that governs it, and the link to join, if any."""

    starts_at: datetime
    timezone: str
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Dates for one reader, in the reader's zone and language; `before` is what a move left."""

    kind: Kind
    dates: tuple[Date, ...]
    before: Date | None = None
    timezone: str
    locale: str

    def __post_init__(self) -> None:
        if not self.dates or (self.before is None) is (self.kind is Kind.MOVED):
            raise ValueError("a letter names a date, and a move names the one it left")
        if len(self.dates) > 1 and self.kind is not Kind.CONFIRMATION:
            raise ValueError("only a confirmation names several dates")
