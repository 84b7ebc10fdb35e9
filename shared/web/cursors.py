"""`next`: an opaque word for where a page of a list ended."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import BeforeValidator, WithJsonSchema

from shared.store.places import Place

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LOST_PLUS: Final = re.compile(r" (?=[0-9]{2}:[0-9]{2}$)")


def with_plus(value: object) -> object:
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
