"""The scheduler starts with everything it needs, or says all that is missing."""

from __future__ import annotations

import pytest

from services.scheduler.settings import Settings
from shared.settings import BadSettings

KEYS = {
    "ADMIN_API_KEY": "a" * 32,
    "SERVICE_API_KEY": "s" * 32,
    "SECRET_KEY": "k" * 32,
}


def test_the_keys_are_all_that_must_be_given() -> None:
    settings = Settings.from_environment(KEYS)
    assert (settings.serving.host, settings.serving.port) == ("127.0.0.1", 8080)
    assert settings.serving.database_url == "sqlite:///data/scheduler.db"
    assert settings.serving.practice_timezone == "America/New_York"
    assert "aaa" not in repr(settings)


def test_every_complaint_is_made_at_once() -> None:
    wrong = {
        "ADMIN_API_KEY": "short",
        "SECRET_KEY": "k" * 31,
        "PRACTICE_TIMEZONE": "New York",
        "PORT": "http",
        "DATABASE_URL": "mysql://x",
    }
    with pytest.raises(BadSettings) as bad:
        Settings.from_environment(wrong)
    for name in [*wrong, "SERVICE_API_KEY"]:
        assert any(complaint.startswith(name) for complaint in bad.value.complaints), name
