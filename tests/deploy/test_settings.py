"""What the compose file says is what each service asks for, and it starts on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest

from services.calendar_feed.settings import Settings as CalendarFeed
from services.notifier.settings import MaildirSettings, SendGridSettings, SmtpSettings
from services.notifier.settings import Settings as Notifier
from services.scheduler.rooms.accounts import PROVIDERS
from services.scheduler.settings import Settings as Scheduler
from shared.settings import BadSettings
from tests.architecture.sources import ROOT
from tests.deploy.compose import NotGiven
from tests.deploy.conftest import environment

Compose = dict[str, Any]
MAILDIR = {"EMAIL_CHANNEL": "maildir"}
SMTP = {"EMAIL_CHANNEL": "smtp", "MAIL_FROM": "appointments@hour.example"}
SENDGRID = {**SMTP, "EMAIL_CHANNEL": "sendgrid", "SENDGRID_NO_BAA_ACCEPTED": "yes"}
POSTGRES = dict(
    line.split("=", 1)
    for line in (ROOT / "postgres.env").read_text().splitlines()
    if not line.startswith("#")
)


class Read(Protocol):
    """A service's settings, read from an environment."""

    def __call__(self, environment: Mapping[str, str]) -> Any: ...


READ: dict[str, Read] = {
    "scheduler": Scheduler.from_environment,
    "notifier": Notifier.from_environment,
    "calendar_feed": CalendarFeed.from_environment,
}


class Overheard(Mapping[str, str]):
    """An environment that remembers what was asked of it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def asked_by(name: str) -> set[str]:
    """Return the settings that a service asks for, whichever channel or provider is chosen."""
    asked: set[str] = set()
    signed = {"VIDEO_PROVIDER": "jitsi", "JITSI_PRIVATE_KEY": "not a key"}
    for chosen in (
        *({"EMAIL_CHANNEL": channel} for channel in ("maildir", "smtp", "sendgrid")),
        *({"VIDEO_PROVIDER": provider} for provider in PROVIDERS),
        signed,
    ):
        overheard = Overheard(chosen)
        with pytest.raises(BadSettings):
            READ[name](overheard)
        asked |= overheard.asked
    return asked


@pytest.mark.parametrize("name", READ)
def test_a_service_is_told_nothing_that_it_does_not_ask_for(compose: Compose, name: str) -> None:
    assert set(compose["services"][name]["environment"]) - asked_by(name) == set()


@pytest.mark.parametrize("name", READ)
def test_whatever_a_service_asks_for_can_be_set(compose: Compose, name: str) -> None:
    told = {each.removesuffix("_FILE") for each in compose["services"][name]["environment"]}
    assert {each.removesuffix("_FILE") for each in asked_by(name)} - told == set()


@pytest.mark.parametrize("name", READ)
def test_whatever_a_service_asks_for_is_in_the_handbook(name: str) -> None:
    handbook = (ROOT / "docs" / "running-it.md").read_text()
    asked = {each for each in asked_by(name) if not each.endswith("_FILE")}
    assert {each for each in asked if f"`{each}`" not in handbook} == set()


@pytest.mark.parametrize("name", READ)
def test_a_service_starts_on_sqlite(compose: Compose, folder: Path, name: str) -> None:
    settings = READ[name](environment(compose["services"][name], MAILDIR, folder))
    assert settings.serving.database_url == f"sqlite:////data/{name}.db"
    assert settings.serving.host == "0.0.0.0"
    assert settings.serving.secret_key == (folder / "secret_key").read_text()


@pytest.mark.parametrize("name", READ)
def test_a_service_starts_on_postgres(compose: Compose, folder: Path, name: str) -> None:
    given = {**MAILDIR, **POSTGRES}
    settings = READ[name](environment(compose["services"][name], given, folder))
    assert settings.serving.database_url == (folder / f"{name}_database_url").read_text()


def test_a_mail_channel_must_be_chosen(compose: Compose, folder: Path) -> None:
    for given in ({}, {"EMAIL_CHANNEL": ""}):
        with pytest.raises(NotGiven, match="choose maildir, smtp or sendgrid"):
            environment(compose["services"]["notifier"], given, folder)


def test_each_channel_finds_what_it_needs(compose: Compose, folder: Path) -> None:
    (folder / "smtp_url").write_text("smtp://user:password@relay.example:587\n")
    (folder / "sendgrid_api_key").write_text("SG." + "k" * 60)
    chosen = {
        channel["EMAIL_CHANNEL"]: Notifier.from_environment(
            environment(compose["services"]["notifier"], channel, folder)
        ).channel
        for channel in (MAILDIR, SMTP, SENDGRID)
    }
    assert chosen["maildir"] == MaildirSettings(folder=Path("/data/mail"))
    assert isinstance(chosen["smtp"], SmtpSettings)
    assert isinstance(chosen["sendgrid"], SendGridSettings)


@pytest.mark.parametrize(
    ("channel", "missing"), [(SMTP, "SMTP_URL is not set"), (SENDGRID, "SENDGRID_API_KEY is not")]
)
def test_an_empty_secret_counts_as_not_set(
    compose: Compose, folder: Path, channel: dict[str, str], missing: str
) -> None:
    with pytest.raises(BadSettings, match=missing):
        Notifier.from_environment(environment(compose["services"]["notifier"], channel, folder))
