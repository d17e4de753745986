"""Two offices write the same fields apart; every kind of choice, and two choices made apart."""

from drill.offices import PARIS, SAN_FRANCISCO
from harness import eventually

V2, INBOX = "/api/v2", "/api/helio/v1/conflicts"


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO])
    apart = Apart(t, cluster)
    columns(t, apart)
    sets(t, apart)
    directory(t, apart)
    stale(t, apart)
    two_choices(t, apart)
    same_choice(t, apart)
    refusals(t, apart)
    cluster.wait_equal(60)
    prints = {report["fingerprint"] for report in cluster.reports().values()}
    t.check("both nodes hold the same at the end", len(prints) == 1)


class Apart:
    """The two nodes, joined or cut off from each other."""

    def __init__(self, t, cluster):
        self.t, self.cluster = t, cluster
        self.paris, self.san_francisco = cluster.nodes
        self.nodes = cluster.nodes
        self.apis = [node.client("agent") for node in self.nodes]
        self.admins = [node.client("admin") for node in self.nodes]

    def links(self, act):
        for api in self.admins:
            api.call("POST", f"/api/helio/v1/links/all/{act}")

    def write(self, *writes):
        """One function of an API for each node, run while they are cut off."""
        self.cluster.wait_equal(30)
        self.links("pause")
        try:
            return [write(api) for write, api in zip(writes, self.apis)]
        finally:
            self.links("resume")
            self.cluster.wait_equal(60)

    def ticket(self, **more):
        made = self.apis[0].post(f"{V2}/tickets", {"ticket": {
            "subject": "Pump", "comment": {"body": "x"}, **more}})["ticket"]["id"]
        self.cluster.wait_equal(30)
        return made

    def collide(self, ticket, first, second):
        self.write(lambda api: put(api, ticket, first), lambda api: put(api, ticket, second))

    def conflicts(self, row, node=0):
        return {found["column"]: found for found in self.admins[node].pages(INBOX, "conflicts")
                if found["row_id"] == row}

    def resolve(self, conflict, choice, node=0, admin=False, **more):
        api = (self.admins if admin else self.apis)[node]
        return api.post(f"{INBOX}/{conflict['id']}/resolve", {"choice": choice, **more})


def put(api, ticket, fields):
    return api.put(f"{V2}/tickets/{ticket}", {"ticket": fields})["ticket"]


def columns(t, apart):
    """Each register of a ticket: keep and other; both where it is a text."""
    field = apart.admins[0].post(f"{V2}/ticket_fields", {"ticket_field": {
        "title": "Serial", "type": "text"}})["ticket_field"]["id"]
    groups = [apart.admins[0].post(f"{V2}/groups", {"group": {"name": name}})["group"]["id"]
              for name in ("Pumps", "Valves")]
    people = [apart.admins[0].post(f"{V2}/users", {"user": {"name": name}})["user"]["id"]
              for name in ("Ada", "Bo")]
    firms = [apart.admins[0].post(f"{V2}/organizations", {"organization": {"name": name}})[
        "organization"]["id"] for name in ("One", "Two")]
    pairs = {
        "subject": ("Paris says", "San Francisco says"), "status": ("pending", "hold"),
        "priority": ("low", "high"), "type": ("question", "incident"),
        "external_id": ("p-1", "s-1"), "requester_id": people, "organization_id": firms,
        "group_id": groups, "due_at": ("2030-01-01T00:00:00Z", "2031-01-01T00:00:00Z"),
    }
    for choice in ("keep", "other"):
        ticket = apart.ticket()
        apart.collide(ticket, {key: pair[0] for key, pair in pairs.items()},
                      {key: pair[1] for key, pair in pairs.items()})
        found = apart.conflicts(ticket)
        t.check(f"every register that two offices wrote is in the inbox ({choice})",
                set(pairs) <= set(found), sorted(set(pairs) - set(found)))
        other = apart.conflicts(ticket, 1)
        t.check("the other office's inbox holds the same", {
            key: (each["shown"], each["others"]) for key, each in found.items()} == {
                key: (each["shown"], each["others"]) for key, each in other.items()})
        wrong = []
        for key in pairs:
            conflict = found[key]
            wanted = (conflict["shown"] if choice == "keep" else conflict["others"][0])["value"]
            apart.resolve(conflict, choice)
            apart.cluster.wait_equal(30)
            for node in (0, 1):
                shown = apart.apis[node].get(f"{V2}/tickets/{ticket}")["ticket"][key]
                if key == "due_at":
                    shown, wanted = str(shown)[:4], {1893456000000: "2030", 1924992000000:
                                                     "2031"}.get(wanted, wanted)
                if shown != wanted or key in apart.conflicts(ticket, node):
                    wrong.append(f"{key} on node {node}: {shown} for {wanted}")
        t.check(f"{choice} settles each of them, on both nodes", not wrong, wrong[:3])
    both_texts(t, apart, field)


def both_texts(t, apart, field):
    ticket = apart.ticket()
    value = lambda text: {"subject": text, "custom_fields": [{"id": field, "value": text}]}
    apart.collide(ticket, value("Paris says"), value("San Francisco says"))
    found = apart.conflicts(ticket)
    for key in ("subject", "fields"):
        apart.resolve(found[key], "both")
    apart.cluster.wait_equal(30)
    for api in apart.apis:
        shown = api.get(f"{V2}/tickets/{ticket}")["ticket"]
        texts = [shown["subject"], shown["custom_fields"][0]["value"]]
        t.check("both keeps both texts, of the subject and of a field",
                all("Paris says" in text and "San Francisco says" in text for text in texts), texts)
    t.check("and the inbox is empty of them", not apart.conflicts(ticket))


def sets(t, apart):
    """Sets do not collide: what was added stays, what was seen and removed goes."""
    ticket = apart.ticket(tags=["old", "shared"])
    apart.write(
        lambda api: put(api, ticket, {"additional_tags": ["paris"], "remove_tags": ["old"]}),
        lambda api: put(api, ticket, {"additional_tags": ["sf", "shared"]}))
    shown = [sorted(api.get(f"{V2}/tickets/{ticket}")["ticket"]["tags"]) for api in apart.apis]
    t.check("tags of both offices are there, the removed one is gone",
            shown == [["paris", "sf", "shared"]] * 2, shown)
    apart.write(
        lambda api: put(api, ticket, {"remove_tags": ["shared"]}),
        lambda api: api.call("POST", f"{V2}/tickets/{ticket}/tags", {"tags": ["shared", "new"]}))
    shown = [sorted(api.get(f"{V2}/tickets/{ticket}")["ticket"]["tags"]) for api in apart.apis]
    t.check("both nodes show the same tags", shown[0] == shown[1] and "new" in shown[0], shown)
    t.check("no set is in the inbox", "tags" not in apart.conflicts(ticket))


def directory(t, apart):
    """Users, organizations and groups collide too; admins settle what is theirs."""
    admins = apart.admins
    firm = admins[0].post(f"{V2}/organizations", {"organization": {"name": "Firm"}})[
        "organization"]["id"]
    group = admins[0].post(f"{V2}/groups", {"group": {"name": "Motors"}})["group"]["id"]
    user = admins[0].post(f"{V2}/users", {"user": {"name": "Cy"}})["user"]["id"]
    apart.cluster.wait_equal(30)
    apart.links("pause")
    for api, word in zip(admins, ("paris", "sf")):
        api.put(f"{V2}/organizations/{firm}", {"organization": {"notes": word}})
        api.put(f"{V2}/groups/{group}", {"group": {"description": word}})
        api.put(f"{V2}/users/{user}", {"user": {"notes": word, "phone": word}})
    apart.links("resume")
    apart.cluster.wait_equal(60)
    texts = []
    for row, key, kind in ((firm, "notes", "organization"), (group, "description", "group"),
                           (user, "notes", "user")):
        conflict = apart.conflicts(row)[key]
        apart.resolve(conflict, "both", admin=True)
        texts.append(admins[0].get(f"{V2}/{kind}s/{row}")[kind][key])
    t.check("both keeps both notes of an organization, a group, a user",
            all("paris" in text and "sf" in text for text in texts), texts)
    phone = apart.conflicts(user)["phone"]
    status, value, _ = apart.apis[0].request(
        "POST", f"{INBOX}/{phone['id']}/resolve", {"choice": "keep"})
    t.check("an agent does not settle what admins write", status == 403, value)
    apart.resolve(phone, "other", admin=True)
    t.check("an admin does", admins[0].get(f"{V2}/users/{user}")["user"]["phone"]
            == phone["others"][0]["value"])


def stale(t, apart):
    """One node is enough: an old form collides with what was written meanwhile."""
    ticket = apart.ticket()
    api = apart.apis[0]
    version = api.get(f"{V2}/tickets/{ticket}")["ticket"]["version"]
    put(api, ticket, {"subject": "meanwhile"})
    put(api, ticket, {"subject": "from the old form", "version": version})
    found = apart.conflicts(ticket)["subject"]
    t.check("the old form is shown, what it had not read is in the inbox",
            found["shown"]["value"] == "from the old form"
            and [other["value"] for other in found["others"]] == ["meanwhile"], found)
    answer = apart.resolve(found, "other", dot=found["others"][0]["dot"])
    t.check("naming the other write chooses it", answer["conflict"] is None and
            api.get(f"{V2}/tickets/{ticket}")["ticket"]["subject"] == "meanwhile")


def two_choices(t, apart):
    """Two offices settle it differently, cut off: that is a new conflict, and nothing is lost."""
    ticket = apart.ticket()
    apart.collide(ticket, {"subject": "A"}, {"subject": "B"})
    found = apart.conflicts(ticket)["subject"]
    apart.write(
        lambda api: api.post(f"{INBOX}/{found['id']}/resolve", {"choice": "keep"}),
        lambda api: api.post(f"{INBOX}/{found['id']}/resolve", {"choice": "other"}))
    again = [apart.conflicts(ticket, node).get("subject") for node in (0, 1)]
    values = [sorted([each["shown"]["value"]] + [other["value"] for other in each["others"]])
              for each in again if each]
    t.check("two choices made apart are a conflict again, with both values",
            values == [["A", "B"]] * 2, values)
    t.check("shown alike on both nodes", again[0] == again[1])
    apart.resolve(again[0], "both")
    apart.cluster.wait_equal(30)
    t.check("one more choice ends it everywhere", not any(
        apart.conflicts(ticket, node) for node in (0, 1)))


def same_choice(t, apart):
    """Two offices settle it alike while cut off: nothing is left to settle."""
    ticket = apart.ticket()
    apart.collide(ticket, {"priority": "low"}, {"priority": "high"})
    found = apart.conflicts(ticket)["priority"]
    choose = lambda api: api.post(f"{INBOX}/{found['id']}/resolve", {"choice": "other"})
    apart.write(choose, choose)
    left = [apart.conflicts(ticket, node) for node in (0, 1)]
    shown = [api.get(f"{V2}/tickets/{ticket}")["ticket"]["priority"] for api in apart.apis]
    t.check("the same choice made apart leaves nothing to settle",
            left == [{}, {}] and shown == [found["others"][0]["value"]] * 2, (left, shown))


def refusals(t, apart):
    ticket = apart.ticket()
    apart.collide(ticket, {"priority": "low"}, {"priority": "high"})
    found = apart.conflicts(ticket)["priority"]
    api = apart.apis[0]
    path = f"{INBOX}/{found['id']}/resolve"
    for body, status in (({"choice": "both"}, 422), ({"choice": "neither"}, 422), ({}, 422),
                         ({"choice": "other", "dot": "9:9"}, 422)):
        answer = api.request("POST", path, body)
        t.check(f"{body} is refused with what may be said", answer[0] == status, answer[1])
    t.check("an unknown conflict is not found", api.request(
        "POST", f"{INBOX}/6-1-2-0/resolve", {"choice": "keep"})[0] == 404)
    apart.resolve(found, "keep")
    t.check("a conflict is settled once", eventually(lambda: api.request("POST", path, {
        "choice": "keep"})[0] == 404, 5))
