"""What a practice does, as rules; after each, the scheduler and the model agree on everything."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.scheduler.machine.model import (
    HOUR,
    NEW_YORK,
    WEEK,
    Agreed,
    Kept,
    Model,
    at,
    shifted,
    weekly,
)
from tests.scheduler.machine.practice import Driven, Json

days = st.integers(1, 9)
hours = st.integers(9, 11)
weeks = st.integers(1, 4)
who = st.integers(0, 1)
whom = st.integers(0, 2)
scopes = st.sampled_from(["this", "this_and_following", "all_remaining"])
pick = st.integers(0, 10**6)
DAY = timedelta(days=1)


class Anything(RuleBasedStateMachine):
    """Two clinicians and three clients who book, change and undo what they like."""

    driven: Driven

    def __init__(self) -> None:
        super().__init__()
        self.clinicians, self.clients = self.driven.people()
        self.model = Model(now=self.driven.clock.now())
        self.revisions: dict[str, int] = {}
        self.last: tuple[str, object, str, int, Json] | None = None

    # --- bookings

    @rule(who=who, whom=whom, day=days, hour=hours, weeks=weeks, postpone=st.booleans())
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

    @rule(who=who, day=days, hour=hours, weeks=weeks)
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

    @rule(who=who, whom=whom, day=days, hour=hours, by_hold=pick)
    def book_one(self, who: int, whom: int, day: int, hour: int, by_hold: int) -> None:
        clinician, client = self.clinicians[who], self.clients[whom]
        start, hold = at(self._day(day), hour), None
        theirs = [i for i, kept in self.model.holds.items() if kept.clinician == clinician]
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

    @rule(who=who, day=days, hour=hours)
    def hold_an_hour(self, who: int, day: int, hour: int) -> None:
        clinician, start = self.clinicians[who], at(self._day(day), hour)
        taken = self.model.in_the_way(clinician, [], [start])
        body = {"clinician_id": clinician, "starts_at": [start.isoformat()]}
        answer = self._post("/v1/holds", body, 409 if taken else 201)
        if not taken:
            until = self.model.now + timedelta(minutes=10)
            self.model.holds[answer["id"]] = Kept(clinician=clinician, starts=(start,), until=until)

    # --- changes

    @precondition(lambda self: self.model.sessions)
    @rule(
        n=pick,
        scope=scopes,
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
        if status == 200 and (not by or any(start <= self.model.now for start in new.values())):
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
        answer = self._post(f"/v1/sessions/{id}/move", body | {"preview": preview}, status)
        if status == 200 and preview:
            assert len(answer["conflicts"]) == len(taken)
        elif status == 200:
            for each, start in new.items():
                self.model.sessions[each].start = start

    @precondition(lambda self: self.model.sessions)
    @rule(n=pick, scope=scopes)
    def cancel(self, n: int, scope: str) -> None:
        id = self._any(n)
        reached, status = self._reached(id, scope), self._status_of_change(id)
        self._post(f"/v1/sessions/{id}/cancel", {"scope": scope}, status)
        if status == 200:
            for each in reached:
                self.model.sessions[each].status = "cancelled"

    @precondition(lambda self: self.model.sessions)
    @rule(n=pick, outcome=st.sampled_from(["attended", "no_show"]))
    def conclude(self, n: int, outcome: str) -> None:
        id = self._any(n)
        each = self.model.sessions[id]
        fits = each.status == "scheduled" and each.start <= self.model.now
        self._post(f"/v1/sessions/{id}/conclude", {"outcome": outcome}, 200 if fits else 409)
        if fits:
            each.status = outcome

    @precondition(lambda self: self._courses())
    @rule(n=pick, weeks=st.integers(1, 2))
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
    @rule(n=pick)
    def end_early(self, n: int) -> None:
        course = self._courses()[n % len(self._courses())]
        ahead = self.model.ahead(course)
        self._post(f"/v1/courses/{course}/end", {}, 200 if ahead else 409)
        for id in ahead:
            self.model.sessions[id].status = "cancelled"

    # --- groups

    @precondition(lambda self: self.model.members)
    @rule(n=pick, whom=whom)
    def join(self, n: int, whom: int) -> None:
        group, client = sorted(self.model.members)[n % len(self.model.members)], self.clients[whom]
        ahead = self.model.ahead(group)
        of_group = sorted(
            (i for i, s in self.model.sessions.items() if s.course == group),
            key=lambda i: self.model.sessions[i].start,
        )
        late = bool(ahead) and of_group.index(ahead[0]) + 1 > 2
        busy = any(self.model.busy(client, self.model.sessions[id].start) for id in ahead)
        fits = client not in self.model.members[group] and ahead and not late and not busy
        body = {"client_id": client}
        self._post(f"/v1/courses/{group}/members", body, 200 if fits else 409)
        if fits:
            self.model.members[group].add(client)
            for id in ahead:
                self.model.sessions[id].clients |= {client}
                self.model.away.discard((id, client))

    @precondition(lambda self: self.model.members)
    @rule(n=pick, whom=whom)
    def leave(self, n: int, whom: int) -> None:
        group, client = sorted(self.model.members)[n % len(self.model.members)], self.clients[whom]
        members, ahead = self.model.members[group], self.model.ahead(group)
        theirs = [id for id in ahead if client in self.model.sessions[id].clients]
        alone = len(members) == 1 or any(len(self.model.sessions[id].clients) == 1 for id in theirs)
        fits = client in members and ahead and not alone
        path = f"/v1/courses/{group}/members/{client}/leave"
        self._post(path, {}, 200 if fits else 409)
        if fits:
            members.discard(client)
            for id in theirs:
                self.model.sessions[id].clients -= {client}

    @precondition(lambda self: self._in_groups())
    @rule(n=pick, whom=whom)
    def be_away(self, n: int, whom: int) -> None:
        id, client = self._in_groups()[n % len(self._in_groups())], self.clients[whom]
        each = self.model.sessions[id]
        fits = self.model.changeable(id) and client in each.clients and len(each.clients) > 1
        self._post(f"/v1/sessions/{id}/absences", {"client_id": client}, 200 if fits else 409)
        if fits:
            each.clients -= {client}
            self.model.away.add((id, client))

    @precondition(lambda self: self.model.away)
    @rule(n=pick)
    def come_after_all(self, n: int) -> None:
        id, client = sorted(self.model.away)[n % len(self.model.away)]
        each = self.model.sessions[id]
        member = client in self.model.members.get(each.course or "", ())
        fits = (
            self.model.changeable(id)
            and member
            and client not in each.clients
            and not self.model.busy(client, each.start)
        )
        path = f"/v1/sessions/{id}/absences/{client}/withdraw"
        self._post(path, {}, 200 if fits else 409)
        if fits:
            each.clients |= {client}
            self.model.away.discard((id, client))

    # --- time off, time, and retries

    @rule(who=who, day=days, length=st.integers(1, 3))
    def take_time_off(self, who: int, day: int, length: int) -> None:
        clinician, begins = self.clinicians[who], at(self._day(day), 0)
        ends = begins + length * DAY
        body = {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}
        answer = self._post(f"/v1/clinicians/{clinician}/time-off", body, 201)
        self.model.off[answer["id"]] = (clinician, begins, ends)

    @precondition(lambda self: self.model.off)
    @rule(n=pick)
    def put_what_it_hits_elsewhere(self, n: int) -> None:
        """Whatever is proposed is taken: nothing scheduled is left in it, and all else stays."""
        off = sorted(self.model.off)[n % len(self.model.off)]
        self._post(f"/v1/time-off/{off}/apply", {}, None)
        clinician, begins, ends = self.model.off[off]
        for id, found in self._as_they_are().items():
            start = datetime.fromisoformat(found["starts_at"]).astimezone(UTC)
            was = self.model.sessions[id]
            hit = was.clinician == clinician and begins < was.start + HOUR and was.start < ends
            if hit and was.status == "scheduled" and was.start > self.model.now:
                inside = begins < start + HOUR and start < ends
                assert found["status"] == "cancelled" or not inside
                was.start, was.status = start, found["status"]

    @rule(step=st.sampled_from([timedelta(minutes=4), HOUR, DAY, 5 * DAY]))
    def time_passes(self, step: timedelta) -> None:
        self.driven.clock.advance(step)
        self.model.now = self.driven.clock.now()

    @precondition(lambda self: self.last is not None)
    @rule()
    def the_last_request_is_sent_again(self) -> None:
        assert self.last is not None
        path, body, once, status, answer = self.last
        assert self.driven.post(path, body, once) == (status, answer)

    # --- what must hold after each of these

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

    # --- short ways

    def _post(self, path: str, body: object, status: int | None) -> Json:
        once = uuid4().hex
        found, answer = self.driven.post(path, body, once)
        assert status in (None, found), f"{path} {body}: {found} {answer}, expected {status}"
        self.last = (path, body, once, found, answer)
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
        return sorted(self.model.sessions)[n % len(self.model.sessions)]

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
        return sorted({each.course for each in self.model.sessions.values() if each.course})

    def _in_groups(self) -> list[str]:
        return sorted(
            id for id, each in self.model.sessions.items() if each.course in self.model.members
        )
