"""Staff may pass over any limit, but never silently."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Who passes over a limit, by name, and why."""

    by: str = field(repr=False)
    reason: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.by.strip() or not self.reason.strip():
            raise ValueError("an override names who and why")
