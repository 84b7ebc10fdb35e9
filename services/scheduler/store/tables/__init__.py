"""The scheduler's own tables, a module a subject; no other service reads them."""

from __future__ import annotations

from services.scheduler.store.tables.agreed import (
    course_clients,
    courses,
    session_clients,
    sessions,
)
from services.scheduler.store.tables.asked import offers, requests, waiting_entries
from services.scheduler.store.tables.availability import extra_hours, practice, time_off
from services.scheduler.store.tables.kept import held_hours
from services.scheduler.store.tables.metadata import metadata
from services.scheduler.store.tables.people import clients, clinicians, guardians, key_names
from services.scheduler.store.tables.rooms import session_arrivals, session_rooms

__all__ = [
    "clients",
    "clinicians",
    "course_clients",
    "courses",
    "extra_hours",
    "guardians",
    "held_hours",
    "key_names",
    "metadata",
    "offers",
    "practice",
    "requests",
    "session_arrivals",
    "session_clients",
    "session_rooms",
    "sessions",
    "time_off",
    "waiting_entries",
]
