"""What may be asked of the list of sessions, and how a page of it is answered."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema

from services.scheduler.api.documents import Document, Zones, session_document
from services.scheduler.api.fields import Instant
from services.scheduler.store.listing import Page, Place, Wanted
from shared.web.bodies import DoorModel

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LOST_PLUS: Final = re.compile(r" (?=[0-9]{2}:[0-9]{2}$)")


def _plus(value: object) -> object:
    """A `+` that was not escaped in an address arrives as a space."""
    return _LOST_PLUS.sub("+", value) if isinstance(value, str) else value


def cursor(place: Place) -> str:
    """Return an opaque word: where the page ended, to the microsecond, and the id."""
    moment = (place.starts_at - _EPOCH) // timedelta(microseconds=1)
    raw = moment.to_bytes(8, "big", signed=True) + place.id.bytes
    return urlsafe_b64encode(raw).decode("ascii")


def _place(value: object) -> Place:
    try:
        raw = urlsafe_b64decode(str(value).encode("ascii"))
        moment = timedelta(microseconds=int.from_bytes(raw[:8], "big", signed=True))
        return Place(starts_at=_EPOCH + moment, id=UUID(bytes=raw[8:]))
    except (UnicodeEncodeError, binascii.Error, ValueError, OverflowError) as error:
        raise ValueError("must be the 'next' of an earlier answer") from error


Cursor = Annotated[Place, BeforeValidator(_place), WithJsonSchema({"type": "string"})]
QueryInstant = Annotated[Instant, BeforeValidator(_plus)]


class SessionsQuery(DoorModel):
    """All sessions, unless narrowed; they start at or after `from` and before `until`."""

    clinician_id: UUID | None = None
    client_id: UUID | None = None
    since: Annotated[QueryInstant | None, Field(alias="from")] = None
    until: QueryInstant | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 200
    next: Cursor | None = None

    def wanted(self, own: UUID | None) -> Wanted:
        return Wanted(
            clinician_id=self.clinician_id or own,
            client_id=self.client_id,
            since=self.since,
            until=self.until,
            after=self.next,
            limit=self.limit,
        )


def page_document(page: Page, zones: Zones) -> Document:
    return {
        "sessions": [session_document(session, zones) for session in page.sessions],
        "next": cursor(page.next) if page.next else None,
    }
