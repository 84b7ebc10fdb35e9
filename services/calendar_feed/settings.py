"""What the calendar feed needs from its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from yarl import URL

from shared.settings import Reading

LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """People follow links to `public_url`; calendars fetch below `feed_url`."""

    host: str = "127.0.0.1"
    port: int = 8082
    database_url: str = field(repr=False)
    admin_api_key: str = field(repr=False)
    service_api_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    practice_timezone: str = "America/New_York"
    log_level: str = "INFO"
    public_url: URL
    feed_url: URL
    scheduler_url: URL

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings, or raise `BadSettings` with every complaint at once."""
        reading = Reading() if environment is None else Reading(environment)
        public_url = reading.url("PUBLIC_URL", "http://127.0.0.1:8080")
        settings = cls(
            host=reading.text("HOST", "127.0.0.1"),
            port=reading.port("PORT", 8082),
            database_url=reading.database_url("sqlite:///data/calendar_feed.db"),
            admin_api_key=reading.secret("ADMIN_API_KEY"),
            service_api_key=reading.secret("SERVICE_API_KEY"),
            secret_key=reading.secret("SECRET_KEY"),
            practice_timezone=reading.zone("PRACTICE_TIMEZONE", "America/New_York").key,
            log_level=reading.choice("LOG_LEVEL", LOG_LEVELS, "INFO"),
            public_url=public_url,
            feed_url=reading.url("FEED_URL", str(public_url)),
            scheduler_url=reading.url("SCHEDULER_URL", "http://127.0.0.1:8080"),
        )
        reading.distinct("ADMIN_API_KEY", "SERVICE_API_KEY", "SECRET_KEY")
        reading.settle()
        return settings
