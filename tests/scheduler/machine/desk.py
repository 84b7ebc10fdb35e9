"""One practice and its model side by side: ask both, and compare everything after each step."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from tests.scheduler.machine.model import HOUR, NEW_YORK, WEEK, Agreed, Model, shifted
from tests.scheduler.machine.practice import Driven, Json

PICK = st.integers(0, 10**6)
DAYS = st.integers(1, 9)
HOURS = st.integers(9, 11)
WEEKS = st.integers(1, 4)
WHO = st.integers(0, 1)
WHOM = st.integers(0, 2)
DAY = timedelta(days=1)


class Desk(RuleBasedStateMachine):
    """Two clinicians and three clients, the scheduler, and what the model says of them."""

    driven: Driven

    def __init__(self) -> None:
        super().__init__()
        self.driven.start_on_a_monday()  # each example begins alike, whatever came before
        self.clinicians, self.clients = self.driven.people()
        self.model = Model(now=self.driven.clock.now())
        self.revisions: dict[str, int] = {}
        self.last: tuple[str, object, str, int, Json] | None = None
        self.asked_at = self.model.now  # the last one

    @invariant()
    def the_scheduler_says_what_the_model_says(self) -> None:
        found = self._as_they_are()
        self._ordinals_are_places_in_the_order_of_time(found)
        assert found.keys() == self.model.sessions.keys()
        for id, each in self.model.sessions.items():
            said = found[id]
            assert datetime.fromisoformat(said["starts_at"]).astimezone(UTC) == each.start
            assert said["status"] == each.status
            assert set(said["client_ids"]) == each.clients
            assert said["revision"] >= self.revisions.get(id, 1)
            self.revisions[id] = said["revision"]

    @invariant()
    def nobody_is_in_two_places_at_once(self) -> None:
        active = [each for each in self.model.sessions.values() if each.active]
        for one, other in combinations(active, 2):
            if abs(one.start - other.start) < HOUR:
                assert one.clinician != other.clinician
                assert one.clients.isdisjoint(other.clients)

    def teardown(self) -> None:
        """The log tells the whole story: replayed from the first event it gives the same."""
        events = self.driven.events()
        assert [event["position"] for event in events] == list(range(1, len(events) + 1))
        told: dict[str, Any] = {}
        for event in events:
            data = event["data"]
            for session in [
                *data.get("sessions", ()),
                *([data["session"]] if "session" in data else ()),
            ]:
                known = told.get(session["session_id"])
                assert known is None or known["revision"] < session["revision"]
                told[session["session_id"]] = session
        for id, said in self._as_they_are().items():
            assert told[id]["revision"] == said["revision"]
            assert told[id]["status"] == said["status"]
            assert told[id]["client_ids"] == said["client_ids"]
            start = datetime.fromisoformat(told[id]["starts_at"])
            assert start == datetime.fromisoformat(said["starts_at"])
        assert self.driven.audit_is_sound()

    def _post(self, path: str, body: object, *statuses: int) -> Json:
        """Post once, and return the answer, which must have one of `statuses`, if any are given."""
        once = uuid4().hex
        found, answer = self.driven.post(path, body, once)
        assert found in (statuses or (found,)), f"{path} {body}: {found} {answer}, not {statuses}"
        self.last, self.asked_at = (path, body, once, found, answer), self.model.now
        return answer

    def _course(self, clinician: str, clients: list[str], first: datetime, weeks: int) -> Json:
        local = first.astimezone(NEW_YORK)
        return {
            "clinician_id": clinician,
            "client_ids": clients,
            "first_date": local.date().isoformat(),
            "time": f"{local:%H:%M}",
            "sessions": weeks,
        }

    def _agree(
        self, answer: Json, clinician: str, clients: Collection[str], starts: list[datetime]
    ) -> None:
        for said, start in zip(answer["sessions"], starts, strict=True):
            self.model.sessions[said["id"]] = Agreed(
                clinician=clinician, clients=frozenset(clients), start=start, course=answer["id"]
            )

    def _put_off(
        self, clinician: str, clients: list[str], first: datetime, weeks: int
    ) -> list[datetime] | None:
        """Return the first free weeks; None where more than four in a row clash."""
        found: list[datetime] = []
        in_a_row = week = 0
        while len(found) < weeks:
            start = shifted(first, week * WEEK)
            if self.model.in_the_way(clinician, clients, [start]):
                in_a_row += 1
                if in_a_row > 4:
                    return None
            else:
                found.append(start)
                in_a_row = 0
            week += 1
        return found

    def _as_they_are(self) -> dict[str, Json]:
        return {
            said["id"]: said
            for clinician in self.clinicians
            for said in self.driven.get("/v1/sessions", clinician_id=clinician)["sessions"]
        }

    def _ordinals_are_places_in_the_order_of_time(self, found: dict[str, Json]) -> None:
        by_course: dict[str, list[Json]] = {}
        for said in found.values():
            if said["course_id"]:
                by_course.setdefault(said["course_id"], []).append(said)
        for each in by_course.values():
            in_order = sorted(each, key=lambda s: (datetime.fromisoformat(s["starts_at"]), s["id"]))
            assert [s["ordinal"] for s in in_order] == list(range(1, len(each) + 1))

    def _day(self, days: int) -> date:
        return self.model.now.astimezone(NEW_YORK).date() + days * DAY

    def _any(self, n: int) -> str:
        return list(self.model.sessions)[n % len(self.model.sessions)]

    def _reached(self, id: str, scope: str) -> list[str]:
        anchor = self.model.sessions[id]
        if scope == "this" or anchor.course is None:
            return [id]
        following = [
            each
            for each in self.model.ahead(anchor.course)
            if each != id
            and (scope == "all_remaining" or self.model.sessions[each].start >= anchor.start)
        ]
        return [id, *following]

    def _status_of_change(self, id: str) -> int:
        return 200 if self.model.changeable(id) else 409

    def _taken_for(self, new: dict[str, datetime]) -> list[datetime]:
        return [
            start
            for id, start in new.items()
            if self.model.in_the_way(
                self.model.sessions[id].clinician,
                self.model.sessions[id].clients,
                [start],
                but=new,
            )
        ]

    def _courses(self) -> list[str]:
        return list(dict.fromkeys(s.course for s in self.model.sessions.values() if s.course))

    def _in_groups(self) -> list[str]:
        return [id for id, each in self.model.sessions.items() if each.course in self.model.members]
