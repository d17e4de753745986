"""What an operator can do wrong, or meet: a second process, an open key, another clock, a pause."""

import os

from drill.helio import CommandFailed
from drill.node import NodeFailed
from drill.offices import PARIS, SAN_FRANCISCO
from harness import eventually


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO])
    paris, san_francisco = cluster.nodes
    second_process(t, cluster, paris)
    pause(t, cluster, paris, san_francisco)
    drill_clock(t, cluster, paris, san_francisco)
    open_key(t, san_francisco)


def second_process(t, cluster, node):
    try:
        cluster.helio.run("serve", data=node.data, timeout=30)
        t.check("a second process on the same data directory is refused", False)
    except CommandFailed as error:
        t.check("a second process on the same data directory is refused",
                "data_directory_in_use" in error.err, error.err)
    t.check("the first one works on", node.client("agent").health()[0] == 200)


def pause(t, cluster, paris, san_francisco):
    cluster.helio.run("link", "pause", san_francisco.name, data=paris.data)
    t.check("a paused link is shown as paused",
            eventually(lambda: state(paris, san_francisco) == "paused", 5),
            state(paris, san_francisco))
    made = paris.client("agent").post("/api/v2/tickets", {"ticket": {
        "subject": "while paused", "comment": {"body": "x"}}})["ticket"]["id"]
    t.check("nothing passes while it is paused",
            not eventually(lambda: has(san_francisco, made), 4))
    cluster.helio.run("link", "resume", san_francisco.name, data=paris.data)
    t.check("all passes once it is resumed", eventually(lambda: has(san_francisco, made), 15))


def drill_clock(t, cluster, paris, san_francisco):
    san_francisco.stop()
    san_francisco.drill_offset = 3600
    san_francisco.serve()
    refused = eventually(lambda: state(paris, san_francisco) == "refused", 10)
    t.check("a node with another drill clock is refused", refused, state(paris, san_francisco))
    made = paris.client("agent").post("/api/v2/tickets", {"ticket": {
        "subject": "two clocks", "comment": {"body": "x"}}})["ticket"]["id"]
    t.check("and gets nothing", not eventually(lambda: has(san_francisco, made), 4))
    shown = cluster.helio.run("status", data=san_francisco.data)
    t.check("its status says loudly that this is a drill", "DRILL" in shown)
    san_francisco.stop()
    san_francisco.drill_offset = None
    san_francisco.serve()
    t.check("with the cluster's clock it is let in again",
            eventually(lambda: has(san_francisco, made), 20))


def open_key(t, node):
    node.stop()
    key = os.path.join(node.data, "node.key")
    os.chmod(key, 0o644)
    try:
        node.serve()
        t.check("a node whose key others can read does not start", False)
    except NodeFailed as error:
        t.check("a node whose key others can read does not start",
                "key_permissions" in str(error), str(error).splitlines()[-2:])
    finally:
        os.chmod(key, 0o600)
    node.process = None
    node.serve()
    t.check("with mode 0600 it does", node.client("agent").health()[0] == 200)


def state(node, peer):
    for site in node.client("admin").get("/api/helio/v1/sites")["sites"]:
        if site["node"] == peer.name:
            return site["state"]
    return None


def has(node, ticket):
    return node.client("admin").request("GET", f"/api/v2/tickets/{ticket}")[0] == 200
