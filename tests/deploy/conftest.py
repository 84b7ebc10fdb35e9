"""The compose file, and a folder of new secrets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from demo.secrets import make_missing
from tests.deploy.compose import filled_in, read_compose


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    return read_compose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_missing(tmp_path / "secrets")
    return tmp_path / "secrets"


def environment(
    service: Mapping[str, Any], given: Mapping[str, str], folder: Path
) -> dict[str, str]:
    """Return what a container of `service` would be given, its secrets read from `folder`."""
    sources = {}
    for secret in service["secrets"]:
        source, target = (
            (secret, secret) if isinstance(secret, str) else (secret["source"], secret["target"])
        )
        sources[f"/run/secrets/{target}"] = str(folder / source)
    texts = {name: filled_in(text, given) for name, text in service["environment"].items()}
    return {name: sources.get(text, text) for name, text in texts.items()}
