"""What is installed is locked by hash, the same everywhere, and names no index."""

from __future__ import annotations

import re
import tomllib
from typing import NamedTuple

import pytest

from tests.architecture.sources import ROOT

FOLDER = ROOT / "requirements"
LOCKS = sorted(path.name for path in FOLDER.glob("*.txt"))
SERVICES = ("scheduler", "notifier", "calendar_feed")
PINNED = re.compile(
    r"(?P<name>[a-z0-9._-]+)(\[[a-z0-9,._-]+\])?==(?P<version>[^\s;\\]+)"
    r"(\s*;\s*[^\\]*?)?(?P<hashes>(\s--hash=sha256:[0-9a-f]{64})+)"
)


class Locked(NamedTuple):
    """One package at one version."""

    name: str
    version: str


def _lines(lock: str) -> list[str]:
    joined = (FOLDER / lock).read_text().replace("\\\n", " ")
    return [re.sub(r"\s+", " ", line).strip() for line in joined.splitlines() if line.strip()]


def _locked(lock: str) -> set[Locked]:
    pins = [PINNED.fullmatch(line) for line in _lines(lock)]
    return {Locked(pin["name"], pin["version"]) for pin in pins if pin}


def _declared(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = list(project["dependencies"])
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    return {re.split(r"[\[<>=;~! ]", each)[0] for each in wanted}


def test_there_is_a_lock_for_each_service_and_for_development() -> None:
    assert {f"{service}.txt" for service in SERVICES} | {"dev.txt", "uv.txt"} <= set(LOCKS)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_pins_one_version_by_hash(lock: str) -> None:
    lines = _lines(lock)
    assert lines
    assert [line[:60] for line in lines if not PINNED.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_address(lock: str) -> None:
    text = (FOLDER / lock).read_text()
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host|^-", text, re.M)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_runs_on_what_was_tested(service: str) -> None:
    assert _locked(f"{service}.txt") <= _locked("dev.txt")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gets_all_that_it_declares(service: str) -> None:
    locked = {package.name for package in _locked(f"{service}.txt")}
    assert _declared(service) <= locked


def test_development_gets_all_that_is_declared() -> None:
    locked = {package.name for package in _locked("dev.txt")}
    assert _declared(*SERVICES, "dev") <= locked


@pytest.mark.parametrize(
    "line",
    [
        "aiohttp==3.14.5",
        "aiohttp>=3 --hash=sha256:" + "0" * 64,
        "aiohttp @ https://files.example/aiohttp.whl --hash=sha256:" + "0" * 64,
        "-e . --hash=sha256:" + "0" * 64,
    ],
)
def test_a_loose_line_would_be_seen(line: str) -> None:
    assert not PINNED.fullmatch(line)
