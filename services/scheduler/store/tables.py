"""The scheduler's own tables; no other service reads them.

That two active sessions of one person never overlap is held by the database: on PostgreSQL
by exclusion constraints, on SQLite by triggers. Both are in the migrations.
"""

from __future__ import annotations

import sqlalchemy as sa

from shared.store.columns import UtcDateTime

metadata = sa.MetaData()

clinicians = sa.Table(
    "clinicians",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("room_url", sa.String(2000)),
    sa.Column("working_hours", sa.JSON, nullable=False),
    sa.Column("age_groups", sa.JSON, nullable=False),
    sa.Column("concerns", sa.JSON, nullable=False),
    sa.Column("link_generation", sa.BigInteger, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

clients = sa.Table(
    "clients",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("locale", sa.String(35), nullable=False),
    sa.Column("date_of_birth", sa.Date),
    sa.Column("link_generation", sa.BigInteger, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

guardians = sa.Table(
    "guardians",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("notices", sa.String(16), nullable=False),
    sa.Column("link_generation", sa.BigInteger, nullable=False),
)

courses = sa.Table(
    "courses",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
    sa.Column("first_date", sa.Date, nullable=False),
    sa.Column("local_time", sa.String(5), nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

course_clients = sa.Table(
    "course_clients",
    metadata,
    sa.Column("course_id", sa.Uuid, sa.ForeignKey("courses.id"), primary_key=True),
    sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("course_id", sa.Uuid, sa.ForeignKey("courses.id"), index=True),
    sa.Column("ordinal", sa.Integer),
    sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),  # holds the clinician's hour
    sa.Column("links_expire_at", UtcDateTime, nullable=False),
    sa.Column("cancel_reason", sa.Text),
    sa.Index("ix_sessions_starts_at_id", "starts_at", "id"),
    sa.Index("ix_sessions_clinician_starts_at", "clinician_id", "starts_at"),
)

# Each client's side of a session, with its own times, so that the database can compare them.
session_clients = sa.Table(
    "session_clients",
    metadata,
    sa.Column("session_id", sa.Uuid, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),  # holds the client's hour
    sa.Index("ix_session_clients_client_starts_at", "client_id", "starts_at"),
)

# What a key is called, so that people know which one to revoke; its hash is in api_keys.
key_names = sa.Table(
    "key_names",
    metadata,
    sa.Column("key_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)
