"""Three real processes for each flow, on free ports, in a folder of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from demo.processes import NAMES, Keys, Services
from tests.fakes.ports import free_port
from tests.flows.stranger import Stranger
from tests.postgres import PostgresServer

Start = Callable[..., Services]


@pytest.fixture(params=["sqlite", "postgres"])
async def databases(
    request: pytest.FixtureRequest, postgres: PostgresServer | None
) -> AsyncIterator[dict[str, str]]:
    """Where each service keeps its data; a flow that asks runs on both kinds."""
    if request.param == "sqlite":
        yield {}
        return
    if postgres is None:
        pytest.skip("PostgreSQL cannot start here")
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(postgres.lent()) for name in NAMES}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the three services with these settings, ready; they end with the test."""
    started: list[Services] = []

    def begin(databases: dict[str, str] | None = None, **settings: str) -> Services:
        services = Services(
            folder=tmp_path,
            keys=Keys.new(),
            ports={name: free_port() for name in NAMES},
            settings=settings,
            databases=databases or {},
        )
        started.append(services)
        services.start()
        services.wait_ready()
        return services

    yield begin
    for services in started:
        services.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


@pytest.fixture
def meet(http: aiohttp.ClientSession) -> Callable[[Services], Stranger]:
    """Someone with the admin key and no other knowledge."""
    return lambda services: Stranger(services=services, http=http)
