"""Calendars that clinicians keep elsewhere: where each is, sealed, and what it was last read to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "calendar_feed_0004"
down_revision = "calendar_feed_0003"


def upgrade() -> None:
    op.create_table(
        "outside_calendars",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("clinician_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("next_at", UtcDateTime, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("blocks", sa.JSON, nullable=False),
        sa.Column("read_at", UtcDateTime),
        sa.Column("stale", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("complaint", sa.String(32)),
        sa.Column("unread", sa.JSON, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
    )
    op.create_index("ix_outside_calendars_next_at", "outside_calendars", ["next_at"])
    op.create_index("ix_outside_calendars_clinician_id", "outside_calendars", ["clinician_id"])
