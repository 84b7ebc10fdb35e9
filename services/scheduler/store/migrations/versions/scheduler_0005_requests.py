"""Requests, the waiting list, and offers."""

from __future__ import annotations

revision = "scheduler_0005"
down_revision = "scheduler_0004"


def upgrade() -> None:
    """Filled by the change that brings these tables."""
