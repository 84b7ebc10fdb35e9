"""Run the machine for as many examples as are asked for, on both databases."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from shared.zones import use_packaged_zones
from tests.postgres import start_postgres
from tests.scheduler.machine.anything import Anything
from tests.scheduler.machine.practice import driven


def main(examples: int) -> None:
    use_packaged_zones()
    many = settings(
        max_examples=examples,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    server = start_postgres()
    try:
        with tempfile.TemporaryDirectory() as folder:
            urls = {
                "SQLite": f"sqlite:///{Path(folder) / 'practice.db'}",
                "PostgreSQL": asyncio.run(server.new_database()),
            }
            for name, url in urls.items():
                with driven(url) as practice:
                    here = type("Here", (Anything,), {"driven": practice})
                    run_state_machine_as_test(here, settings=many)
                print(f"{name}: {examples} examples, nothing found")  # noqa: T201 # a command
    finally:
        server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
