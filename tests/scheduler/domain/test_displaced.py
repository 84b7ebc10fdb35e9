"""Where a session could go when its clinician is away: near by, in its own week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.scheduler.domain.displaced import fits, same_week
from services.scheduler.domain.slots import HOUR, Slot
from tests.cast import NEW_YORK
from tests.scheduler.domain.diary import NOW, SESSION, SLOT

CLOCK = ZoneInfo(NEW_YORK)


def local(slot: Slot) -> str:
    return slot.starts_at.astimezone(CLOCK).strftime("%a %H:%M")


def test_the_nearest_hours_come_first() -> None:
    found = [local(slot) for slot in same_week(SESSION, now=NOW)]
    assert found[:8] == [
        "Tue 16:00",
        "Tue 14:00",
        "Wed 15:00",
        "Mon 15:00",
        "Tue 17:00",
        "Tue 13:00",
        "Wed 14:00",
        "Wed 16:00",
    ]
    assert len(found) == len(set(found)) == 7 * 24 - 1


def test_every_hour_is_in_its_own_week_and_still_to_come() -> None:
    noon = datetime(2027, 2, 18, 17, tzinfo=UTC)
    found = same_week(SESSION, now=noon)
    assert min(found).starts_at == noon + HOUR
    assert local(max(found)) == "Sun 23:00"


def test_an_hour_fits_if_the_buffer_does() -> None:
    after = Slot.hour_from(SLOT.ends_at)
    assert fits(after, [SLOT], timedelta(0))
    assert not fits(after, [SLOT], timedelta(minutes=10))
    assert not fits(SLOT, [SLOT], timedelta(0))
