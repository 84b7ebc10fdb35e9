"""`python -m benchmarks.many_gets PORT PATH SECONDS [NAME:VALUE ...]`: GETs as fast as they go.

A process of its own and no library, so that the server is what is measured: eight connections are
kept as long as the server keeps them, and each answer is read to its end. Prints how many answers
of each status came.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Final

CONNECTIONS: Final = 8


async def main(port: int, path: str, seconds: float, headers: list[str]) -> None:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    until = time.perf_counter() + seconds
    counted = await asyncio.gather(*(_ask(port, request, until) for _ in range(CONNECTIONS)))
    print(json.dumps(sum(counted, Counter())))


async def _ask(port: int, request: bytes, until: float) -> Counter[str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    found: Counter[str] = Counter()
    while time.perf_counter() < until:
        if reader.at_eof():
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status = head[9:12].decode()
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
        if length and status != "304":
            await reader.readexactly(int(length))
        found[status] += 1
        if head.startswith(b"HTTP/1.0"):  # it closes after each: what it costs is its own
            await reader.read()
    writer.close()
    return found


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), sys.argv[4:]))
