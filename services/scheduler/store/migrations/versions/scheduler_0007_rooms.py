"""Video rooms, and who is waiting."""

from __future__ import annotations

revision = "scheduler_0007"
down_revision = "scheduler_0006"


def upgrade() -> None:
    """Filled by the change that brings these tables."""
