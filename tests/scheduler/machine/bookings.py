"""What is booked and held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.scheduler.machine.desk import DAYS, HOURS, PICK, WEEKS, WHO, WHOM, Desk
from tests.scheduler.machine.model import Agreed, Kept, at, weekly


class Bookings(Desk):
    """Courses, groups, single hours and holds."""

    @rule(who=WHO, whom=WHOM, day=DAYS, hour=HOURS, weeks=WEEKS, postpone=st.booleans())
    def book_a_course(
        self, who: int, whom: int, day: int, hour: int, weeks: int, postpone: bool
    ) -> None:
        clinician, clients = self.clinicians[who], [self.clients[whom]]
        first = at(self._day(day), hour)
        starts, status = weekly(first, weeks), 201
        if postpone:
            found = self._put_off(clinician, clients, first, weeks)
            starts, status = (found, 201) if found else (starts, 409)
        elif self.model.in_the_way(clinician, clients, starts):
            status = 409
        body = self._course(clinician, clients, first, weeks)
        body["on_conflict"] = "postpone" if postpone else "refuse"
        answer = self._post("/v1/courses", body, status)
        if status == 201:
            self._agree(answer, clinician, clients, starts)
        elif not postpone:
            told = [
                datetime.fromisoformat(c["starts_at"]).astimezone(UTC) for c in answer["conflicts"]
            ]
            assert told == self.model.in_the_way(clinician, clients, starts)

    @rule(who=WHO, day=DAYS, hour=HOURS, weeks=WEEKS)
    def book_a_group(self, who: int, day: int, hour: int, weeks: int) -> None:
        clinician, clients = self.clinicians[who], list(self.clients[:2])
        first = at(self._day(day), hour)
        taken = self.model.in_the_way(clinician, clients, weekly(first, weeks))
        body = self._course(clinician, clients, first, weeks)
        body["group"] = {"minimum": 1, "maximum": 3, "join_until": 2}
        answer = self._post("/v1/courses", body, 409 if taken else 201)
        if not taken:
            self._agree(answer, clinician, clients, weekly(first, weeks))
            self.model.members[answer["id"]] = set(clients)

    @rule(who=WHO, whom=WHOM, day=DAYS, hour=HOURS, by_hold=PICK)
    def book_one(self, who: int, whom: int, day: int, hour: int, by_hold: int) -> None:
        clinician, client = self.clinicians[who], self.clients[whom]
        start, hold = at(self._day(day), hour), None
        theirs = [
            i
            for i, kept in self.model.holds.items()
            if kept.clinician == clinician and kept.client is None
        ]
        if theirs and by_hold % 2:
            hold = theirs[by_hold % len(theirs)]
            start = self.model.holds[hold].starts[0]
            if start <= self.model.now or self.model.holds[hold].until <= self.model.now:
                return
        taken = self.model.in_the_way(clinician, [client], [start], hold=hold)
        body = {
            "kind": "consultation",
            "clinician_id": clinician,
            "client_ids": [client],
            "starts_at": start.isoformat(),
            **({"hold_id": hold} if hold else {}),
        }
        answer = self._post("/v1/sessions", body, 409 if taken else 201)
        if not taken:
            self.model.sessions[answer["id"]] = Agreed(
                clinician=clinician, clients=frozenset([client]), start=start
            )
            if hold:
                del self.model.holds[hold]

    @rule(who=WHO, day=DAYS, hour=HOURS)
    def hold_an_hour(self, who: int, day: int, hour: int) -> None:
        clinician, start = self.clinicians[who], at(self._day(day), hour)
        taken = self.model.in_the_way(clinician, [], [start])
        body = {"clinician_id": clinician, "starts_at": [start.isoformat()]}
        answer = self._post("/v1/holds", body, 409 if taken else 201)
        if not taken:
            until = self.model.now + timedelta(minutes=10)
            self.model.holds[answer["id"]] = Kept(clinician=clinician, starts=(start,), until=until)
