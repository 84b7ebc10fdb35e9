"""What of a diary changed for someone who saw it before: RFC 6578 section 3.5, as a rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.calendar_feed.domain.entries import Entry
from services.calendar_feed.domain.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """The diary's version when a session came into it, and when it last changed or left."""

    joined: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen: the diary at `version` through a window."""

    version: int
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What is there now and is new or other than it was, and what is not there any more."""

    changed: tuple[Entry, ...]
    gone: tuple[UUID, ...]


def differences(
    seen: Seen,
    now: Window,
    diary: Iterable[Entry],
    touched: Mapping[UUID, Touched],
    elsewhere: Collection[UUID] = (),
) -> Differences:
    """Return how what `now` shows of `diary` differs from what was `seen`.

    `touched` is every session that changed in this diary since, also one that left it;
    those `elsewhere` were never shown here. An entry that was not touched is as it was then, so
    whether the window showed it then can be asked now.
    """
    changed, gone, shown = [], [], set()
    for entry in diary:
        if now.shows(entry):
            shown.add(entry.session_id)
            if entry.session_id in touched or not seen.window.shows(entry):
                changed.append(entry)
        elif entry.session_id not in touched and seen.window.shows(entry):
            gone.append(entry.session_id)
    left = touched.keys() - shown - set(elsewhere)
    # What came and went since was never seen.
    gone += sorted(each for each in left if touched[each].joined <= seen.version)
    return Differences(changed=tuple(changed), gone=tuple(gone))
