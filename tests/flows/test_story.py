"""A course is booked, reminded of, joined, and in the clinician's calendar: the whole way once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from demo.processes import Services
from tests.cast import DANA, NEW_YORK
from tests.flows.canaries import (
    CANCELLED,
    PERSON,
    PRACTICE,
    ROOM,
    no_mail_names_anyone,
    nothing_personal_was_written_down,
    sending_is_paused_and_then_fails,
)
from tests.flows.conftest import Start
from tests.flows.stranger import (
    ALWAYS,
    LINK,
    Json,
    Stranger,
    instant,
    now,
    series_across_a_clock_change,
    soon,
)

pytestmark = pytest.mark.flow
Meet = Callable[[Services], Stranger]


async def test_the_story_from_booking_to_calendar(
    start: Start, meet: Meet, databases: dict[str, str]
) -> None:
    services = start(databases, PRACTICE_NAME=PRACTICE)
    staff = meet(services)
    dana = await staff.clinician(name=PERSON, room_url=ROOM)
    kim = await staff.client(name=PERSON)
    course = await a_course_is_booked_at_three(staff, dana, kim)
    await the_confirmation_has_every_date(staff, course)
    await the_same_hour_cannot_be_booked_again(staff, course, dana, kim)
    url = await staff.feed(dana)
    await the_feed_shows(staff, url, course["sessions"])
    await a_move_and_a_cancel_reach_the_feed_and_send_one_notice_each(staff, url, course)
    await the_link_lets_in_only_around_the_hour(staff)
    await a_reminder_comes_when_it_is_due_and_not_for_the_old_time(staff)
    await sending_is_paused_and_then_fails(staff)
    await nothing_personal_was_written_down(staff, url.rpartition("/")[2].removesuffix(".ics"))
    no_mail_names_anyone(services)


async def a_course_is_booked_at_three(staff: Stranger, dana: str, kim: str) -> Json:
    course = await staff.post("/courses", course_body(dana, kim))
    zone = ZoneInfo(NEW_YORK)
    times = [instant(session["starts_at"]) for session in course["sessions"]]
    assert len(times) == 16
    assert {(t.astimezone(zone).weekday(), t.astimezone(zone).hour) for t in times} == {(1, 15)}
    assert len({t.hour for t in times}) == 2, "the clocks change within the series"
    assert await staff.get(f"/courses/{course['id']}") == course
    return course


async def the_confirmation_has_every_date(staff: Stranger, course: Json) -> None:
    mail = (await soon(lambda: staff.mails_that_say("3:00", "PM")))[0]
    for session in course["sessions"]:
        assert f"{local(session):%B %-d}" in mail
    links = set(LINK.findall(mail))
    assert len(links) == 16
    async with staff.http.get(links.pop()) as page:
        assert page.status == 200
        assert "3:00" in await page.text()


async def the_same_hour_cannot_be_booked_again(
    staff: Stranger, course: Json, dana: str, kim: str
) -> None:
    refused = await staff.post("/courses", course_body(dana, kim), status=409)
    dates = {conflict["date"] for conflict in refused["conflicts"]}
    assert dates == {local(session).date().isoformat() for session in course["sessions"]}


async def the_feed_shows(staff: Stranger, url: str, sessions: list[Json]) -> None:
    expected = sorted(instant(session["starts_at"]) for session in sessions)

    async def shown() -> bool:
        return await instants(staff, url) == expected

    await soon(shown)


async def a_move_and_a_cancel_reach_the_feed_and_send_one_notice_each(
    staff: Stranger, url: str, course: Json
) -> None:
    moved, cancelled, *rest = course["sessions"]
    before = len(await staff.mails())
    new_time = instant(moved["starts_at"]) + timedelta(hours=1)
    path = f"/sessions/{moved['id']}/move"
    answer = await staff.post(
        path, {"starts_at": new_time.isoformat(), "scope": "this"}, status=200
    )
    assert instant(answer["starts_at"]) == new_time
    await soon(lambda: at_least(staff, before + 1))  # else one mail might tell of both
    why = {"scope": "this", "reason": CANCELLED}
    await staff.post(f"/sessions/{cancelled['id']}/cancel", why, status=200)
    await the_feed_shows(staff, url, [answer, *rest])
    calendar = icalendar.Calendar.from_ical(await staff.calendar(url))
    statuses = {str(event["UID"]): str(event["STATUS"]) for event in calendar.walk("VEVENT")}
    assert list(statuses.values()).count("CANCELLED") == 1
    await soon(lambda: at_least(staff, before + 2))
    await asyncio.sleep(1)
    mails = await staff.mails()
    assert len(mails) == before + 2
    for session in (moved, cancelled):
        said = [mail for mail in mails[:2] if f"{local(session):%B %-d}" in mail]
        assert len(said) == 1


async def the_link_lets_in_only_around_the_hour(staff: Stranger) -> None:
    ortiz = await staff.clinician(name="Marta Ortiz", working_hours=ALWAYS)
    lee = await staff.client(name="Lee Chen", email="lee@clients.example")
    ana = await staff.client(name="Ana Silva", email="ana@clients.example")
    await staff.consultation(ortiz, lee, now() + timedelta(minutes=10))
    link = await link_in_newest_mail(staff, "lee@clients.example")
    async with staff.http.post(link, allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.headers["Location"].startswith(DANA["room_url"])
    await staff.consultation(ortiz, ana, now() + timedelta(minutes=80))
    early = await link_in_newest_mail(staff, "ana@clients.example")
    opens = (now() + timedelta(minutes=65)).astimezone(ZoneInfo(NEW_YORK))
    async with staff.http.post(early, allow_redirects=False) as answer:
        text = await answer.text()
        assert answer.status == 409
        assert "Location" not in answer.headers
        assert f"{opens:%-I:%M}" in text or f"{opens - timedelta(minutes=1):%-I:%M}" in text


async def a_reminder_comes_when_it_is_due_and_not_for_the_old_time(staff: Stranger) -> None:
    clinician = await staff.clinician(name="Sam Idle", working_hours=ALWAYS)
    kept = await staff.client(name="Kept", email="kept@clients.example")
    shifted = await staff.client(name="Shifted", email="shifted@clients.example")
    other = await staff.clinician(name="Sam Other", working_hours=ALWAYS)
    in_a_day = (now() + timedelta(hours=24, seconds=10)).replace(microsecond=0)
    session = await staff.consultation(clinician, kept, in_a_day)
    moving = await staff.consultation(other, shifted, in_a_day)
    await soon(lambda: staff.mails_that_say("kept@clients.example"))
    later = (in_a_day + timedelta(days=2)).isoformat(timespec="seconds")
    await staff.post(f"/sessions/{moving['id']}/move", {"starts_at": later}, status=200)

    async def reminded() -> bool:
        return len(await staff.mails_that_say("kept@clients.example")) == 2

    await soon(reminded)
    assert now() >= in_a_day - timedelta(hours=24)
    await asyncio.sleep(2)
    reminder, confirmation = await staff.mails_that_say("kept@clients.example")
    assert set(LINK.findall(reminder)) == set(LINK.findall(confirmation))
    assert len(await staff.mails_that_say("shifted@clients.example")) == 2  # booked, moved
    states = [(r["kind"], r["state"]) for r in await staff.reminders(session["id"])]
    assert states.count(("reminder", "sent")) == 1
    old = [r for r in await staff.reminders(moving["id"]) if r["kind"] == "reminder"]
    assert {r["state"] for r in old} == {"skipped", "planned"}


def course_body(dana: str, kim: str) -> Json:
    return {
        "clinician_id": dana,
        "client_ids": [kim],
        "first_date": series_across_a_clock_change().isoformat(),
        "time": "15:00",
        "sessions": 16,
    }


def local(session: Json) -> datetime:
    return instant(session["starts_at"]).astimezone(ZoneInfo(NEW_YORK))


async def at_least(staff: Stranger, count: int) -> bool:
    return len(await staff.mails()) >= count


async def link_in_newest_mail(staff: Stranger, address: str) -> str:
    mails = await soon(lambda: staff.mails_that_say(address))
    return str(LINK.findall(mails[0])[0])


async def instants(staff: Stranger, url: str) -> list[object]:
    """Return when a calendar program shows something that is not cancelled, in UTC."""
    calendar = icalendar.Calendar.from_ical(await staff.calendar(url))
    events = recurring_ical_events.of(calendar).between(
        now() - timedelta(days=31), now() + timedelta(days=300)
    )
    return sorted(
        event["DTSTART"].dt for event in events if str(event.get("STATUS")) != "CANCELLED"
    )
