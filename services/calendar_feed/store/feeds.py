"""Feeds: found by the hash of their token, or by their id."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.clinicians import Clinician
from services.calendar_feed.domain.feeds import Detail, Feed, Form
from services.calendar_feed.domain.window import Window
from services.calendar_feed.store.tables import clinicians, feed_window, feeds
from services.calendar_feed.store.window import WINDOW_ID

_COLUMNS = [feeds.c[name] for name in Feed.__dataclass_fields__]


async def add_feed(conn: AsyncConnection, feed: Feed, *, token_sha256: str) -> None:
    await conn.execute(sa.insert(feeds).values(**asdict(feed), token_sha256=token_sha256))


async def find_feed(conn: AsyncConnection, id: UUID, own: UUID | None) -> Feed | None:
    """Return the feed if it is live, and of the clinician `own` unless that is None."""
    rows = await conn.execute(sa.select(*_COLUMNS).where(feeds.c.id == id, *_live_of(own)))
    row = rows.mappings().first()
    return _feed(row) if row else None


async def list_feeds(conn: AsyncConnection, clinician_id: UUID | None) -> list[Feed]:
    """Return the live feeds, of one clinician or of all, oldest first."""
    rows = await conn.execute(
        sa.select(*_COLUMNS).where(*_live_of(clinician_id)).order_by(feeds.c.created_at, feeds.c.id)
    )
    return [_feed(row) for row in rows.mappings().all()]


async def change_token(conn: AsyncConnection, id: UUID, *, token_sha256: str, at: datetime) -> None:
    await conn.execute(
        sa.update(feeds).where(feeds.c.id == id).values(token_sha256=token_sha256, rotated_at=at)
    )


async def revoke(conn: AsyncConnection, id: UUID, at: datetime) -> None:
    await conn.execute(sa.update(feeds).where(feeds.c.id == id).values(revoked_at=at))


async def find_served(
    conn: AsyncConnection, token_sha256: str
) -> tuple[Feed, Clinician, Window] | None:
    """Return, in one read, all that decides a live feed's bytes but the entries themselves."""
    owner = [column.label(f"owner_{column.name}") for column in clinicians.c]
    rows = await conn.execute(
        sa.select(*_COLUMNS, *owner, feed_window.c.first_day)
        .join(clinicians, clinicians.c.id == feeds.c.clinician_id)
        .join(feed_window, feed_window.c.id == WINDOW_ID)
        .where(feeds.c.token_sha256 == token_sha256, *_live_of(None))
    )
    row = rows.mappings().first()
    if row is None:
        return None
    clinician = Clinician(**{column.name: row[f"owner_{column.name}"] for column in clinicians.c})
    return _feed(row), clinician, Window(first_day=row["first_day"])


def _live_of(clinician_id: UUID | None) -> list[sa.ColumnElement[bool]]:
    own = [] if clinician_id is None else [feeds.c.clinician_id == clinician_id]
    return [feeds.c.revoked_at.is_(None), *own]


def _feed(row: sa.RowMapping) -> Feed:
    values: dict[str, Any] = {column.name: row[column.name] for column in _COLUMNS}
    return Feed(**{**values, "detail": Detail(row["detail"]), "form": Form(row["form"])})
