"""Signed links: whoever holds the secret can make and check one, and nothing is stored.

A token is `version purpose session person generation expiry` and its HMAC-SHA256, in
base64url without padding: 78 bytes, 104 characters, 256 bits that cannot be guessed.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

_VERSION: Final = 1
_FIELDS: Final = struct.Struct(">BB16s16sIQ")
_MAIL: Final = UUID("0f0d2a4c-6f0e-4f6b-8a53-9b1d7a0f6f5e")
_TOKEN_BYTES: Final = _FIELDS.size + hashlib.sha256().digest_size


class Purpose(IntEnum):
    """What a link is good for; one link never serves for another purpose."""

    JOIN = 1  # come in
    APPOINTMENT = 2  # confirm it, cancel it, or find another time
    OFFER = 3  # take an hour that is kept for this person; the offer stands for the session
    MAIL = 4  # be written to no more; the kind of mail stands for the session (`about_kind`)
    ADDRESS = 5  # say that mail arrives here; the address stands for the session (`about_address`)
    CALENDAR = 6  # subscribe to all of one's own appointments; the person stands for the session


NO_END: Final = datetime(9999, 1, 1, tzinfo=UTC)


class BadLink(Exception):
    """This link is not one of ours, or it has been damaged on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One purpose, one session, one person, an end (aware, whole seconds), and a generation.

    A person's generation is raised to revoke every link made before.
    """

    purpose: Purpose
    session_id: UUID
    person_id: UUID
    generation: int
    expires_at: datetime

    def __post_init__(self) -> None:
        if self.expires_at.tzinfo is None or self.expires_at.timestamp() < 0:
            raise ValueError("a link needs an aware end, 1970 or later")
        if not 0 <= self.generation < 2**32:
            raise ValueError("a generation has 32 bits")


def calendar_of(person_id: UUID, generation: int) -> Link:
    """Return the link to all of a person's own appointments: one for each generation.

    When it ends is a matter of the state, and of no moment that could be known beforehand: when
    there has been nothing to show for a while.
    """
    return Link(
        purpose=Purpose.CALENDAR,
        session_id=person_id,
        person_id=person_id,
        generation=generation,
        expires_at=NO_END,
    )


@lru_cache(maxsize=64)
def about_kind(kind: str) -> UUID:
    """Return what stands for a kind of mail in a link that ends it."""
    return uuid5(_MAIL, f"kind/{kind}")


def about_address(address: str) -> UUID:
    """Return what stands for an address in a link that confirms it, and says nothing of it."""
    return uuid5(_MAIL, f"address/{address.strip().casefold()}")


def sign(link: Link, secret: str) -> str:
    """Return the token of `link`: the same link and secret give the same token."""
    fields = _FIELDS.pack(
        _VERSION,
        link.purpose,
        link.session_id.bytes,
        link.person_id.bytes,
        link.generation,
        int(link.expires_at.timestamp()),
    )
    return _text(fields + _seal(fields, secret))


def read(token: str, secret: str, *, purpose: Purpose) -> Link:
    """Return the link that `token` stands for, or raise `BadLink`.

    Whether it has ended, and whether its generation still holds, is the caller's to check.
    """
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (UnicodeEncodeError, binascii.Error) as error:
        raise BadLink from error
    if _text(raw) != token:  # the decoder is lenient; one link has one spelling
        raise BadLink
    fields, seal = raw[: _FIELDS.size], raw[_FIELDS.size :]
    if len(raw) != _TOKEN_BYTES or not hmac.compare_digest(seal, _seal(fields, secret)):
        raise BadLink
    version, found, session, person, generation, expiry = _FIELDS.unpack(fields)
    if version != _VERSION or found != purpose:
        raise BadLink
    return Link(
        purpose=purpose,
        session_id=UUID(bytes=session),
        person_id=UUID(bytes=person),
        generation=generation,
        expires_at=datetime.fromtimestamp(expiry, UTC),
    )


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _seal(fields: bytes, secret: str) -> bytes:
    return hmac.digest(_key(secret), fields, "sha256")


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"standing-hour/links/1", "sha256")
