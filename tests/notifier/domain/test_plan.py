"""What is planned for a change, as a pure function of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.plan import Change, Planned, notice_due, notices, reminders
from services.notifier.domain.sessions import Matter, Session, times_revision
from services.notifier.domain.states import Kind
from services.notifier.domain.timing import Timing
from tests.cast import ANA_ID, DANA_ID, KIM_ID, NEW_YORK
from tests.conftest import NOW
from tests.notifier.diary import DAY, HOUR, MINUTE, THURSDAY

CHANGE = Change(event_id=UUID(int=7), at=NOW)
OFFSETS = (DAY, HOUR)
KIM, ANA = (Timing(reader_id=id, timezone=NEW_YORK, offsets=OFFSETS) for id in (KIM_ID, ANA_ID))


def session(starts_at: datetime = THURSDAY, *, times_revision: int = 1) -> Session:
    return Session(
        id=UUID(int=1),
        course_id=None,
        revision=5,
        times_revision=times_revision,
        starts_at=starts_at,
        timezone=NEW_YORK,
        status="scheduled",
        links_expire_at=starts_at + 30 * DAY,
        clinician_id=DANA_ID,
        ends_at=starts_at + HOUR,
    )


@given(ahead=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_each_reader_is_reminded_once_at_each_offset_before_the_start(ahead: timedelta) -> None:
    planned = reminders(session(NOW + ahead), [KIM, ANA])
    assert all(each.due_at == NOW + ahead - (each.offset or timedelta()) for each in planned)
    assert len({(each.person_id, each.offset) for each in planned}) == 2 * len(OFFSETS)


def test_the_same_plan_has_the_same_names_and_another_time_has_others() -> None:
    first = reminders(session(), [KIM])
    again = reminders(session(), [KIM])
    moved = reminders(session(times_revision=2), [KIM])
    assert [each.id for each in first] == [each.id for each in again]
    assert not {each.id for each in first} & {each.id for each in moved}
    assert len({each.id for each in first}) == 2


def test_a_notice_is_named_after_its_event_its_person_and_its_kind() -> None:
    matter = Matter(session_id=session().id)

    def told(kind: Kind) -> list[Planned]:
        return notices(matter, [KIM_ID, ANA_ID], CHANGE, kind=kind, due_at=NOW)

    names = {each.key for each in (*told(Kind.MOVED), *told(Kind.CANCELLED))}
    assert names >= {f"{CHANGE.event_id}/{KIM_ID}/moved", f"{CHANGE.event_id}/{ANA_ID}/cancelled"}
    assert len(names) == 4


@pytest.mark.parametrize(
    ("starts", "waits"),
    [
        ([NOW + DAY], True),
        ([NOW + HOUR], True),
        ([NOW + 59 * MINUTE], False),
        ([NOW + DAY, NOW + 5 * MINUTE], False),
    ],
)
def test_the_grace_is_cut_short_when_a_start_is_under_an_hour_away(
    starts: list[datetime], waits: bool
) -> None:
    assert notice_due(CHANGE, starts, 3 * MINUTE) == (NOW + 3 * MINUTE if waits else NOW)


def test_a_time_keeps_its_revision_until_another_time_is_set() -> None:
    known = session(times_revision=2)
    assert times_revision(known, revision=9, starts_at=THURSDAY) == 2
    assert times_revision(known, revision=9, starts_at=THURSDAY + HOUR) == 9
    assert times_revision(None, revision=9, starts_at=THURSDAY) == 9


def test_what_is_planned_cannot_be_built_wrong() -> None:
    with pytest.raises(ValueError, match="one thing"):
        Planned(key="k", kind=Kind.MOVED, person_id=KIM_ID, revision=1, due_at=NOW)
    with pytest.raises(ValueError, match="offset"):
        Planned(
            key="k",
            kind=Kind.REMINDER,
            person_id=KIM_ID,
            session_id=UUID(int=1),
            revision=1,
            due_at=NOW,
        )
