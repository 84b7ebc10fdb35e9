"""Settings from the environment: read once, every complaint together, secrets also by file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError
from yarl import URL

from shared.store.engine import database_url
from shared.zones import UnknownZone, zone

Network = IPv4Network | IPv6Network
SECRET_CHARACTERS: Final = 32
_DURATION: Final = TypeAdapter(timedelta)
_ENVIRONMENT: Final[Mapping[str, str]] = os.environ


class BadSettings(Exception):
    """The service cannot start; every complaint is in the text, one a line."""

    def __init__(self, complaints: Sequence[str]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = tuple(complaints)


class Reading:
    """One pass over the environment that goes on after a complaint, so that all are heard.

    Each value may also come from the file that `NAME_FILE` names. What is complained of
    gets a stand-in that nothing ever uses, since `settle` raises.
    """

    def __init__(self, environment: Mapping[str, str] = _ENVIRONMENT) -> None:
        self._environment = environment
        self._complaints: list[str] = []

    def complain(self, complaint: str) -> None:
        if complaint not in self._complaints:
            self._complaints.append(complaint)

    def settle(self) -> None:
        """Raise `BadSettings` if there was anything to complain of."""
        if self._complaints:
            raise BadSettings(self._complaints)

    def text(self, name: str, default: str | None = None) -> str:
        value = self._value(name)
        if value:
            return value
        if default is None:
            self.complain(f"{name} is not set")
        return default or ""

    def secret(self, name: str, *, at_least: int = SECRET_CHARACTERS) -> str:
        value = self._value(name) or ""
        if not value:
            self.complain(f"{name} is not set (it may also come from a file: {name}_FILE)")
        elif len(value) < at_least:
            self.complain(f"{name} has {len(value)} characters; it needs {at_least} or more")
        return value

    def distinct(self, *names: str) -> None:
        """Complain when two of these secrets are the same: each opens something else."""
        values = [value for value in map(self._value, names) if value]
        if len(set(values)) < len(values):
            self.complain(f"{' and '.join(names)} must differ from one another")

    def url(self, name: str, default: str | None = None) -> URL:
        """Return an http or https address without a query, its path without a last slash."""
        text = self.text(name, default)
        try:
            url = URL(text)
        except ValueError:
            url = URL()
        good = url.scheme in ("http", "https") and url.host and not url.query and not url.fragment
        if text and not good:
            self.complain(f"{name} must be an address such as https://hour.example")
            return URL("http://nowhere.invalid")
        return URL(text.rstrip("/"))

    def zone(self, name: str, default: str) -> ZoneInfo:
        try:
            return zone(self.text(name, default))
        except UnknownZone as error:
            self.complain(f"{name}: {error}")
            return zone(default)

    def duration(self, name: str, default: str) -> timedelta:
        """Return an ISO 8601 duration such as PT3M; never negative."""
        return self._duration(name, self.text(name, default))

    def durations(self, name: str, default: str) -> tuple[timedelta, ...]:
        """Return durations that stand apart by commas, longest first, each once."""
        parts = [part.strip() for part in self.text(name, default).split(",")]
        return tuple(sorted({self._duration(name, part) for part in parts if part}, reverse=True))

    def choice(self, name: str, choices: Sequence[str], default: str | None = None) -> str:
        value = self.text(name, default)
        if value and value not in choices:
            self.complain(f"{name} must be one of: {', '.join(choices)}")
        return value

    def port(self, name: str, default: int) -> int:
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdigit() and 0 <= int(text) <= 65535):
            self.complain(f"{name} must be a port number")
            return default
        return int(text)

    def whole(self, name: str, default: int) -> int:
        """Return a whole number, never negative."""
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            self.complain(f"{name} must be a whole number, 0 or more")
            return default
        return int(text)

    def past_day(self, name: str, today: date) -> date | None:
        """Return a day that has come, None if the setting is empty."""
        text = self.text(name, "")
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = date.max
        if day > today:
            self.complain(f"{name} must be a day that has come, such as 2026-11-02")
        return day

    def networks(self, name: str) -> tuple[Network, ...]:
        """Return addresses or networks that stand apart by commas; never one that holds all."""
        parts = [part.strip() for part in self.text(name, "").split(",")]
        try:
            found = tuple(ip_network(part) for part in parts if part)
        except ValueError:
            found = (ip_network("0.0.0.0/0"),)
        if any(each.prefixlen == 0 for each in found):
            self.complain(f"{name} must be addresses or networks such as 172.18.0.1,10.0.0.0/24")
        return found

    def path(self, name: str, default: str) -> Path:
        return Path(self.text(name, default))

    def database_url(self, default: str) -> str:
        text = self.text("DATABASE_URL", default)
        try:
            database_url(text)
        except ValueError as error:
            self.complain(f"DATABASE_URL {error}")
        return text

    def _duration(self, name: str, text: str) -> timedelta:
        try:
            value = _DURATION.validate_python(text, strict=False)
        except ValidationError:
            value = timedelta(-1)
        if value < timedelta() or not text.startswith("P"):
            self.complain(f"{name} must be a duration such as PT3M")
            return timedelta()
        return value

    def _value(self, name: str) -> str | None:
        plain, file = self._environment.get(name), self._environment.get(f"{name}_FILE")
        if plain and file:
            self.complain(f"{name} and {name}_FILE are both set; keep one")
        if plain or not file:
            return plain
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.complain(f"{name}_FILE cannot be read ({type(error).__name__})")
            return None
