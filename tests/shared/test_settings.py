"""Settings are read once, and every complaint is heard together."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from yarl import URL

from shared.settings import BadSettings, Reading


def test_every_complaint_is_heard_together() -> None:
    reading = Reading(
        {
            "SECRET_KEY": "short",
            "PORT": "no",
            "PRACTICE_TIMEZONE": "America/Nowhere",
            "NOTICE_GRACE": "-PT1S",
            "PUBLIC_URL": "hour.example",
            "EMAIL_CHANNEL": "pigeon",
            "DATABASE_URL": "mysql://x",
        }
    )
    reading.secret("ADMIN_API_KEY")
    reading.secret("SECRET_KEY")
    reading.port("PORT", 8080)
    reading.zone("PRACTICE_TIMEZONE", "America/New_York")
    reading.duration("NOTICE_GRACE", "PT3M")
    reading.url("PUBLIC_URL")
    reading.choice("EMAIL_CHANNEL", ["maildir", "smtp"], "maildir")
    reading.database_url("sqlite:///x.db")
    with pytest.raises(BadSettings) as bad:
        reading.settle()
    said = "\n".join(bad.value.complaints)
    for name in ("ADMIN_API_KEY", "SECRET_KEY", "PORT", "PRACTICE_TIMEZONE", "NOTICE_GRACE"):
        assert name in said
    for name in ("PUBLIC_URL", "EMAIL_CHANNEL", "DATABASE_URL"):
        assert name in said
    assert "short" not in said.replace("short;", "")


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s" * 40 + "\n")
    reading = Reading({"SECRET_KEY_FILE": str(file)})
    assert reading.secret("SECRET_KEY") == "s" * 40
    reading.settle()


@pytest.mark.parametrize(
    "environment",
    [
        {"SECRET_KEY_FILE": "/nowhere/at/all"},
        {"SECRET_KEY": "s" * 40, "SECRET_KEY_FILE": "/nowhere"},
        {"SECRET_KEY": "s" * 31},
    ],
    ids=["no-file", "both", "one-too-short"],
)
def test_a_secret_that_is_off_stops_the_start(environment: dict[str, str]) -> None:
    reading = Reading(environment)
    reading.secret("SECRET_KEY")
    with pytest.raises(BadSettings, match="SECRET_KEY"):
        reading.settle()


def test_two_secrets_that_are_the_same_are_complained_of_once() -> None:
    reading = Reading({"ADMIN_API_KEY": "s" * 40, "SERVICE_API_KEY": "s" * 40})
    reading.distinct("ADMIN_API_KEY", "SERVICE_API_KEY")
    with pytest.raises(BadSettings, match="must differ") as bad:
        reading.settle()
    assert len(bad.value.complaints) == 1


def test_values_are_read_as_what_they_are() -> None:
    reading = Reading({"PUBLIC_URL": "https://hour.example/", "REMINDER_OFFSETS": "PT1H, PT24H"})
    assert reading.url("PUBLIC_URL") == URL("https://hour.example")
    assert reading.durations("REMINDER_OFFSETS", "") == (timedelta(hours=24), timedelta(hours=1))
    assert reading.zone("PRACTICE_TIMEZONE", "America/New_York").key == "America/New_York"
    reading.settle()
