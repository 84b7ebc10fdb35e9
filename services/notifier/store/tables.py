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
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("ward_id", sa.Uuid, index=True),
    sa.Column("notices", sa.String(8)),
    sa.Column("vouched", sa.Boolean, nullable=False),
    sa.Column("wishes", sa.JSON, nullable=False),
)

practice = sa.Table(
    "practice",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("settled", sa.JSON, nullable=False),
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
    sa.Column("clinician_id", sa.Uuid, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("confirmed_by", sa.JSON, nullable=False),
    sa.Index("ix_sessions_clinician_starts_at", "clinician_id", "starts_at"),
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
    sa.Column("confirmed", sa.Boolean, nullable=False),
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
    sa.Column("subject_id", sa.Uuid),
    sa.Column("day", sa.Date),
    sa.Column("attempted_at", UtcDateTime),
    sa.Column("fate", sa.String(16)),
    sa.Column("fate_at", UtcDateTime),
    sa.Index("ix_reminders_person_due_at", "person_id", "due_at"),
    sa.Index("ix_reminders_state_ended_at", "state", "ended_at"),
)

# Each attempt whose outcome is known; `reminders` itself says that one has begun.
attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("reminder_id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("begun_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime, nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(64)),
)

# What a provider said later of a mail it took; its own id of that keeps each once.
provider_events = sa.Table(
    "provider_events",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("reminder_id", sa.Uuid, nullable=False, index=True),
    sa.Column("fate", sa.String(16), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("reason", sa.String(64)),
)

# Addresses that mail came back from for good, by what stands for them (`shared/links.py`).
stopped_addresses = sa.Table(
    "stopped_addresses",
    metadata,
    sa.Column("person_id", sa.Uuid, primary_key=True),
    sa.Column("address", sa.Uuid, primary_key=True),
    sa.Column("reason", sa.String(16), nullable=False),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Column("reminder_id", sa.Uuid, nullable=False),
)

# One row, which the migration brings: whether staff have stopped all sending.
sending = sa.Table(
    "sending",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("paused_at", UtcDateTime),
    sa.Column("paused_by", sa.String(80)),
    sa.Column("reason", sa.String(200)),
)

# A channel that has asked to be left alone, or does not let us in, for all replicas.
channel_rests = sa.Table(
    "channel_rests",
    metadata,
    sa.Column("channel", sa.String(16), primary_key=True),
    sa.Column("until", UtcDateTime, nullable=False),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
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
