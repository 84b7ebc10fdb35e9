"""How people want to be written to, and what the practice settles about its mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "scheduler_0010"
down_revision = "scheduler_0009"

_NOTHING_SAID = sa.text("'{}'")


def upgrade() -> None:
    """Nobody has said anything so far, and staff vouch for every address that they entered."""
    for table in ("clients", "guardians"):
        op.add_column(table, _mail())
        op.add_column(
            table,
            sa.Column("address_vouched", sa.Boolean, nullable=False, server_default=sa.true()),
        )
    op.add_column("guardians", sa.Column("timezone", sa.String(64)))
    op.add_column("guardians", sa.Column("locale", sa.String(35)))
    op.add_column("clinicians", _mail())
    op.add_column("practice", _mail())
    op.add_column(
        "practice", sa.Column("revision", sa.Integer, nullable=False, server_default=sa.text("0"))
    )


def _mail() -> sa.Column[object]:
    return sa.Column("mail", sa.JSON, nullable=False, server_default=_NOTHING_SAID)
