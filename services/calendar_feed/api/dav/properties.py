"""The properties of what stands below /dav/, each by its name and the clause that defines it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Final

from services.calendar_feed.api.dav.places import Kind, Place
from services.calendar_feed.api.dav.xml import (
    CALENDAR_SERVER,
    Element,
    caldav,
    dav,
    element,
    href,
    propstat,
    response,
)
from services.calendar_feed.domain.window import MOST_BYTES
from services.calendar_feed.use_cases.syncing import Member, Shelf

FEED: Final = "text/calendar; charset=utf-8"
ENTRY: Final = f"{FEED}; component=VEVENT"
CTAG: Final = f"{{{CALENDAR_SERVER}}}getctag"
REPORTS: Final = (
    caldav("calendar-multiget"),
    caldav("calendar-query"),
    dav("sync-collection"),
)
# What a client has seen of the state when it was told one of these.
STATE: Final = frozenset({CTAG, dav("sync-token"), dav("getetag"), caldav("calendar-data")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A home, a calendar, or a member of one, that has properties."""

    href: str
    kind: Kind
    place: Place
    shelf: Shelf
    member: Member | None = None

    @property
    def is_home(self) -> bool:
        return self.href == self.place.home


Wanted = tuple[str, ...] | None  # names of properties; None for those of allprop


def told(thing: Thing, wanted: Wanted) -> Element:
    """Return what `thing` says to those names; what it has not is under 404 (RFC 4918 9.1.2)."""
    found, missing = [], []
    for name in USUAL if wanted is None else wanted:
        made = _made(thing, name)
        if made is not None:
            found.append(made)
        elif wanted is not None:
            missing.append(element(name))
    propstats = [propstat(found, HTTPStatus.OK)] if found or not missing else []
    if missing:
        propstats.append(propstat(missing, HTTPStatus.NOT_FOUND))
    return response(thing.href, *propstats)


def names(thing: Thing) -> Element:
    """Return only which properties `thing` has (propname)."""
    have = [element(name) for name in PROPERTIES if _made(thing, name) is not None]
    return response(thing.href, propstat(have, HTTPStatus.OK))


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def etag_of(thing: Thing) -> str | None:
    if thing.member is not None:
        return thing.member.etag
    return None if thing.kind is Kind.HOME else thing.shelf.served.body.plain.etag


def body_of(thing: Thing) -> bytes:
    return thing.shelf.served.body.plain.body if thing.member is None else thing.member.body


def changed_at(thing: Thing) -> datetime:
    return thing.shelf.served.body.changed_at if thing.member is None else thing.member.changed_at


def content_type(thing: Thing) -> str:
    return FEED if thing.member is None else ENTRY


def _made(thing: Thing, name: str) -> Element | None:
    property = PROPERTIES.get(name)
    value = None if property is None else property(thing)
    if value is None:
        return None
    return element(name, text=value) if isinstance(value, str) else element(name, *value)


Value = str | Iterable[Element] | None  # None: this thing has no such property


def _resource_type(thing: Thing) -> Iterator[Element]:
    if thing.kind is not Kind.MEMBER:
        yield element(dav("collection"))
    if thing.kind is Kind.CALENDAR:
        yield element(caldav("calendar"))
    if thing.is_home:
        yield element(dav("principal"))


def _home(thing: Thing) -> Value:
    return [href(thing.place.home)]


def _only(kind: Kind, value: Callable[[Thing], Value]) -> Callable[[Thing], Value]:
    return lambda thing: value(thing) if thing.kind is kind else None


def _of_home(value: Callable[[Thing], Value]) -> Callable[[Thing], Value]:
    return lambda thing: value(thing) if thing.is_home else None


def _of_content(value: Callable[[Thing], Value]) -> Callable[[Thing], Value]:
    return lambda thing: None if thing.kind is Kind.HOME else value(thing)


def _reports(thing: Thing) -> Iterator[Element]:
    for name in REPORTS if thing.kind is Kind.CALENDAR else ():
        yield element(dav("supported-report"), element(dav("report"), element(name)))


PROPERTIES: Final[dict[str, Callable[[Thing], Value]]] = {
    dav("resourcetype"): _resource_type,  # RFC 4918 15.9
    dav("displayname"): lambda thing: None if thing.member else thing.shelf.name,  # 15.2
    dav("getetag"): etag_of,  # 15.6
    dav("getcontenttype"): _of_content(content_type),  # 15.5
    dav("getcontentlength"): _of_content(lambda thing: str(len(body_of(thing)))),  # 15.4
    dav("getlastmodified"): _of_content(lambda thing: http_date(changed_at(thing))),  # 15.7
    dav("current-user-principal"): _home,  # RFC 5397 3
    dav("principal-URL"): _of_home(_home),  # RFC 3744 4.2
    dav("owner"): _home,  # RFC 3744 5.1
    dav("current-user-privilege-set"): lambda _: [
        element(dav("privilege"), element(dav("read")))
    ],  # RFC 3744 5.4
    dav("supported-report-set"): _reports,  # RFC 3253 3.1.5
    dav("sync-token"): _only(Kind.CALENDAR, lambda thing: str(thing.shelf.token)),  # RFC 6578 4
    CTAG: _only(Kind.CALENDAR, lambda thing: str(thing.shelf.token)),
    caldav("calendar-home-set"): _of_home(_home),  # RFC 4791 6.2.1
    caldav("calendar-user-address-set"): _of_home(lambda _: []),  # RFC 6638 2.4.1
    caldav("supported-calendar-component-set"): _only(
        Kind.CALENDAR, lambda _: [element(caldav("comp"), name="VEVENT")]
    ),  # RFC 4791 5.2.3
    caldav("supported-calendar-data"): _only(
        Kind.CALENDAR,
        lambda _: [
            element(caldav("calendar-data"), **{"content-type": "text/calendar", "version": "2.0"})
        ],
    ),  # RFC 4791 5.2.4
    caldav("max-resource-size"): _only(Kind.CALENDAR, lambda _: str(MOST_BYTES)),  # RFC 4791 5.2.5
    caldav("calendar-data"): _only(
        Kind.MEMBER, lambda thing: body_of(thing).decode()
    ),  # RFC 4791 9.6
}
# RFC 4918 9.1 asks for its own in allprop; RFC 4791 5.2 and 9.6 forbid or discourage the others.
USUAL: Final = tuple(
    dav(name)
    for name in (
        "resourcetype",
        "displayname",
        "getetag",
        "getcontenttype",
        "getcontentlength",
        "getlastmodified",
    )
)
