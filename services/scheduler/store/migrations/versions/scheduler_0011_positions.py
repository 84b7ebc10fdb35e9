"""How far the scheduler has read the logs of other services."""

from __future__ import annotations

from shared.store.first_tables import create_positions

revision = "scheduler_0011"
down_revision = "scheduler_0010"


def upgrade() -> None:
    create_positions()
