"""Who joins a group, leaves it, and is away once."""

from __future__ import annotations

from hypothesis.stateful import precondition, rule

from tests.scheduler.machine.desk import PICK, WHOM, Desk


class Memberships(Desk):
    """Members come, go and stay away."""

    @precondition(lambda self: self.model.members)
    @rule(n=PICK, whom=WHOM)
    def join(self, n: int, whom: int) -> None:
        group, client = list(self.model.members)[n % len(self.model.members)], self.clients[whom]
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
                self.model.away.pop((id, client), None)

    @precondition(lambda self: self.model.members)
    @rule(n=PICK, whom=WHOM)
    def leave(self, n: int, whom: int) -> None:
        group, client = list(self.model.members)[n % len(self.model.members)], self.clients[whom]
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
    @rule(n=PICK, whom=WHOM)
    def be_away(self, n: int, whom: int) -> None:
        id, client = self._in_groups()[n % len(self._in_groups())], self.clients[whom]
        each = self.model.sessions[id]
        fits = self.model.changeable(id) and client in each.clients and len(each.clients) > 1
        self._post(f"/v1/sessions/{id}/absences", {"client_id": client}, 200 if fits else 409)
        if fits:
            each.clients -= {client}
            self.model.away[id, client] = None

    @precondition(lambda self: self.model.away)
    @rule(n=PICK)
    def come_after_all(self, n: int) -> None:
        id, client = list(self.model.away)[n % len(self.model.away)]
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
            self.model.away.pop((id, client), None)
