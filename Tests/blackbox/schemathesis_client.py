"""Schemathesis, which makes requests out of docs/openapi.yaml, against a node over HTTPS."""

import json
import os
import re
import sys

from contract import FILE, ROOT
from drill.offices import PARIS

# `ignored_auth` is left out: it tries wrong tokens, which the node answers with 429 after the first
# few; the test `openapi` holds every route to 401 instead.
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_headers_conformance", "response_schema_conformance", "unsupported_method",
          "allow_header_conformance", "use_after_free", "ensure_resource_availability")
# An event stream does not end.
LEFT_OUT = "/api/helio/v1/events"


def run(t):
    node = t.cluster([PARIS]).nodes[0]
    email, _ = node.users["admin"]
    access, throwaway = (node.client("admin").post(
        "/api/helio/v1/tokens", {"token": {"email": email}})["token"] for _ in range(2))
    admin = node.client_for(email, access["token"])
    tally, report = t.path("tally.json"), t.path("schemathesis.txt")
    code, out, err = t.command(
        sys.executable, "-m", "schemathesis.cli", "run", FILE, "--url", node.url,
        "--tls-verify", node.ca, "--header", f"Authorization: Bearer {access['token']}",
        "--seed", os.environ.get("SCHEMATHESIS_SEED", "1"),
        "--max-examples", os.environ.get("SCHEMATHESIS_EXAMPLES", "8"),
        "--phases", os.environ.get("SCHEMATHESIS_PHASES", "examples,fuzzing"),
        "--checks", ",".join(CHECKS), "--exclude-path", LEFT_OUT, "--continue-on-failure",
        "--no-color", timeout=7200, directory=t.directory, environment={
            "SCHEMATHESIS_HOOKS": "hooks", "HELIO_ROWS": json.dumps(rows(admin)),
            "HELIO_SPARED": json.dumps([access["user_id"], access["id"]]),
            "HELIO_THROWAWAY": throwaway["token"], "HELIO_TALLY": tally, "HOME": t.directory,
            "PYTHONPATH": os.path.join(ROOT, "Tests", "schemathesis")})
    said = out.decode("utf-8", "replace")
    with open(report, "w", encoding="utf-8") as file:
        file.write(said)
    t.check("Schemathesis is content", code == 0, f"exit {code}")
    if code != 0:
        print(said[:20_000], err.decode("utf-8", "replace")[-3000:])
    cases = re.search(r"(\d+) generated", said)
    statuses = counted(tally)
    t.check("every operation was tried",
            str(len(t.contract.operations()) - 1) == first(r"Tested: (\d+)", said),
            first(r"Selected: (\S+)", said))
    t.check("no answer is of the kind 5xx",
            statuses and not any(status >= 500 for status in statuses),
            f"{cases[1] if cases else 'no'} cases; answers by status: {statuses}")
    t.check("a good part of the requests was accepted",
            sum(n for status, n in statuses.items() if status < 300) > 0.2 * sum(statuses.values()))
    t.check("the admin's token still works", admin.request("GET", "/api/v2/users/me")[0] == 200)
    t.check("the node is healthy", admin.health()[0] == 200)
    t.check("its replica agrees with itself",
            admin.get("/api/helio/v1/verify")["verify"]["self_consistent"])


def rows(api):
    """A few rows of each kind, made by the admin: their ids by kind."""
    made = {}

    def make(kind, key, body):
        row = api.post(f"/api/v2/{kind}", {key: body})[key]["id"]
        made.setdefault(kind.rpartition("/")[2], []).append(row)
        return row

    for number in range(6):
        customer = make("users", "user", {
            "name": f"Customer {number}", "email": f"customer{number}@example.com"})
        make("tickets", "ticket", {
            "subject": f"Le téléphone chauffe ({number})", "requester_id": customer,
            "comment": {"body": "Il chauffe depuis hier."}, "tags": ["hardware"]})
    for number, kind in enumerate(("text", "checkbox", "tagger")):
        group = make("groups", "group", {"name": f"Group {number}"})
        make("organizations", "organization", {"name": f"Organization {number}"})
        agent = make("users", "user", {
            "name": f"Agent {number}", "email": f"agent{number}@example.com", "role": "agent",
            "office": PARIS.code})
        make("group_memberships", "group_membership", {"user_id": agent, "group_id": group})
        make("ticket_fields", "ticket_field", {"title": f"Field {number}", "type": kind})
        set_up(make, number)
    return made


def set_up(make, number):
    """What admins make: for the paths that lead to it."""
    make("views", "view", {"title": f"View {number}", "all": [
        {"field": "status", "operator": "less_than", "value": "solved"}]})
    make("macros", "macro", {"title": f"Macro {number}", "actions": [
        {"field": "priority", "value": "high"}]})
    schedule = make("business_hours/schedules", "schedule", {
        "name": f"Schedule {number}", "time_zone": "Europe/Paris"})
    make(f"business_hours/schedules/{schedule}/holidays", "holiday", {
        "name": "Noël", "start_date": "2026-12-25", "end_date": "2026-12-26"})
    make("webhooks", "webhook", {
        "name": f"Webhook {number}", "endpoint": "https://receiver.example/hook",
        "status": "inactive", "subscriptions": ["zen:event-type:ticket.created"]})


def counted(path):
    with open(path, encoding="utf-8") as file:
        return {int(status): n for status, n in sorted(json.load(file).items())}


def first(pattern, text):
    found = re.search(pattern, text)
    return found[1] if found else ""
