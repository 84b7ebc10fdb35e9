"""What a series is beyond a weekly course, and hours that staff overbook."""

from __future__ import annotations

revision = "scheduler_0002"
down_revision = "scheduler_0001"


def upgrade() -> None:
    """Filled by the change that brings these tables."""
