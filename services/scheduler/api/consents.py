"""Routes under /v1/clients/{id}/consents: on whose consent someone under 18 is seen."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from aiohttp import web
from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from services.scheduler.api.answers.care import ConsentAnswer, ConsentsAnswer
from services.scheduler.api.changes import answer_change, answer_read, created
from services.scheduler.api.documents import Document
from services.scheduler.api.fields import BookedDate, FreeText, Name
from services.scheduler.domain.consents import Basis, Consent
from services.scheduler.domain.errors import DateAhead, UnknownClient, UnknownConsent
from services.scheduler.use_cases import consents
from shared.web.answers import Answer
from shared.web.auth import Role, allow
from shared.web.bodies import DoorModel, body_of, path_id
from shared.web.keys import CLOCK
from shared.web.openapi import describe

routes = web.RouteTableDef()


class ConsentBody(DoorModel):
    """Who consented, as what, and when; a minor's own consent needs the reasons in `note`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"basis": "guardian", "given_by": "Mei Chen", "given_on": "2026-11-20"}]
        }
    )

    basis: Basis
    given_by: Name
    given_on: BookedDate
    note: Annotated[FreeText | None, Field(validate_default=True)] = None

    @field_validator("note")
    @classmethod
    def _has_the_reasons(cls, note: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("basis") is Basis.OWN and not note:
            raise ValueError("must have the reasons why the minor's own consent is enough")
        return note

    def consent(self, id: UUID, client_id: UUID, request: web.Request) -> Consent:
        return Consent(
            id=id,
            client_id=client_id,
            basis=self.basis,
            given_by=self.given_by,
            given_on=self.given_on,
            note=self.note,
            recorded_at=request.app[CLOCK].now(),
        )


@routes.post("/v1/clients/{id}/consents")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Record a consent",
    body=ConsentBody,
    answers={201: ConsentAnswer},
    refusals=(UnknownClient, DateAhead),
)
async def post_consent(request: web.Request) -> web.Response:
    """Record a consent: 201; someone under 18 can then begin a course."""
    client_id = path_id(request, "id", UnknownClient)
    body, now = await body_of(request, ConsentBody), request.app[CLOCK].now()
    consent = body.consent(uuid4(), client_id, request)
    return await answer_change(
        request,
        lambda conn: consents.record_consent(conn, now, consent),
        lambda made: created(_document(made), f"/v1/clients/{client_id}/consents"),
    )


@routes.get("/v1/clients/{id}/consents")
@allow(Role.ADMIN, Role.STAFF)
@describe("List the consents", answers={200: ConsentsAnswer}, refusals=(UnknownClient,))
async def get_consents(request: web.Request) -> web.Response:
    """Answer every consent for the client, the revoked ones too, as they were recorded."""
    client_id = path_id(request, "id", UnknownClient)
    return await answer_read(
        request,
        lambda conn: consents.consents_of(conn, client_id),
        lambda found: {"consents": [_document(each) for each in found], "next": None},
    )


@routes.post("/v1/clients/{id}/consents/{consent_id}/revoke")
@allow(Role.ADMIN, Role.STAFF)
@describe("Revoke a consent", answers={200: ConsentAnswer}, refusals=(UnknownConsent,))
async def post_revoke(request: web.Request) -> web.Response:
    """Record that a consent holds no more: 200, and again 200; what is booked stays."""
    client_id = path_id(request, "id", UnknownConsent)
    id, now = path_id(request, "consent_id", UnknownConsent), request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: consents.revoke_consent(conn, now, client_id, id),
        lambda revoked: Answer(body=_document(revoked)),
    )


def _document(consent: Consent) -> Document:
    return {
        "id": str(consent.id),
        "client_id": str(consent.client_id),
        "basis": consent.basis.value,
        "given_by": consent.given_by,
        "given_on": consent.given_on.isoformat(),
        "note": consent.note,
        "status": "holds" if consent.holds else "revoked",
        "recorded_at": consent.recorded_at.isoformat(),
        "revoked_at": consent.revoked_at.isoformat() if consent.revoked_at else None,
    }
