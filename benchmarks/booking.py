"""One course of sixteen booked over HTTP, beside the same rows committed by a bare driver."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from benchmarks.bare_rows import bare, copy_people, timed_commit, twin
from benchmarks.figures import Times, ms, times_of
from benchmarks.office import Office, office_of
from benchmarks.processes import practice, running, wait_all_ready
from benchmarks.sections import Section
from benchmarks.servers import databases, lasting_postgres
from demo.processes import NAMES, Services
from tests.postgres import PostgresServer

COURSES: Final = 200
WARM: Final = 10
CLINICIANS: Final = 10
COLUMNS: Final = ("one course of 16", "median", "p99", "rounds", "to the limit")
DRIVERS: Final = {"SQLite": "aiosqlite", "PostgreSQL": "asyncpg"}


async def run() -> Section:
    """Book on each kind of database, with the scheduler alone and with all three services."""
    rows = await _on("SQLite", None)
    async with lasting_postgres() as server:
        if server is not None:
            rows += await _on("PostgreSQL", server)
    return Section(
        name="booking",
        aim="From the request to its 201, one after another, each with its own client and hour.",
        columns=COLUMNS,
        rows=rows,
        notes=[
            "limit: the very rows of each course (the course, its client, 16 sessions, 16 sides, "
            "the event, the counter), committed by the bare driver to a second database of the "
            "same schema, triggers and durability, right after each booking of the scheduler alone",
            "GET /live: one round trip that asks no database",
            "with all three: the notifier and the feed take in each course meanwhile, and the "
            "confirmation is mailed, on the same cores",
        ],
    )


async def _on(kind: str, server: PostgresServer | None) -> list[list[str]]:
    booked, least, trips = await _alone(server)
    together = await _together(server)
    return [
        _row(f"{kind}: scheduler alone", booked, least),
        _row(f"{kind}: with all three", together, least),
        _row(f"{kind}: GET /live", trips, least),
        _row(f"{kind} limit: bare {DRIVERS[kind]}", least, least),
    ]


async def _alone(server: PostgresServer | None) -> tuple[Times, Times, Times]:
    """Return what bookings, bare commits and round trips took, in turns."""
    with practice(await databases(server) if server else None) as services:
        own, other = _address(services), f"sqlite:///{services.folder / 'twin'}.db"
        async with office_of(_started(services, "scheduler")) as office:
            clients, clinicians = await _people(office)
            places = await _new(server) if server else other
            async with bare(own) as source, twin(places) as target:
                await copy_people(source, target)
                booked, least, trips = [], [], []
                for number, client in enumerate(clients):
                    seconds, course = await _book(office, clinicians, client, number)
                    booked.append(seconds)
                    least.append(await timed_commit(source, target, course))
                    trips.append(await office.timed_get("scheduler", "/live"))
    return Times(booked[WARM:]), Times(least[WARM:]), Times(trips[WARM:])


async def _together(server: PostgresServer | None) -> Times:
    with practice(await databases(server) if server else None) as services:
        async with office_of(_started(services, *NAMES)) as office:
            clients, clinicians = await _people(office)
            booked = [
                (await _book(office, clinicians, client, number))[0]
                for number, client in enumerate(clients)
            ]
    return Times(booked[WARM:])


def _started(services: Services, *names: str) -> Services:
    services.start(*names)
    wait_all_ready(running(services))
    return services


def _address(services: Services) -> str:
    return services.databases.get("scheduler", f"sqlite:///{services.folder / 'scheduler'}.db")


async def _new(server: PostgresServer) -> str:
    return await server.new_database()


async def _people(office: Office) -> tuple[list[str], list[str]]:
    """Enter a client for each course, and the clinicians who share them."""
    clients = [await office.client(number) for number in range(WARM + COURSES)]
    return clients, [await office.clinician(number) for number in range(CLINICIANS)]


async def _book(
    office: Office, clinicians: Sequence[str], client: str, number: int
) -> tuple[float, str]:
    """Book the next free hour; return the seconds until the 201, and the course."""
    clinician, place = clinicians[number % CLINICIANS], number // CLINICIANS
    begun = time.perf_counter()
    course = await office.book(clinician, client, place)
    return time.perf_counter() - begun, str(course["id"])


def _row(name: str, times: Times, limit: Times) -> list[str]:
    return [
        name,
        ms(times.median),
        ms(times.p99),
        str(times.rounds),
        times_of(times.median, limit.median),
    ]
