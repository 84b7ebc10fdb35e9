"""Zones come from one packaged database, by their names and by nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.zones import TZ_VERSION, UnknownZone, use_packaged_zones, zone


@pytest.fixture(autouse=True)
def _packaged() -> None:
    use_packaged_zones()


@pytest.mark.parametrize(
    "name", ["America/New_York", "America/Vancouver", "Europe/Madrid", "UTC", "Asia/Kathmandu"]
)
def test_a_zone_is_found_by_its_name(name: str) -> None:
    assert zone(name).key == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "America/Springfield",
        "america/new_york",
        "America/New_York ",
        "America",
        "America/",
        "/America/New_York",
        "America//New_York",
        "America/./New_York",
        "America/../America/New_York",
        "../../../../etc/passwd",
        "/etc/localtime",
        "..",
        ".",
        "America\\New_York",
        "America/New_York\0",
        "EST5EDT,M3.2.0,M11.1.0",
        "UTC+5",
        "+05:00",
        "localtime",
        "tzdata.zi",
        "__init__.py",
        "zone.tab",
        "A" * 100_000,
    ],
)
def test_what_is_not_a_name_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone) as refused:
        zone(name)
    assert len(str(refused.value)) < 400


@given(st.text(max_size=80))
def test_no_text_does_anything_but_name_a_zone_or_be_refused(text: str) -> None:
    try:
        found = zone(text)
    except UnknownZone:
        return
    assert found.key == text


def test_the_version_is_that_of_the_packaged_database() -> None:
    packaged = resources.files("tzdata.zoneinfo").joinpath("tzdata.zi").read_text().split("\n", 1)
    assert packaged[0] == f"# version {TZ_VERSION}"
    assert re.fullmatch(r"20\d\d[a-z]", TZ_VERSION)
    assert TZ_VERSION >= "2026"


def test_the_machines_own_files_are_not_read() -> None:
    assert zoneinfo.TZPATH == ()
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import zoneinfo; from shared.zones import use_packaged_zones, zone;"
            "zone('UTC'); use_packaged_zones(); print(zoneinfo.TZPATH, zone('America/Vancouver'))",
        ],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONTZPATH": "/usr/share/zoneinfo", "PATH": ""},
    )
    assert told.stdout.strip() == "() America/Vancouver"


def test_vancouver_stays_on_summer_time_from_2026_on() -> None:
    """British Columbia no longer changes its clocks; a database of 2025 has it an hour off."""
    winter = datetime(2027, 1, 12, 15, tzinfo=zone("America/Vancouver"))
    assert winter.utcoffset() == timedelta(hours=-7)
    assert winter.astimezone(UTC) == datetime(2027, 1, 12, 22, tzinfo=UTC)


def test_new_york_still_changes_its_clocks() -> None:
    before, after = (
        datetime(2027, 3, day, 15, tzinfo=zone("America/New_York")).astimezone(UTC).hour
        for day in (9, 16)
    )
    assert (before, after) == (20, 19)
