"""One JSON line per thing that happened, with ids and counts and nothing personal.

Texts of exceptions are left out, since databases and servers put values into them; what an
exception was and where it rose is enough to find it.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def set_up_logs(service: str, level: str) -> None:
    """Send every log line of this process, ours and the libraries', to stderr as JSON."""
    structlog.configure(
        processors=[*_both_kinds(service), structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines(service))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for talkative in ("alembic", "apscheduler", "aiosqlite", "asyncio"):
        logging.getLogger(talkative).setLevel(logging.WARNING)


class _JsonLines(logging.Formatter):
    """A library's record as our kind of line: its template and origin, never its arguments."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._processors = _both_kinds(service)

    def format(self, record: logging.LogRecord) -> str:
        template = str(record.msg).partition("\n")[0][:120]  # asyncio adds values on later lines
        line: EventDict = {"event": "library", "logger": record.name, "template": template}
        if record.exc_info:
            line["exc_info"] = record.exc_info
        for process in self._processors:
            line = process(None, record.levelname.lower(), line)  # type: ignore[assignment] # dicts all along
        return str(structlog.processors.JSONRenderer()(None, "", line))


def _both_kinds(service: str) -> list[Processor]:
    def name_service(_logger: Any, _method: str, line: EventDict) -> EventDict:
        return {"service": service, **line}

    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_service,
        _where_it_rose,
    ]


def _where_it_rose(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Turn `exc_info` into the exception's type and its frames, without its text."""
    info = line.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-8:]
        line["error"] = type(error).__name__
        line["at"] = [f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in frames]
    return line
