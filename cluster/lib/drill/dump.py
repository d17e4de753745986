"""Reads everything that a node's API shows, and compares what two nodes show."""

import concurrent.futures
import hashlib
import json
from dataclasses import dataclass, field

# What belongs to the node that answers and not to the ticket: its address, the place in its own
# apply order, and its own reading position.
LOCAL_KEYS = {"url", "generated_timestamp", "version"}


def strip(value):
    """The value without what is local to a node."""
    if isinstance(value, dict):
        return {key: strip(inner) for key, inner in value.items() if key not in LOCAL_KEYS}
    if isinstance(value, list):
        return [strip(inner) for inner in value]
    return value


def own_events(audit):
    """The events of an audit without what they tell of the state before.

    `previous_value`, and the whole list after a change of a set, depend on what the node had
    applied when it answered; the write itself does not.
    """
    events = []
    for event in audit["events"]:
        event = {key: value for key, value in event.items() if key != "previous_value"}
        if isinstance(event.get("value"), list):
            event["value"] = "list"
        events.append(event)
    return events


def canonical(value):
    return json.dumps(strip(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(value):
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:24]


@dataclass
class TicketDump:
    """One ticket as one node shows it."""
    ticket: dict
    comments: list
    audits: list

    def parts(self):
        return {"ticket": self.ticket, "comments": self.comments, "audits": self.audits}


@dataclass
class Dump:
    """All that one node shows. Parts are kept as digests; `fetch` reads one again."""
    node: str
    tickets: dict = field(default_factory=dict)     # ticket id → part name → digest
    owners: dict = field(default_factory=dict)      # ticket id → ownership without local keys
    conflicts: list = field(default_factory=list)
    users: dict = field(default_factory=dict)
    groups: dict = field(default_factory=dict)
    counts: dict = field(default_factory=dict)


def fetch_ticket(api, identifier, ticket=None):
    """The ticket with all its comments and its whole history."""
    if ticket is None:
        ticket = api.get(f"/api/v2/tickets/{identifier}")["ticket"]
    comments = list(api.pages(f"/api/v2/tickets/{identifier}/comments", "comments"))
    audits = list(api.pages(f"/api/v2/tickets/{identifier}/audits", "audits"))
    comments.sort(key=lambda comment: comment["id"])
    audits.sort(key=lambda audit: audit["id"])
    for audit in audits:
        audit["events"] = own_events(audit)
    return TicketDump(ticket, comments, audits)


def owners_at(api, identifiers, instant=None):
    """Ticket id → ownership report, at an instant (None: now)."""
    found = {}
    identifiers = list(identifiers)
    for start in range(0, len(identifiers), 100):
        ids = ",".join(str(identifier) for identifier in identifiers[start:start + 100])
        answer = api.get("/api/helio/v1/ownership", ids=ids, at=instant)
        for row in answer["ownerships"]:
            found[row["ticket_id"]] = row
    return found


def dump_node(name, api, at=None, visit=None, threads=4):
    """Reads the whole desk from one node.

    `at`: the instant of ownership. `visit(TicketDump)` sees every ticket as it is read.
    """
    tickets = list(api.pages("/api/v2/tickets", "tickets"))
    dump = dump_tickets(name, api, tickets, at, visit, threads)
    dump.conflicts = sorted(
        (strip(row) for row in api.pages("/api/helio/v1/conflicts", "conflicts")), key=canonical)
    dump.users = {row["id"]: strip(row) for row in api.pages("/api/v2/users", "users")}
    dump.groups = {row["id"]: strip(row) for row in api.pages("/api/v2/groups", "groups")}
    dump.counts.update({
        "conflicts": len(dump.conflicts), "users": len(dump.users), "groups": len(dump.groups)})
    return dump


def dump_tickets(name, api, tickets, at=None, visit=None, threads=4):
    """A dump of these tickets alone, with their owners; `tickets` as the API shows them."""
    dump = Dump(name)

    def read(ticket):
        whole = fetch_ticket(api, ticket["id"], ticket)
        if visit is not None:
            visit(whole)
        sums = {part: digest(value) for part, value in whole.parts().items()}
        return ticket["id"], sums, len(whole.comments), len(whole.audits)

    comments = audits = 0
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        for identifier, sums, comment_count, audit_count in pool.map(read, tickets):
            dump.tickets[identifier] = sums
            comments += comment_count
            audits += audit_count
    owners = owners_at(api, dump.tickets, at)
    dump.owners = {identifier: strip(row) for identifier, row in owners.items()}
    dump.counts = {"tickets": len(dump.tickets), "comments": comments, "audits": audits}
    return dump


def dump_all(clients, at=None, visits=None):
    """Dumps of several nodes, read at the same time: name → Dump."""
    visits = visits or {}
    with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
        jobs = {name: pool.submit(dump_node, name, api, at, visits.get(name))
                for name, api in clients.items()}
        return {name: job.result() for name, job in jobs.items()}


def compare_tickets(left, right, part):
    """Lines about tickets whose part differs, or that only one of the nodes shows."""
    lines = []
    for identifier in sorted(set(left.tickets) | set(right.tickets)):
        one, other = left.tickets.get(identifier), right.tickets.get(identifier)
        if one is None or other is None:
            if part == "ticket":
                lines.append(f"ticket {identifier} is only at {left.node if one else right.node}")
        elif one[part] != other[part]:
            lines.append(f"ticket {identifier}: {part} differ: {left.node} and {right.node}")
    return lines


def compare_maps(left, right, name):
    """Lines about rows of `owners`, `users` or `groups` that differ."""
    lines = []
    one, other = getattr(left, name), getattr(right, name)
    for key in sorted(set(one) | set(other)):
        if one.get(key) != other.get(key):
            lines.append(f"{name} {key}: " + difference(
                left.node, one.get(key), right.node, other.get(key)))
    return lines


def difference(left_name, left, right_name, right):
    """Says in one line where two JSON values differ."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(set(left) | set(right)):
            if left.get(key) != right.get(key):
                return f"{key}: " + difference(
                    left_name, left.get(key), right_name, right.get(key))
    if isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            return f"{left_name} has {len(left)}, {right_name} has {len(right)}"
        for index, (one, other) in enumerate(zip(left, right)):
            if one != other:
                return f"[{index}] " + difference(left_name, one, right_name, other)
    return f"{left_name} shows {shorten(left)}, {right_name} shows {shorten(right)}"


def shorten(value, limit=120):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else text[:limit] + "…"


def explain_ticket(clients, left, right, identifier):
    """Reads a ticket again from both nodes and says where it differs."""
    try:
        one = fetch_ticket(clients[left], identifier)
        other = fetch_ticket(clients[right], identifier)
    except Exception as error:  # the explanation must not hide the finding
        return f"ticket {identifier}: could not be read again: {error}"
    return f"ticket {identifier}: " + difference(
        left, strip(one.parts()), right, strip(other.parts()))
