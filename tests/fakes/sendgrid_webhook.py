"""SendGrid's side of the signed event webhook: it makes events, and signs each batch."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Webhook:
    """An account with a signing key of its own."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public_key(self) -> str:
        """The verification key as SendGrid shows it."""
        der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def batch(self, *events: dict[str, Any]) -> bytes:
        """Return the body as SendGrid writes it, a line break at its end."""
        return json.dumps(events, separators=(",", ":")).encode() + b"\r\n"

    def sign(self, body: bytes, at: datetime) -> dict[str, str]:
        """Return the headers that go with `body`."""
        timestamp = str(int(at.timestamp()))
        signature = self._key.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
        return {
            "Content-Type": "application/json; charset=utf-8",
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        }


def event(
    name: str, delivery: UUID | str, at: datetime, *, categories: Sequence[str] = (), **other: Any
) -> dict[str, Any]:
    """Return an event of that name as SendGrid tells it, with the custom arguments of the mail."""
    return {
        "email": "kim@clients.example",
        "timestamp": int(at.timestamp()),
        "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "event": name,
        "category": list(categories),
        "sg_event_id": uuid4().hex,
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
        "delivery": str(delivery),
        **other,
    }
