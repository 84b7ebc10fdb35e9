"""Clinicians hear what is not as they were told, that someone has confirmed too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "notifier_0005"
down_revision = "notifier_0004"


def upgrade() -> None:
    confirmed = sa.Column("confirmed", sa.Boolean, nullable=False, server_default=sa.false())
    with op.batch_alter_table("told") as told:
        told.add_column(confirmed)
