"""A shift as its people see it: the board with notes and promises, what arrives next, the report.

A real boundary passes, and the time to accept after it: two minutes and a half.
"""

import csv
import io
import os
import time
from datetime import datetime, timedelta, timezone

from boundary import sleep_until
from drill.offices import PARIS, SAN_FRANCISCO
from harness import eventually, now, roster_two, wire
from late_joiner import fill

# Open tickets beside those that the test looks at: more than a list shows, fewer than a report
# visits.
TICKETS = int(os.environ.get("HANDOFF_TICKETS", "300"))
HELIO = "/api/helio/v1"
HOSTILE = '=HYPERLINK("http://evil.example")|<script>'
# Minutes; the smallest that a roster can say.
ACCEPT_WITHIN = 1


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO])
    paris, san_francisco = cluster.nodes
    fill(paris.client("admin"), TICKETS)
    cluster.wait_equal(120)
    # A whole minute that leaves time for what is done before it; Paris is on duty.
    boundary = (now() + timedelta(seconds=90)).replace(second=0, microsecond=0)
    cluster.publish_roster(paris, t.write("roster.toml", roster_two(
        PARIS.code, SAN_FRANCISCO.code, boundary, ACCEPT_WITHIN, fallback=PARIS.code)))
    cluster.wait_equal(30)
    made = outgoing(t, paris, boundary)
    arrivals(t, san_francisco, boundary)
    first = report_of(paris)
    acts = acts_of(first)
    t.check("the report counts acts by agent and kind", acts.get("handoff_note") == 2
            and acts.get("created") == 4 and acts.get("public_reply") == 1, acts)
    t.check("and says who accepted", [row["agent"] for row in first["accepted"]] == [
        PARIS.lead_name], first["accepted"])

    # San Francisco comes on duty, and accepts nothing in time.
    sleep_until(boundary + timedelta(seconds=ACCEPT_WITHIN * 60 + 5))
    alarmed(t, cluster)
    dropped(t, san_francisco, made)
    forms(t, san_francisco)
    accepted(t, cluster, san_francisco, made)
    back(t, cluster, made)
    before = report_of(paris, slot=wire(boundary - timedelta(seconds=1)))
    t.check("a shift that is over is reported by any instant in it",
            before["office"] == PARIS.code and before["to"] == wire(boundary)
            and acts_of(before) == acts, acts_of(before))
    spans(t, paris, boundary)


def report_of(node, **query):
    api = node.client("lead")
    query.setdefault("office", node.office.code)
    return api.get(f"{HELIO}/handoffs/report", **query)["report"]


def acts_of(report, name=PARIS.agent_name):
    return next((row["acts"] for row in report["agents"] if row["agent"] == name), {})


def outgoing(t, paris, boundary):
    """Four tickets that move on: promised, noted, hostile in its words, and due soon."""
    api, lead = paris.client("agent"), paris.client("lead")
    lead.post(f"{HELIO}/handoffs/accept")
    due = boundary + timedelta(hours=1)
    ids = []
    for subject, more in (("promised", {}), ("noted", {}), (HOSTILE, {}),
                          ("due", {"due_at": wire(due)})):
        ids.append(api.post("/api/v2/tickets", {"ticket": {
            "subject": subject, "comment": {"body": "x"}, "priority": "urgent", **more}}
        )["ticket"]["id"])
    promised, noted, hostile, soon = ids
    until = boundary + timedelta(seconds=20)
    # A public word after the note would have kept the promise.
    api.put(f"/api/v2/tickets/{promised}", {"ticket": {"comment": {"body": "We look into it."}}})
    api.post(f"{HELIO}/handoffs/note", {
        "ticket_id": promised, "text": "Waits for the part.", "next_action": "Call",
        "promise": {"text": "We call back", "to": "Ada", "until": wire(until)}})
    api.post(f"{HELIO}/handoffs/note", {
        "ticket_id": noted, "text": HOSTILE, "next_action": "Reboot it"})
    status, value, _ = api.request("POST", f"{HELIO}/handoffs/note", {
        "ticket_id": noted, "text": "x",
        "promise": {"text": "x", "until": "2020-01-01T00:00:00Z"}})
    t.check("a promise for a time that is over is refused",
            status == 422 and "promise.until" in value["details"], value)
    board = lead.get(f"{HELIO}/handoffs")["board"]
    # The oldest come first, so these are beyond the lines: the whole board is counted.
    t.check("the board counts all that moves on",
            board["counts"]["outgoing"] == TICKETS + 4 and len(board["outgoing"]) <= board["limit"],
            board["counts"])
    return {"promised": promised, "noted": noted, "hostile": hostile, "due": soon,
            "until": wire(until)}


def arrivals(t, node, boundary):
    cluster_lead = node.client("lead")
    found = eventually(lambda: cluster_lead.get(f"{HELIO}/handoffs/next")["arrivals"][
        "count"] == TICKETS + 4, 60)
    coming = cluster_lead.get(f"{HELIO}/handoffs/next")["arrivals"]
    t.check("the incoming office sees what arrives, from where and when",
            found and coming["boundary_at"] == wire(boundary)
            and coming["boundaries"][0]["from"] == PARIS.code, coming["boundaries"][:1])


def lines(t, node, made):
    """What a board and the list of arrivals say of a ticket: these are sent back to Paris."""
    api = node.client("agent")
    wanted = ("promised", "due")
    for key in wanted:
        api.post(f"{HELIO}/tickets/{made[key]}/send-back", {"note": "Yours."})
    board = node.client("lead").get(f"{HELIO}/handoffs?office={PARIS.code}")["board"]
    found = {line["ticket_id"]: line for line in board["sent_back"]}
    promised, due = (found.get(made[key]) for key in wanted)
    t.check("a line has the note, the next action and the promise, which has passed",
            promised and promised["next_action"] == "Call" and promised["promise"] == {
                "text": "We call back", "to": "Ada", "until": made["until"], "passed": True},
            promised)
    t.check("and how much time is left from the boundary to the due time",
            due and 0 < due["due_left_seconds"] <= 3600, due)


def alarmed(t, cluster):
    paris, san_francisco = cluster.nodes
    path = f"{HELIO}/alarms"
    raised = eventually(lambda: any(
        alarm["kind"] == "not_accepted" for alarm in paris.client("lead").get(path)["alarms"]), 30)
    alarm = next(alarm for alarm in paris.client("lead").get(path)["alarms"]
                 if alarm["kind"] == "not_accepted")
    t.check("the board that nobody accepted is an alarm with cause, age and severity",
            raised and alarm["severity"] == "critical" and alarm["cause"]
            and alarm["age_seconds"] >= 0 and alarm["acknowledged"] == [], alarm)
    lead = paris.client("lead")
    lead.post(f"{path}/{alarm['id']}/acknowledge", {"note": "I call them."})
    cluster.wait_equal(30)
    seen = [row for row in san_francisco.client("agent").get(path)["alarms"]
            if row["cause"] == alarm["cause"]][0]["acknowledged"]
    t.check("that somebody took notice is seen in the other office, and the alarm stands",
            [(row["agent"], row["office"], row["note"]) for row in seen]
            == [(PARIS.lead_name, PARIS.code, "I call them.")], seen)
    status, _, _ = lead.request("POST", f"{path}/nothing/acknowledge")
    t.check("only an alarm that stands is taken notice of", status == 404, status)


def dropped(t, node, made):
    start = time.monotonic()
    report = report_of(node)
    took = (time.monotonic() - start) * 1000
    kinds = {}
    for line in report["dropped"]:
        kinds.setdefault(line["kind"], set()).add(line["ticket_id"])
    counts = report["counts"]
    t.check("what moved here and was not accepted is dropped, and counted whole",
            counts["not_accepted"] == TICKETS + 4 and len(kinds["not_accepted"])
            <= report["limit"], f"{counts}, {took:.0f} ms")
    promise = [line for line in report["dropped"] if line["kind"] == "promise_passed"]
    t.check("a promise that passed is dropped, with what was promised",
            [(line["ticket_id"], line["at"], line["note"], line["from"], line["to"])
             for line in promise] == [(made["promised"], made["until"], "We call back",
                                       PARIS.code, SAN_FRANCISCO.code)], promise)
    t.check("what came with a note and nobody touched is dropped too",
            kinds.get("nothing_done") == {made["promised"], made["noted"]}
            and counts["nothing_done"] == 2, kinds.get("nothing_done"))
    t.check("the alarm is in the report", eventually(lambda: any(
        line["kind"] == "not_accepted" for line in report_of(node)["alarmed"]), 20))


def forms(t, node):
    """For people: CSV in which nothing is a formula, Markdown in which nothing is markup."""
    api = node.client("lead")
    path = f"{HELIO}/handoffs/report?office={PARIS.code}"
    texts = {}
    for kind in ("text/csv", "text/markdown"):
        status, text, headers = api.request("GET", path, headers={"Accept": kind})
        t.check(f"the report comes as {kind}", status == 200
                and headers["Content-Type"].startswith(kind), headers["Content-Type"])
        texts[kind] = text
    rows = list(csv.reader(io.StringIO(texts["text/csv"], newline="")))
    width = len(rows[0])
    formulas = [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]
    hostile = [row for row in rows if any("HYPERLINK" in cell for cell in row)]
    t.check("no cell of the CSV is a formula, and none is lost",
            not formulas and hostile and all(len(row) == width for row in rows), formulas[:3])
    markdown = texts["text/markdown"]
    t.check("no word of a customer is markup", "<script" not in markdown
            and "HYPERLINK(" not in markdown and "HYPERLINK" in markdown)


def accepted(t, cluster, node, made):
    """San Francisco accepts and answers: what it did in time is dropped no more, the rest is."""
    api = node.client("agent")
    api.put(f"/api/v2/tickets/{made['promised']}", {"ticket": {"comment": {"body": "Here we are"}}})
    node.client("lead").post(f"{HELIO}/handoffs/accept")
    cluster.wait_equal(60)
    report = report_of(node)
    t.check("what was accepted too late stays dropped",
            report["counts"]["not_accepted"] == TICKETS + 4, report["counts"])
    t.check("a promise that was kept too late stays dropped, a ticket that was answered does not",
            report["counts"]["promises_passed"] == 1 and report["counts"]["nothing_done"] == 1,
            report["counts"])
    slot = report["slots"][0]
    t.check("the slot says when and by whom it was accepted",
            slot["accepted_by"] == SAN_FRANCISCO.lead_name and slot["accepted_at"], slot)


def back(t, cluster, made):
    """A ticket that Paris handed over with a note, and one that goes back."""
    paris, san_francisco = cluster.nodes
    api = san_francisco.client("agent")
    api.post(f"{HELIO}/tickets/{made['hostile']}/take", {})
    status, value, _ = api.request(
        "POST", f"{HELIO}/tickets/{made['noted']}/send-back", {"note": "Not ours."})
    cluster.wait_equal(30)
    report = report_of(san_francisco)
    t.check("what was taken is in the report", [line["ticket_id"] for line in report["taken"]]
            == [made["hostile"]], report["taken"])
    t.check("who took it holds it", [(line["ticket_id"], line["agent"]) for line in report["held"]]
            == [(made["hostile"], SAN_FRANCISCO.agent_name)], report["held"])
    t.check("and what was sent back", status == 200 and [
        (line["kind"], line["ticket_id"], line["to"], line["note"])
        for line in report["handed_on"]]
            == [("send_back", made["noted"], PARIS.code, "Not ours.")],
            report["handed_on"] or value)
    board = paris.client("lead").get(f"{HELIO}/handoffs")["board"]
    line = [row for row in board["sent_back"] if row["ticket_id"] == made["noted"]]
    t.check("the board of the office that it goes to shows it first, with why",
            line and line[0]["note"] == "Not ours." and line[0]["from"] == SAN_FRANCISCO.code, line)
    lines(t, san_francisco, made)
    api.post(f"{HELIO}/tickets/{made['noted']}/take", {})
    cluster.wait_equal(30)
    board = paris.client("lead").get(f"{HELIO}/handoffs")["board"]
    ids = [row["ticket_id"] for row in board["sent_back"]]
    t.check("until somebody takes it again", sorted(ids) == sorted(
        made[key] for key in ("promised", "due")) and board["counts"]["sent_back"] == 2, ids)
    one = san_francisco.client("lead").get(f"{HELIO}/handoffs")["board"]
    t.check("each line of the board has note, action, promise and time left", all(
        {"note", "next_action", "promise", "due_left_seconds"} <= row.keys()
        for key in ("outgoing", "in_transit", "accepted", "sent_back") for row in one[key]))


def spans(t, node, boundary):
    api = node.client("lead")
    path = f"{HELIO}/handoffs/report"
    window = api.get(path, **{"office": PARIS.code, "to": wire(boundary),
                              "from": wire(boundary - timedelta(hours=12))})["report"]
    t.check("a stretch of time is reported like a shift",
            acts_of(window) and window["to"] == wire(boundary), window["counts"])
    wrong = {
        "slot=" + wire(boundary + timedelta(seconds=1)): 422,
        "from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z": 400,
        "from=2026-01-01T00:00:00Z": 400, "slot=yesterday": 400, "slot=previous": 422,
        "slot=" + wire(datetime(2035, 1, 1, 1, tzinfo=timezone.utc)): 422,
    }
    found = {query: api.request("GET", f"{path}?office={PARIS.code}&{query}")[0]
             for query in wrong}
    t.check("a span that makes no sense is refused with what to do", found == wrong, found)
    t.check("an office that nobody knows is not found",
            api.request("GET", f"{path}?office=atlantis")[0] == 404)
