"""All rules together, with time off, time that passes, and requests that are sent again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.scheduler.machine.bookings import Bookings
from tests.scheduler.machine.changes import Changes
from tests.scheduler.machine.desk import DAY, DAYS, PICK, WHO
from tests.scheduler.machine.memberships import Memberships
from tests.scheduler.machine.model import HOUR, at
from tests.scheduler.machine.waiting import Waiting


class Anything(Bookings, Changes, Memberships, Waiting):
    """A practice that does what it likes, in any order."""

    @rule(who=WHO, day=DAYS, length=st.integers(1, 3))
    def take_time_off(self, who: int, day: int, length: int) -> None:
        clinician, begins = self.clinicians[who], at(self._day(day), 0)
        ends = begins + length * DAY
        body = {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}
        answer = self._post(f"/v1/clinicians/{clinician}/time-off", body, 201)
        self.model.off[answer["id"]] = (clinician, begins, ends)

    @precondition(lambda self: self.model.off)
    @rule(n=PICK)
    def put_what_it_hits_elsewhere(self, n: int) -> None:
        """Whatever is proposed is taken: nothing scheduled is left in it, and all else stays."""
        off = list(self.model.off)[n % len(self.model.off)]
        self._post(f"/v1/time-off/{off}/apply", {})
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

    @precondition(lambda self: self.last and self.model.now - self.asked_at < DAY)
    @rule()
    def the_last_request_is_sent_again(self) -> None:
        """For a day it gets its first answer; afterwards it is a new request."""
        assert self.last is not None
        path, body, once, status, answer = self.last
        assert self.driven.post(path, body, once) == (status, answer)
