"""What the notifier needs from its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from yarl import URL

from services.notifier.channels.sendgrid_events import read_key
from services.notifier.channels.smtp_line import Relay
from services.notifier.domain.mail import BadAddress, plain_address
from services.notifier.domain.names import shown
from shared.clock import Clock, SystemClock
from shared.settings import Reading
from shared.web.serving import Serving, read_serving

_CLOCK: Final = SystemClock()
_TLS_PORT, _SUBMISSION_PORT = 465, 587


@dataclass(frozen=True, slots=True, kw_only=True)
class MaildirSettings:
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    relay: Relay


@dataclass(frozen=True, slots=True, kw_only=True)
class SendGridSettings:
    """The account; in a sandbox SendGrid checks each mail and delivers none."""

    api: URL
    key: str = field(repr=False)
    sandbox: bool = False


ChannelSettings = MaildirSettings | SmtpSettings | SendGridSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything is checked; `mail_from` is a plain address, `offsets` are longest first.

    `signed` is the practice's name where mail may carry names, else None. `webhook_key` is what
    SendGrid signs its events with, None if it is to tell none. `calendar_feed_url` is where it is
    told what calendars may show too late.
    """

    serving: Serving
    public_url: URL
    scheduler_url: URL
    channel: ChannelSettings
    mail_from: str
    signed: str | None = None
    offsets: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=1))
    grace: timedelta = timedelta(minutes=3)
    webhook_key: str | None = None
    calendar_feed_url: URL | None = None

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, *, clock: Clock = _CLOCK
    ) -> Settings:
        """Return the settings, or raise `BadSettings` with every complaint at once."""
        reading = Reading() if environment is None else Reading(environment)
        channel = _channel(reading)
        settings = cls(
            serving=read_serving(reading, name="notifier", port=8081),
            public_url=reading.url("PUBLIC_URL", "http://127.0.0.1:8080"),
            scheduler_url=reading.url("SCHEDULER_URL", "http://127.0.0.1:8080"),
            calendar_feed_url=reading.url("CALENDAR_FEED_URL", "http://127.0.0.1:8082"),
            channel=channel,
            mail_from=_sender(reading, channel),
            signed=_signed(reading, channel, clock.now().date()),
            offsets=reading.durations("REMINDER_OFFSETS", "PT24H,PT1H"),
            grace=reading.duration("NOTICE_GRACE", "PT3M"),
            webhook_key=_webhook_key(reading),
        )
        reading.settle()
        return settings


def _webhook_key(reading: Reading) -> str | None:
    text = reading.text("SENDGRID_WEBHOOK_PUBLIC_KEY", "")
    if not text:
        return None
    try:
        read_key(text)
    except ValueError:
        reading.complain(
            "SENDGRID_WEBHOOK_PUBLIC_KEY must be the verification key that SendGrid shows beside"
            " its signed event webhook"
        )
    return text


def _signed(reading: Reading, channel: ChannelSettings, today: date) -> str | None:
    """Return the practice's name if mail may carry names: under a recorded agreement alone."""
    agreed = reading.past_day("MAIL_BAA_SIGNED", today) is not None
    name = reading.text("PRACTICE_NAME", "")
    if reading.choice("MAIL_DETAIL", ("minimal", "standard"), "minimal") != "standard":
        return None
    if not agreed:
        reading.complain(
            "MAIL_DETAIL=standard needs MAIL_BAA_SIGNED: the day on which whoever carries the"
            " mail signed a business associate agreement (BAA), such as 2026-11-02; or use minimal"
        )
    if isinstance(channel, SendGridSettings):
        reading.complain(
            "MAIL_DETAIL=standard cannot go with EMAIL_CHANNEL=sendgrid: SendGrid signs no BAA;"
            " use minimal, or smtp through a relay that signs one"
        )
    if not shown(name):
        reading.complain("MAIL_DETAIL=standard needs PRACTICE_NAME, which signs the mail")
    return shown(name)


def _sender(reading: Reading, channel: ChannelSettings) -> str:
    local = isinstance(channel, MaildirSettings)
    text = reading.text("MAIL_FROM", "appointments@localhost" if local else None)
    if not text:
        return ""
    try:
        return plain_address(text)
    except BadAddress:
        reading.complain(
            "MAIL_FROM must be a plain address such as appointments@hour.example;"
            " in minimal detail no mail carries a name"
        )
        return ""


def _channel(reading: Reading) -> ChannelSettings:
    match reading.choice("EMAIL_CHANNEL", ("maildir", "smtp", "sendgrid"), "maildir"):
        case "smtp":
            return SmtpSettings(relay=_relay(reading))
        case "sendgrid":
            return _sendgrid(reading)
    return MaildirSettings(folder=reading.path("MAILDIR", "data/mail"))


def _relay(reading: Reading) -> Relay:
    """Read SMTP_URL; the default ports are those of RFC 8314 and RFC 6409."""
    text = reading.secret("SMTP_URL", at_least=1)  # it holds a password, so it may be a file
    try:
        url = URL(text)
        host, port = url.host, url.explicit_port
    except ValueError:
        url, host, port = URL(), None, None
    if text and (url.scheme not in ("smtp", "smtps") or not host or url.path not in ("", "/")):
        reading.complain(
            "SMTP_URL must be smtp://user:password@host:587 (STARTTLS) or smtps://host:465 (TLS)"
        )
    tls_first = url.scheme == "smtps"
    return Relay(
        host=host or "",
        port=port or (_TLS_PORT if tls_first else _SUBMISSION_PORT),
        tls_first=tls_first,
        user=unquote(url.raw_user) if url.raw_user else None,
        password=unquote(url.raw_password) if url.raw_password else None,
    )


def _sendgrid(reading: Reading) -> SendGridSettings:
    if reading.text("SENDGRID_NO_BAA_ACCEPTED", "no") != "yes":
        reading.complain(
            "EMAIL_CHANNEL=sendgrid needs SENDGRID_NO_BAA_ACCEPTED=yes: SendGrid signs no BAA;"
            " smtp through a relay that does is the way for a practice"
        )
    return SendGridSettings(
        key=reading.secret("SENDGRID_API_KEY"),
        api=reading.url("SENDGRID_API_URL", "https://api.sendgrid.com"),
        sandbox=reading.choice("SENDGRID_SANDBOX", ("yes", "no"), "no") == "yes",
    )
