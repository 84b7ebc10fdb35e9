"""Many sweeps and many presses at once: one hour, one offer, one booking."""

from __future__ import annotations

import asyncio
from datetime import datetime

from services.scheduler.use_cases.ending_offers import end_run_out
from services.scheduler.use_cases.offering import offer_free_hours
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
