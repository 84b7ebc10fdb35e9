"""Video rooms, and who is waiting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "scheduler_0007"
down_revision = "scheduler_0006"


def upgrade() -> None:
    op.create_table(
        "session_rooms",
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
    op.create_table(
        "session_arrivals",
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("sessions.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid, primary_key=True),
        sa.Column("arrived_at", UtcDateTime, nullable=False),
    )
