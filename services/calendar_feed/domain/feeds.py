"""A feed: one secret address that shows one clinician's hours, at one level of detail."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.calendar_feed.domain.errors import DetailNotOffered, FormNotOffered

DEFAULT_NAME: Final = "Appointments"
TOKEN_BYTES: Final = 32


class Detail(StrEnum):
    """How much a feed tells of a session, beyond its time."""

    BUSY = "busy"
    CODE = "code"


class Form(StrEnum):
    """How sessions stand on the wire."""

    INSTANCES = "instances"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed that has not been revoked; its token is known only as a hash."""

    id: UUID
    clinician_id: UUID
    name: str
    detail: Detail
    form: Form
    created_at: datetime
    rotated_at: datetime | None = None


def offered_detail(word: str) -> Detail:
    """Return the detail that `word` names, or refuse what calendars may not be told."""
    if word == "initials":
        raise DetailNotOffered(
            "initials need a recorded agreement (BAA) with the calendar's host; use busy or code",
            pointer="#/detail",
        )
    return Detail(word)


def offered_form(word: str) -> Form:
    if word == "series":
        raise FormNotOffered("series is not offered yet; use instances", pointer="#/form")
    return Form(word)


def token_hash(token: str) -> str:
    """Tokens are 256 random bits, so a plain hash cannot be searched for."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
