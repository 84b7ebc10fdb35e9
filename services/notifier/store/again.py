"""The same mail planned once more, as a delivery of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.fates import Fate
from services.notifier.domain.plan import delivery_id
from services.notifier.domain.sessions import SCHEDULED
from services.notifier.domain.states import Kind, State
from services.notifier.store.claims import Claim
from services.notifier.store.tables import offers, reminders, sessions, told

_AGAIN: Final = "/again/"
_KEY: Final = sa.select(reminders.c.plan_key)
_CLAIM: Final = [reminders.c[name] for name in Claim.__dataclass_fields__]
_OF_SESSIONS: Final = (
    Kind.CONFIRMATION,
    Kind.REMINDER,
    Kind.MOVED,
    Kind.CANCELLED,
    Kind.CHANGED,
)


async def hold_planned(conn: AsyncConnection, id: UUID) -> Claim | None:
    """Return what was planned under this id.

    The mail that it is, or repeats, is held until the commit: it is repeated once at a time.
    """
    key = (await conn.execute(_KEY.where(reminders.c.id == id))).scalar()
    if key is None:
        return None
    await conn.execute(_KEY.where(reminders.c.plan_key == _first(key)).with_for_update())
    rows = await conn.execute(sa.select(*_CLAIM).where(reminders.c.id == id))
    return _claim(rows.mappings().one())


async def is_open(conn: AsyncConnection, id: UUID) -> bool:
    """Whether the mail that this is, or repeats, has not ended, or a repeat of it has not."""
    key = (await conn.execute(_KEY.where(reminders.c.id == id))).scalar_one()
    rows = await conn.execute(
        _KEY.where(_same_as(_first(key)), reminders.c.next_at.is_not(None)).limit(1)
    )
    return rows.first() is not None


async def is_last(conn: AsyncConnection, id: UUID) -> bool:
    """Whether this mail was not planned once more since."""
    key = (await conn.execute(_KEY.where(reminders.c.id == id))).scalar_one()
    known = (await conn.execute(_KEY.where(_same_as(_first(key))))).scalars()
    return _times(key) == max(map(_times, known))


async def came_back(
    conn: AsyncConnection, person_id: UUID, address: UUID, now: datetime
) -> list[Claim]:
    """Return what this person was to get, of something ahead, and certainly did not.

    What was repeated since counts as its repeat fared. A check counts if it asked `address`.
    All that is ahead of them is held until the commit, so that nothing is repeated twice.
    """
    fared = [*_CLAIM, reminders.c.plan_key, reminders.c.fate]
    rows = await conn.execute(
        sa.select(*fared)
        .where(reminders.c.person_id == person_id, _is_ahead(address, now))
        .order_by(reminders.c.due_at, reminders.c.id)
        .with_for_update()
    )
    last: dict[str, sa.RowMapping] = {}
    for row in rows.mappings().all():
        known = last.get(_first(row["plan_key"]))
        if known is None or _times(known["plan_key"]) < _times(row["plan_key"]):
            last[_first(row["plan_key"])] = row
    return [_claim(row) for row in last.values() if _did_not_arrive(row)]


async def plan_again(conn: AsyncConnection, id: UUID, now: datetime) -> UUID:
    """Plan a copy of this mail, due at `now`, and return its id."""
    row = (await conn.execute(sa.select(reminders).where(reminders.c.id == id))).mappings().one()
    first = _first(row["plan_key"])
    number = sa.select(sa.func.count()).select_from(reminders).where(_same_as(first))
    key = f"{first}{_AGAIN}{(await conn.execute(number)).scalar_one()}"
    new = {
        "id": delivery_id(key),
        "plan_key": key,
        "due_at": now,
        "next_at": now,
        "state": State.PLANNED,
        "fence": 0,
        "attempts": 0,
        "answer_lost": False,
        "reason": None,
        "message_id": None,
        "ended_at": None,
        "attempted_at": None,
        "fate": None,
        "fate_at": None,
    }
    await conn.execute(sa.insert(reminders).values({**row, **new}))
    return delivery_id(key)


def _first(key: str) -> str:
    """Return the key of the mail that this one is, or repeats."""
    return key.split(_AGAIN)[0]


def _times(key: str) -> int:
    """Return how often this had been planned before."""
    return int(key.partition(_AGAIN)[2] or 0)


def _is_ahead(address: UUID, now: datetime) -> sa.ColumnElement[bool]:
    held = sa.select(sessions.c.id).where(
        sessions.c.starts_at > now,
        sa.or_(
            sessions.c.id == reminders.c.session_id,
            sessions.c.course_id == reminders.c.course_id,
        ),
    )
    kept = sa.select(offers.c.id).where(
        offers.c.id == reminders.c.offer_id, offers.c.expires_at > now, sa.not_(offers.c.ended)
    )
    return sa.or_(
        sa.and_(reminders.c.kind.in_(_OF_SESSIONS), held.exists()),
        sa.and_(reminders.c.kind == Kind.OFFER, kept.exists()),
        sa.and_(reminders.c.kind == Kind.ADDRESS, reminders.c.subject_id == address),
    )


def _did_not_arrive(row: sa.RowMapping) -> bool:
    failed = row["state"] == State.FAILED and not row["answer_lost"]
    return failed or row["fate"] in (Fate.BOUNCED, Fate.DROPPED)


def _claim(row: sa.RowMapping) -> Claim:
    values = {name: row[name] for name in Claim.__dataclass_fields__}
    return Claim(**{**values, "kind": Kind(row["kind"]), "state": State(row["state"])})


def _same_as(first: str) -> sa.ColumnElement[bool]:
    repeats = reminders.c.plan_key.startswith(first + _AGAIN, autoescape=True)
    return sa.or_(reminders.c.plan_key == first, repeats)


async def may_not_have_heard(conn: AsyncConnection, claim: Claim) -> None:
    """Note that the reader may know nothing of what the mail said, so that it is said again.

    What a confirmation was not of, such as what is cancelled by now, is not said in its place.
    """
    about = sa.select(sessions.c.id).where(
        sessions.c.id == claim.session_id
        if claim.session_id is not None
        else sessions.c.course_id == claim.course_id
    )
    doubted = sa.update(told).where(
        told.c.person_id == claim.person_id, told.c.session_id.in_(about)
    )
    if claim.kind is Kind.CONFIRMATION:
        doubted = doubted.where(sa.func.coalesce(told.c.status, SCHEDULED) == SCHEDULED)
    await conn.execute(doubted.values(doubted=True))
