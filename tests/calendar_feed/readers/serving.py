"""Feeds that were written to files, over HTTP, for programs that subscribe."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextmanager
def served(files: Sequence[Path]) -> Iterator[Mapping[Path, str]]:
    """Yield the address of each file on this machine."""
    by_path = {f"/{number}.ics": file for number, file in enumerate(files)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = by_path[self.path].read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        base = f"http://127.0.0.1:{server.server_port}"
        yield {file: base + path for path, file in by_path.items()}
    finally:
        server.shutdown()
        server.server_close()
