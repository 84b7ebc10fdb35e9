"""What the calendar feed needs from its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from yarl import URL

from shared.clock import Clock, SystemClock
from shared.settings import Network, Reading
from shared.web.serving import Serving, read_serving

FETCHES_EACH_MINUTE: Final = 120
_CLOCK: Final = SystemClock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """People follow links to `public_url`; calendars fetch below `feed_url`.

    `agreed`: the practice has recorded a business associate agreement with the host of its
    calendars, so that a feed may tell clients' initials. `fetches_each_minute` of one address;
    0 sets no limit. `secret_before` still opens what was sealed with it. `trusted_proxies` say
    whence a fetch comes.
    """

    serving: Serving
    public_url: URL
    feed_url: URL
    scheduler_url: URL
    agreed: bool = False
    fetches_each_minute: int = FETCHES_EACH_MINUTE
    secret_before: str = field(default="", repr=False)
    trusted_proxies: tuple[Network, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What addresses are sealed with, then what they may have been sealed with before."""
        return tuple(filter(None, (self.serving.secret_key, self.secret_before)))

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, *, clock: Clock = _CLOCK
    ) -> Settings:
        """Return the settings, or raise `BadSettings` with every complaint at once."""
        reading = Reading() if environment is None else Reading(environment)
        public_url = reading.url("PUBLIC_URL", "http://127.0.0.1:8080")
        settings = cls(
            serving=read_serving(reading, name="calendar_feed", port=8082),
            public_url=public_url,
            feed_url=reading.url("FEED_URL", str(public_url)),
            scheduler_url=reading.url("SCHEDULER_URL", "http://127.0.0.1:8080"),
            agreed=reading.past_day("FEED_BAA_SIGNED", clock.now().date()) is not None,
            fetches_each_minute=reading.whole("FEED_FETCHES_PER_MINUTE", FETCHES_EACH_MINUTE),
            secret_before=reading.text("SECRET_KEY_BEFORE", ""),
            trusted_proxies=reading.networks("TRUSTED_PROXIES"),
        )
        reading.settle()
        return settings
