"""Hours that are kept for someone, and what people did by link."""

from __future__ import annotations

import sqlalchemy as sa

from services.scheduler.store.tables.metadata import metadata
from shared.store.columns import UtcDateTime

# A row for each hour of a hold; one that has run out counts for nothing.
held_hours = sa.Table(
    "held_hours",
    metadata,
    sa.Column("hold_id", sa.Uuid, primary_key=True),
    sa.Column("starts_at", UtcDateTime, primary_key=True),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
    sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id")),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    sa.Index("ix_held_hours_clinician_starts_at", "clinician_id", "starts_at"),
    sa.Index("ix_held_hours_client_starts_at", "client_id", "starts_at"),
)

# What clients did about an appointment by link, and what an undo brings back.
self_service_actions = sa.Table(
    "self_service_actions",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("session_id", sa.Uuid, sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("act", sa.String(16), nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("seen", sa.String(16), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("before_starts_at", UtcDateTime, nullable=False),
    sa.Column("before_ends_at", UtcDateTime, nullable=False),
    sa.Column("before_links_expire_at", UtcDateTime, nullable=False),
    sa.Column("before_confirmed", sa.Boolean, nullable=False),
    sa.Column("undone_at", UtcDateTime),
    sa.Index("ux_self_service_actions_number", "session_id", "client_id", "number", unique=True),
)

# Each POST by link of the last hour: nobody needs more than a few.
link_posts = sa.Table(
    "link_posts",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("session_id", sa.Uuid, nullable=False),
    sa.Column("client_id", sa.Uuid, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False, index=True),
    sa.Index("ix_link_posts_session_client", "session_id", "client_id", "made_at"),
)
