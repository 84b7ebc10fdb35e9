"""vdirsyncer fetches feeds over HTTP into folders, and khal lists what is in them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.calendar_feed.readers.engines import HERE, Hours, Missing
from tests.calendar_feed.readers.serving import served

ENVIRONMENT: Final = HERE.parents[2] / ".venv-readers"
LISTED: Final = ("2026-01-01 00:00", "2028-01-01 00:00")  # every hour of the schedules is between
AT_ONCE: Final = 100  # calendars that khal lists together
MOMENT: Final = "%Y-%m-%d %H:%M"


def khal(files: Sequence[Path]) -> Mapping[Path, Hours]:
    """vdirsyncer and khal, each a program apart."""
    programs = _installed()
    with tempfile.TemporaryDirectory() as place, served(files) as urls:
        folders = {file: Path(place) / "all" / f"c{n}" for n, file in enumerate(files)}
        for folder in folders.values():
            folder.mkdir(parents=True)
        _fetch(programs, Path(place), {urls[file]: folder for file, folder in folders.items()})
        found: dict[str, Hours] = {folder.name: Counter() for folder in folders.values()}
        listed = list(folders.values())
        for begin in range(0, len(listed), AT_ONCE):
            for name, hour in _listed(programs, Path(place), listed[begin : begin + AT_ONCE]):
                found[name][hour] += 1
    return {file: found[folder.name] for file, folder in folders.items()}


def _fetch(programs: Path, place: Path, pairs: Mapping[str, Path]) -> None:
    sections = [f'[general]\nstatus_path = "{place}/status"\n']
    for url, folder in pairs.items():
        name = folder.name
        sections.append(
            f'[pair {name}]\na = "{name}_from"\nb = "{name}_to"\ncollections = null\n'
            f'[storage {name}_from]\ntype = "http"\nurl = "{url}"\n'
            f'[storage {name}_to]\ntype = "filesystem"\npath = "{folder}"\nfileext = ".ics"\n'
        )
    settings = place / "vdirsyncer"
    settings.write_text("\n".join(sections))
    for command in ("discover", "sync"):
        _run(programs / "vdirsyncer", "--config", str(settings), command)


def _listed(
    programs: Path, place: Path, folders: Sequence[Path]
) -> list[tuple[str, tuple[int, int, str]]]:
    """Return the calendar and the hour of each event that khal lists, told in UTC."""
    calendars = "".join(f"[[{each.name}]]\npath = {each}\n" for each in folders)
    settings = place / f"khal-{folders[0].name}"
    settings.write_text(
        f"[calendars]\n{calendars}"
        f"[sqlite]\npath = {settings}.db\n"
        "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\ntimeformat = %H:%M\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        f"datetimeformat = {MOMENT}\nlongdatetimeformat = {MOMENT}\n"
    )
    said = _run(
        *(programs / "khal", "--config", str(settings), "list", "--day-format", "{date-long}"),
        *("--format", "{calendar}|{start}|{end}|{status}|", *LISTED),
    )
    return list(_read(said.splitlines()))


def _read(lines: Iterable[str]) -> Iterator[tuple[str, tuple[int, int, str]]]:
    """An event over midnight stands under both days: it counts under the one it begins on."""
    day = ""
    for line in lines:
        if "|" not in line:
            day = line.strip()
            continue
        name, begins, ends, status, _ = line.split("|")
        if begins.startswith(day):
            yield name, (_epoch(begins), _epoch(ends), status.strip())


def _epoch(moment: str) -> int:
    return int(datetime.strptime(moment, MOMENT).replace(tzinfo=UTC).timestamp())


def _run(*command: str | Path) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{command[1:]}: {done.stderr[-2000:]}")
    return done.stdout


def _installed() -> Path:
    """Return where the programs are, in an environment of their own."""
    programs = ENVIRONMENT / "bin"
    if not (programs / "khal").exists():
        uv = str(Path(sys.executable).with_name("uv"))
        python = str(programs / "python")
        locked = ["--require-hashes", "--python", python, str(HERE / "requirements.txt")]
        for command in (
            [uv, "venv", "-q", str(ENVIRONMENT)],
            [uv, "pip", "sync", "-q", *locked],
        ):
            if subprocess.run(command, check=False, capture_output=True).returncode:
                raise Missing("khal and vdirsyncer from PyPI")
    return programs
