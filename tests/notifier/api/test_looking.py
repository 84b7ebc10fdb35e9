"""What staff see of all mails, and the story of one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notifier.store import attempts
from services.notifier.store.attempts import Ended
from shared.clock import HeldClock
from shared.web.keys import DATABASE
from tests.cast import KIM_ID
from tests.notifier.api.desk import get, sweep_all
from tests.notifier.api.running import ADMIN, Client, tell_directly
from tests.notifier.diary import MINUTE, booked, course, session
from tests.notifier.diary import client as kim

Json = dict[str, Any]
NOBODY = UUID(int=9)


async def test_all_mails_are_listed_a_page_at_a_time(notifier: Client) -> None:
    await tell_directly(notifier, kim(), course(weeks=5))
    pages, cursor = [], ""
    while True:
        page = await get(notifier, f"/v1/reminders?limit=4{cursor}")
        pages.append(page["reminders"])
        if page["next"] is None:
            break
        cursor = f"&next={page['next']}"
    assert [len(page) for page in pages] == [4, 4, 3]
    listed = [each for page in pages for each in page]
    assert listed == (await get(notifier, "/v1/reminders"))["reminders"]
    assert [each["due_at"] for each in listed] == sorted(each["due_at"] for each in listed)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=reminder", 2),
        ("kind=confirmation", 1),
        ("state=sent", 0),
        ("state=planned&kind=reminder", 2),
        (f"person_id={KIM_ID}", 3),
        (f"person_id={NOBODY}", 0),
        ("until=2026-12-01T00:00:00-05:00", 1),
        ("from=2026-12-03T00:00:00Z", 1),
        ("reason=moved", 0),
        ("fate=bounced", 0),
    ],
)
async def test_the_list_is_narrowed(notifier: Client, query: str, count: int) -> None:
    await tell_directly(notifier, kim(), course(weeks=1))
    assert len((await get(notifier, f"/v1/reminders?{query}"))["reminders"]) == count


async def test_the_story_has_the_name_that_the_channel_gave_it(
    notifier: Client, clock: HeldClock
) -> None:
    await tell_directly(notifier, kim(), booked(session()))
    [one] = (await get(notifier, "/v1/reminders?kind=confirmation"))["reminders"]
    assert (await get(notifier, f"/v1/reminders/{one['id']}"))["message_id"] is None
    clock.advance(10 * MINUTE)
    await sweep_all(notifier)
    assert one["id"] in (await get(notifier, f"/v1/reminders/{one['id']}"))["message_id"]


async def test_the_story_of_one_mail_has_each_attempt(notifier: Client, clock: HeldClock) -> None:
    await tell_directly(notifier, kim(), booked(session()))
    [one, *_] = (await get(notifier, "/v1/reminders?kind=confirmation"))["reminders"]
    now = clock.now()
    ended = Ended(
        reminder_id=UUID(one["id"]),
        number=7,
        begun_at=now,
        ended_at=now,
        channel="smtp",
        outcome="Retry",
        reason="server_answered_451",
    )
    await notifier.app[DATABASE].write(lambda conn: attempts.add(conn, [ended]))
    story = await get(notifier, f"/v1/reminders/{one['id']}")
    assert one.items() <= story.items()
    assert ("smtp", "server_answered_451") in {
        (each["channel"], each["reason"]) for each in story["tries"]
    }
    assert story["provider"] == []
    missing = await notifier.get(f"/v1/reminders/{uuid4()}", headers=ADMIN)
    assert missing.status == HTTPStatus.NOT_FOUND
