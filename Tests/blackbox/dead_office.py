"""The node of Paris is dead: its agent works on at Singapore's node, and her acts count for Paris."""

from drill.desk_api import DeskAPI
from drill.offices import PARIS, SINGAPORE


def run(t):
    cluster = t.cluster([PARIS, SINGAPORE])
    paris, singapore = cluster.nodes
    made = paris.client("agent").post("/api/v2/tickets", {"ticket": {
        "subject": "before the fire", "comment": {"body": "before the fire"}}})["ticket"]
    cluster.wait_equal(30)
    paris.kill()

    email, token = paris.users["agent"]
    api = DeskAPI(singapore.url, email, token, singapore.ca)
    me = api.get("/api/v2/users/me")["user"]
    t.check("she logs in at Singapore's node with Paris's node dead", me["email"] == email,
            me["email"])
    answer = api.put(f"/api/v2/tickets/{made['id']}", {"ticket": {
        "priority": "high", "comment": {"body": "I go on from Singapore's node"}}})
    t.check("her reply and her change are taken", answer["ticket"]["priority"] == "high")
    t.check("the audit names her", answer["audit"]["author_id"] == me["id"])
    born = api.post("/api/v2/tickets", {"ticket": {
        "subject": "born at Singapore's node", "comment": {"body": "for Paris"}}})["ticket"]
    homes = {row["ticket_id"]: row["home"] for row in api.get(
        "/api/helio/v1/ownership", ids=f"{made['id']},{born['id']}")["ownerships"]}
    t.check("a ticket that she opens there has Paris as its home", homes[born["id"]] == PARIS.code,
            homes[born["id"]])
    for ticket in (made["id"], born["id"]):
        act = api.post(f"/api/helio/v1/tickets/{ticket}/take", {"even_if_foreign": True})
        owner = act["ownership"]
        t.check("what she takes belongs to Paris, not to Singapore",
                owner["office"] == PARIS.code, f"{owner['office']} by {owner['reason']}")
        t.check("and is assigned to her", owner["assignee_id"] == me["id"])

    paris.serve()
    cluster.wait_equal(60)
    back = paris.client("agent").get(f"/api/v2/tickets/{made['id']}")["ticket"]
    t.check("Paris's node has it all when it is back",
            back["priority"] == "high" and back["assignee_id"] == me["id"])
