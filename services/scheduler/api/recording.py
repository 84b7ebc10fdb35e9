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


def entry_of(request: web.Request, document: Mapping[str, object] | None) -> Entry:
    """Return the entry of a request that is answered with `document`: ids, and no words of it."""
    given = (*request.match_info.values(), *request.query.values())
    subjects = [id for id in map(_uuid, given) if id is not None]
    subjects.extend(_ids(document or {}, named=True))
    return Entry(
        actor=caller(request).id,
        action=f"{request.method} {route_template(request)}",
        subject=subjects[0] if subjects else None,
        others=tuple(subjects[1:]),
        at=request.app[CLOCK].now(),
    )


def _ids(value: object, *, named: bool) -> Iterator[UUID]:
    """Yield the ids of what a document shows: its own or its items', and of the people in it."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _ids(item, named=named)
    if not isinstance(value, Mapping):
        return
    own = _uuid(value.get("id"))
    if named and own is not None:
        yield own
    for name, inner in value.items():
        if name in ABOUT:
            all_of_it = inner if isinstance(inner, list | tuple) else [inner]
            yield from (id for id in map(_uuid, all_of_it) if id is not None)
        else:
            yield from _ids(inner, named=named and own is None)


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None
