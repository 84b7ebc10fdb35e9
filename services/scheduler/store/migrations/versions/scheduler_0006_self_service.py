"""Holds, confirmations, and what can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "scheduler_0006"
down_revision = "scheduler_0005"


def upgrade() -> None:
    _create_held_hours()


def _create_held_hours() -> None:
    op.create_table(
        "held_hours",
        sa.Column("hold_id", sa.Uuid, primary_key=True),
        sa.Column("starts_at", UtcDateTime, primary_key=True),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("clinician_id", sa.Uuid, sa.ForeignKey("clinicians.id"), nullable=False),
        sa.Column("client_id", sa.Uuid, sa.ForeignKey("clients.id")),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ck_held_hours_length"),
    )
    op.create_index("ix_held_hours_expires_at", "held_hours", ["expires_at"])
    op.create_index(
        "ix_held_hours_clinician_starts_at", "held_hours", ["clinician_id", "starts_at"]
    )
    op.create_index("ix_held_hours_client_starts_at", "held_hours", ["client_id", "starts_at"])
