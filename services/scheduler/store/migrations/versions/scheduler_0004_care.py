"""Consents, tasks of the staff, and the audit log."""

from __future__ import annotations

revision = "scheduler_0004"
down_revision = "scheduler_0003"


def upgrade() -> None:
    """Filled by the change that brings these tables."""
