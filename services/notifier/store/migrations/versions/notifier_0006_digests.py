"""A clinician's day has one digest, whatever its hour: those that wait are planned anew."""

from __future__ import annotations

from alembic import op

revision = "notifier_0006"
down_revision = "notifier_0005"


def upgrade() -> None:
    op.execute(
        "UPDATE reminders SET state = 'skipped', reason = 'not_wanted', next_at = NULL,"
        " ended_at = due_at WHERE kind = 'digest' AND next_at IS NOT NULL"
    )
