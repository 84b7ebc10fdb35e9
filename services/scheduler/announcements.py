"""The only place where a domain object becomes an event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from services.scheduler.domain.courses import Course
from services.scheduler.domain.keys import Key
from services.scheduler.domain.mail_wishes import ClinicianMail, MailWishes, QuietHours
from services.scheduler.domain.offers import Offer
from services.scheduler.domain.people import Client, Clinician, Guardian
from services.scheduler.domain.practice import Policy
from services.scheduler.domain.sessions import Session
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.working_hours import WorkingHours
from shared.events import data
from shared.events.envelope import Event, tell

SOURCE: Final = "scheduler"


def clinician_saved(clinician: Clinician, *, at: datetime) -> Event:
    told = data.ClinicianSaved(
        clinician_id=clinician.id,
        revision=clinician.revision,
        name=clinician.name,
        email=clinician.email,
        timezone=clinician.timezone,
        link_generation=clinician.link_generation,
        mail=_clinician_mail(clinician.mail),
        working_hours=tuple(_working_hours(each) for each in clinician.working_hours),
    )
    return tell(told, source=SOURCE, at=at)


def client_saved(client: Client, *, at: datetime) -> Event:
    told = data.ClientSaved(
        client_id=client.id,
        revision=client.revision,
        name=client.name,
        email=client.email,
        timezone=client.timezone,
        locale=client.locale,
        link_generation=client.link_generation,
        guardians=tuple(_guardian(each) for each in client.guardians_on(client.day_of(at))),
        address_vouched=client.address_vouched,
        mail=_wishes(client.mail),
    )
    return tell(told, source=SOURCE, at=at)


def practice_saved(policy: Policy, *, at: datetime) -> Event:
    """Tell what the practice has settled about its mail, and nothing else of it."""
    mail = policy.mail
    told = data.PracticeSaved(
        revision=policy.revision,
        reminder_minutes=mail.reminder_minutes,
        quiet_hours=_quiet(mail.quiet_hours),
        staff_address=mail.staff_address,
        follow_up_weeks=mail.follow_up_weeks,
    )
    return tell(told, source=SOURCE, at=at)


def key_saved(key: Key, *, at: datetime) -> Event:
    told = data.KeySaved(
        key_id=key.id,
        revision=key.revision,
        role=key.role.value,
        sha256=key.sha256,
        clinician_id=key.clinician_id,
        revoked=key.revoked,
    )
    return tell(told, source=SOURCE, at=at)


def course_booked(course: Course, *, at: datetime) -> Event:
    told = data.CourseBooked(
        course_id=course.id,
        clinician_id=course.clinician_id,
        client_ids=course.client_ids,
        timezone=course.timezone,
        sessions=tuple(_session(session) for session in course.sessions),
    )
    return tell(told, source=SOURCE, at=at)


def course_changed(course: Course, sessions: Sequence[Session], *, at: datetime) -> Event:
    """Tell of all the sessions that one change touched or added."""
    told = data.CourseChanged(
        course_id=course.id,
        clinician_id=course.clinician_id,
        client_ids=course.client_ids,
        timezone=course.timezone,
        sessions=tuple(_session(session) for session in sessions),
    )
    return tell(told, source=SOURCE, at=at)


def course_ended(course: Course, cancelled: Sequence[Session], *, at: datetime) -> Event:
    """Tell that no session is to come, and which were cancelled by that; never why."""
    told = data.CourseEnded(
        course_id=course.id,
        clinician_id=course.clinician_id,
        client_ids=course.client_ids,
        timezone=course.timezone,
        sessions=tuple(_session(session) for session in cancelled),
    )
    return tell(told, source=SOURCE, at=at)


def session_booked(session: Session, *, at: datetime) -> Event:
    return tell(data.SessionBooked(session=_session(session)), source=SOURCE, at=at)


def session_moved(session: Session, previous: Slot, *, at: datetime) -> Event:
    told = data.SessionMoved(session=_session(session), previous_starts_at=previous.starts_at)
    return tell(told, source=SOURCE, at=at)


def session_cancelled(session: Session, *, at: datetime) -> Event:
    return tell(data.SessionCancelled(session=_session(session)), source=SOURCE, at=at)


def session_concluded(session: Session, *, at: datetime) -> Event:
    return tell(data.SessionConcluded(session=_session(session)), source=SOURCE, at=at)


def offer_made(offer: Offer, *, at: datetime) -> Event:
    """Tell for whom the first hour is kept, and until when; never what it is for."""
    told = data.OfferMade(
        offer_id=offer.id,
        client_id=offer.client_id,
        clinician_id=offer.clinician_id,
        starts_at=offer.slots[0].starts_at,
        ends_at=offer.slots[0].ends_at,
        timezone=offer.timezone,
        weekly=offer.weekly,
        expires_at=offer.expires_at,
    )
    return tell(told, source=SOURCE, at=at)


def offer_ended(offer: Offer, *, at: datetime) -> Event:
    told = data.OfferEnded(offer_id=offer.id, client_id=offer.client_id)
    return tell(told, source=SOURCE, at=at)


def _session(session: Session) -> data.Session:
    """What others hear of a session: never why it was cancelled."""
    return data.Session(
        session_id=session.id,
        revision=session.revision,
        kind=session.kind.value,
        course_id=session.course_id,
        clinician_id=session.clinician_id,
        client_ids=session.client_ids,
        starts_at=session.slot.starts_at,
        ends_at=session.slot.ends_at,
        timezone=session.timezone,
        status=session.status.value,
        links_expire_at=session.links_expire_at,
        confirmed_by=session.confirmed_by,
    )


def _guardian(guardian: Guardian) -> data.Guardian:
    return data.Guardian(
        guardian_id=guardian.id,
        name=guardian.name,
        email=guardian.email,
        notices=guardian.notices.value,
        link_generation=guardian.link_generation,
        timezone=guardian.timezone,
        locale=guardian.locale,
        address_vouched=guardian.address_vouched,
        mail=_wishes(guardian.mail),
    )


def _wishes(mail: MailWishes) -> data.MailWishes:
    return data.MailWishes(
        opted_out=tuple(kind.value for kind in mail.opted_out),
        reminder_minutes=mail.reminder_minutes,
        quiet_hours=_quiet(mail.quiet_hours),
        invitations=mail.invitations,
    )


def _clinician_mail(mail: ClinicianMail) -> data.ClinicianMail:
    return data.ClinicianMail(
        opted_out=tuple(kind.value for kind in mail.opted_out),
        digest_at=None if mail.digest_at is None else mail.digest_at.isoformat("minutes"),
        news=mail.news,
        reminder_minutes=mail.reminder_minutes,
        locale=mail.locale,
    )


def _working_hours(hours: WorkingHours) -> data.WorkingHours:
    return data.WorkingHours(
        weekday=hours.weekday,
        start=hours.start,
        end=hours.end,
        since=None if hours.since == date.min else hours.since,
        until=None if hours.until == date.max else hours.until,
    )


def _quiet(hours: QuietHours | None) -> data.QuietHours | None:
    if hours is None:
        return None
    return data.QuietHours(
        begin=hours.begin.isoformat("minutes"), end=hours.end.isoformat("minutes")
    )
