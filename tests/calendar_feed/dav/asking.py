"""A client of CalDAV in a few lines: what it asks, and what it reads in the answers."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree

from tests.calendar_feed.api.running import Client, Headers, path_of

Element = ElementTree.Element

NAMESPACES: Final = (
    'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/"'
)
D: Final = "{DAV:}"
C: Final = "{urn:ietf:params:xml:ns:caldav}"
CS: Final = "{http://calendarserver.org/ns/}"


@dataclass(frozen=True)
class Answer:
    """What was answered: the status, the headers, and the XML where there is any."""

    status: int
    headers: Any
    body: bytes

    @property
    def root(self) -> Element:
        return ElementTree.fromstring(self.body)

    @property
    def token(self) -> str:
        return self.root.findtext(f"{D}sync-token", "")

    @property
    def error(self) -> str:
        """The name of the precondition that failed."""
        return self.root[0].tag

    def properties(self, status: int = 200) -> dict[str, dict[str, Element]]:
        """Return the properties under one status, by the href of what has them."""
        return {
            each.findtext(f"{D}href", ""): {
                prop.tag: prop
                for propstat in each.findall(f"{D}propstat")
                if f" {status} " in propstat.findtext(f"{D}status", "")
                for prop in propstat.findall(f"{D}prop/*")
            }
            for each in self.root.findall(f"{D}response")
        }

    @property
    def present(self) -> set[str]:
        """The last words of every href that has properties."""
        return {
            _last(each.findtext(f"{D}href", ""))
            for each in self.root.findall(f"{D}response")
            if each.find(f"{D}propstat") is not None
        }

    @property
    def gone(self) -> set[str]:
        return {
            _last(each.findtext(f"{D}href", ""))
            for each in self.root.findall(f"{D}response")
            if " 404 " in each.findtext(f"{D}status", "")
        }


def _last(href: str) -> str:
    return href.rstrip("/").rpartition("/")[2]


async def ask(client: Client, method: str, path: str, xml: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.request(method, path, data=xml.encode(), headers=named) as answer:
        return Answer(answer.status, answer.headers, await answer.read())


async def propfind(
    client: Client, path: str, *names: str, depth: str = "0", **headers: str
) -> Answer:
    asked = "".join(f"<{name}/>" for name in names)
    body = f"<propfind {NAMESPACES}><prop>{asked}</prop></propfind>"
    return await ask(client, "PROPFIND", path, body, Depth=depth, **headers)


async def sync(client: Client, path: str, token: str = "", *, more: str = "") -> Answer:
    body = (
        f"<sync-collection {NAMESPACES}><sync-token>{token}</sync-token>"
        f"<sync-level>1</sync-level>{more}<prop><getetag/></prop></sync-collection>"
    )
    return await ask(client, "REPORT", path, body)


async def multiget(client: Client, path: str, *hrefs: str) -> Answer:
    listed = "".join(f"<href>{href}</href>" for href in hrefs)
    body = (
        f"<C:calendar-multiget {NAMESPACES}><prop><getetag/><C:calendar-data/></prop>"
        f"{listed}</C:calendar-multiget>"
    )
    return await ask(client, "REPORT", path, body)


async def query(client: Client, path: str, inside: str) -> Answer:
    body = (
        f"<C:calendar-query {NAMESPACES}><prop><getetag/></prop>"
        f"<C:filter>{inside}</C:filter></C:calendar-query>"
    )
    return await ask(client, "REPORT", path, body, Depth="1")


def dav_path(feed: dict[str, Any]) -> str:
    """Where a feed is as a collection."""
    return f"/dav/{token_of(feed)}/"


def token_of(feed: dict[str, Any]) -> str:
    return path_of(feed).removeprefix("/feeds/").removesuffix(".ics")


def password(token: str, name: str = "anyone") -> Headers:
    return {"Authorization": f"Basic {b64encode(f'{name}:{token}'.encode()).decode()}"}
