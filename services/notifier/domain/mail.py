"""One mail, ready for any channel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Final
from uuid import UUID

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LINK: Final = re.compile(r"https?://[!-;=?-~]{1,900}")  # no < or >, which enclose it
# Most addresses: two dot-atoms of letters that need no other spelling (RFC 5322 section 3.4.1).
PLAIN: Final = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*", re.I | re.A
)
LONGEST_ADDRESS: Final = 254


class BadAddress(ValueError):
    """No mail can be sent to this address."""


class CannotBeWritten(Exception):
    """No mail can be made of what is to be said: the fault is ours, and trying again is no help."""


def plain_address(text: str) -> str:
    """Return `text` as it goes on the wire, its domain in ASCII, or raise `BadAddress`.

    RFC 5321: at most 254 characters; a local part outside ASCII needs SMTPUTF8, which not
    every server on the way has.
    """
    if PLAIN.fullmatch(text) and len(text) <= LONGEST_ADDRESS:
        return text
    return spelled_in_ascii(text)


def spelled_in_ascii(text: str) -> str:
    """As `plain_address`, for any text: to take one apart takes ten times as long as to look."""
    local, _, domain = text.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        address = Address(username=local, domain=ascii_domain).addr_spec
    except (UnicodeError, ValueError, IndexError) as error:
        raise BadAddress from error
    good = local and ascii_domain and address.isascii()
    if not good or _CONTROL.search(address) or " " in address or len(address) > LONGEST_ADDRESS:
        raise BadAddress
    return address


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What a calendar program is to do (RFC 6047): a method, and the object that has the same."""

    method: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """To one person alone; `delivery_id` is the same for every attempt at it.

    A POST to `unsubscribe` ends mail of its kind (RFC 8058). `from_name` stands beside the
    sender's address, where names may be said at all.
    """

    delivery_id: UUID
    to: str
    subject: str
    text: str
    html: str
    unsubscribe: str | None = None
    from_name: str | None = None
    calendar: Calendar | None = None

    def __post_init__(self) -> None:
        if self.to != plain_address(self.to):
            raise BadAddress
        if _CONTROL.search(self.subject) or not self.subject:
            raise ValueError("a subject is one line")
        if self.from_name is not None and _CONTROL.search(self.from_name):
            raise ValueError("a sender's name is one line")
        if self.unsubscribe is not None and not _LINK.fullmatch(self.unsubscribe):
            raise ValueError("a link in a header is one word of ASCII")
