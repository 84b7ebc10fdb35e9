"""The practice, and when clinicians can be had."""

from __future__ import annotations

revision = "scheduler_0003"
down_revision = "scheduler_0002"


def upgrade() -> None:
    """Filled by the change that brings these tables."""
