"""`python -m benchmarks.bare_service PORT`: the least service that stands on the same libraries."""

from __future__ import annotations

import sys

import pydantic
import sqlalchemy
from aiohttp import web
from sqlalchemy.ext import asyncio as sqlalchemy_asyncio

STANDS_ON = (pydantic.BaseModel, sqlalchemy.Table, sqlalchemy_asyncio.AsyncEngine)


async def ready(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ready"})


def main(port: int) -> None:
    app = web.Application()
    app.router.add_get("/ready", ready)
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
