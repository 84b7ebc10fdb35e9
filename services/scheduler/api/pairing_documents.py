"""Requests, matches, the waiting list and offers as JSON; only staff ever get these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from services.scheduler.api.documents import Document
from services.scheduler.api.queries import cursor
from services.scheduler.api.window_bodies import window_documents
from services.scheduler.domain.matching import Match, WeeklyHour
from services.scheduler.domain.offers import Offer
from services.scheduler.domain.openings import Gap
from services.scheduler.domain.requests import Contact, Request
from services.scheduler.domain.waiting import Entry
from services.scheduler.store.listing import Place
from shared.zones import zone

Listed = TypeVar("Listed", Request, Entry, Offer)


def request_document(request: Request) -> Document:
    need = request.need
    return {
        "id": str(request.id),
        "status": request.status.value,
        "made_at": request.made_at.isoformat(),
        "client_id": _text(request.client_id),
        "contact": _contact(request.contact),
        "age_group": need.age_group.value if need.age_group else None,
        "date_of_birth": need.born.isoformat() if need.born else None,
        "state": need.state,
        "concerns": list(need.concerns),
        "languages": list(need.languages),
        "windows": window_documents(request.windows),
        "timezone": request.timezone,
        "note": request.note,
        "clinician_id": _text(request.clinician_id),
        "consultation_id": _text(request.consultation_id),
        "course_id": _text(request.course_id),
        "closed_at": request.closed_at.isoformat() if request.closed_at else None,
        "close_reason": request.close_reason,
    }


def requests_document(found: Sequence[Request], limit: int) -> Document:
    listed = [request_document(each) for each in found[:limit]]
    return {"requests": listed, "next": _next_of(found, limit)}


def entries_document(found: Sequence[Entry], limit: int) -> Document:
    listed = [entry_document(each) for each in found[:limit]]
    return {"entries": listed, "next": _next_of(found, limit)}


def offers_document(found: Sequence[Offer], limit: int) -> Document:
    listed = [offer_document(each) for each in found[:limit]]
    return {"offers": listed, "next": _next_of(found, limit)}


def matches_document(matches: Sequence[Match]) -> Document:
    """Return who suits, best first, and who does not, each with every reason."""
    return {
        "matches": [_match(each) for each in matches if not each.is_out],
        "out": [_ruled_out(each) for each in matches if each.is_out],
    }


def entry_document(entry: Entry) -> Document:
    return {
        "id": str(entry.id),
        "status": entry.status.value,
        "made_at": entry.made_at.isoformat(),
        "client_id": str(entry.client_id),
        "clinician_id": _text(entry.clinician_id),
        "kind": entry.kind.value,
        "sessions": entry.sessions,
        "windows": window_documents(entry.windows),
        "timezone": entry.timezone,
        "from": entry.since.isoformat() if entry.since else None,
        "until": entry.until.isoformat() if entry.until else None,
        "state": entry.state,
    }


def offer_document(offer: Offer) -> Document:
    there = zone(offer.timezone)
    return {
        "id": str(offer.id),
        "status": offer.status.value,
        "entry_id": str(offer.entry_id),
        "client_id": str(offer.client_id),
        "clinician_id": str(offer.clinician_id),
        "kind": offer.kind.value,
        "first_date": offer.first_date.isoformat(),
        "time": offer.at.isoformat("minutes"),
        "timezone": offer.timezone,
        "sessions": [
            {"starts_at": slot.starts_at.astimezone(there).isoformat()} for slot in offer.slots
        ],
        "made_at": offer.made_at.isoformat(),
        "expires_at": offer.expires_at.isoformat(),
        "ended_at": offer.ended_at.isoformat() if offer.ended_at else None,
    }


def _next_of(found: Sequence[Listed], limit: int) -> str | None:
    """Return where to go on after the first `limit` of `found`, or None if that was all."""
    if len(found) <= limit:
        return None
    last = found[limit - 1]
    return cursor(Place(starts_at=last.made_at, id=last.id))


def _match(match: Match) -> Document:
    return {
        "clinician_id": str(match.clinician_id),
        "score": match.score,
        "parts": [
            {"part": part.name, "points": part.points, "of": part.of, **part.facts}
            for part in match.parts
        ],
        "limits": [finding.document() for finding in match.findings],
        "openings": [_hour(each) for each in match.hours],
    }


def _ruled_out(match: Match) -> Document:
    return {
        "clinician_id": str(match.clinician_id),
        "limits": [finding.document() for finding in match.findings],
    }


def _hour(hour: WeeklyHour) -> Document:
    return {
        "weekday": hour.weekday,
        "time": hour.at.isoformat("minutes"),
        "timezone": hour.timezone,
        "first_date": hour.first_date.isoformat(),
        "exceptions": [_gap(gap, hour.timezone) for gap in hour.gaps],
    }


def _gap(gap: Gap, timezone: str) -> Document:
    substitute = gap.substitute
    return {
        "date": gap.date.isoformat(),
        "reason": gap.cause.value,
        "substitute": substitute.astimezone(zone(timezone)).isoformat() if substitute else None,
    }


def _contact(contact: Contact | None) -> Document | None:
    if contact is None:
        return None
    return {
        "name": contact.name,
        "email": contact.email,
        "locale": contact.locale,
        "guardians": [
            {"name": each.name, "email": each.email, "notices": each.notices.value}
            for each in contact.guardians
        ],
    }


def _text(id: object) -> str | None:
    return str(id) if id else None
