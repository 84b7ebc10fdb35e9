"""Sessions with the zones of those whom they are for, so that both clocks can be shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.sessions import Session
from services.scheduler.store.zones import zones_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Generic[T]):
    """Something with sessions in it, and the time zone of each of their people."""

    of: T
    zones: Mapping[UUID, str]


async def shown(
    conn: AsyncConnection, doing: Awaitable[T], sessions: Callable[[T], Iterable[Session]]
) -> Shown[T]:
    """Return what `doing` gives, with the zones of the people of its `sessions`."""
    given = await doing
    people = {id for each in sessions(given) for id in (each.clinician_id, *each.client_ids)}
    return Shown(of=given, zones=await zones_of(conn, people))
