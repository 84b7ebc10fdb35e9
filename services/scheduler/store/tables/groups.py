"""Who of a group is away from one of its sessions."""

from __future__ import annotations

import sqlalchemy as sa

from services.scheduler.store.tables.metadata import metadata
from shared.store.columns import UtcDateTime

absences = sa.Table(
    "absences",
    metadata,
    sa.Column("session_id", sa.Uuid, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), primary_key=True),
    sa.Column("told_at", UtcDateTime, nullable=False),
)
