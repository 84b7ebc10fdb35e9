"""Engines that expand calendars, each by itself: files in, instants out."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import recurring_ical_events
from icalendar import Calendar

from shared.zones import zone

HERE: Final = Path(__file__).parent
NODE: Final = HERE / "node"
BUILT: Final = HERE / "node" / "node_modules" / ".libical-reader"
AT_ONCE: Final = 200  # files a process

Hours = Counter[tuple[int, int, str]]  # seconds of the epoch from and to, and the STATUS
Engine = Callable[[Sequence[Path]], Mapping[Path, Hours]]


class Missing(Exception):
    """What this engine needs is not on this machine."""


def recurring_events(files: Sequence[Path]) -> Mapping[Path, Hours]:
    """icalendar with recurring-ical-events (Python)."""
    return {file: _of_python(file.read_bytes()) for file in files}


def ical_js(files: Sequence[Path]) -> Mapping[Path, Hours]:
    """ical.js, which Thunderbird and Nextcloud read with."""
    return _told(["node", str(_installed() / "icaljs.mjs")], files)


def node_ical(files: Sequence[Path]) -> Mapping[Path, Hours]:
    """node-ical, which stands on none of the others."""
    return _told(["node", str(_installed() / "nodeical.cjs")], files)


def libical(files: Sequence[Path]) -> Mapping[Path, Hours]:
    """libical (GNOME's, KDE's), with its check of which property may stand where."""
    return _told([str(_built())], files)


def zones_known_otherwise(zones: Sequence[str], instants: Sequence[datetime]) -> set[str]:
    """Return which zones this machine's node has other data for than we do.

    node-ical goes by the name of a zone and not by its VTIMEZONE, so a series in these is read
    by the machine's rules and not by ours; this is why one event each in UTC is what is usual.
    """
    told = [
        f"{name}={int(_offset(name, moment))}@{int(moment.timestamp())}"
        for name in zones
        for moment in instants
    ]
    program = ["node", str(_installed() / "zones.mjs"), *told]
    done = subprocess.run(program, capture_output=True, check=True)
    return set(json.loads(done.stdout))


def _offset(name: str, moment: datetime) -> float:
    offset = moment.astimezone(zone(name)).utcoffset()
    assert offset is not None
    return offset.total_seconds()


ENGINES: Final[Mapping[str, Engine]] = {
    "recurring-ical-events": recurring_events,
    "ical.js": ical_js,
    "node-ical": node_ical,
    "libical": libical,
}


def _of_python(body: bytes) -> Hours:
    found = recurring_ical_events.of(Calendar.from_ical(body)).between(
        datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    )
    return Counter(
        (
            int(each["DTSTART"].dt.timestamp()),
            int(each["DTEND"].dt.timestamp()),
            str(each["STATUS"]),
        )
        for each in found
    )


def _told(program: Sequence[str], files: Sequence[Path]) -> Mapping[Path, Hours]:
    """Run `program` over the files, and read what it found; a word of complaint is an error."""
    answers: dict[Path, Hours] = {}
    for begin in range(0, len(files), AT_ONCE):
        some = files[begin : begin + AT_ONCE]
        done = subprocess.run([*program, *map(str, some)], capture_output=True, check=True)
        if done.stderr:
            raise AssertionError(done.stderr.decode()[:2000])
        for name, hours in json.loads(done.stdout).items():
            answers[Path(name)] = Counter((one, two, str(word)) for one, two, word in hours)
    return answers


def _installed() -> Path:
    """Return where the two in JavaScript are, fetched by their lock file when first needed."""
    if shutil.which("npm") is None:
        raise Missing("node and npm")
    if not (NODE / "node_modules" / "ical.js").exists():
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        if subprocess.run(npm, cwd=NODE, check=False, capture_output=True).returncode:
            raise Missing("the two packages from npm")
    return NODE


def _built() -> Path:
    """Return the reader on libical, compiled when first needed."""
    source, program = HERE / "libical.c", BUILT
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        program.parent.mkdir(exist_ok=True)
        compile_it = ["gcc", "-O1", "-o", str(program), str(source), "-lical"]
        if (
            not shutil.which("gcc")
            or subprocess.run(compile_it, capture_output=True, check=False).returncode
        ):
            raise Missing("gcc and libical-dev")
    return program
