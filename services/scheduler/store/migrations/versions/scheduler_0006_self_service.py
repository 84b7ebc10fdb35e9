"""Holds, confirmations, and what can be undone."""

from __future__ import annotations

revision = "scheduler_0006"
down_revision = "scheduler_0005"


def upgrade() -> None:
    """Filled by the change that brings these tables."""
