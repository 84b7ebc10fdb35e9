"""Whoever follows every link of every page changes nothing, as mail scanners do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.web.keys import DATABASE
from tests.scheduler.pages.visitor import Visitor, chosen, kim_with
from tests.scheduler.practice import Practice

Step = Callable[[Visitor], Awaitable[Any]]


def _everything(connection: Connection) -> dict[str, list[str]]:
    found = {}
    for name in sa.inspect(connection).get_table_names():
        rows = connection.execute(sa.text(f'SELECT * FROM "{name}"')).all()
        found[name] = sorted(repr(tuple(row)) for row in rows)
    return found


async def content(practice: Practice) -> dict[str, list[str]]:
    async def read(conn: AsyncConnection) -> dict[str, list[str]]:
        return await conn.run_sync(_everything)

    found: dict[str, list[str]] = await practice.client.app[DATABASE].read(read)
    return found


async def follow_everything(kim: Visitor) -> int:
    """GET and HEAD each page, all that it links to, and all addresses of its forms.

    Of the weeks that lie beside those that the page links to, none: they are the same page.
    """
    to_see = [kim.path + below for below in ("", "/cancel", "/times", "/move", "/ask", "/calendar")]
    seen: set[str] = set()
    while to_see:
        address = to_see.pop()
        if address in seen:
            continue
        seen.add(address)
        for method in ("GET", "HEAD"):
            answer = await kim.practice.client.request(method, address, allow_redirects=False)
            assert answer.status in (200, 405, 409, 410), address
        if answer.status == 405:
            continue
        page = await kim.look(address.removeprefix(kim.path))
        to_see += page.links if "week=" not in address else page.links[-1:]
        to_see += [form.action for form in page.forms.values()]
    return len(seen)


async def nothing(kim: Visitor) -> None:
    """Leave everything as it is."""


async def confirm(kim: Visitor) -> None:
    await kim.press(await kim.look(), "confirm")


async def cancel(kim: Visitor) -> None:
    await kim.press(await kim.look(), "cancel")


async def ask(kim: Visitor) -> None:
    await kim.press(await kim.look("/ask"), "ask", words="Mondays")


async def move(kim: Visitor) -> None:
    await kim.press(await chosen(kim), "move")


async def test_following_every_link_changes_nothing(practice: Practice) -> None:
    kim, _ = await kim_with(practice)
    steps: list[Step] = [nothing, confirm, ask, chosen, move, cancel]
    for step in steps:
        await step(kim)
        before = await content(practice)
        assert await follow_everything(kim) > 5
        assert await content(practice) == before
