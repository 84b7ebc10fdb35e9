"""Whether a service is alive, and whether it is ready: asked of what it really holds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal

from aiohttp import web
from pydantic import JsonValue

from shared.logs import log
from shared.web.openapi import AnswerModel
from shared.zones import TZ_VERSION

CHECK_SECONDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check's answer; `facts` are ids, counts and versions, never anything personal."""

    ok: bool
    facts: dict[str, object]


Check = Callable[[], Awaitable[Finding]]


class Health:
    """The named checks of one service."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def add(self, name: str, check: Check) -> None:
        self._checks[name] = check

    async def findings(self) -> dict[str, Finding]:
        """Ask every check; one that raises or takes over three seconds is not ok."""
        answers = await asyncio.gather(*(_ask(name, ask) for name, ask in self._checks.items()))
        return dict(zip(self._checks, answers, strict=True))


async def _ask(name: str, check: Check) -> Finding:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except Exception:
        log.exception("health.check_failed", check=name)
        return Finding(ok=False, facts={})


class Readiness(AnswerModel):
    """What each check found; beside `ok` it names ids, counts and versions."""

    status: Literal["ready", "not ready"]
    tzversion: str
    checks: dict[str, dict[str, JsonValue]]


def readiness(findings: dict[str, Finding]) -> web.Response:
    """Answer 200 when all is well and 503 when not, with what was found."""
    ready = all(finding.ok for finding in findings.values())
    body = {
        "status": "ready" if ready else "not ready",
        "tzversion": TZ_VERSION,
        "checks": {name: {"ok": f.ok, **f.facts} for name, f in findings.items()},
    }
    return web.json_response(body, status=200 if ready else 503)
