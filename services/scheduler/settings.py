"""What the scheduler needs from its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yarl import URL

from services.scheduler.rooms.accounts import StaticRooms, Video
from services.scheduler.rooms.reading import read_room_hosts, read_video
from shared.settings import Reading
from shared.web.serving import Serving, read_serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Read once; `practice_timezone` is the wall clock that courses follow by default.

    `room_hosts` are further hosts that people may be sent to for a session; a provider of rooms
    has `room_seconds` to answer. `notifier_url` is where mail that came back is told of, None
    where nobody tells. `feed_url` is where calendars reach the feeds, None where they do not.
    `calendar_feed_url` is where it is told when clinicians are taken elsewhere.
    """

    serving: Serving
    video: Video = field(default_factory=StaticRooms)
    room_hosts: frozenset[str] = frozenset()
    room_seconds: float = 5.0
    notifier_url: URL | None = None
    feed_url: URL | None = None
    calendar_feed_url: URL | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings, or raise `BadSettings` with every complaint at once."""
        reading = Reading() if environment is None else Reading(environment)
        settings = cls(
            serving=read_serving(reading, name="scheduler", port=8080),
            video=read_video(reading),
            room_hosts=read_room_hosts(reading),
            notifier_url=reading.url("NOTIFIER_URL", "http://127.0.0.1:8081"),
            calendar_feed_url=reading.url("CALENDAR_FEED_URL", "http://127.0.0.1:8082"),
            feed_url=reading.url("FEED_URL", "") if reading.text("FEED_URL", "") else None,
        )
        reading.settle()
        return settings
