"""Log lines: JSON, one each, and nothing of what an exception's text may hold."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import asyncio, logging
from shared.logs import log, set_up_logs
set_up_logs("diary", "INFO")
log.info("session.moved", session_id="7")
log.debug("not said")
try:
    raise ValueError("kim@example.org")
except ValueError:
    log.exception("it.failed")
    logging.getLogger("aiohttp.server").exception("Error handling request from %s", "kim")
"""


def test_a_line_tells_what_and_where_and_never_a_value() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in run.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["session.moved", "it.failed", "library"]
    assert lines[0]["service"] == "diary"
    assert lines[1]["error"] == lines[2]["error"] == "ValueError"
    assert lines[1]["at"]
    assert "kim" not in run.stderr
