"""What is moved, cancelled, concluded, paused and ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.scheduler.machine.desk import PICK, Desk
from tests.scheduler.machine.model import NEW_YORK, WEEK, Agreed, shifted

SCOPES = st.sampled_from(["this", "this_and_following", "all_remaining"])


class Changes(Desk):
    """Changes of one session, of those that follow, or of all that remain."""

    @precondition(lambda self: self.model.sessions)
    @rule(
        n=PICK,
        scope=SCOPES,
        days=st.integers(-3, 7),
        hours=st.integers(-1, 1),
        preview=st.booleans(),
    )
    def move(self, n: int, scope: str, days: int, hours: int, preview: bool) -> None:
        id = self._any(n)
        anchor, by = self.model.sessions[id], timedelta(days=days, hours=hours)
        reached = self._reached(id, scope)
        new = {each: shifted(self.model.sessions[each].start, by) for each in reached}
        status = self._status_of_change(id)
        if status == 200 and any(start <= self.model.now for start in new.values()):
            status = 422
        taken = [
            start
            for each, start in new.items()
            if self.model.in_the_way(
                self.model.sessions[each].clinician,
                self.model.sessions[each].clients,
                [start],
                but=reached,
            )
        ]
        if status == 200 and taken and not preview:
            status = 409
        body = {"starts_at": shifted(anchor.start, by).isoformat(), "scope": scope}
        if not by:  # which of two reasons is told first is nobody's promise
            self._post(f"/v1/sessions/{id}/move", body, 422, *({status} - {200}))
            return
        answer = self._post(f"/v1/sessions/{id}/move", body | {"preview": preview}, status)
        if status == 200 and preview:
            assert len(answer["conflicts"]) == len(taken)
        elif status == 200:
            for each, start in new.items():
                self.model.sessions[each].start = start

    @precondition(lambda self: self.model.sessions)
    @rule(n=PICK, scope=SCOPES)
    def cancel(self, n: int, scope: str) -> None:
        id = self._any(n)
        reached, status = self._reached(id, scope), self._status_of_change(id)
        self._post(f"/v1/sessions/{id}/cancel", {"scope": scope}, status)
        if status == 200:
            for each in reached:
                self.model.sessions[each].status = "cancelled"

    @precondition(lambda self: self.model.sessions)
    @rule(n=PICK, outcome=st.sampled_from(["attended", "no_show"]))
    def conclude(self, n: int, outcome: str) -> None:
        id = self._any(n)
        each = self.model.sessions[id]
        fits = each.status == "scheduled" and each.start <= self.model.now
        self._post(f"/v1/sessions/{id}/conclude", {"outcome": outcome}, 200 if fits else 409)
        if fits:
            each.status = outcome

    @precondition(lambda self: self._courses())
    @rule(n=PICK, weeks=st.integers(1, 2))
    def pause(self, n: int, weeks: int) -> None:
        course = self._courses()[n % len(self._courses())]
        ahead = self.model.ahead(course)
        new = {id: shifted(self.model.sessions[id].start, weeks * WEEK) for id in ahead}
        taken = self._taken_for(new)
        since = min(self.model.sessions[id].start for id in ahead) if ahead else self.model.now
        body = {"from": since.astimezone(NEW_YORK).date().isoformat(), "weeks": weeks}
        status = 409 if taken or not ahead else 200
        self._post(f"/v1/courses/{course}/pause", body, status)
        if status == 200:
            for id, start in new.items():
                self.model.sessions[id].start = start

    @precondition(lambda self: self._courses())
    @rule(n=PICK, more=st.integers(1, 2))
    def extend(self, n: int, more: int) -> None:
        """Where it is granted, there are that many more, weekly after the last that is held."""
        course = self._courses()[n % len(self._courses())]
        known = set(self.model.sessions)
        answer = self._post(f"/v1/courses/{course}/extend", {"sessions": more}, 200, 409)
        if "sessions" not in answer:
            return
        new = [said for said in answer["sessions"] if said["id"] not in known]
        assert len(new) == more
        for said in new:
            start = datetime.fromisoformat(said["starts_at"]).astimezone(UTC)
            clinician, clients = said["clinician_id"], said["client_ids"]
            assert self.model.in_the_way(clinician, clients, [start]) == []
            assert start > self.model.now
            self.model.sessions[said["id"]] = Agreed(
                clinician=clinician, clients=frozenset(clients), start=start, course=course
            )

    @precondition(lambda self: self._courses())
    @rule(n=PICK)
    def end_early(self, n: int) -> None:
        course = self._courses()[n % len(self._courses())]
        ahead = self.model.ahead(course)
        self._post(f"/v1/courses/{course}/end", {}, 200 if ahead else 409)
        for id in ahead:
            self.model.sessions[id].status = "cancelled"
