"""Programs that know nothing of ours find the hours that the diary holds, in both forms."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from services.calendar_feed.domain.feeds import Form
from shared.store.database import Database
from tests.calendar_feed.readers.comparing import Written, differences, write_all
from tests.calendar_feed.readers.engines import ENGINES, Missing, ical_js, libical
from tests.calendar_feed.readers.every_zone import zones_read_otherwise
from tests.calendar_feed.readers.schedules import ZONES

FORMS = (Form.INSTANCES, Form.SERIES)
COUNT = 12
SOME_ZONES = [*ZONES, "Africa/Cairo", "America/Nuuk", "Asia/Gaza", "Europe/Dublin"]


@pytest.fixture
async def written(database: Database, tmp_path: Path) -> list[Written]:
    return [each async for each in write_all(database, COUNT, FORMS, tmp_path)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_engine_finds_each_hour_and_no_other(written: list[Written]) -> None:
    missing = []
    for name in ENGINES:
        found = found_by(name, written)
        assert {differ for differ, _ in found.values()} <= {0}, name
        missing += [] if found else [name]
    if missing:
        pytest.skip(f"the others agree; not on this machine: {', '.join(missing)}")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_fault_is_found_by_every_engine(written: list[Written]) -> None:
    wrong = [
        replace(each, all_hours=_spoiled(each, fault))
        for each in written
        for fault in ("an hour later", "one too many", "one too few")
    ]
    lost = [_without_exdates(each) for each in written if b"\r\nEXDATE" in each.file.read_bytes()]
    assert lost
    for name in ENGINES:
        for differ, count in found_by(name, wrong + lost).values():
            assert differ == count, name


def found_by(name: str, written: list[Written]) -> dict[Form, tuple[int, int]]:
    """Return what the engine found, nothing where it is not on this machine."""
    try:
        return dict(differences(written, name))
    except Missing:
        return {}


def _spoiled(written: Written, fault: str) -> Counter[tuple[int, int, str]]:
    """Expect something else of one hour that the window shows."""
    hours = sorted(each for each in written.all_hours if _is_shown(each, written))
    begins, ends, status = hours[0]
    spoiled = Counter(written.all_hours)
    if fault != "one too many":
        del spoiled[hours[0]]
    if fault == "an hour later":
        spoiled[begins + 3600, ends + 3600, status] += 1
    if fault == "one too many":
        spoiled[begins + 60, ends + 60, status] += 1
    return spoiled


def _without_exdates(written: Written) -> Written:
    body = written.file.read_bytes()
    file = written.file.with_suffix(".spoiled.ics")
    file.write_bytes(re.sub(rb"EXDATE[^\r]*\r\n(?: [^\r]*\r\n)*", b"", body))
    return replace(written, file=file)


def _is_shown(hour: tuple[int, int, str], written: Written) -> bool:
    return written.window[0] <= hour[0] < written.window[1]


def test_ical_js_and_libical_know_each_zone_by_its_vtimezone_alone() -> None:
    for engine in (ical_js, libical):
        try:
            assert zones_read_otherwise(engine, SOME_ZONES) == []
            assert (
                zones_read_otherwise(engine, SOME_ZONES, off_by=timedelta(minutes=1)) == SOME_ZONES
            )
        except Missing:
            continue
