"""When clinicians work, for the feeds that show it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "calendar_feed_0005"
down_revision = "calendar_feed_0004"


def upgrade() -> None:
    op.create_table(
        "office_hours",
        sa.Column("clinician_id", sa.Uuid, primary_key=True),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("hours", sa.JSON, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
    )
