"""A feed that also shows when its clinician works, if that was asked for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest

from shared.events.data import WorkingHours
from tests.calendar_feed.api.running import ADMIN, Client, open_feed, path_of, tell_directly
from tests.calendar_feed.api.test_seeing import PLAIN
from tests.calendar_feed.diary import dana_saved, events_of

MONDAYS = WorkingHours(weekday=0, start=540, end=1080)
FRIDAYS = WorkingHours(weekday=4, start=540, end=720)


async def body_of(client: Client, feed: dict[str, Any]) -> bytes:
    return await (await client.get(path_of(feed), headers=PLAIN)).read()


@pytest.mark.parametrize("form", ["instances", "series"])
async def test_office_hours_come_on_request_and_go_when_there_are_none(
    client: Client, form: str
) -> None:
    plain, asked = [await open_feed(client, form=form, office_hours=it) for it in (False, True)]
    usual = await body_of(client, plain)
    assert await body_of(client, asked) == usual
    await tell_directly(client, dana_saved(revision=2, working_hours=(MONDAYS,)))
    assert await body_of(client, plain) == usual
    shown = await body_of(client, asked)
    assert shown.count(b"BEGIN:AVAILABLE\r\n") == 1
    assert shown.count(b"BEGIN:VTIMEZONE\r\n") == 1
    assert events_of(shown).keys() == events_of(usual).keys()
    await tell_directly(client, dana_saved(revision=3, working_hours=(MONDAYS, FRIDAYS)))
    assert (await body_of(client, asked)).count(b"BEGIN:AVAILABLE\r\n") == 2
    await tell_directly(client, dana_saved(revision=4))
    assert await body_of(client, asked) == usual


async def test_another_name_of_the_clinician_changes_no_byte(client: Client) -> None:
    feed = await open_feed(client, office_hours=True)
    await tell_directly(client, dana_saved(revision=2, working_hours=(MONDAYS,)))
    before = await body_of(client, feed)
    await tell_directly(client, dana_saved(revision=3, name="Canary", working_hours=(MONDAYS,)))
    assert await body_of(client, feed) == before


async def test_the_choice_is_shown_and_changed_at_the_same_address(client: Client) -> None:
    await tell_directly(client, dana_saved(revision=2, working_hours=(MONDAYS,)))
    feed = await open_feed(client)
    assert feed["office_hours"] is False
    answer = await client.patch(
        f"/v1/feeds/{feed['id']}", json={"office_hours": True}, headers=ADMIN
    )
    assert (await answer.json())["office_hours"] is True
    assert b"BEGIN:VAVAILABILITY" in await body_of(client, feed)


async def test_what_is_only_free_or_busy_is_refused_office_hours(client: Client) -> None:
    feed = await open_feed(client, form="free_busy")
    answer = await client.patch(
        f"/v1/feeds/{feed['id']}", json={"office_hours": True}, headers=ADMIN
    )
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "#/office_hours" in await answer.text()
