"""Each change of a session, and each that makes no sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.scheduler.domain import sessions
from services.scheduler.domain.errors import (
    HourPast,
    NotScheduled,
    NotStarted,
    SameTime,
    SessionOver,
)
from services.scheduler.domain.sessions import Kind, Outcome, Session, SessionRequest, Status
from services.scheduler.domain.slots import Slot
from tests.cast import DANA_ID, KIM_ID, NEW_YORK
from tests.scheduler.domain.diary import NOW, SESSION, SLOT

LATER = Slot.hour_from(SLOT.starts_at + timedelta(days=60))


def wanted(slot: Slot) -> SessionRequest:
    return SessionRequest(
        kind=Kind.CONSULTATION,
        clinician_id=DANA_ID,
        client_ids=(KIM_ID,),
        slot=slot,
        timezone=NEW_YORK,
    )


def test_a_consultation_is_booked() -> None:
    session = sessions.book(wanted(SLOT), id=UUID(int=7), now=NOW)
    assert session == SESSION
    assert (session.revision, session.status) == (1, Status.SCHEDULED)


def test_the_past_cannot_be_booked() -> None:
    with pytest.raises(HourPast) as refusal:
        sessions.book(wanted(Slot.hour_from(NOW)), id=UUID(int=7), now=NOW)
    assert refusal.value.pointer == "#/starts_at"


def test_a_moved_session_keeps_all_but_its_time() -> None:
    moved = sessions.move(SESSION, LATER, now=NOW)
    assert moved.slot == LATER
    assert moved.revision == 2
    assert moved.links_expire_at == LATER.ends_at + timedelta(days=30)
    back = replace(moved, slot=SLOT, revision=1, links_expire_at=SESSION.links_expire_at)
    assert back == SESSION


def test_a_session_moved_forward_keeps_the_end_of_its_links() -> None:
    sooner = Slot.hour_from(SLOT.starts_at - timedelta(days=3))
    moved = sessions.move(SESSION, sooner, now=NOW)
    assert moved.links_expire_at == SESSION.links_expire_at


def test_a_session_cannot_move_to_where_it_is() -> None:
    with pytest.raises(SameTime):
        sessions.move(SESSION, SLOT, now=NOW)


def test_a_session_cannot_move_into_the_past() -> None:
    with pytest.raises(HourPast):
        sessions.move(SESSION, Slot.hour_from(NOW - timedelta(minutes=1)), now=NOW)


def test_a_cancelled_session_has_its_reason_and_a_new_revision() -> None:
    cancelled = sessions.cancel(SESSION, "ill", now=NOW)
    assert (cancelled.status, cancelled.revision) == (Status.CANCELLED, 2)
    assert cancelled.cancel_reason == "ill"
    assert "ill" not in repr(cancelled)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_session_is_concluded_from_its_start_on(outcome: Outcome) -> None:
    concluded = sessions.conclude(SESSION, outcome, now=SLOT.starts_at)
    assert (concluded.status, concluded.revision) == (Status(outcome), 2)


def test_a_session_is_not_concluded_before_it_starts() -> None:
    with pytest.raises(NotStarted):
        sessions.conclude(SESSION, Outcome.ATTENDED, now=SLOT.starts_at - timedelta(seconds=1))


CHANGES: dict[str, Callable[[Session, datetime], Session]] = {
    "move": lambda session, now: sessions.move(session, LATER, now=now),
    "cancel": lambda session, now: sessions.cancel(session, None, now=now),
    "conclude": lambda session, now: sessions.conclude(session, Outcome.ATTENDED, now=now),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("status", [Status.CANCELLED, Status.ATTENDED, Status.NO_SHOW])
def test_only_a_scheduled_session_changes(change: str, status: Status) -> None:
    with pytest.raises(NotScheduled):
        CHANGES[change](replace(SESSION, status=status), NOW)


@pytest.mark.parametrize("change", ["move", "cancel"])
def test_a_session_whose_hour_is_over_can_only_be_concluded(change: str) -> None:
    with pytest.raises(SessionOver):
        CHANGES[change](SESSION, SLOT.ends_at)


def test_a_session_that_has_begun_can_still_be_moved() -> None:
    assert sessions.move(SESSION, LATER, now=SLOT.starts_at).slot == LATER


def test_a_session_cannot_be_built_wrong() -> None:
    with pytest.raises(ValueError, match="clients"):
        replace(SESSION, client_ids=(KIM_ID, KIM_ID))
    with pytest.raises(ValueError, match="series"):
        replace(SESSION, kind=Kind.COURSE)
    with pytest.raises(ValueError, match="links"):
        replace(SESSION, links_expire_at=SLOT.starts_at)
    with pytest.raises(ValueError, match="length"):
        Slot(starts_at=SLOT.ends_at, ends_at=SLOT.starts_at)
    with pytest.raises(ValueError, match="UTC"):
        Slot(starts_at=datetime(2027, 1, 1), ends_at=datetime(2027, 1, 2, tzinfo=UTC))  # noqa: DTZ001 # what is refused
