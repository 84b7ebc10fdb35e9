"""A mail as RFC 5322 has it: text and HTML that say the same, and no header from anyone's data."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from services.notifier.domain.mail import Mail


def message(mail: Mail, *, sender: str, at: datetime) -> EmailMessage:
    """Return `mail` from `sender`, a plain address, dated `at`.

    The Message-ID is made from the delivery's id, so a repeat has the same one.
    `Auto-Submitted` (RFC 3834) keeps vacation answers away.
    """
    built = EmailMessage(policy=SMTP)
    built["From"] = sender
    built["To"] = mail.to
    built["Subject"] = mail.subject
    built["Date"] = format_datetime(at)
    built["Message-ID"] = message_id(mail, sender=sender)
    built["Auto-Submitted"] = "auto-generated"
    built.set_content(mail.text)
    built.add_alternative(mail.html, subtype="html")
    return built


def message_id(mail: Mail, *, sender: str) -> str:
    return f"<{mail.delivery_id}@{sender.rpartition('@')[2]}>"
