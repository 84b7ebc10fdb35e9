"""The scheduler's own tables, a module a subject; no other service reads them."""

from __future__ import annotations

from services.scheduler.store.tables.agreed import (
    course_clients,
    courses,
    session_clients,
    sessions,
    zone_rules,
)
from services.scheduler.store.tables.asked import offers, requests, waiting_entries
from services.scheduler.store.tables.availability import (
    busy_blocks,
    busy_calendars,
    extra_hours,
    practice,
    time_off,
)
from services.scheduler.store.tables.care import (
    audit_entries,
    audit_head,
    audit_subjects,
    consents,
    tasks,
)
from services.scheduler.store.tables.groups import absences
from services.scheduler.store.tables.imports import imports
from services.scheduler.store.tables.kept import held_hours, link_posts, self_service_actions
from services.scheduler.store.tables.metadata import metadata
from services.scheduler.store.tables.people import clients, clinicians, guardians, key_names
from services.scheduler.store.tables.rooms import session_arrivals, session_rooms

__all__ = [
    "absences",
    "audit_entries",
    "audit_head",
    "audit_subjects",
    "busy_blocks",
    "busy_calendars",
    "clients",
    "clinicians",
    "consents",
    "course_clients",
    "courses",
    "extra_hours",
    "guardians",
    "held_hours",
    "imports",
    "key_names",
    "link_posts",
    "metadata",
    "offers",
    "practice",
    "requests",
    "self_service_actions",
    "session_arrivals",
    "session_clients",
    "session_rooms",
    "sessions",
    "tasks",
    "time_off",
    "waiting_entries",
    "zone_rules",
]
