"""Who of a group is away from one of its sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "scheduler_0008"
down_revision = "scheduler_0007"


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("sessions.id"), primary_key=True),
        sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id"), primary_key=True),
        sa.Column("told_at", UtcDateTime, nullable=False),
    )
