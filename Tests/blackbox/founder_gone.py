"""The founding node is gone for good and the clocks are 40 days on: the others still sync."""

import shutil
from datetime import datetime, timedelta, timezone

from drill.offices import PARIS, SAN_FRANCISCO, SINGAPORE
from harness import eventually, now

DAYS = timedelta(days=40)


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO, SINGAPORE])
    paris, san_francisco, singapore = cluster.nodes
    paris.client("agent").post("/api/v2/tickets", {"ticket": {
        "subject": "from the founder", "comment": {"body": "kept"}}})
    cluster.wait_equal(30)
    for node in cluster.nodes:
        node.stop()
    shutil.rmtree(paris.data)
    cluster.nodes.remove(paris)

    later = t.clock_shifted(int(DAYS.total_seconds()))
    # Certificates for agents may be renewed by then; the operator's socket needs none.
    for node in cluster.nodes:
        node.environment = later
        node.serve(wait=False)
    helio = cluster.helio

    def status(node):
        return helio.json("status", data=node.data)

    def answers(node):
        try:
            return status(node)
        except Exception:
            return None

    t.check("both start with the clock 40 days on",
            eventually(lambda: all(answers(node) for node in cluster.nodes), 60, 0.5))
    first = ticket(helio, san_francisco, "40 days later, from San Francisco")
    second = ticket(helio, singapore, "40 days later, from Singapore")

    def subjects(node):
        rows = helio.json("ticket", "list", "--limit", "100", "--as", node.users["agent"][0],
                          data=node.data)["tickets"]
        return {row["subject"] for row in rows}

    wanted = {"from the founder", first, second}
    for node in cluster.nodes:
        t.check(f"{node.name} has the tickets of all three",
                eventually(lambda n=node: wanted <= subjects(n), 45, 0.5), sorted(subjects(node)))
    prints = {node.name: find(status(node), "fingerprint") for node in cluster.nodes}
    t.check("their fingerprints are equal",
            eventually(lambda: len({find(status(node), "fingerprint")
                                    for node in cluster.nodes}) == 1, 20, 0.5), prints)
    shown = datetime.strptime(find(status(san_francisco), "now"), "%Y-%m-%dT%H:%M:%SZ")
    ahead = shown.replace(tzinfo=timezone.utc) - now()
    t.check("the node's clock really is 40 days on", abs(ahead - DAYS) < timedelta(minutes=1),
            shown)


def ticket(helio, node, subject):
    helio.run("ticket", "new", "--subject", subject, "--body", subject, "--as",
              node.users["agent"][0], data=node.data)
    return subject


def find(value, key):
    """The first member of that name, at any depth."""
    if isinstance(value, dict):
        if key in value:
            return value[key]
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            found = find(inner, key)
            if found is not None:
                return found
    return None
