"""A node joins after much has happened, is killed in the middle, and goes on where it was."""

import json
import os
import subprocess
import time

from drill.dump import compare_maps, compare_tickets, dump_all
from drill.offices import PARIS, SAN_FRANCISCO, SINGAPORE
from harness import eventually

TICKETS = int(os.environ.get("JOIN_TICKETS", "4000"))


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO])
    paris = cluster.nodes[0]
    api = paris.client("admin")
    fill(api, TICKETS)
    reports = cluster.wait_equal(120)
    deltas = reports[paris.name]["deltas"]

    token = cluster.invite(paris, SINGAPORE)
    node = cluster.new_node(SINGAPORE)
    killed_at = kill_in_the_middle(t, cluster, node, token)
    t.check("the join was killed in the middle of the snapshot", killed_at is not None, killed_at)
    fetched = os.path.getsize(os.path.join(node.data, "snapshot.part"))
    # While it is down the others go on.
    for index in range(25):
        api.post("/api/v2/tickets", {"ticket": {
            "subject": f"meanwhile {index}", "comment": {"body": "written during the join"}}})

    cluster.join(token, SINGAPORE, node=node)
    setup = node.setup
    t.check("the same command with the same token finishes the join", True,
            f"{setup['snapshot_bytes']} bytes in {setup['snapshot_chunks']} chunks")
    node.users = {"admin": paris.users["admin"]}
    node.serve()
    cluster.wait_equal(120)
    state = node.client("admin").get("/api/helio/v1/node")["node"]
    bootstrap = state.get("bootstrap") or {}
    t.check("it went on where it was and did not begin again",
            bootstrap.get("resumed", 0) >= 1 and fetched > 0,
            f"{fetched} of {bootstrap.get('bytes')} bytes were there, resumed "
            f"{bootstrap.get('resumed')} times, {bootstrap.get('chunks')} chunks")
    replayed = bootstrap.get("replayed")
    t.check("only what came after the snapshot was replayed, change by change",
            replayed is not None and 25 <= replayed < deltas // 10,
            f"{replayed} of {state['deltas']} deltas")
    clients = {each.name: each.client("admin") for each in cluster.nodes}
    dumps = dump_all(clients)
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


def kill_in_the_middle(t, cluster, node, token):
    """SIGKILL once two chunks are there and the rest is not; says where it was."""
    words = cluster.helio.words(
        "join", token, "--node", node.name, *cluster.listening(node), "--json", data=node.data)
    state_path = os.path.join(node.data, "joining.state")
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            try:
                with open(state_path, encoding="utf-8") as file:
                    state = json.load(file)
            except (OSError, ValueError):
                state = {}
            total = state.get("total") or 0
            if state.get("chunks", 0) >= 2 and state.get("received", 0) < total:
                process.kill()
                process.wait(10)
                return f"{state['chunks']} chunks, {state['received']} of {total} bytes"
            time.sleep(0.0005)
        return None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)
