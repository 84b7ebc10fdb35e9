"""Which session of a diary changed at which version of it, for readers that ask what is new.

Nobody has asked before, so what is known already counts as there from the beginning.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "calendar_feed_0003"
down_revision = "calendar_feed_0002"


def upgrade() -> None:
    op.create_table(
        "diary_changes",
        sa.Column("clinician_id", sa.Uuid, primary_key=True),
        sa.Column("session_id", sa.Uuid, primary_key=True),
        sa.Column("joined", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.create_index(
        "ix_diary_changes_clinician_id_version", "diary_changes", ["clinician_id", "version"]
    )
    op.execute(
        "INSERT INTO diary_changes (clinician_id, session_id, joined, version)"
        " SELECT clinician_id, session_id, 0, 0 FROM entries"
    )
