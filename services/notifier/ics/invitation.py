"""An invitation as one iCalendar object that a mail carries (RFC 5546, RFC 6047).

No words that anyone wrote go in: hours, two addresses, links of ours, and a neutral word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import CLASS, CUTYPE, PARTSTAT, ROLE, STATUS, TRANSP

from services.notifier.domain.invitations import Invitation, Method, Occasion

PRODID: Final = "-//Standing Hour//Notifier 1//EN"
SUMMARY: Final = {"en": "Appointment", "es": "Cita"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Between whom it goes, in whose language, and when it was written."""

    organizer: str
    attendee: str
    language: str
    written_at: datetime


def icalendar(invitation: Invitation, envelope: Envelope) -> str:
    """Return the object: one VEVENT an occasion, all of one UID (RFC 5546 section 3.2.2)."""
    calendar = Calendar()
    calendar.add("PRODID", PRODID)  # RFC 5545 section 3.7.3
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", invitation.method.value)  # the same word as in the part's type
    for occasion in invitation.occasions:
        event = _event(invitation, envelope, occasion)
        if invitation.method is Method.REQUEST and not occasion.instance:
            _add_others(event, invitation)
        calendar.add_component(event)
    lines: bytes = calendar.to_ical()
    return lines.decode("utf-8")


def _event(invitation: Invitation, envelope: Envelope, occasion: Occasion) -> Event:
    """Return the lines of one hour, in UTC, so that no VTIMEZONE can be misread."""
    cancels = invitation.method is Method.CANCEL
    event = Event()
    event.add("UID", str(invitation.uid))
    event.add("DTSTAMP", _utc(envelope.written_at))
    event.add("SEQUENCE", invitation.sequence)
    event.add("DTSTART", _utc(occasion.starts_at))
    event.add("DTEND", _utc(occasion.ends_at))
    if occasion.instance:
        event.add("RECURRENCE-ID", _utc(occasion.starts_at))
    event.add("SUMMARY", SUMMARY[envelope.language])
    event.add("STATUS", (STATUS.CANCELLED if cancels else STATUS.CONFIRMED).value)
    event.add("TRANSP", (TRANSP.TRANSPARENT if cancels else TRANSP.OPAQUE).value)
    event.add("CLASS", CLASS.PRIVATE.value)
    event.add("ORGANIZER", _mailto(envelope.organizer))
    event.add("ATTENDEE", _attendee(envelope.attendee), encode=False)
    if occasion.link is not None:
        event.add("URL", occasion.link)
        event.add("DESCRIPTION", occasion.link)  # most programs show no URL
    return event


def _add_others(event: Event, invitation: Invitation) -> None:
    others = [_utc(each.starts_at) for each in invitation.occasions if each.instance]
    if others:
        event.add("RDATE", others)


def _attendee(address: str) -> vCalAddress:
    """Return the one reader; no answer is asked for, since nobody reads one."""
    attendee = vCalAddress(_mailto(address))
    attendee.params["CUTYPE"] = CUTYPE.INDIVIDUAL.value
    attendee.params["ROLE"] = ROLE.REQ_PARTICIPANT.value
    attendee.params["PARTSTAT"] = PARTSTAT.NEEDS_ACTION.value
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _mailto(address: str) -> str:
    return "mailto:" + quote(address, safe="@+-._!$'*=~")  # RFC 6068 section 2


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
