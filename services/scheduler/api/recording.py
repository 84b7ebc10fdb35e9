"""What the audit log keeps of a request: the key, the route, and whose data it touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from aiohttp import web

from services.scheduler.domain.audit import Entry
from shared.web.auth import caller
from shared.web.keys import CLOCK
from shared.web.requests import route_template

# Members of a document that hold the ids of those whom it is about.
ABOUT: Final = frozenset(
    {"client_id", "client_ids", "clinician_id", "subject_id", "session_id", "course_id"}
)
LENGTH: Final = 36  # of a UUID as text


def entry_of(request: web.Request, document: Mapping[str, object] | None) -> Entry:
    """Return the entry of a request that is answered with `document`: ids, and no words of it."""
    given = (*request.match_info.values(), *request.query.values())
    said = dict.fromkeys((*given, *_ids(document or {}, named=True)))
    subjects = [id for id in map(_uuid, said) if id is not None]
    return Entry(
        actor=caller(request).id,
        action=f"{request.method} {route_template(request)}",
        subject=subjects[0] if subjects else None,
        others=tuple(subjects[1:]),
        at=request.app[CLOCK].now(),
    )


def _ids(value: object, *, named: bool) -> Iterator[str]:
    """Yield the ids of what a document shows: its own or its items', and of the people in it.

    Some may be none after all, and most of a course's are there once for each session.
    """
    if isinstance(value, list | tuple):
        for item in value:
            yield from _ids(item, named=named)
    if not isinstance(value, dict):
        return
    own = value.get("id")
    own = own if isinstance(own, str) and len(own) == LENGTH else None
    if named and own is not None:
        yield own
    for name, inner in value.items():
        if name in ABOUT:
            all_of_it = inner if isinstance(inner, list | tuple) else [inner]
            yield from (id for id in all_of_it if isinstance(id, str))
        elif isinstance(inner, dict | list | tuple):
            yield from _ids(inner, named=named and own is None)


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value) if len(value) == LENGTH else None
    except ValueError:
        return None
