"""A hold keeps hours for someone who decides, and not for longer than it says."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from services.scheduler.domain.availability import Availability
from services.scheduler.domain.conflicts import Diaries, Reason, conflicts_of
from services.scheduler.domain.errors import HourPast
from services.scheduler.domain.holds import HoldRequest, hold
from services.scheduler.domain.slots import HOUR, Slot
from shared.zones import zone
from tests.cast import DANA_ID, KIM_ID, NEW_YORK
from tests.scheduler.domain.diary import NOW, SLOT

ID = UUID(int=3)
NEXT = Slot.hour_from(SLOT.ends_at)
MINUTE = timedelta(minutes=1)


def test_hours_are_kept_for_ten_minutes() -> None:
    request = HoldRequest(clinician_id=DANA_ID, client_id=KIM_ID, slots=(NEXT, SLOT))
    placed = hold(request, id=ID, now=NOW)
    assert placed.slots == (SLOT, NEXT)
    assert placed.expires_at == NOW + 10 * MINUTE
    assert placed.keeps_at(NOW + 10 * MINUTE - timedelta(microseconds=1))
    assert not placed.keeps_at(NOW + 10 * MINUTE)


def test_an_offer_says_itself_until_when() -> None:
    until = NOW + timedelta(hours=24)
    request = HoldRequest(clinician_id=DANA_ID, slots=(SLOT,), until=until)
    assert hold(request, id=ID, now=NOW).expires_at == until


def test_nobody_holds_what_is_past_or_until_what_is_past() -> None:
    request = HoldRequest(clinician_id=DANA_ID, slots=(SLOT,))
    with pytest.raises(HourPast):
        hold(request, id=ID, now=SLOT.starts_at)
    ended = HoldRequest(clinician_id=DANA_ID, slots=(SLOT,), until=NOW)
    with pytest.raises(HourPast):
        hold(ended, id=ID, now=NOW)


@pytest.mark.parametrize(
    "slots",
    [(), (SLOT, SLOT), (SLOT, Slot.hour_from(SLOT.starts_at + HOUR / 2))],
    ids=["no hour", "one hour twice", "half over one another"],
)
def test_a_hold_has_hours_that_lie_apart(slots: tuple[Slot, ...]) -> None:
    with pytest.raises(ValueError, match="hold"):
        HoldRequest(clinician_id=DANA_ID, slots=slots)


def test_a_held_hour_is_told_as_held_unless_it_is_booked() -> None:
    diaries = Diaries(
        clinician=(NEXT,),
        clients=(),
        held=(SLOT, NEXT),
        availability=Availability(hours=(), zone=zone(NEW_YORK)),
    )
    found = conflicts_of((SLOT, NEXT), diaries, zone(NEW_YORK))
    assert [each.reason for each in found] == [Reason.HELD, Reason.CLINICIAN_BUSY]
