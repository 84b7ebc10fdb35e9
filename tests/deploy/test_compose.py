"""The containers are closed in, and each service is told what it asks for and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from demo.processes import NAMES
from demo.secrets import new_secrets
from tests.architecture.sources import ROOT

ALL = (*NAMES, "postgres")
Compose = dict[str, Any]


def test_there_are_three_services_and_a_postgres_on_demand(compose: Compose) -> None:
    assert sorted(compose["services"]) == sorted(ALL)
    assert compose["services"]["postgres"]["profiles"] == ["postgres"]
    assert not any("profiles" in compose["services"][name] for name in NAMES)


@pytest.mark.parametrize("name", ALL)
def test_a_container_can_do_little(compose: Compose, name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges"]
    assert service["mem_limit"]
    assert int(service["pids_limit"]) <= 256
    assert any(mount.startswith("/tmp:size=") for mount in service["tmpfs"])
    assert not service.get("privileged")


@pytest.mark.parametrize("name", ALL)
def test_a_container_comes_back_and_is_watched(compose: Compose, name: str) -> None:
    service = compose["services"][name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["logging"]["options"]["max-size"]
    assert int(service["stop_grace_period"].removesuffix("s")) >= 15


@pytest.mark.parametrize("name", NAMES)
def test_no_service_gets_a_capability_back(compose: Compose, name: str) -> None:
    assert "cap_add" not in compose["services"][name]


@pytest.mark.parametrize("name", NAMES)
def test_a_service_is_published_on_this_machine_only(compose: Compose, name: str) -> None:
    service = compose["services"][name]
    port = service["environment"]["PORT"]
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_the_database_does_not_wait_for_its_guests_to_leave(compose: Compose) -> None:
    assert compose["services"]["postgres"]["stop_signal"] == "SIGINT"


def test_the_database_is_reached_by_the_services_only(compose: Compose) -> None:
    postgres = compose["services"]["postgres"]
    assert "ports" not in postgres
    assert postgres["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}


@pytest.mark.parametrize("name", NAMES)
def test_a_service_waits_for_the_database_only_where_there_is_one(
    compose: Compose, name: str
) -> None:
    waits = compose["services"][name]["depends_on"]
    assert waits == {"postgres": {"condition": "service_healthy", "required": False}}


@pytest.mark.parametrize("name", NAMES)
def test_a_service_keeps_its_data_in_a_volume_of_its_own(compose: Compose, name: str) -> None:
    service = compose["services"][name]
    assert service["volumes"] == [f"{name}_data:/data"]
    assert service["build"]["args"] == {"SERVICE": name}
    assert service["command"] == [f"services.{name}"]


def test_every_secret_is_a_file_that_make_secrets_makes(compose: Compose) -> None:
    assert compose["secrets"] == {name: {"file": f"./secrets/{name}"} for name in new_secrets()}


@pytest.mark.parametrize("name", ALL)
def test_no_secret_stands_in_the_environment(compose: Compose, name: str) -> None:
    for setting, value in compose["services"][name]["environment"].items():
        if "PUBLIC_KEY" in setting:
            continue  # it opens nothing
        if any(word in setting for word in ("KEY", "PASSWORD", "SECRET", "SMTP")):
            assert setting.endswith("_FILE")
            assert value.startswith("/run/secrets/")


def test_the_image_is_made_from_hashes_and_runs_as_nobody_in_particular() -> None:
    text = (ROOT / "Dockerfile").read_text()
    steps = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    final = steps[max(i for i, line in enumerate(steps) if line.startswith("FROM ")) :]
    assert "--require-hashes" in text
    assert "://" not in text
    assert "USER 10001:10001" in final
    assert 'ENTRYPOINT ["python", "-m"]' in final
    assert not any("pip" in line or "PYTHONOPTIMIZE" in line for line in final)


def test_a_build_sees_only_what_it_copies() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert rules == ["*", "!requirements/", "!services/", "!shared/", "**/__pycache__/"]
