"""What the calendar feed needs to start, and how it says what is missing."""

from __future__ import annotations

import pytest

from services.calendar_feed.settings import Settings
from shared.settings import BadSettings

KEYS = {name: name * 8 for name in ("ADMIN_API_KEY", "SERVICE_API_KEY", "SECRET_KEY")}


def test_calendars_fetch_below_the_public_address_unless_told_otherwise() -> None:
    settings = Settings.from_environment({**KEYS, "PUBLIC_URL": "https://hour.example/"})
    assert str(settings.feed_url) == str(settings.public_url) == "https://hour.example"
    other = {**KEYS, "FEED_URL": "https://feeds.example/calendars"}
    assert str(Settings.from_environment(other).feed_url) == "https://feeds.example/calendars"
    assert (settings.serving.host, settings.serving.port) == ("127.0.0.1", 8082)


def test_every_complaint_is_in_one_message() -> None:
    with pytest.raises(BadSettings) as bad:
        Settings.from_environment({"SECRET_KEY": "short", "PUBLIC_URL": "hour", "PORT": "x"})
    for name in ("ADMIN_API_KEY", "SERVICE_API_KEY", "SECRET_KEY", "PUBLIC_URL", "PORT"):
        assert name in str(bad.value)


def test_no_secret_shows_in_a_trace() -> None:
    secrets = {**KEYS, "SECRET_KEY_BEFORE": "the secret of before"}
    shown = repr(Settings.from_environment(secrets))
    assert not [value for value in secrets.values() if value in shown]


def test_the_secret_of_before_opens_and_that_of_today_seals() -> None:
    today, before = KEYS["SECRET_KEY"], "the secret of before"
    assert Settings.from_environment(KEYS).secrets == (today,)
    both = {**KEYS, "SECRET_KEY_BEFORE": before}
    assert Settings.from_environment(both).secrets == (today, before)
