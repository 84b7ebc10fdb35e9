"""What each event of a calendar outside was last read to, by which zone, and when that was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "calendar_feed_0008"
down_revision = "calendar_feed_0007"


def upgrade() -> None:
    op.add_column("outside_calendars", sa.Column("zone", sa.String(64)))
    op.add_column("outside_calendars", sa.Column("tzversion", sa.String(32)))
    op.add_column("outside_calendars", sa.Column("told_at", UtcDateTime))
    op.add_column("outside_calendars", sa.Column("asked_at", UtcDateTime))
    op.create_table(
        "outside_hours",
        sa.Column("calendar_id", sa.Uuid, primary_key=True),
        sa.Column("hours", sa.JSON, nullable=False),
    )
