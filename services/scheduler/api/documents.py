"""Domain objects as JSON; times carry the offset of the zone that governs the session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.scheduler.domain.conflicts import Conflict
from services.scheduler.domain.counts import counts_of
from services.scheduler.domain.courses import Course
from services.scheduler.domain.mail_wishes import (
    ClinicianMail,
    MailWishes,
    PracticeMail,
    QuietHours,
)
from services.scheduler.domain.people import Client, Clinician, License
from services.scheduler.domain.sessions import Session
from services.scheduler.domain.working_hours import WEEKDAYS, WorkingHours
from shared.zones import zone

Document = dict[str, object]
Zones = Mapping[UUID, str]
NO_ZONES: Final[Zones] = MappingProxyType({})


def session_document(session: Session, zones: Zones = NO_ZONES) -> Document:
    """Return the whole session; of a cancelled one also why, which no event tells.

    Whose clock, of those in `zones`, shows another time than the governing one has a local time.
    """
    document: Document = {
        "id": str(session.id),
        "kind": session.kind.value,
        "course_id": _text(session.course_id),
        "ordinal": session.ordinal,
        "clinician_id": str(session.clinician_id),
        "client_ids": [str(id) for id in session.client_ids],
        "starts_at": _local(session.slot.starts_at, session.timezone),
        "ends_at": _local(session.slot.ends_at, session.timezone),
        "timezone": session.timezone,
        "status": session.status.value,
        "revision": session.revision,
    }
    if session.cancel_reason is not None:
        document["cancel_reason"] = session.cancel_reason
    if session.confirmed_by:
        document["confirmed_by"] = [str(id) for id in session.confirmed_by]
    for mark in ("cancelled_late", "overbooked"):
        if getattr(session, mark):
            document[mark] = True
    local_times = list(_local_times(session, zones))
    if local_times:
        document["local_times"] = local_times
    return document


def course_document(course: Course, zones: Zones = NO_ZONES) -> Document:
    """Return the course; `weekday` and `time` are its usual hour, on the clock in `timezone`."""
    roster = course.roster
    first = min(session.slot.starts_at for session in course.sessions)
    return {
        "id": str(course.id),
        "status": course.status.value,
        "kind": course.kind.value,
        "clinician_id": str(course.clinician_id),
        "client_ids": [str(id) for id in course.client_ids],
        "first_date": first.astimezone(zone(course.timezone)).date().isoformat(),
        "weekday": WEEKDAYS[course.first_date.weekday()],
        "time": course.at.isoformat("minutes"),
        "every_weeks": course.every_weeks,
        "timezone": course.timezone,
        "wall_clock": course.wall_clock.value,
        "follows": _text(course.follows),
        "group": asdict(roster) if roster else None,
        "ended_at": course.ended_at.isoformat() if course.ended_at else None,
        "end_reason": course.end_reason,
        "counts": asdict(counts_of(course)),
        "sessions": [session_document(session, zones) for session in course.sessions],
    }


def conflict_documents(conflicts: Sequence[Conflict]) -> list[Document]:
    return [conflict.document() for conflict in conflicts]


def clinician_document(clinician: Clinician) -> Document:
    return {
        "id": str(clinician.id),
        "revision": clinician.revision,
        "name": clinician.name,
        "email": clinician.email,
        "timezone": clinician.timezone,
        "working_hours": [_hours(each) for each in clinician.working_hours],
        "room_url": clinician.room_url,
        "age_groups": list(clinician.age_groups),
        "concerns": list(clinician.concerns),
        "licenses": [_license(each) for each in clinician.licenses],
        "languages": list(clinician.languages),
        "accepting_clients": clinician.accepting_clients,
        "capacity": clinician.capacity,
        "buffer_minutes": clinician.buffer_minutes,
        "minimum_notice_minutes": clinician.minimum_notice_minutes,
        "mail": clinician_mail_document(clinician.mail),
    }


def client_document(client: Client) -> Document:
    born = client.date_of_birth
    return {
        "id": str(client.id),
        "revision": client.revision,
        "name": client.name,
        "email": client.email,
        "timezone": client.timezone,
        "locale": client.locale,
        "date_of_birth": born.isoformat() if born else None,
        "guardians": [
            {
                "id": str(guardian.id),
                "name": guardian.name,
                "email": guardian.email,
                "notices": guardian.notices.value,
                "timezone": guardian.timezone,
                "locale": guardian.locale,
                "address_vouched": guardian.address_vouched,
                "mail": wishes_document(guardian.mail),
            }
            for guardian in client.guardians
        ],
        "address_vouched": client.address_vouched,
        "mail": wishes_document(client.mail),
    }


def wishes_document(mail: MailWishes) -> Document:
    return {
        "opted_out": [kind.value for kind in mail.opted_out],
        "reminder_minutes": _minutes(mail.reminder_minutes),
        "quiet_hours": _quiet(mail.quiet_hours),
        "invitations": mail.invitations,
    }


def clinician_mail_document(mail: ClinicianMail) -> Document:
    return {
        "opted_out": [kind.value for kind in mail.opted_out],
        "digest_at": None if mail.digest_at is None else mail.digest_at.isoformat("minutes"),
        "news": mail.news,
        "reminder_minutes": _minutes(mail.reminder_minutes),
        "locale": mail.locale,
    }


def practice_mail_document(mail: PracticeMail) -> Document:
    return {
        "reminder_minutes": _minutes(mail.reminder_minutes),
        "quiet_hours": _quiet(mail.quiet_hours),
        "staff_address": mail.staff_address,
        "follow_up_weeks": mail.follow_up_weeks,
    }


def _minutes(minutes: tuple[int, ...] | None) -> list[int] | None:
    return None if minutes is None else list(minutes)


def _quiet(hours: QuietHours | None) -> Document | None:
    if hours is None:
        return None
    return {"begin": hours.begin.isoformat("minutes"), "end": hours.end.isoformat("minutes")}


def _hours(hours: WorkingHours) -> Document:
    """A stretch that is worked from the first day on, or to the last, does not say so."""
    document: Document = {
        "weekday": WEEKDAYS[hours.weekday],
        "start": clock_text(hours.start),
        "end": clock_text(hours.end),
    }
    if hours.since != date.min:
        document["from"] = hours.since.isoformat()
    if hours.until != date.max:
        document["until"] = hours.until.isoformat()
    return document


def _license(license: License) -> Document:
    return {
        "state": license.state,
        "from": license.since.isoformat() if license.since else None,
        "until": license.until.isoformat() if license.until else None,
    }


def clock_text(minute: int) -> str:
    """Return minutes of a day as a clock shows them; the end of the day is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _local_times(session: Session, zones: Zones) -> Iterator[Document]:
    """Yield the start on the clock of each person whose clock shows another time just then."""
    governing = session.slot.starts_at.astimezone(zone(session.timezone))
    for person_id in (session.clinician_id, *session.client_ids):
        timezone = zones.get(person_id, session.timezone)
        local = governing.astimezone(zone(timezone))
        if local.utcoffset() != governing.utcoffset():
            yield {
                "person_id": str(person_id),
                "timezone": timezone,
                "starts_at": local.isoformat(),
            }


def _local(moment: datetime, timezone: str) -> str:
    return moment.astimezone(zone(timezone)).isoformat()


def _text(id: UUID | None) -> str | None:
    return str(id) if id else None
