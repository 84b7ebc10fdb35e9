"""Routes under /v1/tasks: what staff are asked to look after."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from aiohttp import web
from pydantic import Field

from services.scheduler.api.answers.care import TaskAnswer, TasksAnswer
from services.scheduler.api.changes import answer_change, answer_read
from services.scheduler.api.documents import Document
from services.scheduler.api.queries import Cursor, cursor
from services.scheduler.domain.errors import UnknownTask
from services.scheduler.domain.tasks import Task
from services.scheduler.store.tasks import TaskPage, WantedTasks
from services.scheduler.use_cases import tasks
from shared.web.answers import Answer
from shared.web.auth import Role, allow, caller
from shared.web.bodies import DoorModel, path_id, query_of
from shared.web.keys import CLOCK
from shared.web.openapi import describe

routes = web.RouteTableDef()

IS_OPEN: Final = {"open": True, "done": False, "all": None}


class TasksQuery(DoorModel):
    """Open tasks, unless it is said otherwise."""

    status: Literal["open", "done", "all"] = "open"
    limit: Annotated[int, Field(ge=1, le=1000)] = 200
    next: Cursor | None = None

    def wanted(self) -> WantedTasks:
        return WantedTasks(is_open=IS_OPEN[self.status], after=self.next, limit=self.limit)


@routes.get("/v1/tasks")
@allow(Role.ADMIN, Role.STAFF)
@describe("List what staff are to see to", query=TasksQuery, answers={200: TasksAnswer})
async def get_tasks(request: web.Request) -> web.Response:
    """Answer tasks, the oldest first, a page at a time."""
    wanted = query_of(request, TasksQuery).wanted()
    return await answer_read(request, lambda conn: tasks.tasks_page(conn, wanted), _page)


@routes.post("/v1/tasks/{id}/done")
@allow(Role.ADMIN, Role.STAFF)
@describe("Say that a task is done", answers={200: TaskAnswer}, refusals=(UnknownTask,))
async def post_done(request: web.Request) -> web.Response:
    """Say that a task is done: 200 with the task, and again 200."""
    id, by = path_id(request, "id", UnknownTask), caller(request).id
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: tasks.finish_task(conn, now, id, by=by),
        lambda task: Answer(body=_document(task)),
    )


def _page(page: TaskPage) -> Document:
    return {
        "tasks": [_document(task) for task in page.tasks],
        "next": cursor(page.next) if page.next else None,
    }


def _document(task: Task) -> Document:
    return {
        "id": str(task.id),
        "kind": task.kind,
        "subject_id": str(task.subject),
        "note": task.note,
        "status": "open" if task.is_open else "done",
        "raised_at": task.raised_at.isoformat(),
        "done_at": task.done_at.isoformat() if task.done_at else None,
        "done_by": task.done_by,
    }
