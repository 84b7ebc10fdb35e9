"""pgqueuer on PostgreSQL, a pool of ten connections."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import islice

import asyncpg
import posting
from pgqueuer import AsyncpgPoolDriver, Job, QueueManager
from pgqueuer.queries import Queries

CHUNK = 20_000


async def enter(queries: Queries, task: posting.Task) -> None:
    jobs = task.jobs()
    while chunk := list(islice(jobs, CHUNK)):
        now = datetime.now(UTC)
        await queries.enqueue(
            ["post"] * len(chunk),
            [str(number).encode() for number, _ in chunk],
            [0] * len(chunk),
            [at - now if number < 0 else None for number, at in chunk],
        )


async def post(job: Job) -> None:
    await posting.post(int(job.payload or b""))


async def main() -> None:
    task = posting.task_of_this_run()
    async with asyncpg.create_pool(task.database, min_size=4, max_size=10) as pool:
        driver = AsyncpgPoolDriver(pool)
        queries = Queries(driver)
        await queries.install()
        await enter(queries, task)
        await pool.execute("VACUUM ANALYZE")
        manager = QueueManager(queries)

        manager.entrypoint("post")(post)
        await posting.open_desk(task)
        await manager.run(batch_size=posting.AT_ONCE)


if __name__ == "__main__":
    asyncio.run(main())
