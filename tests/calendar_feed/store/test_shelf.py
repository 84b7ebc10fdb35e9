"""What a process remembers of entries: each as it was read, and what is alike once."""

from __future__ import annotations

from uuid import UUID

from services.calendar_feed.domain.entries import Entry
from services.calendar_feed.store.shelf import Key, Shelf
from tests.calendar_feed.diary import entry


def key_of(shown: Entry) -> Key:
    return Key(
        session_id=str(shown.session_id),
        revision=shown.revision,
        kind=shown.kind.value,
        clients=shown.clients,
        timezone=shown.timezone,
        course_id=str(shown.course_id),
    )


def test_an_entry_comes_off_the_shelf_as_it_was_put_there() -> None:
    shelf, first = Shelf(), entry(0)
    shelf.put(key_of(first), first)
    assert shelf.get(key_of(first)) == first
    assert shelf.get(key_of(entry(1))) is None


def test_what_the_sessions_of_a_course_say_alike_is_kept_once() -> None:
    shelf = Shelf()
    for number in range(2):
        read = entry(number, course_id=UUID(int=7), client_id=UUID(int=8))
        shelf.put(key_of(read), read)
    first, second = (shelf.get(key_of(entry(n, course_id=UUID(int=7)))) for n in range(2))
    assert first is not None
    assert second is not None
    assert first.course_id is second.course_id
    assert first.client_id is second.client_id
