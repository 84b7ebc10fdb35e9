"""SendGrid's event webhook: whether it is SendGrid who calls, and what it tells.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
The SDK's own check takes text where the signature is over bytes, and any time, however old.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from services.notifier.domain.fates import Fate, Stopping, Told

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

SIGNATURE: Final = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP: Final = "X-Twilio-Email-Event-Webhook-Timestamp"
WINDOW: Final = timedelta(minutes=5)
_LONGEST_ID: Final = 100
_SECONDS: Final = re.compile(r"[0-9]{1,11}")
_STATUS: Final = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")  # RFC 3463
_FATES: Final = {
    "processed": Fate.PROCESSED,
    "deferred": Fate.DEFERRED,
    "delivered": Fate.DELIVERED,
    "dropped": Fate.DROPPED,
    "bounce": Fate.BOUNCED,
    "spamreport": Fate.SPAM,
}
# Why SendGrid does not even try: the only words of its own that are kept, as ours.
_DROPPED: Final[dict[str, tuple[str, Stopping | None]]] = {
    "bounced address": ("bounced_before", "dropped"),
    "invalid": ("invalid_address", "dropped"),
    "spam reporting address": ("called_spam_before", "spam"),
    "unsubscribed address": ("unsubscribed_at_sendgrid", None),
    "spam content": ("spam_content", None),
    "recipient list over package quota": ("over_quota", None),
}


class NotFromSendGrid(Exception):
    """The signature is not over this body, or is not of these five minutes."""


def read_key(text: str) -> EllipticCurvePublicKey:
    """Return the key in `text`, base64 as SendGrid shows it or PEM; `ValueError` if it is none."""
    # Only here: most installations have no webhook, and the library costs 5 MB.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    lines = (line.strip() for line in text.splitlines())
    bare = "".join(line for line in lines if not line.startswith("-----"))
    try:
        key = load_der_public_key(base64.b64decode(bare, validate=True))
    except (binascii.Error, UnsupportedAlgorithm) as error:
        raise ValueError("no key") from error
    if not isinstance(key, EllipticCurvePublicKey):
        raise ValueError("not a key on an elliptic curve")
    return key


def check_signature(
    key: EllipticCurvePublicKey, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> None:
    """Raise `NotFromSendGrid` unless the holder of `key` signed these very bytes just now."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    timestamp = headers.get(TIMESTAMP, "")
    if not _SECONDS.fullmatch(timestamp) or abs(_moment(int(timestamp)) - now) > WINDOW:
        raise NotFromSendGrid
    try:
        signature = base64.b64decode(headers.get(SIGNATURE, ""), validate=True)
        key.verify(signature, timestamp.encode() + body, ECDSA(SHA256()))
    except (binascii.Error, ValueError, InvalidSignature) as error:
        raise NotFromSendGrid from error


def read_event(raw: object) -> Told | None:
    """Return what one event tells of a delivery of ours; None for all that is nothing to us."""
    if not isinstance(raw, dict):
        return None
    kind, id, seconds = raw.get("event"), raw.get("sg_event_id"), raw.get("timestamp")
    delivery, email = _uuid(raw.get("delivery")), raw.get("email")
    fate = _FATES.get(kind) if isinstance(kind, str) else None
    if fate is None or delivery is None or not _is_id(id) or not isinstance(email, str):
        return None
    if isinstance(seconds, bool) or not _SECONDS.fullmatch(str(seconds)):
        return None
    if fate is Fate.BOUNCED and raw.get("type") == "blocked":
        fate = Fate.BLOCKED
    reason, stops = _reason(fate, raw)
    return Told(
        id=str(id),
        delivery_id=delivery,
        email=email,
        fate=fate,
        at=_moment(int(str(seconds))),
        reason=reason,
        stops=stops,
    )


def _reason(fate: Fate, raw: Mapping[str, object]) -> tuple[str | None, Stopping | None]:
    """Return why, in no word that could be anyone's, and why the address is stopped, if it is."""
    if fate is Fate.DROPPED:
        return _DROPPED.get(str(raw.get("reason")).strip().casefold(), ("other", None))
    if fate is Fate.SPAM:
        return None, "spam"
    status = str(raw.get("status"))
    code = status if _STATUS.fullmatch(status) else None
    return code, "bounced" if fate is Fate.BOUNCED else None


def _is_id(found: object) -> bool:
    return isinstance(found, str) and 0 < len(found) <= _LONGEST_ID and found.isprintable()


def _uuid(found: object) -> UUID | None:
    try:
        return UUID(found) if isinstance(found, str) else None
    except ValueError:
        return None


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(seconds, 2**35), UTC)
