"""A program that asks what is new is told that, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.calendar_feed.use_cases.moving import move_window_once
from shared.clock import HeldClock
from shared.web.keys import DATABASE
from tests.calendar_feed.api.running import ADMIN, Client, open_feed, tell_directly
from tests.calendar_feed.dav.asking import C, D, dav_path, multiget, propfind, sync
from tests.calendar_feed.diary import (
    COURSE_ID,
    HOUR,
    WEEKS,
    cancelled,
    course_booked,
    dana_saved,
    moved,
    session,
    session_id,
)
from tests.calendar_feed.store.test_changes import handed_over
from tests.cast import LEE_ID, ORTIZ_ID
from tests.conftest import NOW

DAY = timedelta(days=1)


def name(number: int) -> str:
    return f"{session_id(number)}.ics"


def booked(number: int, **changes: Any) -> Any:
    told = course_booked(clients=(LEE_ID,))
    changes = {"client_ids": (LEE_ID,), "starts_at": NOW + 50 * DAY, **changes}
    return told.model_copy(update={"sessions": (session(number, **changes),)})


@pytest.fixture
async def token(client: Client, path: str) -> str:
    return (await sync(client, path)).token


async def test_the_first_time_everything_is_new(client: Client, path: str) -> None:
    first = await sync(client, path)
    assert first.status == 207
    assert first.present == {name(number) for number in range(WEEKS)}
    assert first.gone == set()


async def test_then_nothing_is_until_something_changes(
    client: Client, path: str, token: str
) -> None:
    again = await sync(client, path, token)
    assert (again.present, again.gone, again.token) == (set(), set(), token)


async def test_a_move_a_cancellation_and_a_booking_are_told_and_nothing_else(
    client: Client, path: str, token: str
) -> None:
    await tell_directly(client, moved(1), cancelled(2), booked(WEEKS))
    news = await sync(client, path, token)
    assert news.present == {name(1), name(2), name(WEEKS)}
    assert news.gone == set()
    assert (await sync(client, path, news.token)).present == set()


async def test_a_session_that_someone_takes_over_is_gone_here_and_new_there(
    client: Client, path: str, token: str
) -> None:
    ortizs = dav_path(await open_feed(client, clinician_id=str(ORTIZ_ID)))
    before = (await sync(client, ortizs)).token
    await tell_directly(client, handed_over(3))
    here, there = await sync(client, path, token), await sync(client, ortizs, before)
    assert (here.present, here.gone) == (set(), {name(3)})
    assert (there.present, there.gone) == ({name(3)}, set())
    assert name(3) not in (await sync(client, path)).present


async def test_what_comes_back_is_new_again(client: Client, path: str, token: str) -> None:
    await tell_directly(client, handed_over(3))
    between = await sync(client, path, token)
    await tell_directly(client, moved(3, revision=3))
    after = await sync(client, path, between.token)
    assert (after.present, after.gone) == ({name(3)}, set())
    whole = await sync(client, path, token)
    assert (whole.present, whole.gone) == ({name(3)}, set())


async def test_what_comes_and_goes_between_is_never_told(
    client: Client, path: str, token: str
) -> None:
    taken = booked(WEEKS, clinician_id=ORTIZ_ID, revision=2)
    await tell_directly(client, booked(WEEKS), taken)
    news = await sync(client, path, token)
    assert (news.present, news.gone) == (set(), set())


async def test_a_booking_beyond_the_window_is_told_when_its_day_comes(
    client: Client, path: str, token: str
) -> None:
    await tell_directly(client, booked(WEEKS, starts_at=NOW + 275 * DAY))
    quiet = await sync(client, path, token)
    assert (quiet.present, quiet.gone) == (set(), set())
    await move_window_once(client.app[DATABASE], NOW + 5 * DAY)
    assert (await sync(client, path, quiet.token)).present == {name(WEEKS)}
    assert (await sync(client, path, token)).present == {name(WEEKS)}


async def test_the_days_that_pass_take_entries_away(client: Client, path: str) -> None:
    await tell_directly(client, booked(WEEKS, starts_at=NOW - 29 * DAY))
    first = await sync(client, path)
    assert name(WEEKS) in first.present
    await move_window_once(client.app[DATABASE], NOW + 3 * DAY)
    news = await sync(client, path, first.token)
    assert (news.present, news.gone) == (set(), {name(WEEKS)})
    assert news.token != first.token
    assert (await sync(client, path, news.token)).gone == set()


async def test_new_links_change_every_entry(client: Client, path: str, token: str) -> None:
    await tell_directly(client, dana_saved(revision=2, link_generation=1))
    news = await sync(client, path, token)
    assert news.present == {name(number) for number in range(WEEKS)}


async def test_a_feed_of_one_course_hears_of_no_other(client: Client) -> None:
    chosen = dav_path(await open_feed(client, course_id=str(COURSE_ID)))
    before = await sync(client, chosen)
    other = booked(WEEKS, course_id=None)
    gone = booked(WEEKS, course_id=None, clinician_id=ORTIZ_ID, revision=2)
    await tell_directly(client, other)
    between = await sync(client, chosen, before.token)
    await tell_directly(client, gone, moved(0))
    after = await sync(client, chosen, between.token)
    assert (between.present, between.gone) == (set(), set())
    assert (after.present, after.gone) == ({name(0)}, set())


async def test_what_is_told_as_changed_reads_otherwise_and_the_rest_as_it_was(
    client: Client, path: str, token: str
) -> None:
    hrefs = [path + name(number) for number in range(WEEKS)]
    before = (await multiget(client, path, *hrefs)).properties()
    await tell_directly(client, moved(1))
    after = (await multiget(client, path, *hrefs)).properties()
    differing = {
        href
        for href in hrefs
        for tag in (f"{D}getetag", f"{C}calendar-data")
        if before[href][tag].text != after[href][tag].text
    }
    assert differing == {path + name(1)}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: "http://example.com/sync/1",
        lambda token: token.replace("urn:standing-hour:sync:", "urn:standing-hour:sync:0"),
        lambda token: ":".join(["urn:standing-hour:sync", "0" * 16, *token.split(":")[-2:]]),
        lambda token: token.rpartition(":")[0] + ":20990101",
        lambda token: ":".join([*token.split(":")[:-2], "999", token.split(":")[-1]]),
    ],
)
async def test_a_token_that_is_not_of_this_calendar_is_refused(
    client: Client, path: str, token: str, spoil: Any
) -> None:
    answer = await sync(client, path, spoil(token))
    assert (answer.status, answer.error) == (403, f"{D}valid-sync-token")


async def test_other_choices_for_the_feed_begin_anew(
    client: Client, feed: dict[str, Any], path: str, token: str
) -> None:
    changed = {"join_links": False}
    answer = await client.patch(f"/v1/feeds/{feed['id']}", json=changed, headers=ADMIN)
    assert answer.status == 200
    refused = await sync(client, path, token)
    assert (refused.status, refused.error) == (403, f"{D}valid-sync-token")
    assert len((await sync(client, path)).present) == WEEKS


async def test_the_token_of_another_feed_is_refused(client: Client, token: str) -> None:
    other = dav_path(await open_feed(client))
    assert (await sync(client, other, token)).error == f"{D}valid-sync-token"


async def test_an_answer_longer_than_the_limit_is_refused(client: Client, path: str) -> None:
    most = "<limit><nresults>{}</nresults></limit>"
    few = await sync(client, path, more=most.format(WEEKS - 1))
    enough = await sync(client, path, more=most.format(WEEKS))
    assert (few.status, few.error) == (403, f"{D}number-of-matches-within-limits")
    assert enough.status == 207


async def test_the_properties_hold_the_same_token(client: Client, path: str, token: str) -> None:
    answer = await propfind(client, path, "sync-token", "CS:getctag")
    (found,) = answer.properties().values()
    assert {each.text for each in found.values()} == {token}


async def test_a_notice_takes_the_place_of_a_feed_that_ended(
    client: Client, feed: dict[str, Any], path: str, token: str, clock: HeldClock
) -> None:
    await client.delete(f"/v1/feeds/{feed['id']}", headers=ADMIN)
    clock.advance(HOUR)
    assert (await sync(client, path, token)).error == f"{D}valid-sync-token"
    first = await sync(client, path)
    assert first.present == {"notice.ics"}
    again = await sync(client, path, first.token)
    assert (again.present, again.gone) == (set(), set())
    clock.advance(31 * DAY)
    assert (await sync(client, path)).status == 410
