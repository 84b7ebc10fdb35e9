"""A change that a clinician's calendar may not show before it matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.calendar_feed.domain.entries import Kind
from services.calendar_feed.domain.feeds import Feed, Form
from services.calendar_feed.domain.readers import Reader
from services.calendar_feed.domain.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What became of one session at `at`.

    `hours` are those at which it now is or no longer is: at each someone might be misled.
    """

    clinician_id: UUID
    session_id: UUID
    revision: int
    kind: Kind
    course_id: UUID | None
    at: datetime
    hours: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A program that reads a feed, the days that it shows, and the `version` of its diary now."""

    feed: Feed
    window: Window
    version: int
    reader: Reader

    def shows(self, changed: Changed, hour: datetime) -> bool:
        """Whether the session is seen in this feed at that hour; a course as a series is whole."""
        whole = self.feed.form is Form.SERIES and changed.course_id is not None
        return whole or self.window.begins <= hour < self.window.ends

    def minds(self, changed: Changed) -> datetime | None:
        """Return when the calendar would first mislead, None where it shows nothing of this.

        Hours that are only taken or free are for partners, who are told of nothing.
        """
        feed = self.feed
        if feed.form is Form.FREE_BUSY or feed.has_ended(changed.at):
            return None
        if not feed.choices.takes(changed.kind, changed.course_id):
            return None
        return min((hour for hour in changed.hours if self.shows(changed, hour)), default=None)

    def misses(self, changed: Changed) -> bool:
        """Whether it may not show this change before it matters.

        Whether a change was seen is told by versions: by when it read it cannot be, since we may
        have learnt of the change later than it was made. Who has not read for three of its gaps
        reads no more.
        """
        reader, matters_at = self.reader, self.minds(changed)
        if matters_at is None or not reader.subscribes or reader.version >= self.version:
            return False
        soon = max(changed.at, reader.last_at) < matters_at < reader.next_at
        return soon and reader.still_reads(changed.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """The calendar last read the feed at `seen_at`, and may not again until `next_at`."""

    clinician_id: UUID
    session_id: UUID
    revision: int
    seen_at: datetime
    next_at: datetime


def unseen(changed: Changed, subscribers: Iterable[Subscriber]) -> Unseen | None:
    """Return what the calendar that comes back last may not show in time, None if all may."""
    late = [each.reader for each in subscribers if each.misses(changed)]
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
