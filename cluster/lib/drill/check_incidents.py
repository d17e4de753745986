"""Reads an incident log and the APIs of nodes, and finds whether they tell the same.

It shares no code with the importer: it reads the file itself and knows only docs/IMPORT.md.
"""

import argparse
import concurrent.futures
import os
import sys
import threading
import time
from datetime import datetime

from .desk_api import DeskAPI
from .incident_log import incidents

BOOKKEEPING = {"sys_mod_count", "sys_updated_by", "sys_updated_at"}
STATUS = {
    "New": "new", "Active": "open", "Awaiting User Info": "pending", "Awaiting Vendor": "hold",
    "Awaiting Problem": "hold", "Awaiting Evidence": "hold", "Resolved": "solved",
    "Closed": "closed",
}
PRIORITY = {"1": "urgent", "2": "high", "3": "normal", "4": "low", "5": "low"}
SHOWN_FINDINGS = 30


def known(value):
    """The value as it is kept: unknown and empty are no value."""
    return None if value in ("?", "", None) else value


def wire_time(row, *columns):
    """The first known of these times of a snapshot, as the API writes it."""
    text = next(row[column] for column in columns if known(row[column]))
    return datetime.strptime(text, "%d/%m/%Y %H:%M").strftime("%Y-%m-%dT%H:%M:%SZ")


def made_at(row, first):
    """The date of a snapshot's audit: of the first, when the incident was opened."""
    if first:
        return wire_time(row, "opened_at", "sys_created_at", "sys_updated_at")
    return wire_time(row, "sys_updated_at", "opened_at")


def expected_states(snapshots):
    """(columns, time, whole) for each audit that the history must hold, in order.

    A snapshot that changes only bookkeeping makes none; where such snapshots end an incident, one
    closing audit brings their values in.
    """
    states = []
    last_kept = None
    for row in snapshots:
        columns = {name: known(value) for name, value in row.items()}
        if last_kept is None or any(
                columns[name] != last_kept[name] for name in columns if name not in BOOKKEEPING):
            states.append((columns, made_at(row, first=not states)))
            last_kept = columns
        pending = columns
    if pending != last_kept:
        states.append((pending, made_at(snapshots[-1], first=False)))
    return states


class NodeCheck:
    """One node held against the log."""

    def __init__(self, api, log):
        self.api, self.log = api, log
        self.name = f"{api.host}:{api.port}"
        self.findings = []
        self.lock = threading.Lock()
        self.columns = self.audits = self.done = 0

    def find(self, text):
        with self.lock:
            self.findings.append(f"{self.name}: {text}")

    def run(self, threads):
        fields = {row["key"]: row["id"] for row in self.api.pages(
            "/api/v2/ticket_fields", "ticket_fields") if row.get("key")}
        wanted = next(iter(self.log.values()))[0].keys()
        missing = [name for name in wanted if name not in fields]
        if missing:
            self.find(f"no ticket field for the columns {', '.join(missing)}")
            return
        self.fields = {fields[name]: name for name in wanted}
        self.groups = {row["id"]: row["name"] for row in self.api.pages("/api/v2/groups", "groups")}
        tickets = {}
        for ticket in self.api.pages("/api/v2/tickets", "tickets"):
            number = ticket["external_id"]
            if number is None or number not in self.log:
                continue
            if number in tickets:
                self.find(f"{number} is there twice: tickets {tickets[number]['id']} and "
                          f"{ticket['id']}")
            tickets[number] = ticket
        for number in self.log:
            if number not in tickets:
                self.find(f"{number} is not there")
        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(lambda pair: self.check(*pair), tickets.items()):
                pass

    def check(self, number, ticket):
        snapshots = self.log[number]
        audits = list(self.api.pages(f"/api/v2/tickets/{ticket['id']}/audits", "audits"))
        imported = [audit for audit in audits if audit["via"]["channel"] == "import"]
        self.check_last(number, ticket, snapshots[-1], untouched=len(imported) == len(audits))
        self.check_history(number, snapshots, imported)
        with self.lock:
            self.done += 1

    def check_last(self, number, ticket, row, untouched):
        """Every column equals the last snapshot; the ticket's own keys too, where only the
        import wrote them."""
        values = {self.fields[field["id"]]: field["value"] for field in ticket["custom_fields"]
                  if field["id"] in self.fields}
        for column, text in row.items():
            if values.get(column) != known(text):
                self.find(f"{number}: {column} is {values.get(column)!r}, the last snapshot says "
                          f"{known(text)!r}")
        with self.lock:
            self.columns += len(row)
        if not untouched:
            return
        wanted = {
            "status": STATUS.get(row["incident_state"], "open"),
            "priority": PRIORITY.get(row["priority"][:1]),
            "group": known(row["assignment_group"]),
        }
        shown = {"status": ticket["status"], "priority": ticket["priority"],
                 "group": self.groups.get(ticket["group_id"])}
        for key, value in wanted.items():
            if shown[key] != value:
                self.find(f"{number}: {key} is {shown[key]!r}, it should be {value!r}")

    def check_history(self, number, snapshots, audits):
        """One audit per snapshot that changes something, in the log's order, with its time; and
        the columns after each equal to the snapshot."""
        states = expected_states(snapshots)
        if len(audits) != len(states):
            self.find(f"{number}: {len(audits)} imported audits, the log has {len(states)} changes")
            return
        columns = dict.fromkeys(snapshots[0])
        for index, (audit, (expected, when)) in enumerate(zip(audits, states)):
            for event in audit["events"]:
                name = self.fields.get(as_number(event.get("field_name")))
                if name is not None:
                    columns[name] = event["value"]
            if columns != expected:
                wrong = {name: (columns[name], expected[name]) for name in columns
                         if columns[name] != expected[name]}
                self.find(f"{number}: after audit {index + 1} of {len(states)} (is, should be): "
                          f"{wrong}")
                return
            if audit["created_at"] != when:
                self.find(f"{number}: audit {index + 1} is of {audit['created_at']}, its snapshot "
                          f"of {when}")
                return
        with self.lock:
            self.audits += len(audits)


def as_number(text):
    return int(text) if isinstance(text, str) and text.isdigit() else None


def main():
    parser = argparse.ArgumentParser(
        prog="cluster/check-incidents",
        description="Holds an incident log (CSV, plain or gzip) against what nodes show: every "
        "column of every incident equals its last snapshot, and the history is in order.")
    parser.add_argument("file", help="the incident log")
    parser.add_argument("nodes", nargs="+", metavar="URL TOKEN CA",
                        help="for each node: base URL, API token, CA file")
    parser.add_argument("--limit", type=int, metavar="N",
                        help="only the first N incidents of the log were imported")
    parser.add_argument("--threads", type=int, default=4, help="per node (default: 4)")
    options = parser.parse_args()
    if len(options.nodes) % 3:
        parser.error("each node needs three words: URL TOKEN CA")
    if not os.path.isfile(options.file):
        parser.error(f"there is no file {options.file}")
    start = time.monotonic()
    log = incidents(options.file)
    if options.limit is not None:
        log = dict(list(log.items())[:options.limit])
    rows = sum(len(snapshots) for snapshots in log.values())
    print(f"{options.file}: {rows} snapshots of {len(log)} incidents", flush=True)
    checks = [NodeCheck(DeskAPI(url, None, token, ca, timeout=60), log)
              for url, token, ca in zip(*[iter(options.nodes)] * 3)]
    passed = 0
    with concurrent.futures.ThreadPoolExecutor(len(checks)) as pool:
        list(pool.map(lambda check: check.run(options.threads), checks))
    for check in checks:
        verdict = "FAIL" if check.findings else "PASS"
        passed += verdict == "PASS"
        print(f"{verdict} {check.name}: {check.done} incidents, {check.columns} columns equal to "
              f"their last snapshot compared, {check.audits} history entries in order, "
              f"{len(check.findings)} findings")
        for line in check.findings[:SHOWN_FINDINGS]:
            print(f"  {line}")
        if len(check.findings) > SHOWN_FINDINGS:
            print(f"  … and {len(check.findings) - SHOWN_FINDINGS} more")
    print(f"took {time.monotonic() - start:.0f} s")
    print(f"{passed} passed, {len(checks) - passed} failed")
    return 0 if passed == len(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
