"""What a CalDAV client last saw of a diary, as a token that it gives back (RFC 6578 section 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_TOKEN: Final = re.compile(
    r"urn:standing-hour:sync:(?P<showing>[0-9a-f]{16}):(?P<version>\d{1,18}):(?P<day>\d{8})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncToken:
    """A diary at `version`, seen through a window from `first_day` on; `showing` says how."""

    showing: str
    version: int
    first_day: date

    def __str__(self) -> str:
        return f"urn:standing-hour:sync:{self.showing}:{self.version}:{self.first_day:%Y%m%d}"

    def follows(self, earlier: SyncToken) -> bool:
        """Whether what changed since `earlier` can be told: same showing, nothing yet to come."""
        return (
            self.showing == earlier.showing
            and self.version >= earlier.version
            and self.first_day >= earlier.first_day
        )


def read_token(text: str) -> SyncToken | None:
    """Return the token that `text` is, None if it never was one of ours."""
    found = _TOKEN.fullmatch(text.strip())
    if found is None:
        return None
    try:
        day = date.fromisoformat(found["day"])
    except ValueError:
        return None
    return SyncToken(showing=found["showing"], version=int(found["version"]), first_day=day)
