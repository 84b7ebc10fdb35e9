"""Every engine, and whole programs that subscribe, which are too slow for the suite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.calendar_feed.readers.engines import ENGINES, Engine
from tests.calendar_feed.readers.khal import khal
from tests.calendar_feed.readers.thunderbird import thunderbird

PROGRAMS: Final[Mapping[str, Engine]] = {"vdirsyncer and khal": khal, "Thunderbird": thunderbird}
EVERY: Final[Mapping[str, Engine]] = {**ENGINES, **PROGRAMS}
AT_MOST: Final[Mapping[str, int]] = {"vdirsyncer and khal": 200, "Thunderbird": 40}  # feeds
