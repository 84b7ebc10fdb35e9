"""Courses, sessions, and who is expected at them.

That two active sessions of one person never overlap is held by the database: on PostgreSQL
by exclusion constraints, on SQLite by triggers. Both are in the migrations. A session that
staff overbooked on purpose is exempt.
"""

from __future__ import annotations

import sqlalchemy as sa

from services.scheduler.store.tables.metadata import metadata
from shared.store.columns import UtcDateTime

courses = sa.Table(
    "courses",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
    sa.Column("first_date", sa.Date, nullable=False),
    sa.Column("local_time", sa.String(5), nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("every_weeks", sa.Integer, nullable=False),
    sa.Column("follows_id", sa.Uuid),
    sa.Column("planned", sa.Integer, nullable=False),
    sa.Column("wall_clock", sa.String(16), nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("end_reason", sa.Text),
    sa.Column("minimum", sa.Integer),  # these three only for a closed group
    sa.Column("maximum", sa.Integer),
    sa.Column("join_until", sa.Integer),
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
    sa.Column("cancelled_late", sa.Boolean, nullable=False),
    sa.Column("overbooked", sa.Boolean, nullable=False),
    sa.Column("local_starts_at", sa.DateTime),  # as agreed on the clock in `timezone`
    sa.Index("ix_sessions_starts_at_id", "starts_at", "id"),
    # What is taken of a clinician is read from this index alone.
    sa.Index("ix_sessions_clinician_taken", "clinician_id", "starts_at", "ends_at", "active"),
)

# One row: the version of the zone database by which all sessions to come have their instants.
zone_rules = sa.Table(
    "zone_rules",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("tzversion", sa.String(16), nullable=False),
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
    sa.Column("overbooked", sa.Boolean, nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False),
    sa.Index("ix_session_clients_client_starts_at", "client_id", "starts_at"),
)
