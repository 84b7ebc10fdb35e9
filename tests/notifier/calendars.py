"""What a calendar program does with mails: it reads the part, holds it against RFC 5546, obeys."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import icalendar
import recurring_ical_events

from services.notifier.channels.mime import message
from services.notifier.domain.mail import Mail
from tests.notifier.stage import LETTERHEAD

Event = Any  # icalendar's components are typed by name only


def calendar_part(mail: Mail) -> EmailMessage | None:
    """Return the one part for a calendar program, as it went over the wire; None without one."""
    raw = bytes(message(mail, sender=LETTERHEAD.address, at=datetime(2026, 11, 23, tzinfo=UTC)))
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert read.get_content_type() == "multipart/alternative"
    parts = [part for part in read.iter_parts() if isinstance(part, EmailMessage)]
    kinds = [part.get_content_type() for part in parts]
    assert kinds == ["text/plain", "text/html", "text/calendar"][: len(kinds)]
    return parts[2] if len(parts) > 2 else None


def asked_of(mail: Mail) -> icalendar.Calendar:
    """Return what a mail asks of the calendar, once RFC 6047 and RFC 5546 have been held to it."""
    part = calendar_part(mail)
    assert part is not None
    content = part.get_content()
    (calendar,) = icalendar.Calendar.from_ical(content, multiple=True)
    assert isinstance(calendar, icalendar.Calendar)
    assert part["Content-Type"].params["method"] == str(calendar["METHOD"])
    assert part["Content-Type"].params["charset"] == "utf-8"
    assert part["Content-Disposition"] is None
    assert (str(calendar["VERSION"]), len(calendar.errors)) == ("2.0", 0)
    events = events_of(calendar)
    assert events
    assert len({str(event["UID"]) for event in events}) == 1  # section 3.2.2, 3.2.5
    assert len({event["SEQUENCE"] for event in events}) == 1
    assert len([event for event in events if "RECURRENCE-ID" not in event]) <= 1
    for event in events:
        _holds(event, str(calendar["METHOD"]), mail)
    return calendar


def events_of(calendar: icalendar.Calendar) -> list[Event]:
    return list(calendar.walk("VEVENT"))


def _holds(event: Event, method: str, mail: Mail) -> None:
    """Hold one VEVENT against the tables of sections 3.2.2 and 3.2.5."""
    assert event.errors == []
    for name in ("DTSTAMP", "DTSTART", "ORGANIZER", "ATTENDEE", "UID", "SUMMARY", "SEQUENCE"):
        assert not isinstance(event[name], list)  # exactly once
    assert str(event["ORGANIZER"]) == f"mailto:{LETTERHEAD.address}"
    assert str(event["ATTENDEE"]) == f"mailto:{mail.to}"
    assert "CN" not in event["ATTENDEE"].params
    assert event["SUMMARY"] in ("Appointment", "Cita")
    assert event["STATUS"] == {"REQUEST": "CONFIRMED", "CANCEL": "CANCELLED"}[method]
    for name in ("DTSTAMP", "DTSTART", "DTEND"):
        assert event[name].to_ical().endswith(b"Z")
    assert event.get("URL") is None or str(event["URL"]) in mail.text or "/join/" in event["URL"]
    for name in ("REQUEST-STATUS", "DURATION", "VALARM"):
        assert name not in event


@dataclass
class Diary:
    """A person's calendar: it does what each mail asks, if that is newer than what it has."""

    entries: dict[str, tuple[int, list[Event]]] = field(default_factory=dict)

    def read(self, mails: Sequence[Mail]) -> None:
        for mail in mails:
            if calendar_part(mail) is not None:
                self._obey(asked_of(mail))

    def _obey(self, calendar: icalendar.Calendar) -> None:
        events = events_of(calendar)
        uid, sequence = str(events[0]["UID"]), int(events[0]["SEQUENCE"])
        known, kept = self.entries.get(uid, (-1, []))
        assert sequence >= known  # two mails of one moment tell the same
        if calendar["METHOD"] == "REQUEST":
            self.entries[uid] = (sequence, events)
            return
        gone = {event["RECURRENCE-ID"].dt for event in events if "RECURRENCE-ID" in event}
        self.entries[uid] = (sequence, _without(kept, gone) if gone else [])

    def hours(self) -> list[datetime]:
        """Return every hour that the calendar shows, as an expander of RFC 5545 finds them."""
        shown = icalendar.Calendar()
        for _, events in self.entries.values():
            for event in events:
                shown.add_component(event)
        ahead = recurring_ical_events.of(shown).between((2026, 1, 1), (2028, 1, 1))
        return sorted(event["DTSTART"].dt for event in ahead)


def _without(events: Sequence[Event], gone: set[Any]) -> list[Event]:
    """Return a series without some of its dates, by an EXDATE on its first (RFC 5545)."""
    kept = [each for each in events if _instance(each) not in gone]
    for event in kept:
        if "RECURRENCE-ID" not in event:
            event.add("EXDATE", sorted(gone))
    return kept


def _instance(event: Event) -> datetime | None:
    return event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else None
