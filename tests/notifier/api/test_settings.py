"""Settings: whatever is wrong is said at once, and nothing runs on it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from services.notifier.settings import (
    MaildirSettings,
    SendGridSettings,
    Settings,
    SmtpSettings,
)
from shared.settings import BadSettings

ENOUGH = {
    "ADMIN_API_KEY": "a" * 32,
    "SERVICE_API_KEY": "b" * 32,
    "SECRET_KEY": "c" * 32,
}


def read(**more: str) -> Settings:
    return Settings.from_environment({**ENOUGH, **more})


def complaints(**more: str) -> str:
    with pytest.raises(BadSettings) as bad:
        read(**more)
    return str(bad.value)


def test_three_secrets_are_enough_and_the_rest_has_defaults() -> None:
    settings = read()
    assert settings.channel == MaildirSettings(folder=Path("data/mail"))
    assert settings.offsets == (timedelta(hours=24), timedelta(hours=1))
    assert settings.grace == timedelta(minutes=3)
    assert (settings.serving.host, settings.serving.port) == ("127.0.0.1", 8081)
    assert settings.serving.database_url == "sqlite:///data/notifier.db"


def test_every_complaint_is_in_one_message() -> None:
    with pytest.raises(BadSettings) as bad:
        Settings.from_environment(
            {
                "PORT": "none",
                "SECRET_KEY": "short",
                "EMAIL_CHANNEL": "sendgrid",
                "SENDGRID_WEBHOOK_PUBLIC_KEY": "no key",
                "SENDGRID_SANDBOX": "perhaps",
                "MAIL_DETAIL": "standard",
                "REMINDER_OFFSETS": "soon",
                "NOTICE_GRACE": "a while",
            }
        )
    for named in (
        "PORT", "SECRET_KEY", "ADMIN_API_KEY", "SERVICE_API_KEY", "SENDGRID_NO_BAA_ACCEPTED",
        "SENDGRID_WEBHOOK_PUBLIC_KEY", "SENDGRID_SANDBOX",
        "SENDGRID_API_KEY", "MAIL_DETAIL", "MAIL_FROM", "REMINDER_OFFSETS", "NOTICE_GRACE",
    ):  # fmt: skip
        assert named in str(bad.value)


def test_no_secret_shows_itself() -> None:
    settings = read(
        EMAIL_CHANNEL="smtp",
        SMTP_URL="smtp://practice:hunter2hunter2@mail.example:587",
        MAIL_FROM="a@hour.example",
    )
    for secret in ("a" * 32, "b" * 32, "c" * 32, "hunter2"):
        assert secret not in repr(settings)


@pytest.mark.parametrize(
    ("url", "port", "tls_first", "password"),
    [
        ("smtp://mail.example", 587, False, None),
        ("smtps://mail.example", 465, True, None),
        ("smtp://u:p%40ss%2Fword@mail.example:2525", 2525, False, "p@ss/word"),
    ],
)
def test_an_smtp_address_is_read(
    url: str, port: int, tls_first: bool, password: str | None
) -> None:
    channel = read(EMAIL_CHANNEL="smtp", SMTP_URL=url, MAIL_FROM="a@hour.example").channel
    assert isinstance(channel, SmtpSettings)
    relay = channel.relay
    assert (relay.port, relay.tls_first, relay.password) == (port, tls_first, password)


@pytest.mark.parametrize(
    "url", ["mail.example:587", "http://mail.example", "smtp://", "smtp://h:x"]
)
def test_an_smtp_address_that_cannot_be_read_is_complained_of(url: str) -> None:
    said = complaints(EMAIL_CHANNEL="smtp", SMTP_URL=url, MAIL_FROM="a@hour.example")
    assert "SMTP_URL must be" in said


def test_sendgrid_starts_only_when_it_is_accepted_that_it_signs_no_baa() -> None:
    sendgrid = {
        "EMAIL_CHANNEL": "sendgrid",
        "SENDGRID_API_KEY": "d" * 40,
        "MAIL_FROM": "a@hour.example",
    }
    assert "SENDGRID_NO_BAA_ACCEPTED=yes" in complaints(**sendgrid)
    channel = read(**sendgrid, SENDGRID_NO_BAA_ACCEPTED="yes").channel
    assert isinstance(channel, SendGridSettings)
    assert str(channel.api) == "https://api.sendgrid.com"


@pytest.mark.parametrize(
    "sender", ["Dr. Dana Reyes <dana@hour.example>", "nobody", "a@b\nBcc: c@d"]
)
def test_mail_comes_from_a_plain_address(sender: str) -> None:
    assert "MAIL_FROM must be a plain address" in complaints(MAIL_FROM=sender)


STANDARD = {
    "MAIL_DETAIL": "standard",
    "MAIL_BAA_SIGNED": "2025-11-02",
    "PRACTICE_NAME": "Hudson Psychology",
}


def test_mail_names_nobody_unless_it_is_settled_that_it_may() -> None:
    assert read().signed is None
    assert read(PRACTICE_NAME="Hudson Psychology", MAIL_BAA_SIGNED="2025-11-02").signed is None
    assert read(**STANDARD).signed == "Hudson Psychology"


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("MAIL_BAA_SIGNED", "MAIL_DETAIL=standard needs MAIL_BAA_SIGNED"),
        ("PRACTICE_NAME", "MAIL_DETAIL=standard needs PRACTICE_NAME"),
    ],
)
def test_standard_detail_needs_an_agreement_and_a_name(left_out: str, said: str) -> None:
    assert said in complaints(**{name: STANDARD[name] for name in STANDARD if name != left_out})


@pytest.mark.parametrize("day", ["yes", "02/11/2026", "2026-13-01", "9999-01-01"])
def test_an_agreement_is_recorded_by_the_day_it_was_signed(day: str) -> None:
    assert "MAIL_BAA_SIGNED must be a day that has come" in complaints(MAIL_BAA_SIGNED=day)


def test_standard_detail_never_goes_with_sendgrid() -> None:
    sendgrid = {
        "EMAIL_CHANNEL": "sendgrid",
        "SENDGRID_NO_BAA_ACCEPTED": "yes",
        "SENDGRID_API_KEY": "d" * 40,
        "MAIL_FROM": "a@hour.example",
    }
    said = complaints(**STANDARD, **sendgrid)
    assert "MAIL_DETAIL=standard cannot go with EMAIL_CHANNEL=sendgrid" in said
    assert read(**sendgrid, PRACTICE_NAME="Hudson Psychology").signed is None
