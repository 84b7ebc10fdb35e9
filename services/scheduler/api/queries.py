"""What may be asked of the list of sessions, and how a page of it is answered."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.scheduler.api.documents import Document, Zones, session_document
from services.scheduler.api.fields import Instant
from services.scheduler.store.listing import Page, Wanted
from shared.web.bodies import DoorModel
from shared.web.cursors import Cursor as Cursor
from shared.web.cursors import cursor as cursor
from shared.web.cursors import with_plus

QueryInstant = Annotated[Instant, BeforeValidator(with_plus)]


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
