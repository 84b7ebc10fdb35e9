"""`python -m demo.secrets FOLDER`: a file for each secret of docker-compose.yml that is missing."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

RANDOM: Final = ("admin_api_key", "service_api_key", "secret_key", "postgres_password")
# Of these three the role, the database and the first part of the file's name are the same word.
DATABASES: Final = ("scheduler", "notifier", "calendar_feed")
# Given by somebody else, so a person fills them in; empty counts as not set.
GIVEN: Final = (
    "secret_key_before",
    "smtp_url",
    "sendgrid_api_key",
    "jitsi_secret",
    "jitsi_private_key",
    "jaas_private_key",
    "daily_api_key",
    "zoom_client_secret",
)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m demo.secrets FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    made = make_missing(folder)
    for name in made:
        print(f"made {folder / name}{' (empty until you fill it in)' if name in GIVEN else ''}")
    if not made:
        print(f"{folder}: every secret is there; nothing was changed")
    if folder.stat().st_mode & 0o077:
        print(f"others on this machine can read it; better: chmod 700 {folder}", file=sys.stderr)
    return 0


def make_missing(folder: Path) -> list[str]:
    """Make `folder` and what is missing in it, touch nothing that is there; return the new names.

    The folder is its owner's alone. The files can be read by all, since a container mounts each
    as it is and reads it as another user.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [name for name, text in new_secrets().items() if _write_new(folder / name, text)]


def new_secrets() -> Mapping[str, str]:
    """Return a text for each file: 43 random characters, an address with them, or nothing."""
    return {
        **{name: secrets.token_urlsafe(32) for name in RANDOM},
        **{
            f"{name}_database_url": f"postgresql://{name}:{secrets.token_urlsafe(32)}@postgres/{name}"
            for name in DATABASES
        },
        **dict.fromkeys(GIVEN, ""),
    }


def _write_new(path: Path, text: str) -> bool:
    """Write a file that is not there, whole or not at all; return whether it was missing."""
    if path.exists():
        return False
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.chmod(0o644)
    draft.rename(path)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
