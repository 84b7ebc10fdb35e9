"""The XML of WebDAV (RFC 4918 section 8.2), read without entities and written by name."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Final
from xml.etree import ElementTree

Element = ElementTree.Element

DAV: Final = "DAV:"
CALDAV: Final = "urn:ietf:params:xml:ns:caldav"
CALENDAR_SERVER: Final = "http://calendarserver.org/ns/"
for _prefix, _space in (("D", DAV), ("C", CALDAV), ("CS", CALENDAR_SERVER)):
    ElementTree.register_namespace(_prefix, _space)


def dav(name: str) -> str:
    return f"{{{DAV}}}{name}"


def caldav(name: str) -> str:
    return f"{{{CALDAV}}}{name}"


def read_xml(body: bytes) -> Element | None:
    """Return the root, None for what is not XML in UTF-8.

    RFC 4918 section 20.6 warns of entities. They need a document type, and none is read: the
    text is decoded here first, so no declaration of another encoding can hide one.
    """
    try:
        text = body.decode("utf-8-sig")
        return None if "<!DOCTYPE" in text else ElementTree.fromstring(text)
    except (UnicodeDecodeError, ElementTree.ParseError):
        return None


def element(name: str, /, *inside: Element, text: str | None = None, **attributes: str) -> Element:
    made = Element(name, attributes)
    made.text = text
    made.extend(inside)
    return made


def href(address: str) -> Element:
    return element(dav("href"), text=address)


def propstat(properties: Iterable[Element], status: HTTPStatus) -> Element:
    """Return properties that share a status (RFC 4918 section 14.22)."""
    return element(dav("propstat"), element(dav("prop"), *properties), _status(status))


def response(address: str, *propstats: Element) -> Element:
    return element(dav("response"), href(address), *propstats)


def absent(address: str) -> Element:
    """Return the response for what is not there, or not any more (RFC 6578 section 3.5.2)."""
    return element(dav("response"), href(address), _status(HTTPStatus.NOT_FOUND))


def written(root: Element) -> bytes:
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _status(status: HTTPStatus) -> Element:
    return element(dav("status"), text=f"HTTP/1.1 {status.value} {status.phrase}")
