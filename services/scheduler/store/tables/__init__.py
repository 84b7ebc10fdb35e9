"""The scheduler's own tables, a module a subject; no other service reads them."""

from __future__ import annotations

from services.scheduler.store.tables.agreed import (
    course_clients,
    courses,
    session_clients,
    sessions,
)
from services.scheduler.store.tables.asked import offers, requests, waiting_entries
from services.scheduler.store.tables.metadata import metadata
from services.scheduler.store.tables.people import clients, clinicians, guardians, key_names

__all__ = [
    "clients",
    "clinicians",
    "course_clients",
    "courses",
    "guardians",
    "key_names",
    "metadata",
    "offers",
    "requests",
    "session_clients",
    "sessions",
    "waiting_entries",
]
