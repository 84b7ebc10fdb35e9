"""The zones of a calendar of anyone's: by their IANA names, else as the file itself has them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from services.calendar_feed.ics.patience import TooCostly, at_most
from services.calendar_feed.ics.scanning import Found
from shared.zones import UnknownZone
from shared.zones import zone as shared_zone

SECONDS: Final = 0.4  # of the processor, for all the zones that only the file knows


class Zones:
    """Knows the zone of each name; what has none, or none that can be read, is as in `own`.

    A zone is asked for its offset `at` this local time first, which shows what it costs.
    """

    def __init__(self, texts: Mapping[bytes, bytes], own: ZoneInfo, at: datetime) -> None:
        self._texts, self._own, self._at = texts, own, at
        self._known: dict[bytes, tzinfo] = {b"": own}
        self._left = SECONDS

    def named(self, name: bytes) -> tzinfo:
        if name not in self._known:
            self._known[name] = self._find(name) or self._own
        return self._known[name]

    def learn(self, names: Iterable[bytes]) -> None:
        """Look each of them up, so that icalendar knows them too."""
        for name in names:
            self.named(name)

    def _find(self, name: bytes) -> tzinfo | None:
        try:
            return shared_zone(name.decode("ascii"))
        except (UnknownZone, UnicodeDecodeError):
            return self._read(name)

    def _read(self, name: bytes) -> tzinfo | None:
        """Return the zone of a name that Windows has, else as the file describes it."""
        began = time.process_time()
        try:
            with at_most(max(self._left, 0.001)):
                return self._asked(name)
        except (TooCostly, Exception):  # noqa: BLE001 # whatever is wrong, it is one zone's own
            return None
        finally:
            self._left -= time.process_time() - began

    def _asked(self, name: bytes) -> tzinfo | None:
        # Only here: most calendars have no other zones, and the library costs a tenth of a second.
        from icalendar import Timezone
        from icalendar.timezone import tzp

        told = name.decode(errors="replace")
        zone = tzp.timezone(told)
        if zone is None and name in self._texts:
            Timezone.from_ical(self._texts[name].strip())  # which keeps it for whoever asks next
            zone = tzp.timezone(told)
        if zone is not None:
            zone.utcoffset(self._at)
        return zone


def zones_of(events: Iterable[Found]) -> set[bytes]:
    """Return the names of the zones that these events say."""
    return {
        parameter[5:].strip(b'"')
        for event in events
        for _, parameters, _ in event.lines
        for parameter in parameters.split(b";")
        if parameter[:5].upper() == b"TZID="
    }
