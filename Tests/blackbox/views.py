"""Views over two offices: whose tickets are found is what ownership says, and what is personal
stays personal on every node."""

from drill.offices import PARIS, SAN_FRANCISCO
from harness import eventually, now
from openapi import both_open

V2, HELIO = "/api/v2", "/api/helio/v1"


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO])
    paris, san_francisco = cluster.nodes
    admin = paris.client("admin")
    status, value, _ = admin.request(
        "PUT", f"{HELIO}/roster?emergency=true", both_open(now()).encode(),
        {"Content-Type": "application/toml"})
    t.check("the roster is taken", status == 201, value)
    cluster.wait_equal(30)
    tickets = work(cluster, paris, san_francisco)
    owners(t, cluster, tickets)
    personal(t, cluster, paris, san_francisco)
    shared(t, cluster, paris, san_francisco)


def work(cluster, paris, san_francisco):
    """Tickets that stay, that move on, that were taken and handed over, in a group and in none."""
    group = paris.client("admin").post(f"{V2}/groups", {"group": {"name": "Pumps"}})["group"]["id"]
    cluster.wait_equal(30)
    tickets = {}
    for node in (paris, san_francisco):
        lead = node.client("lead")
        for kind in ("plain", "grouped", "stays", "taken", "handed", "solved"):
            more = {"group_id": group} if kind != "plain" else {}
            ticket = lead.post(f"{V2}/tickets", {"ticket": {
                "subject": f"{kind} at {node.office.code}", "comment": {"body": "x"}, **more}})
            tickets[(node.office.code, kind)] = ticket["ticket"]["id"]
    cluster.wait_equal(30)
    for home, other in ((paris, san_francisco), (san_francisco, paris)):
        lead, code = home.client("lead"), home.office.code
        lead.post(f"{HELIO}/tickets/{tickets[(code, 'stays')]}/stay", {})
        other.client("lead").post(
            f"{HELIO}/tickets/{tickets[(code, 'taken')]}/take", {"even_if_foreign": True})
        lead.put(f"{V2}/tickets/{tickets[(code, 'solved')]}", {"ticket": {"status": "solved"}})
    cluster.wait_equal(30)
    for home, other in ((paris, san_francisco), (san_francisco, paris)):
        ticket = tickets[(home.office.code, "handed")]
        home.client("lead").post(f"{HELIO}/tickets/{ticket}/take", {"even_if_foreign": True})
        home.client("lead").post(
            f"{HELIO}/tickets/{ticket}/hand-to", {"office": other.office.code})
    cluster.wait_equal(30)
    return tickets


def found(api, *conditions, any_of=()):
    """The tickets that conditions find."""
    body = {"view": {"all": [dict(zip(("field", "operator", "value"), each))
                             for each in conditions],
                     "any": [dict(zip(("field", "operator", "value"), each))
                             for each in any_of]}}
    rows = api.post(f"{V2}/views/preview", body)
    count = api.post(f"{V2}/views/preview/count", body)["view_count"]["value"]
    assert count == len(rows["rows"]), (count, len(rows["rows"]))
    return {row["ticket"]["id"] for row in rows["rows"]}


def owners(t, cluster, tickets):
    every = sorted(tickets.values())
    ids = ",".join(str(ticket) for ticket in every)
    for node in cluster.nodes:
        api = node.client("agent")
        told = api.get(f"{HELIO}/ownership?ids={ids}")["ownerships"]
        owner = {row["ticket_id"]: row["office"] for row in told}
        t.check(f"{node.name}: both offices own something", len(set(owner.values())) == 2,
                sorted(owner.values()))
        for office in (PARIS.code, SAN_FRANCISCO.code):
            wanted = {ticket for ticket in every if owner[ticket] == office}
            shown = found(api, ("helio_owner", "is", office))
            t.check(f"{node.name}: helio_owner is {office}", shown == wanted,
                    sorted(shown ^ wanted))
            others = found(api, ("helio_owner", "is_not", office))
            t.check(f"{node.name}: helio_owner is_not {office}", others == set(every) - wanted,
                    sorted(others ^ (set(every) - wanted)))
            open_ones = found(
                api, ("helio_owner", "is", office), ("status", "less_than", "solved"))
            solved = {tickets[(code, "solved")] for code in (PARIS.code, SAN_FRANCISCO.code)}
            t.check(f"{node.name}: open ones of {office}", open_ones == wanted - solved)
            home = found(api, ("helio_home", "is", office))
            made = {ticket for (code, _), ticket in tickets.items() if code == office}
            t.check(f"{node.name}: helio_home is {office}", home == made)
        mine = found(api, ("helio_owner", "is", "current_office"))
        t.check(f"{node.name}: current_office",
                mine == {ticket for ticket in every if owner[ticket] == node.office.code})
        t.check(f"{node.name}: all", found(api, any_of=[
            ("helio_owner", "is", PARIS.code), ("helio_owner", "is", SAN_FRANCISCO.code)])
            == set(every))


def personal(t, cluster, paris, san_francisco):
    agent = paris.client("agent")
    me = agent.get(f"{V2}/users/me")["user"]["id"]
    body = {"title": "Mine", "all": [
        {"field": "assignee_id", "operator": "is", "value": "current_user"}],
        "restriction": {"type": "User", "id": me}}
    view = agent.post(f"{V2}/views", {"view": body})["view"]["id"]
    macro = agent.post(f"{V2}/macros", {"macro": {
        "title": "Mine", "restriction": {"type": "User", "id": me},
        "actions": [{"field": "priority", "value": "high"}]}})["macro"]["id"]
    cluster.wait_equal(30)
    email, secret = paris.users["agent"]
    abroad = san_francisco.client_for(email, secret)
    t.check("its owner has it at the other node too",
            view in listed(abroad, "views") and macro in listed(abroad, "macros"))
    for api in (paris.client("lead"), paris.client("admin"), san_francisco.client("agent")):
        answers = [api.request(method, path, body)[0] for method, path, body in (
            ("GET", f"{V2}/views/{view}", None), ("GET", f"{V2}/views/{view}/execute", None),
            ("GET", f"{V2}/views/{view}/count", None), ("GET", f"{V2}/views/{view}/tickets", None),
            ("PUT", f"{V2}/views/{view}", {"view": {"title": "x"}}),
            ("DELETE", f"{V2}/views/{view}", None), ("GET", f"{V2}/macros/{macro}/apply", None),
            ("DELETE", f"{V2}/macros/{macro}", None))]
        t.check("to others it is not there", set(answers) == {404}, answers)
        t.check("nor in their lists",
                view not in listed(api, "views") and macro not in listed(api, "macros"))
    for path, key, more in (("views", "view", {"all": body["all"]}),
                            ("macros", "macro", {"actions": [
                                {"field": "priority", "value": "high"}]})):
        status, value, _ = agent.request("POST", f"{V2}/{path}", {key: {"title": "x", **more}})
        t.check(f"an agent shares no {key}", status == 403, value)
    ticket = agent.post(f"{V2}/tickets", {"ticket": {
        "subject": "mine", "comment": {"body": "x"}, "assignee_id": me}})["ticket"]["id"]
    rows = agent.get(f"{V2}/views/{view}/tickets")["tickets"]
    t.check("current_user is who looks", [row["id"] for row in rows] == [ticket], rows)


def shared(t, cluster, paris, san_francisco):
    lead = paris.client("lead")
    agent = san_francisco.client("agent")
    me = agent.get(f"{V2}/users/me")["user"]["id"]
    group = paris.client("admin").post(
        f"{V2}/groups", {"group": {"name": "Valves"}})["group"]["id"]
    view = lead.post(f"{V2}/views", {"view": {
        "title": "Of the group", "all": [
            {"field": "group_id", "operator": "is", "value": "current_groups"}],
        "restriction": {"type": "Group", "id": group}}})["view"]["id"]
    cluster.wait_equal(30)
    t.check("a group's view is hidden from others", view not in listed(agent, "views"))
    paris.client("admin").post(f"{V2}/group_memberships", {"group_membership": {
        "user_id": me, "group_id": group}})
    cluster.wait_equal(30)
    t.check("its members see it", view in listed(agent, "views"))
    agent.post(f"{V2}/tickets", {"ticket": {
        "subject": "valve", "comment": {"body": "x"}, "group_id": group}})
    t.check("current_groups are theirs", eventually(
        lambda: agent.get(f"{V2}/views/{view}/count")["view_count"]["value"] == 1, 10))
    status, value, _ = agent.request("DELETE", f"{V2}/views/{view}")
    t.check("but they do not change it", status == 403, value)


def listed(api, key):
    return {row["id"] for row in api.get(f"{V2}/{key}")[key]}
