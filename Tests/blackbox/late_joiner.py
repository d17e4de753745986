"""A node joins after much has happened, is killed in the middle, and goes on where it was."""

import os
import re
import subprocess
import threading
import time

from drill.dump import compare_maps, compare_tickets, dump_all
from drill.offices import PARIS, SINGAPORE, THREE
from harness import eventually, now, wire

TICKETS = int(os.environ.get("JOIN_TICKETS", "2500"))
# An incident log to fill the desk of three offices with, instead of made-up tickets at one.
INCIDENTS = os.environ.get("JOIN_INCIDENTS")
# So long a node lets joiners share one snapshot: before, a late one would get the empty desk that
# the first ones got, and replay the whole log.
SHARED_SECONDS = 60


def run(t):
    cluster = t.cluster(THREE if INCIDENTS else [PARIS])
    founded = time.monotonic()
    paris = cluster.nodes[0]
    api = paris.client("admin")
    if INCIDENTS:
        print(cluster.import_incidents(paris, INCIDENTS), end="", flush=True)
    else:
        fill(api, TICKETS)
    reports = cluster.wait_equal(1800)
    deltas = reports[paris.name]["deltas"]
    if len(cluster.nodes) > 1:
        time.sleep(max(0.0, founded + SHARED_SECONDS + 1 - time.monotonic()))

    token = cluster.invite(paris, SINGAPORE)
    node = cluster.new_node(SINGAPORE, "singapore-late")
    place = kill_in_the_middle(cluster, node, token)
    t.check("the join was killed in the middle of the snapshot", place is not None,
            place and f"at {place[0]} of {place[1]} KiB, after {place[2]} chunks")
    # While it is down the work goes on.
    for index in range(25):
        api.post("/api/v2/tickets", {"ticket": {
            "subject": f"meanwhile {index}", "comment": {"body": "written during the join"}}})

    steps = join_again(cluster, node, token)
    t.check("the same command with the same token goes on where it was, and finishes",
            place and steps and steps[0][0] > place[0] and steps[-1][0] == steps[-1][1],
            f"{len(steps)} more chunks, from {steps[0][0]} KiB on" if steps else "no chunk")
    cluster.nodes.append(node)
    node.users = {"admin": paris.users["admin"]}
    node.serve()
    cluster.wait_equal(600)
    done = eventually(lambda: bootstrap(node), 30)
    chunks, replayed, resumed = bootstrap(node) or (0, None, 0)
    t.check("the node says how it got its data", done and chunks >= 3 and resumed == 1,
            f"{chunks} chunks, resumed {resumed} times, {replayed} deltas replayed")
    t.check("only what came after the snapshot was replayed, delta by delta",
            replayed is not None and 25 <= replayed < deltas // 10, f"{replayed} of {deltas}")
    clients = {each.name: each.client("admin") for each in cluster.nodes}
    dumps = dump_all(clients, wire(now()))
    first = dumps[paris.name]
    for each in cluster.nodes[1:]:
        lines = [line for part in ("ticket", "comments", "audits")
                 for line in compare_tickets(first, dumps[each.name], part)]
        lines += compare_maps(first, dumps[each.name], "owners")
        t.check(f"{each.name} shows the same tickets, comments, history and owners", not lines,
                lines[:3] or f"{len(first.tickets)} tickets")
    prints = {report["fingerprint"] for report in cluster.reports().values()}
    t.check("all fingerprints are equal", len(prints) == 1)

    # The joiner serves others in its turn, and takes writes.
    node.client("admin").post("/api/v2/tickets", {"ticket": {
        "subject": "by the joiner", "comment": {"body": "hello"}}})
    cluster.wait_equal(30)
    t.check("what the joiner writes arrives", eventually(
        lambda: any(ticket["subject"] == "by the joiner"
                    for ticket in api.pages("/api/v2/tickets", "tickets")), 10))


def fill(api, count):
    """So many tickets, a hundred per request, each with a kilobyte of text."""
    text = "The quick story of a ticket that is long enough to weigh something. " * 15
    jobs = []
    for start in range(0, count, 100):
        tickets = [{"subject": f"old ticket {number}", "comment": {"body": f"{number}: {text}"},
                    "priority": "normal"} for number in range(start, min(start + 100, count))]
        jobs.append(api.post("/api/v2/tickets/create_many", {"tickets": tickets})["job_status"])
    wait_for_jobs(api, jobs)


def wait_for_jobs(api, jobs, seconds=600):
    deadline = time.monotonic() + seconds
    for job in jobs:
        while job["status"] in ("queued", "working"):
            if time.monotonic() > deadline:
                raise TimeoutError(f"job {job['id']} is still {job['status']}")
            time.sleep(0.05)
            job = api.get(f"/api/v2/job_statuses/{job['id']}")["job_status"]
        if job["status"] != "completed":
            raise RuntimeError(f"job {job['id']}: {job['status']}: {job['message']}")


STEP = re.compile(r"snapshot (\d+) of (\d+) KiB, (\d+) chunks")
COMPLETE = re.compile(r"chunks=(\d+) replayed_deltas=(\d+) resumed=(\d+) .*bootstrap complete")


def start_join(cluster, node, token):
    return subprocess.Popen(
        cluster.helio.words("join", token, "--node", node.name, *cluster.listening(node), "--json",
                            data=node.data),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def kill_in_the_middle(cluster, node, token):
    """SIGKILL after the second chunk; (KiB there, KiB in all, chunks), or None if it was over."""
    process = start_join(cluster, node, token)
    watchdog = threading.Timer(120, process.kill)
    watchdog.start()
    try:
        for line in process.stderr:
            step = STEP.search(line)
            if step and int(step[3]) >= 2 and int(step[1]) < int(step[2]):
                process.kill()
                return tuple(int(number) for number in step.groups())
        return None
    finally:
        watchdog.cancel()
        process.kill()
        process.wait(10)
        process.stderr.close()


def join_again(cluster, node, token):
    """The chunks that came: [(KiB there, KiB in all, chunks)]."""
    process = start_join(cluster, node, token)
    watchdog = threading.Timer(1200, process.kill)
    watchdog.start()
    with process.stderr:
        lines = process.stderr.readlines()
    code = process.wait(10)
    watchdog.cancel()
    if code != 0:
        raise RuntimeError(f"the join ended with {code}:\n{''.join(lines)}")
    return [tuple(int(number) for number in step.groups())
            for step in map(STEP.search, lines) if step]


def bootstrap(node):
    """(chunks, deltas replayed, times resumed) once the node has said that it equals a peer."""
    found = COMPLETE.search(node.log_tail(200))
    return tuple(int(number) for number in found.groups()) if found else None
