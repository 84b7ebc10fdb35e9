"""The local hour at which each session was agreed, and the zone rules behind its instant."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime
from shared.zones import TZ_VERSION

revision = "scheduler_0013"
down_revision = "scheduler_0012"

_SESSIONS = sa.table(
    "sessions",
    sa.column("id", sa.Uuid),
    sa.column("course_id", sa.Uuid),
    sa.column("starts_at", UtcDateTime),
    sa.column("timezone", sa.String),
    sa.column("local_starts_at", sa.DateTime),
)
_COURSES = sa.table("courses", sa.column("id", sa.Uuid), sa.column("local_time", sa.String))


def upgrade() -> None:
    # Not in a batch: that would make the table anew on SQLite, without its triggers.
    op.add_column("sessions", sa.Column("local_starts_at", sa.DateTime))
    _fill(op.get_bind())
    rules = op.create_table(
        "zone_rules",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("tzversion", sa.String(16), nullable=False),
    )
    # What is stored was computed by these: no other version was in any lock file until now.
    op.execute(rules.insert().values(id=1, tzversion=TZ_VERSION))


def _fill(conn: sa.Connection) -> None:
    usual = {row.id: time.fromisoformat(row.local_time) for row in conn.execute(_COURSES.select())}
    filled = [
        {"of": row.id, "local": _agreed(row.starts_at, row.timezone, usual.get(row.course_id))}
        for row in conn.execute(_SESSIONS.select())
    ]
    if filled:
        change = _SESSIONS.update().where(_SESSIONS.c.id == sa.bindparam("of"))
        conn.execute(change.values(local_starts_at=sa.bindparam("local")), filled)


def _agreed(starts_at: datetime, timezone: str, usual: time | None) -> datetime:
    """Return the hour as `domain.wall_clock.agreed` had it when this was written."""
    zone = ZoneInfo(timezone)
    local = starts_at.astimezone(zone).replace(tzinfo=None, fold=0)
    if usual is None:
        return local
    at_usual = datetime.combine(local.date(), usual)
    return at_usual if at_usual.replace(tzinfo=zone).astimezone(UTC) == starts_at else local
