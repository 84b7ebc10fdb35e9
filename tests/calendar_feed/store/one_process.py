"""A process of its own that serves feeds: what it says of each is one line, the bytes' digests.

`python -m tests.calendar_feed.store.one_process DATABASE_URL TOKEN...`
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from services.calendar_feed.use_cases.counting import Counts
from services.calendar_feed.use_cases.rendering import Origin
from services.calendar_feed.use_cases.serving import Feeds
from shared.clock import HeldClock
from shared.store.database import Database
from shared.zones import use_packaged_zones
from tests.calendar_feed.diary import PUBLIC_URL
from tests.conftest import NOW
from tests.shared.diary import SECRET


async def served(database_url: str, tokens: Sequence[str]) -> list[str]:
    """Serve each feed once, and return of each the digests and headers of what was served."""
    database = Database.at(database_url)
    origin = Origin(
        database=database,
        counts=Counts(CollectorRegistry()),
        public_url=PUBLIC_URL,
        secret=SECRET,
        agreed=True,
    )
    feeds = Feeds(origin, HeldClock(NOW))
    told = []
    for token in tokens:
        body = (await feeds.serve(token)).body
        digests = [
            hashlib.sha256(each.body).hexdigest() + each.etag for each in (body.plain, body.gzipped)
        ]
        told.append(f"{digests} {body.changed_at.isoformat()}")
    await database.close()
    return told


if __name__ == "__main__":
    use_packaged_zones()
    sys.stdout.write("\n".join(asyncio.run(served(sys.argv[1], sys.argv[2:]))))
