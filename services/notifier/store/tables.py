"""The notifier's own tables: what it was told (projections), and what it plans and did."""

from __future__ import annotations

import sqlalchemy as sa

from shared.store.columns import UtcDateTime

metadata = sa.MetaData()

people = sa.Table(
    "people",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("locale", sa.String(35), nullable=False),
    sa.Column("link_generation", sa.BigInteger, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("course_id", sa.Uuid, index=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("times_revision", sa.Integer, nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("links_expire_at", UtcDateTime, nullable=False),
)

participants = sa.Table(
    "participants",
    metadata,
    sa.Column("session_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, primary_key=True),
)

offers = sa.Table(
    "offers",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("weekly", sa.Boolean, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("ended", sa.Boolean, nullable=False),
)

# What each person last heard of each session. Not a projection: only deliveries change it.
told = sa.Table(
    "told",
    metadata,
    sa.Column("session_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, primary_key=True),
    sa.Column("starts_at", UtcDateTime),
    sa.Column("status", sa.String(16)),
    sa.Column("doubted", sa.Boolean, nullable=False),
)

# One row a planned mail. `next_at` is when to look at it (again): its due time, the end of
# the lease of whoever holds it, or the next try; NULL once it has ended.
reminders = sa.Table(
    "reminders",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("plan_key", sa.String(160), nullable=False, unique=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("session_id", sa.Uuid, index=True),
    sa.Column("course_id", sa.Uuid, index=True),
    sa.Column("offer_id", sa.Uuid),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("offset_seconds", sa.Integer),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(64)),
    sa.Column("next_at", UtcDateTime),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("answer_lost", sa.Boolean, nullable=False),
    sa.Column("message_id", sa.String(255)),
    sa.Column("ended_at", UtcDateTime),
)

_is_open = reminders.c.next_at.is_not(None)
sa.Index(
    "ix_reminders_open_next_at",
    reminders.c.next_at,
    sqlite_where=_is_open,
    postgresql_where=_is_open,
)
sa.Index(
    "ix_reminders_open_due_at",
    reminders.c.due_at,
    sqlite_where=_is_open,
    postgresql_where=_is_open,
)
