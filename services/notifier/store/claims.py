"""The sweep's side of the plan: claim by a lease, take in hand, settle under the fence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.settling import Settlement
from services.notifier.domain.states import ENDED, Kind, State
from services.notifier.store.tables import reminders
from shared.store.columns import UtcDateTime

LEASE: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A planned mail that is ours until its lease ends; `fence` tells our claim from later ones."""

    id: UUID
    fence: int
    kind: Kind
    person_id: UUID
    session_id: UUID | None
    course_id: UUID | None
    offer_id: UUID | None
    subject_id: UUID | None
    day: date | None
    revision: int
    offset_seconds: int | None
    due_at: datetime
    state: State
    attempts: int
    answer_lost: bool


_FIELDS: Final = tuple(Claim.__dataclass_fields__)
_COLUMNS: Final = [reminders.c[name] for name in _FIELDS]
_TAKEN: Final = [
    reminders.c.fence + 1 if name == "fence" else reminders.c[name] for name in _FIELDS
]
_DUE: Final = (
    sa.select(*_TAKEN)
    .where(reminders.c.next_at <= sa.bindparam("now", type_=UtcDateTime))
    .order_by(reminders.c.next_at)
    .limit(sa.bindparam("limit", type_=sa.Integer))
    .with_for_update(skip_locked=True)
)


async def next_look(conn: AsyncConnection) -> datetime | None:
    """Return when the next open row is to be looked at, None when nothing is open."""
    rows = await conn.execute(
        sa.select(sa.func.min(reminders.c.next_at)).where(reminders.c.next_at.is_not(None))
    )
    earliest: datetime | None = rows.scalar_one()
    return earliest


async def oldest_due(conn: AsyncConnection) -> datetime | None:
    """Return the earliest due time of all that is open."""
    rows = await conn.execute(
        sa.select(sa.func.min(reminders.c.due_at)).where(reminders.c.next_at.is_not(None))
    )
    earliest: datetime | None = rows.scalar_one()
    return earliest


async def pick_due(conn: AsyncConnection, now: datetime, limit: int) -> list[Claim]:
    """Return up to `limit` due rows, longest due first, with the fence that whoever takes one has.

    They are held until the commit. On PostgreSQL rows that another replica is picking are
    passed over; on SQLite the write transaction is the only one there is.
    """
    due = await conn.execute(_DUE, {"now": now, "limit": limit})
    picked = [_claim(row) for row in due.all()]
    return sorted(picked, key=lambda claim: claim.due_at)


async def take(conn: AsyncConnection, picked: Sequence[Claim], now: datetime) -> None:
    """Make what was picked ours for the length of a lease."""
    if picked:
        await conn.execute(_take(picked, now))


async def take_and_attempt(conn: AsyncConnection, picked: Sequence[Claim], now: datetime) -> None:
    """The same, and note that an attempt at each begins."""
    if picked:
        attempted = {
            "state": State.SENDING,
            "attempts": reminders.c.attempts + 1,
            "attempted_at": now,
        }
        await conn.execute(_take(picked, now).values(attempted))


async def claim_due(conn: AsyncConnection, now: datetime, limit: int) -> list[Claim]:
    """Claim up to `limit` due rows for the length of a lease, longest due first."""
    picked = await pick_due(conn, now, limit)
    await take(conn, picked, now)
    return picked


async def hold(conn: AsyncConnection, claim: Claim) -> Claim | None:
    """Return the row as it now is, held until the commit, or None if it is no longer ours."""
    rows = await conn.execute(sa.select(*_COLUMNS).where(_ours(claim)).with_for_update())
    row = rows.first()
    return _claim(row) if row else None


async def record_attempt(
    conn: AsyncConnection, claim: Claim, *, answer_lost: bool, now: datetime
) -> None:
    """Note that an attempt begins, and take a new lease for it."""
    await conn.execute(
        sa.update(reminders)
        .where(_ours(claim))
        .values(
            state=State.SENDING,
            attempts=reminders.c.attempts + 1,
            attempted_at=now,
            answer_lost=answer_lost,
            next_at=now + LEASE,
        )
    )


async def settle(
    conn: AsyncConnection, claim: Claim, settlement: Settlement, *, now: datetime
) -> bool:
    """Write where it stands now; False if the lease ended and someone else has it."""
    settled = await conn.execute(
        sa.update(reminders).where(_ours(claim)).values(_settled(settlement, now))
    )
    return settled.rowcount == 1


async def hold_ours(conn: AsyncConnection, claims: Collection[Claim]) -> set[UUID]:
    """Return the ids of those claims that are still ours, and hold their rows until the commit."""
    fences = {claim.id: claim.fence for claim in claims}
    rows = await conn.execute(
        sa.select(reminders.c.id, reminders.c.fence)
        .where(reminders.c.id.in_(list(fences)), reminders.c.next_at.is_not(None))
        .order_by(reminders.c.id)
        .with_for_update()
    )
    return {row.id for row in rows.all() if row.fence == fences[row.id]}


async def extend(conn: AsyncConnection, claims: Collection[Claim], now: datetime) -> None:
    """Take a new lease for those of these attempts that are still open and ours."""
    ours = await hold_ours(conn, claims)
    await conn.execute(
        sa.update(reminders)
        .where(reminders.c.id.in_(list(ours)), reminders.c.state == State.SENDING)
        .values(next_at=now + LEASE)
    )


async def settle_all(
    conn: AsyncConnection, settled: Sequence[tuple[Claim, Settlement]], *, now: datetime
) -> None:
    """As `settle`, for claims that `hold_ours` has found to be ours."""
    rows = [{"its_id": claim.id, **_settled(each, now)} for claim, each in settled]
    if rows:
        await conn.execute(_SETTLE, rows)


async def put_back(conn: AsyncConnection, claim: Claim, *, until: datetime) -> None:
    """Leave it as it is and look again at `until`."""
    await conn.execute(sa.update(reminders).where(_ours(claim)).values(next_at=until))


async def nearer_is_due(conn: AsyncConnection, claim: Claim, now: datetime) -> bool:
    """Whether a reminder closer to the start is due for the same person and time.

    Or was sent since this one was due: it may have been faster, or this one had to wait.
    """
    says_it = sa.or_(
        reminders.c.next_at.is_not(None),
        sa.and_(reminders.c.state == State.SENT, reminders.c.due_at >= claim.due_at),
    )
    rows = await conn.execute(
        sa.select(reminders.c.id)
        .where(
            reminders.c.session_id == claim.session_id,
            reminders.c.person_id == claim.person_id,
            reminders.c.kind == Kind.REMINDER,
            reminders.c.revision == claim.revision,
            reminders.c.offset_seconds < claim.offset_seconds,
            reminders.c.due_at <= now,
            says_it,
        )
        .limit(1)
    )
    return rows.first() is not None


def _take(picked: Sequence[Claim], now: datetime) -> sa.Update:
    return (
        sa.update(reminders)
        .where(reminders.c.id.in_([claim.id for claim in picked]))
        .values(fence=reminders.c.fence + 1, next_at=now + LEASE)
    )


def _settled(settlement: Settlement, now: datetime) -> dict[str, object]:
    again = settlement.again_in
    return {
        "state": settlement.state,
        "reason": settlement.reason,
        "message_id": settlement.message_id,
        "answer_lost": settlement.answer_lost,
        "next_at": None if again is None else now + again,
        "ended_at": now if settlement.state in ENDED else None,
    }


_SETTLE: Final = sa.update(reminders).where(
    reminders.c.id == sa.bindparam("its_id", type_=sa.Uuid)  # the columns come with the rows
)


def _ours(claim: Claim) -> sa.ColumnElement[bool]:
    return sa.and_(
        reminders.c.id == claim.id,
        reminders.c.fence == claim.fence,
        reminders.c.next_at.is_not(None),
    )


def _claim(row: Sequence[Any]) -> Claim:
    values = dict(zip(_FIELDS, row, strict=True))
    return Claim(**{**values, "kind": Kind(values["kind"]), "state": State(values["state"])})
