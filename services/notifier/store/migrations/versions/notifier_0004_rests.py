"""When staff were told of a rest is not kept: the log and `/ready` say it."""

from __future__ import annotations

from alembic import op

revision = "notifier_0004"
down_revision = "notifier_0003"


def upgrade() -> None:
    with op.batch_alter_table("channel_rests") as channel_rests:
        channel_rests.drop_column("staff_told_at")
