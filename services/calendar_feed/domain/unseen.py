"""A change that a clinician's calendar may not show before it matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.calendar_feed.domain.readers import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What became of one session at `at`; `matters_at` is when someone would be misled."""

    clinician_id: UUID
    session_id: UUID
    revision: int
    at: datetime
    matters_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """The calendar last read the feed at `seen_at`, and may not again until `next_at`."""

    clinician_id: UUID
    session_id: UUID
    revision: int
    seen_at: datetime
    next_at: datetime


def unseen(changed: Changed, readers: Iterable[Reader]) -> Unseen | None:
    """Return what the calendar that comes back last may not show in time, None if all may.

    Who has not read for three of its gaps reads no more, and is misled by nothing of ours.
    """
    late = [
        reader
        for reader in readers
        if reader.last_at <= changed.at < changed.matters_at < reader.next_at
        and reader.still_reads(changed.at)
    ]
    if not late:
        return None
    last = max(late, key=lambda reader: reader.next_at)
    return Unseen(
        clinician_id=changed.clinician_id,
        session_id=changed.session_id,
        revision=changed.revision,
        seen_at=last.last_at,
        next_at=last.next_at,
    )
