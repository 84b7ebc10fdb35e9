"""What changes in a feed and is of no session is a change that readers take, in every entry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.calendar_feed.domain.feeds import Detail, Form
from services.calendar_feed.store.bodies import Body
from shared.store.database import Database
from tests.calendar_feed.diary import course_booked, dana_saved, learn, moved
from tests.calendar_feed.store.subscribing import Subscriber, subscribe
from tests.calendar_feed.store.taking import Calendar
from tests.calendar_feed.store.test_choices import kim_saved
from tests.calendar_feed.store.test_learning import forget_everything
from tests.conftest import NOW

DAY = timedelta(days=1)
ELSEWHERE = {
    "no agreement any more": {"agreed": False},
    "another address": {"public_url": "https://other.example"},
    "another secret": {"secret": "another secret of thirty-two characters"},
}


@pytest.fixture(autouse=True)
async def diary(database: Database) -> None:
    await learn(database, dana_saved(), kim_saved("Kim Park"), course_booked())


def told(events: list[Any]) -> set[str]:
    return {str(each["SUMMARY"]) for each in events}


async def test_new_initials_are_taken_by_whoever_shows_the_old_ones(database: Database) -> None:
    reader = Calendar(await subscribe(database, Detail.INITIALS, agreed=True))
    assert told(await reader.polls("booked")) == {"KP"}
    await learn(database, kim_saved("Zed Lund", revision=2), at=NOW)
    assert told(await reader.polls("a new name, told in the same second")) == {"ZL"}
    await learn(database, moved(0), at=NOW)
    await reader.polls("a move in that second")


async def test_the_same_initials_again_change_nothing(database: Database) -> None:
    reader = await subscribe(database, Detail.INITIALS, agreed=True)
    before = await reader.fetch()
    await learn(database, kim_saved("Karl Pohl", revision=2), at=NOW + DAY)
    assert await reader.another_process().fetch() == before


@pytest.mark.parametrize("changed", ELSEWHERE.values(), ids=ELSEWHERE)
async def test_what_other_settings_change_is_taken(
    database: Database, changed: dict[str, Any]
) -> None:
    first = await subscribe(database, Detail.INITIALS, agreed=True)
    reader = Calendar(first)
    before = await reader.polls("booked")
    await first.write_all()
    reader.subscriber = await first.restarted(NOW + DAY, **changed)
    after = await reader.polls("a start with other settings")
    assert {each.to_ical() for each in before}.isdisjoint(each.to_ical() for each in after)


async def test_initials_are_gone_from_every_reader_with_the_agreement(database: Database) -> None:
    first = await subscribe(database, Detail.INITIALS, agreed=True)
    reader = Calendar(first)
    await reader.polls("booked")
    await first.write_all()
    reader.subscriber = await first.restarted(NOW + DAY, agreed=False)
    await reader.polls("a start without it")
    assert "KP" not in told(list(reader.known.values()))


async def test_other_settings_raise_once_however_often_the_service_starts(
    database: Database,
) -> None:
    first = await subscribe(database)
    await first.write_all()
    second = await first.restarted(NOW + DAY, agreed=True)
    third = await second.restarted(NOW + 2 * DAY)
    assert await third.fetch() == await second.fetch()
    await third.write_all()
    assert await (await third.restarted(NOW + 3 * DAY)).fetch() == await second.fetch()


async def test_a_start_with_the_same_settings_changes_nothing(database: Database) -> None:
    first = await subscribe(database)
    await first.write_all()
    assert await (await first.restarted(NOW + DAY)).fetch() == await first.fetch()


@pytest.mark.parametrize("form", list(Form))
async def test_at_busy_nothing_depends_on_the_names_that_clients_had(
    database: Database, form: Form
) -> None:
    """Neither a byte nor a header: whoever reads it cannot tell that there was news of anyone."""
    feed_id = uuid4()
    renamed = await _days(await subscribe(database, form=form, id=feed_id), "Ann Bo", "Cy Doe")
    await database.write(forget_everything)
    await learn(database, dana_saved(), kim_saved("Kim Park"), course_booked())
    same = await _days(await subscribe(database, form=form, id=feed_id), "Kim Park", "Kim Park")
    assert renamed == same


async def _days(reader: Subscriber, *names: str) -> list[Body]:
    """Return what is served on days on which Kim is called so, and sessions are moved."""
    served = []
    for day, name in enumerate(names, start=1):
        at = NOW + day * DAY
        if name != "Kim Park":
            await learn(reader.database, kim_saved(name, revision=day + 1), at=at)
        served.append(await reader.another_process().fetch())
        await learn(reader.database, moved(day), at=at + DAY / 2)
        served.append(await reader.another_process().fetch())
    return served
