"""An hour that came free goes to the first who fits, then to the next."""

from __future__ import annotations

from datetime import datetime

from tests.cast import ANA, LEE, NEW_YORK
from tests.scheduler.practice import Practice, problem_of
from tests.scheduler.waiting import (
    DAY,
    FIRST_TUESDAY,
    MINUTE,
    ONE_HOUR,
    answers,
    busy_tuesday,
    cancel_all,
    entry,
    offers,
    tick,
    waits,
)


async def test_a_freed_hour_goes_to_the_first_then_to_the_next(practice: Practice) -> None:
    _, course = await busy_tuesday(practice)
    ana, lee = await practice.person(ANA), await practice.person(LEE)
    first = await waits(practice, ana, sessions=12)
    practice.clock.advance(MINUTE)
    second = await waits(practice, lee, sessions=12)
    assert await tick(practice) == 0
    await cancel_all(practice, course)
    practice.clock.advance(3 * MINUTE)
    assert await tick(practice) == 1
    [offer] = await offers(practice)
    assert (offer["client_id"], offer["status"]) == (ana, "open")
    assert offer["sessions"][0]["starts_at"] == FIRST_TUESDAY
    assert len(offer["sessions"]) == 12
    assert await entry(practice, first["id"]) == "offered"
    assert await entry(practice, second["id"]) == "waiting"
    assert await tick(practice) == 0
    assert await answers(practice, offer, "decline") == 200
    assert await tick(practice) == 1
    [after] = await offers(practice, status="open")
    assert (after["client_id"], after["sessions"]) == (lee, offer["sessions"])
    assert await entry(practice, first["id"]) == "waiting"
    assert await entry(practice, second["id"]) == "offered"


async def test_a_freed_hour_is_left_alone_while_it_may_be_taken_back(practice: Practice) -> None:
    _, course = await busy_tuesday(practice)
    await waits(practice, await practice.person(ANA))
    await cancel_all(practice, course)
    for minutes, made in ((0, 0), (2, 0), (1, 1)):
        practice.clock.advance(minutes * MINUTE)
        assert await tick(practice) == made


async def test_accepting_books_the_course_whole(practice: Practice) -> None:
    dana = await practice.clinician(working_hours=ONE_HOUR)
    ana = await practice.person(ANA)
    waiting = await waits(practice, ana)
    await tick(practice)
    [offer] = await offers(practice)
    assert await answers(practice, offer, "accept") == 303
    told = await practice.events()
    assert [each["type"] for each in told[-3:]] == [
        "offer.made.v1",
        "course.booked.v1",
        "offer.ended.v1",
    ]
    booked = told[-2]["data"]
    assert (booked["clinician_id"], booked["client_ids"]) == (dana, [ana])
    starts = [datetime.fromisoformat(each["starts_at"]) for each in booked["sessions"]]
    assert starts == [datetime.fromisoformat(each["starts_at"]) for each in offer["sessions"]]
    assert len(starts) == 16
    assert await entry(practice, waiting["id"]) == "accepted"
    assert await answers(practice, offer, "accept") == 303
    assert await answers(practice, offer, "decline") == 200
    assert (await practice.told()).count("course.booked.v1") == 1
    assert (await offers(practice))[0]["status"] == "accepted"


async def test_a_single_hour_is_offered_and_booked_too(practice: Practice) -> None:
    await practice.clinician(working_hours=ONE_HOUR)
    ana = await practice.person(ANA)
    await waits(practice, ana, kind="consultation")
    await tick(practice)
    [offer] = await offers(practice)
    assert [each["starts_at"] for each in offer["sessions"]] == [FIRST_TUESDAY]
    assert offer["expires_at"] == (practice.clock.moment + DAY).isoformat()
    assert await answers(practice, offer, "accept") == 303
    told = next(e for e in await practice.events() if e["type"] == "session.booked.v1")
    assert (told["data"]["session"]["kind"], told["data"]["session"]["course_id"]) == (
        "consultation",
        None,
    )


async def test_the_offer_is_told_without_what_it_is_for(practice: Practice) -> None:
    dana = await practice.clinician(working_hours=ONE_HOUR)
    ana = await practice.person(ANA)
    await waits(practice, ana)
    await tick(practice)
    told = (await practice.events())[-1]
    [offer] = await offers(practice)
    assert (told["type"], told["subject"]) == ("offer.made.v1", offer["id"])
    assert told["data"] == {
        "offer_id": offer["id"],
        "client_id": ana,
        "clinician_id": dana,
        "starts_at": "2026-11-24T20:00:00Z",
        "ends_at": "2026-11-24T21:00:00Z",
        "timezone": NEW_YORK,
        "weekly": True,
        "expires_at": "2026-11-24T14:00:00Z",
    }


async def test_nobody_else_can_have_an_hour_that_is_kept(practice: Practice) -> None:
    dana = await practice.clinician(working_hours=ONE_HOUR)
    ana, lee = await practice.person(ANA), await practice.person(LEE)
    await waits(practice, ana)
    await tick(practice)
    body = {"kind": "consultation", "clinician_id": dana, "client_ids": [lee]}
    booking = body | {"starts_at": "2026-12-15T15:00:00-05:00"}
    problem = await problem_of(await practice.post("/v1/sessions", booking), 409)
    assert [each["reason"] for each in problem["conflicts"]] == ["held"]
    practice.clock.advance(DAY)
    assert (await practice.post("/v1/sessions", booking)).status == 201


async def test_an_offer_that_runs_out_goes_to_the_next(practice: Practice) -> None:
    await practice.clinician(working_hours=ONE_HOUR)
    ana, lee = await practice.person(ANA), await practice.person(LEE)
    first = await waits(practice, ana)
    practice.clock.advance(MINUTE)
    await waits(practice, lee)
    await tick(practice)
    [offer] = await offers(practice)
    practice.clock.moment = datetime.fromisoformat(offer["expires_at"])
    assert await answers(practice, offer, "accept") == 410
    assert await tick(practice) == 1
    assert (await offers(practice, status="expired"))[0]["client_id"] == ana
    assert (await offers(practice, status="open"))[0]["client_id"] == lee
    assert await entry(practice, first["id"]) == "waiting"
    ended = [each for each in await practice.events() if each["type"] == "offer.ended.v1"]
    assert [each["subject"] for each in ended] == [offer["id"]]


async def test_who_let_an_hour_go_is_offered_another_but_never_that_one(
    practice: Practice,
) -> None:
    two = [*ONE_HOUR, {"weekday": "wednesday", "start": "15:00", "end": "16:00"}]
    await practice.clinician(working_hours=two)
    ana = await practice.person(ANA)
    await practice.made("/v1/waiting-list", {"client_id": ana})
    await tick(practice)
    assert await answers(practice, (await offers(practice))[0], "decline") == 200
    practice.clock.advance(MINUTE)
    assert await tick(practice) == 1
    one, other = await offers(practice)
    assert one["sessions"][0]["starts_at"][:10] == "2026-11-24"
    assert other["sessions"][0]["starts_at"][:10] == "2026-11-25"
    assert await answers(practice, other, "decline") == 200
    assert await tick(practice) == 0
    practice.clock.advance(2 * DAY)
    assert await tick(practice) == 0


async def test_an_offer_never_outlives_the_notice_before_its_hour(practice: Practice) -> None:
    """It is Monday, nine o'clock in New York; the hour is Tuesday at three."""
    await practice.clinician(working_hours=ONE_HOUR, minimum_notice_minutes=20 * 60)
    await waits(practice, await practice.person(ANA), kind="consultation")
    await tick(practice)
    [offer] = await offers(practice)
    assert offer["sessions"][0]["starts_at"] == FIRST_TUESDAY
    assert offer["expires_at"] == "2026-11-24T00:00:00+00:00"


async def test_an_hour_that_is_lost_all_the_same_is_not_booked_by_half(practice: Practice) -> None:
    """Time off came over the first date; the person waits on in their place."""
    dana = await practice.clinician(working_hours=ONE_HOUR)
    waiting = await waits(practice, await practice.person(ANA))
    await tick(practice)
    [offer] = await offers(practice)
    off = {"first_date": "2026-11-24", "last_date": "2026-11-24"}
    await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    assert await answers(practice, offer, "accept") == 410
    assert (await (await practice.get("/v1/sessions")).json())["sessions"] == []
    assert (await offers(practice))[0]["status"] == "lost"
    assert await entry(practice, waiting["id"]) == "waiting"


async def test_weeks_that_cannot_be_had_are_put_off_to_the_end(practice: Practice) -> None:
    """Two of sixteen Tuesdays are off before the offer, and one more before it is taken."""
    dana = await practice.clinician(working_hours=ONE_HOUR)
    for day in ("2026-12-22", "2026-12-29"):
        off = {"first_date": day, "last_date": day}
        await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    await waits(practice, await practice.person(ANA))
    await tick(practice)
    [offer] = await offers(practice)
    days = [each["starts_at"][:10] for each in offer["sessions"]]
    assert (len(days), days[0], days[-1]) == (16, "2026-11-24", "2027-03-23")
    assert not {"2026-12-22", "2026-12-29"} & set(days)
    off = {"first_date": "2027-02-02", "last_date": "2027-02-02"}
    await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    assert await answers(practice, offer, "accept") == 303
    booked = (await (await practice.get("/v1/sessions")).json())["sessions"]
    days = [each["starts_at"][:10] for each in booked]
    assert (len(days), days[0], days[-1]) == (16, "2026-11-24", "2027-03-30")


async def test_nobody_under_18_is_offered_a_course_without_a_consent(practice: Practice) -> None:
    await practice.clinician(working_hours=ONE_HOUR)
    teen = await practice.person(ANA, date_of_birth="2011-05-04")
    await waits(practice, teen)
    assert await tick(practice) == 0
    tasks = (await (await practice.get("/v1/tasks")).json())["tasks"]
    assert [(each["kind"], each["subject_id"]) for each in tasks] == [("consent_missing", teen)]
    consent = {"basis": "guardian", "given_by": "Rosa Silva", "given_on": "2026-11-20"}
    await practice.made(f"/v1/clients/{teen}/consents", consent)
    assert await tick(practice) == 1
