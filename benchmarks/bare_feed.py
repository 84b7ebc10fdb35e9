"""`python -m benchmarks.bare_feed PORT FILE`: the least that can serve a file with an ETag."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from aiohttp import web

ETAG: Final = '"bare"'


def main(port: int, file: Path) -> None:
    body = file.read_bytes()
    headers = {"ETag": ETAG, "Content-Type": "text/calendar", "Content-Encoding": "gzip"}

    async def feed(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == ETAG:
            return web.Response(status=304, headers={"ETag": ETAG})
        return web.Response(body=body, headers=headers)

    app = web.Application()
    app.router.add_get("/feeds/{token}.ics", feed)
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
