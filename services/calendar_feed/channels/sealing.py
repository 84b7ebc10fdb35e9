"""Addresses at rest: sealed with a key that is made from the practice's secret.

The address of someone's calendar opens all of it, so a stolen disk or backup must not hold it.
Fernet (AES-128-CBC and HMAC-SHA256) is the whole of that in one well-kept library.
"""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class CannotBeOpened(Exception):
    """This was sealed with another secret, or has been damaged."""


def seal(text: str, secret: str) -> bytes:
    return _fernet(secret).encrypt(text.encode())


def unseal(sealed: bytes, *secrets: str) -> str:
    """Return what was sealed with any of these secrets, or raise `CannotBeOpened`."""
    from cryptography.fernet import InvalidToken, MultiFernet

    try:
        return MultiFernet([_fernet(each) for each in secrets]).decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise CannotBeOpened from None


def _fernet(secret: str) -> Fernet:
    # Only here: most practices read no calendar outside, and it costs 7 MB and a tenth of a second.
    from cryptography.fernet import Fernet

    key = hmac.digest(secret.encode(), b"standing-hour/outside-calendars/1", "sha256")
    return Fernet(base64.urlsafe_b64encode(key))
