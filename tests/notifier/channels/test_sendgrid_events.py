"""The event webhook by SendGrid's own published example: key, signature, body."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest

from services.notifier.channels.sendgrid_events import (
    SIGNATURE,
    TIMESTAMP,
    NotFromSendGrid,
    check_signature,
    read_event,
    read_key,
)
from services.notifier.domain.fates import Fate
from tests.fakes.sendgrid_webhook import event
from tests.notifier.channels.mails import DELIVERY

# github.com/sendgrid/sendgrid-python, test/unit/test_eventwebhook.py
KEY: Final = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw"
    "+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
)
SIGNED: Final = {
    SIGNATURE: "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89"
    "M15TluLtEZtM=",
    TIMESTAMP: "1600112502",
}
BODY: Final = (
    b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":'
    b'"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":'
    b'"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":'
    b'"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n'
)
THEN: Final = datetime.fromtimestamp(1600112502, UTC)


def test_what_sendgrid_signed_is_believed() -> None:
    check_signature(read_key(KEY), SIGNED, BODY, now=THEN)


def test_a_key_is_read_with_and_without_its_frame() -> None:
    framed = f"-----BEGIN PUBLIC KEY-----\n{KEY[:64]}\n{KEY[64:]}\n-----END PUBLIC KEY-----\n"
    check_signature(read_key(framed), SIGNED, BODY, now=THEN)


@pytest.mark.parametrize("text", ["", "no key", "aGVsbG8=", "é", KEY[:-8]])
def test_what_is_no_key_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_key(text)


def test_a_changed_byte_is_not_believed() -> None:
    with pytest.raises(NotFromSendGrid):
        check_signature(read_key(KEY), SIGNED, BODY.replace(b"dropped", b"bounced"), now=THEN)


@pytest.mark.parametrize("reason", ["550 5.1.1 <kim@clients.example> unknown", "Kim Park", None])
def test_no_word_of_the_provider_about_anyone_is_kept(reason: str | None) -> None:
    for name, fate in (("bounce", Fate.BOUNCED), ("dropped", Fate.DROPPED)):
        told = read_event(event(name, DELIVERY, THEN, reason=reason, status=reason))
        assert told is not None
        assert (told.fate, told.reason) in ((fate, None), (fate, "other"))
