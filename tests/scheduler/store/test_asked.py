"""Requests, the waiting list and offers come back whole; one open offer of an hour at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError

from services.scheduler.domain import requests as steps
from services.scheduler.domain.offers import Offer, OfferStatus, end
from services.scheduler.domain.people import Guardian, Notices
from services.scheduler.domain.requests import AgeGroup, Contact, Need, Request
from services.scheduler.domain.sessions import Kind
from services.scheduler.domain.waiting import Entry, EntryStatus
from services.scheduler.domain.wall_clock import weekly_slots
from services.scheduler.domain.windows import Window
from services.scheduler.store import offers, requests, waiting
from services.scheduler.store.courses_held import courses_held
from shared.store.database import Database
from tests.cast import ANA_ID, DANA_ID, KIM_ID, NEW_YORK, ORTIZ_ID
from tests.conftest import NOW

DAY = timedelta(days=1)
FIRST = date(2027, 2, 16)
TUESDAYS = weekly_slots(FIRST, time(15), 16, ZoneInfo(NEW_YORK))
WINDOWS = (Window(weekday=1, start=900, end=1440), Window(weekday=6, start=0, end=60))


def from_lee() -> Request:
    guardian = Guardian(id=uuid4(), name="Wei", email="wei@x.example", notices=Notices.TIMES)
    return Request(
        id=uuid4(),
        made_at=NOW,
        need=Need(
            born=date(2011, 5, 4),
            state="US-NY",
            concerns=("role_dispute", "sleep"),
            languages=("es-US", "en"),
        ),
        windows=WINDOWS,
        timezone=NEW_YORK,
        note="two lines\nof it",
        contact=Contact(name="Lee Chen", email="lee@x.example", guardians=(guardian,)),
    )


def entry(client_id: UUID = KIM_ID) -> Entry:
    return Entry(
        id=uuid4(),
        made_at=NOW,
        client_id=client_id,
        clinician_id=DANA_ID,
        sessions=16,
        windows=WINDOWS,
        timezone=NEW_YORK,
        since=FIRST,
        until=FIRST + DAY,
        state="US-NY",
    )


def offer(to: Entry, clinician_id: UUID = DANA_ID) -> Offer:
    return Offer(
        id=uuid4(),
        entry_id=to.id,
        client_id=to.client_id,
        clinician_id=clinician_id,
        kind=Kind.COURSE,
        first_date=FIRST,
        at=time(15),
        timezone=NEW_YORK,
        slots=TUESDAYS,
        hold_id=uuid4(),
        made_at=NOW,
        expires_at=NOW + DAY,
    )


async def test_a_request_comes_back_whole_from_each_state(diaries: Database) -> None:
    asked = from_lee()
    await diaries.write(lambda conn: requests.add_request(conn, asked))
    assert await diaries.read(lambda conn: requests.find_request(conn, asked.id)) == asked
    closed = steps.close(asked, "moved", now=NOW + DAY)
    known = replace(closed, contact=None, client_id=KIM_ID, need=Need(age_group=AgeGroup.ADULT))
    await diaries.write(lambda conn: requests.change_request(conn, known))
    assert await diaries.write(lambda conn: requests.lock_request(conn, asked.id)) == known


async def test_an_entry_comes_back_whole_and_only_its_state_changes(diaries: Database) -> None:
    waits = entry()
    await diaries.write(lambda conn: waiting.add_entry(conn, waits))
    assert await diaries.read(lambda conn: waiting.find_entry(conn, waits.id)) == waits
    assert await diaries.read(waiting.everyone_waiting) == [waits]
    offered = replace(waits, status=EntryStatus.OFFERED)
    await diaries.write(lambda conn: waiting.change_entry(conn, offered))
    assert await diaries.write(lambda conn: waiting.lock_entry(conn, waits.id)) == offered
    assert await diaries.read(waiting.everyone_waiting) == []


async def offered(diaries: Database, made: Offer) -> None:
    await diaries.write(lambda conn: offers.add_offer(conn, made))


async def test_an_offer_comes_back_with_all_its_hours(diaries: Database) -> None:
    waits = entry()
    made = offer(waits)
    await diaries.write(lambda conn: waiting.add_entry(conn, waits))
    await offered(diaries, made)
    assert await diaries.read(lambda conn: offers.find_offer(conn, made.id)) == made
    assert await diaries.read(lambda conn: offers.open_offer_of(conn, waits.id)) == made
    assert await diaries.read(lambda conn: offers.run_out(conn, NOW)) == []
    assert await diaries.read(lambda conn: offers.run_out(conn, NOW + DAY)) == [made]
    ended = end(made, OfferStatus.DECLINED, now=NOW)
    await diaries.write(lambda conn: offers.change_offer(conn, ended))
    assert await diaries.write(lambda conn: offers.lock_offer(conn, made.id)) == ended
    assert await diaries.read(lambda conn: offers.open_offer_of(conn, waits.id)) is None
    assert await diaries.read(lambda conn: offers.run_out(conn, NOW + DAY)) == []


async def test_the_database_refuses_a_second_open_offer(diaries: Database) -> None:
    kim, ana = entry(), entry(ANA_ID)
    for waits in (kim, ana):
        await diaries.write(partial(waiting.add_entry, entry=waits))
    first = offer(kim)
    await offered(diaries, first)
    with pytest.raises(IntegrityError):
        await offered(diaries, offer(ana))  # the same hour, for another
    with pytest.raises(IntegrityError):
        await offered(diaries, offer(kim, ORTIZ_ID))  # another hour, for the same
    ended = end(first, OfferStatus.EXPIRED, now=NOW + DAY)
    await diaries.write(lambda conn: offers.change_offer(conn, ended))
    await offered(diaries, offer(ana))
    await offered(diaries, offer(kim, ORTIZ_ID))


async def test_a_course_on_offer_takes_a_place_until_it_ends(diaries: Database) -> None:
    waits = entry()
    await diaries.write(lambda conn: waiting.add_entry(conn, waits))
    await offered(diaries, offer(waits))
    assert await diaries.read(lambda conn: courses_held(conn, NOW)) == {DANA_ID: 1}
    assert await diaries.read(lambda conn: courses_held(conn, NOW + DAY)) == {}
