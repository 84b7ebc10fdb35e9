"""The settings that every service has, read in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from shared.settings import Reading
from shared.web.auth import OwnKeys

LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
PRACTICE_TIMEZONE: Final = "America/New_York"


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Where a service listens and keeps its data; the two keys and the secret are all services'."""

    host: str = "127.0.0.1"
    port: int
    database_url: str = field(repr=False)
    admin_api_key: str = field(repr=False)
    service_api_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    practice_timezone: str = PRACTICE_TIMEZONE
    log_level: str = "INFO"

    @property
    def keys(self) -> OwnKeys:
        return OwnKeys.of(admin=self.admin_api_key, service=self.service_api_key)


def default_database(name: str) -> str:
    return f"sqlite:///data/{name}.db"


def read_serving(reading: Reading, *, name: str, port: int) -> Serving:
    """Return what `reading` has of these, by default on `port` with a database in `data/`."""
    serving = Serving(
        host=reading.text("HOST", "127.0.0.1"),
        port=reading.port("PORT", port),
        database_url=reading.database_url(default_database(name)),
        admin_api_key=reading.secret("ADMIN_API_KEY"),
        service_api_key=reading.secret("SERVICE_API_KEY"),
        secret_key=reading.secret("SECRET_KEY"),
        practice_timezone=reading.zone("PRACTICE_TIMEZONE", PRACTICE_TIMEZONE).key,
        log_level=reading.choice("LOG_LEVEL", LOG_LEVELS, "INFO"),
    )
    reading.distinct("ADMIN_API_KEY", "SERVICE_API_KEY", "SECRET_KEY")
    return serving
