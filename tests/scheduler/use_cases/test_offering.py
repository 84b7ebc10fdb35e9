"""Many sweeps and many presses at once: one hour, one offer, one booking."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from itertools import cycle

from services.scheduler.domain.errors import HourTaken
from services.scheduler.store.waiting import everyone_waiting
from services.scheduler.use_cases.ending_offers import end_run_out
from services.scheduler.use_cases.hours_to_offer import hours_for, look_around
from services.scheduler.use_cases.offering import keep_hours, offer_free_hours
from shared.store.database import Database
from shared.web.keys import DATABASE
from tests.cast import ANA, KIM, NEW_YORK
from tests.scheduler.practice import Practice
from tests.scheduler.waiting import (
    MINUTE,
    ONE_HOUR,
    answers,
    offers,
    tick,
    waits,
)


async def test_two_replicas_never_offer_one_hour_twice(
    practice: Practice, database_url: str
) -> None:
    """Five people wait for the one hour there is; three sweeps run at once, ten times."""
    await practice.clinician(working_hours=ONE_HOUR)
    for n in range(5):
        client = await practice.person(KIM, email=f"kim{n}@clients.example")
        await waits(practice, client)
    now = practice.clock.moment
    own: Database = practice.client.app[DATABASE]
    replica = Database.at(database_url)
    try:
        for n in range(10):
            sweeps = (offer_free_hours(each, now, NEW_YORK) for each in (own, replica, replica))
            made = await asyncio.gather(*sweeps)
            assert sum(made) == (1 if n < 5 else 0)
            left = await offers(practice, status="open")
            assert len(left) == (1 if n < 5 else 0)
            if left:
                now = datetime.fromisoformat(left[0]["expires_at"])
                ended = await asyncio.gather(end_run_out(own, now), end_run_out(replica, now))
                assert sum(ended) == 1
                now = practice.clock.moment + (n + 1) * MINUTE
    finally:
        await replica.close()
    everything = await offers(practice)
    assert len({each["client_id"] for each in everything}) == len(everything) == 5


async def test_of_five_who_saw_the_same_hour_one_gets_it(
    practice: Practice, database_url: str
) -> None:
    """Each replica looks for all five before any of them keeps it, ten times."""
    await practice.clinician(working_hours=ONE_HOUR)
    for n in range(5):
        await waits(practice, await practice.person(KIM, email=f"kim{n}@clients.example"))
    own: Database = practice.client.app[DATABASE]
    replica = Database.at(database_url)
    try:
        for _ in range(10):
            await one_of_five(practice, own, replica)
    finally:
        await replica.close()


async def one_of_five(practice: Practice, own: Database, replica: Database) -> None:
    now = practice.clock.moment
    everyone = await own.read(everyone_waiting)
    assert len(everyone) == 5
    looking = await own.read(partial(look_around, now=now, practice_zone=NEW_YORK))
    seen = [await own.read(partial(hours_for, looking=looking, entry=each)) for each in everyone]
    assert len({hours[0].slots for hours in seen}) == 1
    tries = [
        each.write(partial(keep_hours, now=now, entry_id=entry.id, hours=hours[0]))
        for each, entry, hours in zip(cycle((own, replica)), everyone, seen, strict=False)
    ]
    kept = await asyncio.gather(*tries, return_exceptions=True)
    assert kept.count(True) == 1
    assert sum(isinstance(each, HourTaken) for each in kept) == 4
    [offer] = await offers(practice, status="open")
    for each in everyone:  # so that the hour is free for the next round
        if str(each.id) == offer["entry_id"]:
            await practice.made(f"/v1/waiting-list/{each.id}/withdraw", {})
            await waits(practice, str(each.client_id))


async def test_an_hour_whose_offer_ran_out_and_has_not_ended_is_not_offered_to_another(
    practice: Practice,
) -> None:
    """A replica whose clock was behind may have made an offer that is over by ours."""
    assert (await practice.put("/v1/practice", {"offer_hours": 1})).status == 200
    await practice.clinician(working_hours=ONE_HOUR)
    for n in range(2):
        await waits(practice, await practice.person(KIM, email=f"kim{n}@clients.example"))
    own: Database = practice.client.app[DATABASE]
    now = practice.clock.moment
    assert await offer_free_hours(own, now, NEW_YORK) == 1
    [offer] = await offers(practice)
    later = datetime.fromisoformat(offer["expires_at"]) + MINUTE
    assert await offer_free_hours(own, later, NEW_YORK) == 1
    first, second = (each["sessions"][0] for each in await offers(practice, status="open"))
    assert first != second
    assert await end_run_out(own, later) == 1


async def test_of_many_presses_one_books(practice: Practice) -> None:
    await practice.clinician(working_hours=ONE_HOUR)
    await waits(practice, await practice.person(ANA))
    await tick(practice)
    [offer] = await offers(practice)
    presses = ["accept", "decline"] * 4
    statuses = await asyncio.gather(*(answers(practice, offer, each) for each in presses))
    told = await practice.told()
    assert told.count("offer.ended.v1") == 1
    booked = told.count("course.booked.v1")
    assert booked == (1 if (await offers(practice))[0]["status"] == "accepted" else 0)
    assert statuses.count(303) == 4 * booked
