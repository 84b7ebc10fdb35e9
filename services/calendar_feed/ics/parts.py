"""What is told of a calendar at once, and of which time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from services.calendar_feed.domain.outside import Block, Flaw, Unread
from services.calendar_feed.ics.plain_times import Stretch
from services.calendar_feed.ics.scanning import Found, hashed

_MARGIN: Final = timedelta(days=2)  # for zones: these are looks at wall clocks


@dataclass(slots=True, kw_only=True)
class Part:
    """What is told at once; `waiting` are events that a later part tells of, by `done`.

    `hours` by the SHA-256 of the UID. Not `whole`: more was left out than is named.
    """

    hours: dict[str, list[Stretch]] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    waiting: list[Unread] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    whole: bool = True


def named(found: Found, flaw: Flaw) -> Unread:
    return Unread(index=found.index, uid_sha256=hashed(found.uid), flaw=flaw)


class Window:
    """The time that is looked at; `first` and `last` as any wall clock may show them."""

    def __init__(self, within: Block) -> None:
        self.within = within
        self.starts, self.ends = int(within.starts_at.timestamp()), int(within.ends_at.timestamp())
        self.first, self.last = (
            moment.replace(tzinfo=None) for moment in (within.starts_at, within.ends_at)
        )
        self.first_day, self.last_day = (
            f"{day:%Y%m%d}".encode() for day in (self.first - _MARGIN, self.last + _MARGIN)
        )

    def cut(self, stretches: Sequence[Stretch]) -> list[Stretch]:
        """Return what of them lies within, merged."""
        found: list[Stretch] = []
        for each in sorted(stretches):
            starts, ends = max(each[0], self.starts), min(each[1], self.ends)
            if starts >= ends:
                continue
            if found and starts <= found[-1][1]:
                starts, ends = found[-1][0], max(found.pop()[1], ends)
            found.append((starts, ends))
        return found
