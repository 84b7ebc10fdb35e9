"""Zone rules as they once were: until 2026 Vancouver was to set its clocks back each November."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

VANCOUVER: Final = "America/Vancouver"
VANCOUVER_2025B: Final = Path(__file__).with_name("Vancouver-2025b")


def vancouver_2025b() -> ZoneInfo:
    """Return the zone of Debian's tzdata 2025b (RFC 9636), which IANA has since replaced."""
    with VANCOUVER_2025B.open("rb") as file:
        return ZoneInfo.from_file(file, key=VANCOUVER)
