"""Each entry is bound to all before it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from services.scheduler.domain.audit import BEFORE_THE_FIRST, START, Entry, is_next, seal
from tests.cast import ANA_ID, DANA_ID, KIM_ID

NOON = datetime(2026, 11, 23, 17, 0, 0, 5, tzinfo=UTC)
ENTRY = Entry(
    actor="admin",
    action="POST /v1/courses",
    subject=KIM_ID,
    others=(DANA_ID, KIM_ID),
    at=NOON,
    details={"b": [1, None], "a": "ü"},
)


def test_the_hash_is_of_the_one_before_and_the_fields_in_one_spelling() -> None:
    """Written out, so that anyone can check the log without this program."""
    said = (
        '{"action":"POST /v1/courses","actor":"admin","at":"2026-11-23T17:00:00.000005+00:00",'
        '"details":{"a":"\\u00fc","b":[1,null]},"position":1,'
        f'"subjects":["{KIM_ID}","{DANA_ID}"]}}'
    )
    expected = hashlib.sha256(bytes.fromhex(BEFORE_THE_FIRST) + said.encode()).hexdigest()
    assert seal(ENTRY, START).hash == expected


def test_the_same_moment_in_another_zone_is_the_same_entry() -> None:
    there = replace(ENTRY, at=NOON.astimezone(timezone(timedelta(hours=-5))))
    assert seal(there, START).hash == seal(ENTRY, START).hash


@pytest.mark.parametrize(
    "other",
    [
        replace(ENTRY, actor="service"),
        replace(ENTRY, action="POST /v1/clients"),
        replace(ENTRY, at=NOON + timedelta(microseconds=1)),
        replace(ENTRY, subject=ANA_ID),
        replace(ENTRY, others=()),
        replace(ENTRY, details={"b": [1, None]}),
    ],
)
def test_nothing_can_be_changed_unseen(other: Entry) -> None:
    sealed = seal(ENTRY, START)
    assert is_next(sealed, START)
    assert not is_next(replace(sealed, entry=other), START)
    assert not is_next(replace(sealed, position=2), START)
    assert not is_next(sealed, seal(ENTRY, START).head)


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": datetime(2026, 11, 23)},  # noqa: DTZ001 # naive is what is refused
        {"actor": ""},
        {"actor": "a" * 81},
        {"action": ""},
        {"details": {"session": KIM_ID}},
        {"details": {"share": float("nan")}},
    ],
)
def test_an_entry_cannot_be_made_wrong(wrong: dict[str, object]) -> None:
    fields: dict[str, object] = {"actor": "admin", "action": "POST /v1/courses", "at": NOON}
    with pytest.raises(ValueError, match=r"entry|plain|Out of range"):
        Entry(**{**fields, **wrong})  # type: ignore[arg-type] # wrong on purpose
