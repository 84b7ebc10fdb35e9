"""Imports under way."""

from __future__ import annotations

revision = "scheduler_0009"
down_revision = "scheduler_0008"


def upgrade() -> None:
    """Filled by the change that brings these tables."""
