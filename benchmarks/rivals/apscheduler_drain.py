"""APScheduler with a SQLAlchemy job store on PostgreSQL."""

from __future__ import annotations

import asyncio
import pickle
from datetime import UTC, datetime

import posting
import psycopg
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger


def state(scheduler: AsyncIOScheduler, name: str, number: int, at: datetime) -> bytes:
    """Return the state that APScheduler itself keeps of a job."""
    job = Job(
        scheduler,
        id=name,
        func="posting:post",
        args=(number,),
        kwargs={},
        name="post",
        trigger=DateTrigger(at),
        executor="default",
        misfire_grace_time=None,  # its own second would throw away what is late
        coalesce=True,
        max_instances=1,
        next_run_time=at,
    )
    return pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL)


def enter(store: SQLAlchemyJobStore, scheduler: AsyncIOScheduler, task: posting.Task) -> None:
    store.jobs_t.create(store.engine, checkfirst=True)
    with psycopg.connect(task.database, autocommit=True) as conn:
        with conn.cursor().copy(
            "COPY apscheduler_jobs (id, next_run_time, job_state) FROM STDIN"
        ) as copy:
            for place, (number, at) in enumerate(task.jobs()):
                copy.write_row(
                    (str(place), at.timestamp(), state(scheduler, str(place), number, at))
                )
        conn.execute("VACUUM ANALYZE apscheduler_jobs")


async def main() -> None:
    task = posting.task_of_this_run()
    store = SQLAlchemyJobStore(task.database.replace("postgresql://", "postgresql+psycopg://"))
    scheduler = AsyncIOScheduler(timezone=UTC)
    enter(store, scheduler, task)
    await posting.open_desk(task)
    scheduler.add_jobstore(store)
    scheduler.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
