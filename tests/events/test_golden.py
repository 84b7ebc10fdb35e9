"""Every version of every event ever sent is still understood, whole."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared.events.data import EVERY_TYPE, EventData
from shared.events.documents import schema
from shared.events.envelope import DATA_OF, read_event

FOLDER = Path(__file__).parent / "golden"
GOLDEN = sorted(FOLDER.glob("*/*.json"))
NAMES = [path.relative_to(FOLDER).as_posix() for path in GOLDEN]
Json = dict[str, Any]


def _raw(path: Path) -> Json:
    raw: Json = json.loads(path.read_bytes())
    return raw


def _kept(then: object, now: object) -> bool:
    """Whether `now` says all that `then` said; it may say more."""
    if isinstance(then, dict):
        return isinstance(now, dict) and all(
            key in now and _kept(value, now[key]) for key, value in then.items()
        )
    if isinstance(then, list):
        return (
            isinstance(now, list)
            and len(then) == len(now)
            and all(_kept(a, b) for a, b in zip(then, now, strict=True))
        )
    return then == now


@pytest.mark.parametrize("path", GOLDEN, ids=NAMES)
def test_a_golden_event_is_read_today_and_keeps_every_field(path: Path) -> None:
    raw = _raw(path)
    event = read_event(raw)
    assert event is not None
    assert event.type == path.parent.name == event.data.type
    assert event.subject == str(event.data.subject)
    assert _kept(raw, event.model_dump(mode="json"))


@pytest.mark.parametrize("path", GOLDEN, ids=NAMES)
def test_a_field_of_a_later_version_is_passed_over(path: Path) -> None:
    raw = _raw(path)
    later = {**raw, "traceparent": "00", "data": {**raw["data"], "colour": "blue"}}
    assert read_event(later) == read_event(raw)


@pytest.mark.parametrize("path", GOLDEN, ids=NAMES)
def test_an_event_that_lost_a_field_it_needs_is_refused(path: Path) -> None:
    raw = _raw(path)
    for needed in schema(DATA_OF[raw["type"]])["properties"]["data"]["required"]:
        data = {name: value for name, value in raw["data"].items() if name != needed}
        with pytest.raises(ValidationError):
            read_event({**raw, "data": data})


def test_a_type_of_a_later_version_is_not_known() -> None:
    assert read_event({**_raw(GOLDEN[0]), "type": "client.saved.v9"}) is None


@pytest.mark.parametrize("data", EVERY_TYPE, ids=lambda data: data.type)
def test_every_type_has_a_golden_event(data: type[EventData]) -> None:
    assert (FOLDER / data.type / "1.json").is_file()


@pytest.mark.parametrize("path", GOLDEN, ids=NAMES)
def test_a_golden_event_fits_the_written_schema(path: Path) -> None:
    raw, whole = _raw(path), schema(DATA_OF[path.parent.name])
    for found, written in ((raw, whole), (raw["data"], whole["properties"]["data"])):
        assert set(written["required"]) <= set(found) <= set(written["properties"])


def test_a_golden_event_is_added_and_never_edited() -> None:
    sums = [line.split("  ") for line in (FOLDER / "SHA256SUMS").read_text().splitlines()]
    listed = {name: digest for digest, name in sums}
    found = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in zip(NAMES, GOLDEN, strict=True)
    }
    assert found == listed, "add a new file and its line; what was sent cannot be unsent"


def test_a_course_across_the_change_of_clocks_keeps_its_hour() -> None:
    event = read_event(_raw(FOLDER / "course.booked.v1" / "1.json"))
    assert event is not None
    starts = [session["starts_at"] for session in event.model_dump(mode="json")["data"]["sessions"]]
    assert len(starts) == 16
    assert [start[11:16] for start in starts[2:6]] == ["20:00", "20:00", "19:00", "19:00"]
