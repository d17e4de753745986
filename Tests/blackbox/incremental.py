"""Readers follow one node by cursor and by time while two offices that were cut off for a day come
back with older edits: no reader misses one."""

import time

from drill.offices import PARIS, SAN_FRANCISCO, SINGAPORE
from harness import eventually

V2, HELIO = "/api/v2", "/api/helio/v1"
DAY = 86_400
KINDS = {"tickets": "ticket", "ticket_events": "event", "users": "user",
         "organizations": "organization"}


def run(t):
    # Everything happens a day ago, until Paris has lived through that day.
    cluster = t.cluster(
        [PARIS, SAN_FRANCISCO, SINGAPORE], environment=t.clock_shifted(-DAY))
    paris, others = cluster.nodes[0], cluster.nodes[1:]
    made = {node.name: seed(node) for node in cluster.nodes}
    cluster.wait_equal(60)
    for node in cluster.nodes:
        node.client("admin").call("POST", f"{HELIO}/links/all/pause")
    cut_off = {node.name: edits(node, made[paris.name]) for node in others}

    cluster.helio.environment = {}
    paris.stop()
    paris.serve()
    paris.client("admin").call("POST", f"{HELIO}/links/all/pause")
    today = edits(paris, made[paris.name])
    readers = [reader(paris.client("admin"), kind)
               for kind in KINDS for reader in (ByCursor, ByTime)]
    for each in readers:
        each.read()
        t.check(f"{each} has read what Paris did today", today[each.kind] <= each.seen,
                today[each.kind] - each.seen)
        missing = [name for name, acts in cut_off.items() if acts[each.kind] <= each.seen]
        t.check(f"{each} has not seen what others did meanwhile", not missing, missing)

    # The others come back one after the other; between them the readers go on.
    for node in others:
        node.stop()
        node.serve()
        for each in (paris, node):
            each.client("admin").call("POST", f"{HELIO}/links/all/resume")
        cluster_equal(t, paris, node)
        for each in readers:
            each.read()
            lost = cut_off[node.name][each.kind] - each.seen
            t.check(f"{each} misses nothing of {node.office.code}, though it is older", not lost,
                    lost or f"{len(cut_off[node.name][each.kind])} late changes")
    ages(t, paris, cut_off)
    foreign(t, paris, others[0])
    for each in readers:
        t.check(f"{each} ends", each.ended)
        if each.style == "cursor" and each.kind == "ticket_events":
            t.check("every event comes once, under an id of its own",
                    len(each.ids) == len(set(each.ids)), len(each.ids) - len(set(each.ids)))


def seed(node):
    """A ticket, a user and an organization of this office."""
    api, name = node.client("admin"), node.office.code
    return {
        "ticket": api.post(f"{V2}/tickets", {"ticket": {
            "subject": f"of {name}", "comment": {"body": "x"}}})["ticket"]["id"],
        "user": api.post(f"{V2}/users", {"user": {
            "name": f"Customer of {name}", "email": f"c@{name}.example"}})["user"]["id"],
        "organization": api.post(f"{V2}/organizations", {"organization": {
            "name": f"Company of {name}"}})["organization"]["id"],
    }


def edits(node, shared):
    """Changes of rows that all know, new rows, and deleted ones, as (id, what it must show)."""
    api, name = node.client("admin"), node.office.code
    tickets, users, organizations, events = set(), set(), set(), set()
    for number in range(3):
        answer = api.put(f"{V2}/tickets/{shared['ticket']}", {"ticket": {
            "additional_tags": [f"{name}_{number}"],
            "comment": {"body": f"{name} says {number}", "public": False}}})
        events.add(answer["audit"]["id"])
    tickets.add((shared["ticket"], f"{name}_2"))
    for number in range(4):
        answer = api.post(f"{V2}/tickets", {"ticket": {
            "subject": f"{name} while cut off {number}", "comment": {"body": "y"},
            "tags": [f"{name}_new"]}})
        tickets.add((answer["ticket"]["id"], f"{name}_new"))
        events.add(answer["audit"]["id"])
    gone = answer["ticket"]["id"]
    api.delete(f"{V2}/tickets/{gone}")
    tickets.discard((gone, f"{name}_new"))
    tickets.add((gone, "gone"))
    # One change that names more tickets than a page holds.
    parts = [api.post(f"{V2}/tickets", {"ticket": {
        "subject": f"{name} part {number}", "comment": {"body": "z"}}})["ticket"]["id"]
        for number in range(6)]
    api.post(f"{V2}/tickets/{parts[0]}/merge", {"ids": parts[1:]})
    tickets |= {(part, "closed_by_merge") for part in parts[1:]}
    api.put(f"{V2}/users/{shared['user']}", {"user": {"tags": [name]}})
    users.add((shared["user"], name))
    person = api.post(f"{V2}/users", {"user": {"name": f"New at {name}"}})["user"]["id"]
    api.delete(f"{V2}/users/{person}")
    users.add((person, "gone"))
    company = api.post(f"{V2}/organizations", {"organization": {
        "name": f"New company of {name}"}})["organization"]["id"]
    api.delete(f"{V2}/organizations/{company}")
    organizations.add((company, "gone"))
    api.put(f"{V2}/organizations/{shared['organization']}", {"organization": {"tags": [name]}})
    organizations.add((shared["organization"], name))
    return {"tickets": tickets, "users": users, "organizations": organizations,
            "ticket_events": {(event, None) for event in events}}


class Reader:
    """Keeps its place between reads, as an integration does."""

    def __init__(self, api, kind):
        self.api, self.kind = api, kind
        self.seen, self.ended, self.pages = set(), False, 0

    def take(self, page):
        self.pages += 1
        self.ended = page["end_of_stream"]
        for row in page[self.kind]:
            self.seen |= marks(self.kind, row)

    def __str__(self):
        return f"a reader of {self.kind} by {self.style}"


class ByCursor(Reader):
    style = "cursor"

    def __init__(self, api, kind):
        super().__init__(api, kind)
        self.cursor = None
        self.ids = []

    def read(self):
        path = f"{V2}/incremental/{self.kind}/cursor.json"
        while True:
            page = (self.api.get(path, cursor=self.cursor, per_page=3) if self.cursor
                    else self.api.get(path, start_time=0, per_page=3))
            self.take(page)
            self.ids += [row["id"] for row in page[self.kind]]
            self.cursor = page["after_cursor"]
            if self.ended:
                return


class ByTime(Reader):
    """Builds the next address from `end_time`, as clients of old do."""

    style = "time"

    def __init__(self, api, kind):
        super().__init__(api, kind)
        self.start = 0

    def read(self):
        before = self.pages
        while True:
            page = self.api.get(
                f"{V2}/incremental/{self.kind}.json", start_time=self.start, per_page=3)
            self.take(page)
            self.start = page["end_time"]
            if self.ended:
                return
            if self.pages - before > 200:
                raise AssertionError(f"{self} does not come to an end at {self.start}")


def marks(kind, row):
    """What a row shows, as in `edits`."""
    if kind == "ticket_events":
        return {(row["id"], None)}
    gone = {"tickets": row.get("status") == "deleted", "users": row.get("active") is False,
            "organizations": row.get("deleted_at") is not None}[kind]
    return {(row["id"], tag) for tag in row["tags"]} | ({(row["id"], "gone")} if gone else set())


def cluster_equal(t, paris, node):
    def equal():
        versions = [each.client("admin").get(f"{HELIO}/node")["node"]["version"]
                    for each in (paris, node)]
        return versions[0] == versions[1]

    t.check(f"{node.office.code} and Paris have the same changes", eventually(equal, 60))


def ages(t, paris, cut_off):
    """The late rows bear yesterday's dates, so that a reader by date would have missed them."""
    api = paris.client("admin")
    late = {row for acts in cut_off.values() for row, mark in acts["tickets"]
            if mark and mark.endswith("_new")}
    limit = time.time() - DAY / 2
    page = api.get(f"{V2}/incremental/tickets.json", start_time=int(limit), per_page=1000)
    found = {row["id"]: row for row in page["tickets"] if row["id"] in late}
    old = [row["id"] for row in found.values()
           if row["updated_at"] < time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(limit))]
    t.check("what came late is dated yesterday and was generated today",
            len(old) == len(late) and all(
                row["generated_timestamp"] > limit for row in found.values()),
            f"{len(old)} of {len(late)}")


def foreign(t, paris, other):
    cursor = paris.client("admin").get(
        f"{V2}/incremental/tickets/cursor", start_time=0)["after_cursor"]
    for kind in KINDS:
        status, value, _ = other.client("admin").request(
            "GET", f"{V2}/incremental/{kind}/cursor?cursor={cursor}")
        t.check(f"a cursor of another node is refused for {kind}, and its node named",
                status == 400 and "belongs to the node with slot" in value["description"], value)
