"""When clinicians are taken in calendars of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "scheduler_0012"
down_revision = "scheduler_0011"


def upgrade() -> None:
    op.create_table(
        "busy_calendars",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("clinician_id", sa.Uuid, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("read_at", UtcDateTime, nullable=False),
        sa.Column("stale", sa.Boolean, nullable=False),
    )
    op.create_table(
        "busy_blocks",
        sa.Column("calendar_id", sa.Uuid, primary_key=True),
        sa.Column("starts_at", UtcDateTime, primary_key=True),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("clinician_id", sa.Uuid, nullable=False),
    )
    op.create_index("ix_busy_blocks_clinician_ends_at", "busy_blocks", ["clinician_id", "ends_at"])
