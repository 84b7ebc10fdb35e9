"""What the scheduler needs from its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import Reading
from shared.web.serving import Serving, read_serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Read once; `practice_timezone` is the wall clock that courses follow by default."""

    serving: Serving

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings, or raise `BadSettings` with every complaint at once."""
        reading = Reading() if environment is None else Reading(environment)
        settings = cls(
            serving=read_serving(reading, name="scheduler", port=8080),
        )
        reading.settle()
        return settings
