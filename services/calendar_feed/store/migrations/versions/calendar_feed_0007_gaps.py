"""How much each feed's kept bytes leave out; those of before are written anew, as other code's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "calendar_feed_0007"
down_revision = "calendar_feed_0006"


def upgrade() -> None:
    op.create_table(
        "feed_gaps",
        sa.Column("feed_id", sa.Uuid, primary_key=True),
        sa.Column("unwritable", sa.Integer, nullable=False),
        sa.Column("no_room", sa.Integer, nullable=False),
    )
