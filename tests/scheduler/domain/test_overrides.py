"""Staff pass over a limit: exactly the hours that are taken are overbooked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.conflicts import Conflict, Reason
from services.scheduler.domain.overrides import Override, overbooked
from services.scheduler.domain.sessions import Session
from tests.cast import NEW_YORK
from tests.scheduler.store.agreed import session

WEEK = timedelta(weeks=1)


def conflict(of: Session, reason: Reason, zone: str = NEW_YORK) -> Conflict:
    local = of.slot.starts_at.astimezone(ZoneInfo(zone))
    return Conflict(date=local.date(), starts_at=local, reason=reason)


@pytest.mark.parametrize("reason", list(Reason))
def test_only_an_hour_that_someone_has_is_overbooked(reason: Reason) -> None:
    weeks = [session(starts_at=datetime(2027, 2, 16, 20, tzinfo=UTC) + n * WEEK) for n in range(3)]
    found = overbooked(weeks, [conflict(weeks[1], reason)])
    taken = reason in (Reason.CLINICIAN_BUSY, Reason.CLIENT_BUSY)
    assert [each.overbooked for each in found] == [False, taken, False]
    assert [each.id for each in found] == [each.id for each in weeks]


def test_an_hour_that_exists_twice_is_overbooked_too() -> None:
    twice = session(starts_at=datetime(2027, 11, 7, 6, tzinfo=UTC))  # the second 1:00 in New York
    (found,) = overbooked([twice], [conflict(twice, Reason.CLINICIAN_BUSY)])
    assert found.overbooked


def test_a_session_that_comes_to_a_free_hour_is_overbooked_no_more() -> None:
    (over,) = overbooked([session()], [conflict(session(), Reason.CLIENT_BUSY)])
    assert over.overbooked
    (free,) = overbooked([over], [])
    assert not free.overbooked


@pytest.mark.parametrize(("by", "reason"), [("", "a reason"), ("Dana", ""), (" ", "a"), ("a", " ")])
def test_an_override_names_who_and_why(by: str, reason: str) -> None:
    with pytest.raises(ValueError, match="names who and why"):
        Override(by=by, reason=reason)
