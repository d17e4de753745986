"""A shift boundary with many open tickets, and a ticket born in an office that is cut off.

The boundary writes nothing and sends nothing; the incoming office's list is right at once. A ticket
that is born in the cut-off office after the other has accepted is in transit, and alarms in time.
"""

import os
import time
from datetime import timedelta

from drill.desk_api import metric_sum
from drill.dump import owners_at
from drill.links import Links
from drill.offices import PARIS, SAN_FRANCISCO
from harness import eventually, now, roster_two
from late_joiner import fill

TICKETS = int(os.environ.get("BOUNDARY_TICKETS", "3000"))
# Minutes; the smallest that a roster can say.
ACCEPT_WITHIN = 1


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO])
    paris, san_francisco = cluster.nodes
    links = Links(cluster.nodes, t.directory)
    links.lead_through()
    t.closers.append(links.close)
    cluster.restart_all()
    start = time.monotonic()
    fill(paris.client("admin"), TICKETS)
    cluster.wait_equal(900)
    print(f"     {TICKETS} open tickets in {time.monotonic() - start:.0f} s", flush=True)

    # The first whole minute that leaves time to publish and to be quiet for half a minute.
    boundary = (now() + timedelta(seconds=105)).replace(second=0, microsecond=0)
    roster = t.write("boundary.toml", roster_two(
        PARIS.code, SAN_FRANCISCO.code, boundary, ACCEPT_WITHIN, fallback=PARIS.code))
    cluster.publish_roster(paris, roster)
    cluster.wait_equal(60)
    ids = [ticket["id"] for ticket in paris.client("admin").pages("/api/v2/tickets", "tickets")]
    sample = ids[:200] + ids[-200:]

    sleep_until(boundary - timedelta(seconds=30))
    before = counters(cluster)
    owned = {node.name: offices(node, sample) for node in cluster.nodes}
    t.check("before the boundary Paris owns them, on both nodes",
            all(set(found.values()) == {PARIS.code} for found in owned.values()))
    sleep_until(boundary)
    asked = time.monotonic()
    board = san_francisco.client("lead").get("/api/helio/v1/handoffs")["board"]
    took = (time.monotonic() - asked) * 1000
    t.check("the incoming office's list is right at the first instant",
            board["on_duty"] and board["counts"]["in_transit"] == len(ids),
            f"{board['counts']['in_transit']} of {len(ids)} in {took:.0f} ms")
    owned = {node.name: offices(node, sample) for node in cluster.nodes}
    t.check("after the boundary San Francisco owns them, on both nodes",
            all(set(found.values()) == {SAN_FRANCISCO.code} for found in owned.values()))
    sleep_until(boundary + timedelta(seconds=30))
    after = counters(cluster)
    for index, what in enumerate(("deltas", "BATCH frames")):
        grown = {name: after[name][index] - before[name][index] for name in before}
        t.check(f"0 {what} in the minute around a boundary with {len(ids)} open tickets",
                sum(grown.values()) == 0, grown)
    in_transit(t, cluster, links, paris, san_francisco)


def in_transit(t, cluster, links, paris, san_francisco):
    """San Francisco accepts, Paris is cut off, and a ticket is born there."""
    lead = san_francisco.client("lead")
    lead.post("/api/helio/v1/handoffs/accept")
    cluster.wait_equal(30)
    board = lead.get("/api/helio/v1/handoffs")["board"]
    t.check("after the lead accepted, nothing is in transit", board["counts"]["in_transit"] == 0,
            board["counts"])
    links.cut_off(paris)
    agent = paris.client("agent")
    born = agent.post("/api/v2/tickets", {"ticket": {
        "subject": "born in the cut-off office", "comment": {"body": "urgent"},
        "priority": "urgent"}})["ticket"]["id"]
    agent.post(f"/api/helio/v1/tickets/{born}/move-on")
    born_at = time.monotonic()
    row = owners_at(agent, [born])[born]
    t.check("it belongs to the office on duty, and is in transit",
            row["office"] == SAN_FRANCISCO.code and row["in_transit"],
            f"{row['office']} by {row['reason']}, in transit {row['in_transit']}")
    early = alarm(agent, born)
    t.check("no alarm before its time", early is None, early)
    raised = eventually(lambda: alarm(agent, born), ACCEPT_WITHIN * 60 + 15, 0.5)
    took = time.monotonic() - born_at
    t.check("the node that is up alarms in time", raised and took > ACCEPT_WITHIN * 60 - 5,
            f"after {took:.0f} s, accept_within is {ACCEPT_WITHIN * 60} s")

    links.bring_back(paris)
    cluster.wait_equal(60)
    # A `seen` entry of the office on duty, at most once a minute, ends the transit.
    seen = eventually(lambda: not owners_at(agent, [born])[born]["in_transit"], 90, 0.5)
    t.check("once San Francisco has provably seen it, it is in transit no more", seen)
    t.check("and the alarm is gone", eventually(lambda: alarm(agent, born) is None, 15, 0.5))


def sleep_until(instant):
    time.sleep(max(0.0, (instant - now()).total_seconds()))


def counters(cluster):
    found = {}
    for node in cluster.nodes:
        values = node.client("admin").metrics()
        found[node.name] = (
            int(metric_sum(values, "helio_log_deltas_total")),
            int(metric_sum(values, "helio_peer_frames_total", type="batch")))
    return found


def offices(node, identifiers):
    return {ticket: row["office"]
            for ticket, row in owners_at(node.client("admin"), identifiers).items()}


def alarm(api, ticket):
    for row in api.get("/api/helio/v1/alarms")["alarms"]:
        if row["ticket_id"] == ticket:
            return row["message"]
    return None


