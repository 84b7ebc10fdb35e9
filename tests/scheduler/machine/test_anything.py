"""Whatever a practice does, in any order, the scheduler and a small model agree.

`python -m tests.scheduler.machine 300` runs longer, with other examples each time.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.scheduler.machine.anything import Anything
from tests.scheduler.machine.practice import driven

A_FEW = settings(
    max_examples=8,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    # A failure comes back the same each time: shrinking it is for the longer run.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_anything_goes_and_everything_holds(database_url: str) -> None:
    with driven(database_url) as practice:

        class Here(Anything):
            driven = practice

        run_state_machine_as_test(Here, settings=A_FEW)
