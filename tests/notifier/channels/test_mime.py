"""A mail as any program reads it back."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage

import pytest

from services.notifier.channels.mime import message
from tests.conftest import NOW
from tests.notifier.channels.mails import DELIVERY, LINK, SENDER, STOP, mail


def read_back(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def text_of(read: EmailMessage, subtype: str) -> str:
    part = read.get_body((subtype,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def test_every_header_is_ours_and_the_two_parts_say_the_same() -> None:
    read = read_back(bytes(message(mail(), sender=SENDER, at=NOW)))
    assert set(read.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
        "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert read["From"] == SENDER
    assert read["To"] == "kim@clients.example"
    assert read["Date"].datetime == NOW
    assert read["Message-ID"] == f"<{DELIVERY}@hour.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content_type() == "multipart/alternative"
    assert LINK in text_of(read, "plain")
    assert LINK in text_of(read, "html")


def test_a_mail_program_can_end_such_mail_with_one_click() -> None:
    raw = bytes(message(mail(), sender=SENDER, at=NOW))
    # As it goes over the wire, and not as a library decodes it: RFC 2369 knows no encoded words.
    assert f"\r\nList-Unsubscribe: <{STOP}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_one_click_is_for_https_alone_and_some_mail_has_no_end() -> None:
    plain = replace(mail(), unsubscribe=STOP.replace("https:", "http:"))
    read = read_back(bytes(message(plain, sender=SENDER, at=NOW)))
    assert read["List-Unsubscribe"] == f"<{plain.unsubscribe}>"
    assert "List-Unsubscribe-Post" not in read
    needed = read_back(bytes(message(replace(mail(), unsubscribe=None), sender=SENDER, at=NOW)))
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post"} & set(needed.keys())


@pytest.mark.parametrize("link", ["https://x.example/\r\nBcc:x", "https://x.example/>,<mailto:x"])
def test_a_link_cannot_become_another_header(link: str) -> None:
    with pytest.raises(ValueError, match="one word"):
        replace(mail(), unsubscribe=link)


def test_any_letters_of_the_world_arrive_as_they_were_written() -> None:
    said = "Su cita está reservada. \u202eكيم\u2067 " + "ñ" * 2_000
    read = read_back(bytes(message(mail(text=said), sender=SENDER, at=NOW)))
    assert said in text_of(read, "plain")


def test_no_line_is_longer_than_smtp_allows() -> None:
    raw = bytes(message(mail(text="x" * 5_000), sender=SENDER, at=NOW))
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
