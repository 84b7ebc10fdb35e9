"""What the calendar feed needs from its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yarl import URL

from shared.settings import Reading
from shared.web.serving import Serving, read_serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """People follow links to `public_url`; calendars fetch below `feed_url`."""

    serving: Serving
    public_url: URL
    feed_url: URL
    scheduler_url: URL

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings, or raise `BadSettings` with every complaint at once."""
        reading = Reading() if environment is None else Reading(environment)
        public_url = reading.url("PUBLIC_URL", "http://127.0.0.1:8080")
        settings = cls(
            serving=read_serving(reading, name="calendar_feed", port=8082),
            public_url=public_url,
            feed_url=reading.url("FEED_URL", str(public_url)),
            scheduler_url=reading.url("SCHEDULER_URL", "http://127.0.0.1:8080"),
        )
        reading.settle()
        return settings
