"""A room, its host and its guest, as every provider is asked about them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from services.scheduler.domain.rooms import Guest, Room, Window, guest_in
from services.scheduler.rooms.port import Wish
from tests.cast import DANA_ID, KIM_ID

OPENS: Final = datetime(2027, 2, 16, 19, 45, tzinfo=UTC)
CLOSES: Final = OPENS + timedelta(minutes=90)
NAME: Final = "0123456789abcdef0123456789abcdef"
HOST: Final = guest_in(NAME, DANA_ID, is_host=True)
GUEST: Final = guest_in(NAME, KIM_ID, is_host=False)


def wish_for(provider: str, *, opens_at: datetime = OPENS, reference: str = "") -> Wish:
    window = Window(opens_at=opens_at, closes_at=opens_at + timedelta(minutes=90))
    room = Room(provider=provider, name=NAME, window=window, reference=reference)
    return Wish(room=room, host=str(DANA_ID), own_url=None)


def key_pair() -> tuple[str, str]:
    """Return an RSA key as private and public PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private, public.decode()


def says_nothing_personal(text: str) -> bool:
    """Whether neither the person nor who they are elsewhere can be read from `text`."""
    told = text.lower()
    return not any(
        word in told
        for word in ("@", "kim", "dana", "email", "avatar", str(KIM_ID), str(DANA_ID), KIM_ID.hex)
    )


__all__ = [
    "CLOSES",
    "GUEST",
    "HOST",
    "NAME",
    "OPENS",
    "Guest",
    "key_pair",
    "says_nothing_personal",
    "wish_for",
]
