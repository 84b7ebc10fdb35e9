"""Read a calendar at its secret address: https, public, small and soon, or not at all."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from yarl import URL

from services.calendar_feed.channels.address_guard import AddressRefused, SocketFactory, guarding
from services.calendar_feed.domain.outside import Complaint

MOST_BYTES: Final = 10_000_000
MOST_REDIRECTS: Final = 5
SECONDS: Final = 15.0
MOST_MEMBERS: Final = 10_000  # of one gzip
LONGEST_VALIDATOR: Final = 1_000
_CHUNK: Final = 65_536
_GZIP: Final = zlib.MAX_WBITS | 16
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = frozenset({401, 403, 404, 410})
_HEADERS: Final = {
    "Accept": "text/calendar",
    "Accept-Encoding": "gzip",
    # Some servers answer 500 to whatever does not begin as a browser does.
    "User-Agent": "Mozilla/5.0 (compatible; StandingHour)",
}


class FetchFailed(Exception):
    """The calendar could not be read; the address is in no part of this."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.value)
        self.complaint = complaint


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What the server called what it last gave (RFC 9110 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A calendar's bytes; None: it is what it was."""

    body: bytes | None = field(repr=False)
    version: Version


class IcsFetch:
    """Fetches calendars, each within 15 seconds over all and 10 MB once decompressed."""

    def __init__(
        self,
        *,
        sockets: SocketFactory | None = None,
        tls: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._sockets, self._seconds = sockets or guarding(), seconds
        self._tls: ssl.SSLContext | bool = tls or True

    async def fetch(self, address: str, known: Version) -> Fetched:
        """Return what stands there, if it is not what is `known`; raises `FetchFailed`."""
        try:
            async with asyncio.timeout(self._seconds), self._session() as http:
                return await _follow(http, https(address), known)
        except AddressRefused:
            raise FetchFailed(Complaint.ADDRESS_REFUSED) from None
        except TimeoutError:
            raise FetchFailed(Complaint.TOO_SLOW) from None
        except aiohttp.ClientPayloadError:
            raise FetchFailed(Complaint.CUT_OFF) from None
        # What a server sends may be wrong in any way; zlib says so in its own.
        except (aiohttp.ClientError, OSError, ValueError, zlib.error):
            raise FetchFailed(Complaint.AWAY) from None

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        connector = aiohttp.TCPConnector(
            socket_factory=self._sockets, ssl=self._tls, force_close=True, use_dns_cache=False
        )
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        ) as http:
            yield http


def https(address: str) -> URL:
    """Return the address as https, which is what webcal means; raises `FetchFailed`."""
    try:
        url = URL(address)
    except ValueError:
        raise FetchFailed(Complaint.NOT_HTTPS) from None
    if url.scheme == "webcal":
        # Not `with_scheme`: yarl refuses to change one special scheme for a plain one.
        url = URL("https" + address.strip()[len("webcal") :])
    if url.scheme != "https" or not url.host:
        raise FetchFailed(Complaint.NOT_HTTPS)
    return url


async def _follow(http: aiohttp.ClientSession, url: URL, known: Version) -> Fetched:
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    headers = {**_HEADERS, **{name: value for name, value in asked.items() if value}}
    for _ in range(MOST_REDIRECTS + 1):
        async with http.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status not in _REDIRECTS:
                return await _read(answer, known)
            url = https(str(url.join(URL(answer.headers.get("Location", "")))))
    raise FetchFailed(Complaint.TOO_MANY_REDIRECTS)


async def _read(answer: aiohttp.ClientResponse, known: Version) -> Fetched:
    if answer.status == 304:
        return Fetched(body=None, version=known)
    if answer.status in _GONE:
        raise FetchFailed(Complaint.NOT_THERE)
    if answer.status != 200:
        raise FetchFailed(Complaint.AWAY)
    version = Version(
        etag=_sayable(answer.headers.get("ETag")),
        last_modified=_sayable(answer.headers.get("Last-Modified")),
    )
    return Fetched(body=await _body(answer), version=version)


def _sayable(value: str | None) -> str | None:
    """Return what may be said back to the server: visible ASCII (RFC 9110 5.5), and not long."""
    if value is None or len(value) > LONGEST_VALIDATOR:
        return None
    return value if value.isascii() and value.isprintable() else None


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    """Decompressed here and not by aiohttp, so that no chunk can become more than the cap."""
    encoding = answer.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise FetchFailed(Complaint.AWAY)
    unzip = None if encoding == "identity" else _Unzip()
    body, came = bytearray(), 0
    async for chunk in answer.content.iter_chunked(_CHUNK):
        came += len(chunk)
        body += chunk if unzip is None else unzip.take(chunk, MOST_BYTES + 1 - len(body))
        if max(came, len(body)) > MOST_BYTES:
            raise FetchFailed(Complaint.TOO_BIG)
    if unzip is not None and not unzip.complete:
        raise FetchFailed(Complaint.CUT_OFF)
    return bytes(body)


class _Unzip:
    """Decompresses members of gzip, as many as follow one another (RFC 1952 section 2.2)."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._members = 1

    @property
    def complete(self) -> bool:
        return self._member.eof

    def take(self, chunk: bytes, room: int) -> bytes:
        """Return what the chunk becomes, up to `room` octets; raises `zlib.error`."""
        found = bytearray()
        while chunk and len(found) < room:
            if self._member.eof:
                self._next()
            found += self._member.decompress(chunk, room - len(found))
            # Zeros may fill up the last block of a tape.
            chunk = self._member.unused_data.lstrip(b"\0") if self._member.eof else b""
        return bytes(found)

    def _next(self) -> None:
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise FetchFailed(Complaint.TOO_BIG)
        self._member = zlib.decompressobj(_GZIP)
