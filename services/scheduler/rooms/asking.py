"""Ask a provider over HTTP: whatever goes wrong is `NotReady`, and no text of it is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from yarl import URL

from services.scheduler.rooms.port import LONGEST_WAIT, TRY_AGAIN, NotReady
from shared.clock import Clock

LARGEST_ANSWER: Final = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A provider's answer: its status, and the JSON object in it (empty if there is none)."""

    status: int
    document: dict[str, Any] = field(repr=False)

    @property
    def good(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    def text(self, name: str) -> str:
        """Return a member that must be there and be text, else raise `NotReady`."""
        value = self.document.get(name)
        if not isinstance(value, str) or not value:
            raise NotReady("nonsense")
        return value


class Asking:
    """One provider's API, without redirects and without cookies."""

    def __init__(self, http: aiohttp.ClientSession, clock: Clock) -> None:
        self._http, self._clock = http, clock

    async def ask(
        self,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        *,
        body: Mapping[str, object] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Answered:
        """Return an answer of 2xx or 4xx; 429 and 5xx are `NotReady`, with the wait asked for."""
        try:
            async with self._http.request(
                method, url, headers=headers, json=body, data=form, allow_redirects=False
            ) as answer:
                raw = await _read(answer)
                status, told = answer.status, answer.headers.get("Retry-After")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise NotReady("unreachable") from error
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise NotReady("too_many", asked_wait(told, self._clock.now()))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NotReady("provider_error", asked_wait(told, self._clock.now()))
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            raise NotReady("nonsense")
        return Answered(status=status, document=_document(raw, status))


def asked_wait(told: str | None, now: datetime) -> int:
    """Return the seconds that `Retry-After` asks for, at most five minutes.

    It is seconds or a date (RFC 9110 section 10.2.3); Zoom also writes an ISO 8601 time.
    """
    try:
        if told and told.strip().isdigit():
            seconds = int(told)
        elif told and told[:4].isdigit():
            seconds = int((datetime.fromisoformat(told) - now).total_seconds())
        elif told:
            seconds = int((parsedate_to_datetime(told) - now).total_seconds())
        else:
            return TRY_AGAIN
    except (ValueError, TypeError, OverflowError):
        return TRY_AGAIN
    return min(max(seconds, 1), LONGEST_WAIT)


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    raw = bytearray()
    async for chunk in answer.content.iter_chunked(16 * 1024):
        raw += chunk
        if len(raw) > LARGEST_ANSWER:
            raise NotReady("nonsense")
    return bytes(raw)


def _document(raw: bytes, status: int) -> dict[str, Any]:
    try:
        found = json.loads(raw) if raw else {}
    except (ValueError, RecursionError) as error:
        if status >= HTTPStatus.BAD_REQUEST:
            return {}
        raise NotReady("nonsense") from error
    return found if isinstance(found, dict) else {}
