"""A mail as RFC 5322 has it: parts that say the same, and no header from anyone's data."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, Message
from email.policy import SMTP, Policy
from email.utils import format_datetime
from typing import Final

from services.notifier.domain.mail import Mail


class _Unfolded(UnstructuredHeader, BaseHeader):
    """A header of one long word, which the library would encode to fold it (RFC 2047).

    Who reads an address there, does not decode; a line may have 998 characters.
    """

    def fold(self, *, policy: Policy[Message]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("List-Unsubscribe", _Unfolded)
_POLICY: Final = SMTP.clone(header_factory=_HEADERS)


def message(mail: Mail, *, sender: str, at: datetime) -> EmailMessage:
    """Return `mail` from `sender`, a plain address, dated `at`.

    The Message-ID is made from the delivery's id, so a repeat has the same one.
    `Auto-Submitted` (RFC 3834) keeps vacation answers away.
    """
    built = EmailMessage(policy=_POLICY)
    built["From"] = Address(display_name=mail.from_name or "", addr_spec=sender)
    built["To"] = mail.to
    built["Subject"] = mail.subject
    built["Date"] = format_datetime(at)
    built["Message-ID"] = message_id(mail, sender=sender)
    built["Auto-Submitted"] = "auto-generated"
    for name, value in leaving(mail).items():
        built[name] = value
    built.set_content(mail.text)
    built.add_alternative(mail.html, subtype="html")
    if mail.calendar is not None:  # RFC 6047 section 2.4: the method stands in the type too
        method = {"method": mail.calendar.method}
        built.add_alternative(mail.calendar.content, subtype="calendar", params=method)
    return built


def leaving(mail: Mail) -> dict[str, str]:
    """Return the headers by which a mail program ends such mail (RFC 2369, RFC 8058).

    One click is for https alone (RFC 8058 section 3.1).
    """
    if mail.unsubscribe is None:
        return {}
    headers = {"List-Unsubscribe": f"<{mail.unsubscribe}>"}
    if mail.unsubscribe.startswith("https://"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def message_id(mail: Mail, *, sender: str) -> str:
    return f"<{mail.delivery_id}@{sender.rpartition('@')[2]}>"
