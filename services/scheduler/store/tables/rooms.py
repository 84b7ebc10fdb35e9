"""Video rooms that were made, and who has come to them."""

from __future__ import annotations

import sqlalchemy as sa

from services.scheduler.store.tables.metadata import metadata
from shared.store.columns import UtcDateTime

# While `claim` is set the room is being made by whoever holds it, until `claimed_until`.
session_rooms = sa.Table(
    "session_rooms",
    metadata,
    sa.Column("session_id", sa.Uuid, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("provider", sa.String(16), nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("opens_at", UtcDateTime, nullable=False),
    sa.Column("closes_at", UtcDateTime, nullable=False),
    sa.Column("url", sa.String(2000), nullable=False),
    sa.Column("reference", sa.String(200), nullable=False),
    sa.Column("claim", sa.Uuid),
    sa.Column("claimed_until", UtcDateTime),
)

# When each person last pressed Join while the door was open.
session_arrivals = sa.Table(
    "session_arrivals",
    metadata,
    sa.Column("session_id", sa.Uuid, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("person_id", sa.Uuid, primary_key=True),
    sa.Column("arrived_at", UtcDateTime, nullable=False),
)
