"""Who waits for an hour, what is offered to them, and what they answer."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from hypothesis.stateful import precondition, rule

from tests.scheduler.machine.desk import HOURS, PICK, WHO, WHOM, Desk
from tests.scheduler.machine.model import Agreed, Kept
from tests.scheduler.machine.practice import Json


class Waiting(Desk):
    """The waiting list: whatever is offered is free, kept, and then booked as it was offered."""

    @rule(who=WHO, whom=WHOM, hour=HOURS)
    def wait(self, who: int, whom: int, hour: int) -> None:
        body = {
            "client_id": self.clients[whom],
            "clinician_id": self.clinicians[who],
            "sessions": 2,
            "weekday": "wednesday",
            "time": f"{hour:02}:00",
        }
        self._post("/v1/waiting-list", body, 201, 409)

    @rule()
    def free_hours_are_offered(self) -> None:
        known = {offer["id"] for offer in self._open_offers()}
        self.driven.offer_free_hours()
        for offer in self._open_offers():
            if offer["id"] in known or offer["clinician_id"] not in self.clinicians:
                continue
            starts = _starts(offer)
            assert self.model.in_the_way(offer["clinician_id"], [offer["client_id"]], starts) == []
            self.model.holds[offer["id"]] = Kept(
                clinician=offer["clinician_id"],
                client=offer["client_id"],
                starts=tuple(starts),
                until=datetime.fromisoformat(offer["expires_at"]).astimezone(UTC),
            )

    @precondition(lambda self: self._own_offers())
    @rule(n=PICK, accept=PICK)
    def answer(self, n: int, accept: int) -> None:
        found = self._own_offers()
        offer, chosen = found[n % len(found)], "accept" if accept % 3 else "decline"
        lost = self.model.in_the_way(
            offer["clinician_id"], [offer["client_id"]], _starts(offer), hold=offer["id"]
        )
        status = self.driven.answer_offer(offer, chosen)
        if lost and chosen == "accept":  # time off was entered over it meanwhile
            assert status == HTTPStatus.GONE
        else:
            assert status in (HTTPStatus.OK, HTTPStatus.SEE_OTHER)
        del self.model.holds[offer["id"]]
        if chosen == "accept" and not lost:
            self._adopt(offer)

    def _adopt(self, offer: Json) -> None:
        """What was booked is what was offered, hour by hour."""
        new = {id: s for id, s in self._as_they_are().items() if id not in self.model.sessions}
        booked = sorted(
            datetime.fromisoformat(s["starts_at"]).astimezone(UTC) for s in new.values()
        )
        assert booked == sorted(_starts(offer))
        for id, said in new.items():
            self.model.sessions[id] = Agreed(
                clinician=said["clinician_id"],
                clients=frozenset(said["client_ids"]),
                start=datetime.fromisoformat(said["starts_at"]).astimezone(UTC),
                course=said["course_id"],
            )

    def _own_offers(self) -> list[Json]:
        return [offer for offer in self._open_offers() if offer["id"] in self.model.holds]

    def _open_offers(self) -> list[Json]:
        """Return the offers that can still be answered, of everyone, the oldest first."""
        now = self.model.now
        found: list[Json] = self.driven.get("/v1/offers", status="open", limit="1000")["offers"]
        return [o for o in found if datetime.fromisoformat(o["expires_at"]).astimezone(UTC) > now]


def _starts(offer: Json) -> list[datetime]:
    return [datetime.fromisoformat(s["starts_at"]).astimezone(UTC) for s in offer["sessions"]]
