"""Absences of members."""

from __future__ import annotations

revision = "scheduler_0008"
down_revision = "scheduler_0007"


def upgrade() -> None:
    """Filled by the change that brings these tables."""
