"""JSON Web Tokens that let one person into one room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import jwt
from yarl import URL

from services.scheduler.domain.rooms import Room, Window
from services.scheduler.rooms.accounts import Signing


def signed(claims: Mapping[str, object], signing: Signing) -> str:
    """Return `claims` signed; with an RS256 key its `kid` is in the header."""
    headers = {"kid": signing.key_id} if signing.key_id else None
    return jwt.encode(dict(claims), signing.key, algorithm=signing.algorithm, headers=headers)


def lasting(window: Window) -> dict[str, int]:
    """Return `nbf` and `exp` (RFC 7519 section 4.1): the window of the room, to the second."""
    return {"nbf": _seconds(window.opens_at), "exp": _seconds(window.closes_at)}


def with_token(room: Room, parameter: str, token: str) -> str:
    """Return where `room` is, with `token` as the one parameter of its address."""
    return str(URL(room.url).with_query({parameter: token}))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
