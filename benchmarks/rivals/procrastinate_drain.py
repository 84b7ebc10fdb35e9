"""procrastinate on PostgreSQL, its worker as wide as our batch."""

from __future__ import annotations

import asyncio
import json

import posting
import procrastinate
import psycopg


def enter(task: posting.Task) -> None:
    with psycopg.connect(task.database, autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")  # a million events spared
        with conn.cursor().copy(
            "COPY procrastinate_jobs (queue_name, task_name, args, scheduled_at) FROM STDIN"
        ) as copy:
            for number, at in task.jobs():
                copy.write_row(("default", "post", json.dumps({"number": number}), at))
        conn.execute("VACUUM ANALYZE procrastinate_jobs")


async def main() -> None:
    task = posting.task_of_this_run()
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=task.database, min_size=4, max_size=10)
    )
    app.task(posting.post, name="post")
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        enter(task)
        await posting.open_desk(task)
        await app.run_worker_async(concurrency=posting.AT_ONCE)


if __name__ == "__main__":
    asyncio.run(main())
