"""The only place where what calendars saw, or hold, becomes an event."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from services.calendar_feed.domain.unseen import Unseen
from services.calendar_feed.store.outside import OutsideCalendar
from shared.events import data
from shared.events.envelope import Event, tell

SOURCE: Final = "calendar_feed"


def change_unseen(unseen: Unseen, *, at: datetime) -> Event:
    told = data.FeedChangeUnseen(
        clinician_id=unseen.clinician_id,
        session_id=unseen.session_id,
        revision=unseen.revision,
        seen_at=unseen.seen_at,
        next_at=unseen.next_at,
    )
    return tell(told, source=SOURCE, at=at)


def busy_changed(calendar: OutsideCalendar, *, at: datetime, removed: bool = False) -> Event:
    """Tell the whole of what is taken in a calendar: hours, and nothing else."""
    told = data.BusyChanged(
        calendar_id=calendar.id,
        clinician_id=calendar.clinician_id,
        revision=calendar.revision,
        blocks=tuple(
            data.BusyBlock(starts_at=each.starts_at, ends_at=each.ends_at)
            for each in calendar.blocks
        ),
        read_at=calendar.read_at or at,
        stale=calendar.stale,
        removed=removed,
    )
    return tell(told, source=SOURCE, at=at)
