"""What an address below /dav/ names, and whose token opens it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from aiohttp import BasicAuth

from services.calendar_feed.use_cases.syncing import Member

BY_PASSWORD: Final = "calendar"  # the collection of whoever gives the token as a password


class Kind(StrEnum):
    """What stands at an address."""

    HOME = "home"  # the principal, and where its calendars are
    CALENDAR = "calendar"
    MEMBER = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address; `token` opens it. With the token in the path the calendar is its own home."""

    token: str = field(repr=False)
    home: str = field(repr=False)
    calendar: str = field(repr=False)
    kind: Kind
    name: str = ""

    @property
    def href(self) -> str:
        if self.kind is Kind.HOME:
            return self.home
        return self.calendar + quote(self.name)

    def of(self, member: Member) -> str:
        return self.calendar + quote(member.name)

    def name_in(self, href: str) -> str | None:
        """Return the name of the member that `href` is the address of, None for any other."""
        try:
            path = unquote(urlsplit(href.strip()).path)
        except ValueError:  # an IPv6 address that has no end
            return None
        if not path.startswith(unquote(self.calendar)):
            return None
        return path.removeprefix(unquote(self.calendar)) or None


def place_of(root: str, rest: str, password: str | None) -> Place | None:
    """Return what `rest`, below the path `root`, names; None for nothing.

    What needs a password has an empty token without one, which opens nothing.
    """
    first, _, name = rest.partition("/")
    if "/" in name:
        return None
    by_password = first in ("", BY_PASSWORD)
    calendar = f"{root}{quote(first or BY_PASSWORD, safe='')}/"
    return Place(
        token=(password or "") if by_password else first,
        home=root if by_password else calendar,
        calendar=calendar,
        kind=_kind(first, name),
        name=name,
    )


def password_of(authorization: str) -> str | None:
    """Return the password of RFC 7617 credentials; the name may be any."""
    try:
        given: str = BasicAuth.decode(authorization, encoding="utf-8").password
    except ValueError:
        return None
    return given


def _kind(first: str, name: str) -> Kind:
    if name:
        return Kind.MEMBER
    return Kind.CALENDAR if first else Kind.HOME
