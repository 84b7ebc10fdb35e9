"""Mail over SendGrid's v3 API: the SDK builds the payload, aiohttp sends it.

The SDK's own client blocks the loop. https://www.twilio.com/docs/sendgrid/api-reference/mail-send
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from sendgrid.helpers import mail as sdk
from yarl import URL

from services.notifier.channels.mime import leaving
from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import AnswerLost, Failed, Outcome, Rest, Retry, Sent
from shared.clock import Clock

TIMEOUT: Final = aiohttp.ClientTimeout(total=8, connect=4)
_NOT_LET_IN: Final = frozenset({401, 403})
_OURS_TO_MEND: Final = frozenset({404, 405, 408})
_LONGEST_WAIT: Final = timedelta(days=1)
_LONGEST_REFUSAL: Final = 64 * 1024
_TO: Final = "personalizations.0.to"
_UNTRACKED: Final = sdk.TrackingSettings(
    click_tracking=sdk.ClickTracking(enable=False, enable_text=False),
    open_tracking=sdk.OpenTracking(enable=False),
    subscription_tracking=sdk.SubscriptionTracking(enable=False),
    ganalytics=sdk.Ganalytics(enable=False),
)


def sendgrid_session() -> aiohttp.ClientSession:
    """Return a session for `SendGrid`; the sweeps say how many are on their way at once."""
    return aiohttp.ClientSession(
        timeout=TIMEOUT,
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


class SendGrid:
    """Posts each mail by itself, within the `TIMEOUT` that the session was made with.

    There is no idempotency key, so a lost answer stays lost. In a sandbox each mail is checked
    and none is delivered: the name says so wherever one stands.
    """

    repeatable = False
    at_once = 300

    def __init__(
        self,
        http: aiohttp.ClientSession,
        *,
        api: URL,
        key: str,
        sender: str,
        clock: Clock,
        sandbox: bool = False,
    ) -> None:
        self._http, self._url = http, api / "v3" / "mail" / "send"
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._sender, self._clock, self._sandbox = sender, clock, sandbox
        self.name = "sendgrid_sandbox" if sandbox else "sendgrid"

    async def send(self, mail: Mail) -> Outcome:
        try:
            async with self._http.post(
                self._url,
                data=json.dumps(payload(mail, sender=self._sender, sandbox=self._sandbox)).encode(),
                headers=self._headers,
                allow_redirects=False,
            ) as answer:
                if answer.status == HTTPStatus.BAD_REQUEST and await _of_address(answer):
                    return Failed("recipient_refused_400", of_address=True)
                return meaning(answer.status, answer.headers, self._clock.now())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Retry(f"unreachable_{type(error).__name__}")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return AnswerLost(f"no_answer_{type(error).__name__}")


async def _of_address(answer: aiohttp.ClientResponse) -> bool:
    """Whether a refusal complains of the address of the reader, and of nothing else."""
    try:
        errors = json.loads(await answer.content.read(_LONGEST_REFUSAL))["errors"]
        fields = [str(error["field"]) for error in errors]
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, LookupError, TypeError):
        return False  # it is refused, whatever it is
    return bool(fields) and all(field.startswith(_TO) for field in fields)


def payload(mail: Mail, *, sender: str, sandbox: bool = False) -> dict[str, Any]:
    """Return the request's JSON: nothing is tracked, and only the opaque delivery id is kept.

    SendGrid stores custom arguments as not personal, and for good.
    """
    parts = {"text/plain": mail.text, "text/html": mail.html}
    if mail.calendar is not None:  # SendGrid takes no method in the type; the object has it
        parts["text/calendar"] = mail.calendar.content
    return {
        **_the_same_in_all(sender, sandbox),
        "personalizations": [{"to": [{"email": mail.to}]}],
        "subject": mail.subject,
        "content": [{"type": type_, "value": value} for type_, value in parts.items()],
        "headers": {"Auto-Submitted": "auto-generated", **leaving(mail)},
        "custom_args": {"delivery": str(mail.delivery_id)},
    }


@lru_cache(maxsize=2)
def _the_same_in_all(sender: str, sandbox: bool) -> dict[str, Any]:
    """Return what no mail differs in; for each one anew, the SDK takes as long as the post."""
    built = sdk.Mail(from_email=sdk.From(sender))
    built.tracking_settings = _UNTRACKED
    if sandbox:
        built.mail_settings = sdk.MailSettings(sandbox_mode=sdk.SandBoxMode(enable=True))
    whole: dict[str, Any] = built.get()
    return whole


def meaning(status: int, headers: Mapping[str, str], now: datetime) -> Outcome:
    """Return what an answer means: what is wrong with our account is not the mail's fault.

    A limit is the account's, and so is a key: every mail of every replica would meet it.
    """
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Sent(headers.get("X-Message-Id", "")[:255])
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Rest(f"sendgrid_{status}", asked_wait(headers, now))
    if status in _NOT_LET_IN:
        return Rest(f"sendgrid_{status}", ours_to_mend=True)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Retry(f"sendgrid_{status}", asked_wait(headers, now))
    if status in _OURS_TO_MEND or status < HTTPStatus.BAD_REQUEST:
        return Retry(f"sendgrid_{status}")
    return Failed(f"sendgrid_{status}")


def asked_wait(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long the server asks to be left alone, at most a day.

    `Retry-After` is seconds or a date (RFC 9110 section 10.2.3); `X-RateLimit-Reset` is
    a Unix time.
    """
    asked, reset = headers.get("Retry-After"), headers.get("X-RateLimit-Reset")
    try:
        if asked and asked.strip().isdigit():
            wait = timedelta(seconds=int(asked))
        elif asked:
            wait = parsedate_to_datetime(asked) - now
        elif reset:
            wait = timedelta(seconds=int(reset) - now.timestamp())
        else:
            return None
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta()), _LONGEST_WAIT)
