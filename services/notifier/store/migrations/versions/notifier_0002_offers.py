"""Times that are kept for a person for a while, and the mail about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.store.columns import UtcDateTime

revision = "notifier_0002"
down_revision = "notifier_0001"


def upgrade() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("weekly", sa.Boolean, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
    )
    op.add_column("reminders", sa.Column("offer_id", sa.Uuid))
