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
