"""What the scheduler needs from its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from shared.settings import Reading

LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Read once; `practice_timezone` is the wall clock that courses follow by default."""

    host: str = "127.0.0.1"
    port: int = 8080
    database_url: str = field(repr=False)
    admin_api_key: str = field(repr=False)
    service_api_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    practice_timezone: str = "America/New_York"
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings, or raise `BadSettings` with every complaint at once."""
        reading = Reading() if environment is None else Reading(environment)
        settings = cls(
            host=reading.text("HOST", "127.0.0.1"),
            port=reading.port("PORT", 8080),
            database_url=reading.database_url("sqlite:///data/scheduler.db"),
            admin_api_key=reading.secret("ADMIN_API_KEY"),
            service_api_key=reading.secret("SERVICE_API_KEY"),
            secret_key=reading.secret("SECRET_KEY"),
            practice_timezone=reading.zone("PRACTICE_TIMEZONE", "America/New_York").key,
            log_level=reading.choice("LOG_LEVEL", LOG_LEVELS, "INFO"),
        )
        reading.distinct("ADMIN_API_KEY", "SERVICE_API_KEY", "SECRET_KEY")
        reading.settle()
        return settings
