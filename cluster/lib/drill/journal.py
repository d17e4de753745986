"""Remembers every write that a node acknowledged, and looks for each of them afterwards."""

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from .dump import canonical, own_events


@dataclass
class Entry:
    """One acknowledged write."""
    node: str
    kind: str                 # create, comment, update, tag, take, …
    ticket: int
    audit: dict = None        # the audit of the answer: it must be in every node's history
    comment: str = None       # the text of a comment, unique in the whole run
    tag: str = None           # a tag that nobody removes
    fields: dict = field(default_factory=dict)   # values written, by ticket key


class Journal:
    def __init__(self):
        self.lock = threading.Lock()
        self.entries = []
        self.by_ticket = defaultdict(list)
        self.unacknowledged = Counter()
        self.refused = Counter()
        # (ticket, key): an unanswered write makes the last value unknown.
        self.uncertain = set()

    def record(self, entry):
        with self.lock:
            self.entries.append(entry)
            self.by_ticket[entry.ticket].append(entry)

    def note_unacknowledged(self, node):
        with self.lock:
            self.unacknowledged[node] += 1

    def note_refused(self, node, status, error):
        with self.lock:
            self.refused[(node, status, error)] += 1

    def forget_last_values(self, ticket, fields):
        with self.lock:
            self.uncertain.update((ticket, key) for key in fields)

    def count(self):
        with self.lock:
            return len(self.entries)

    def per_node(self):
        with self.lock:
            return Counter(entry.node for entry in self.entries)

    def per_kind(self):
        with self.lock:
            return Counter(entry.kind for entry in self.entries)

    def made(self):
        """The tickets that were made, in the order of the answers."""
        with self.lock:
            return [entry.ticket for entry in self.entries if entry.kind == "create"]

    def tickets_since(self, count):
        """The tickets of all entries after the first `count`."""
        with self.lock:
            return {entry.ticket for entry in self.entries[count:]}

    def visitor(self, tickets=None):
        """Looks at one node's dump, ticket by ticket: at all tickets, or only at these."""
        return Visitor(self, self.by_ticket if tickets is None else tickets)


class Visitor:
    """Finds which acknowledged writes one node does not show. Called from several threads."""

    def __init__(self, journal, tickets):
        self.journal = journal
        self.tickets = tickets
        self.lock = threading.Lock()
        self.seen = set()
        self.missing = []

    def __call__(self, dump):
        identifier = dump.ticket["id"]
        entries = self.journal.by_ticket.get(identifier, [])
        audits = {audit["id"]: audit for audit in dump.audits}
        bodies = Counter(comment["body"] for comment in dump.comments)
        lines = []
        for entry in entries:
            lines += self.look(entry, dump, audits, bodies)
        lines += self.look_at_last_values(entries, dump)
        with self.lock:
            self.seen.add(identifier)
            self.missing += lines

    def look(self, entry, dump, audits, bodies):
        where = f"ticket {entry.ticket}, acknowledged by {entry.node} ({entry.kind})"
        if entry.audit is not None:
            shown = audits.get(entry.audit["id"])
            if shown is None:
                yield f"{where}: audit {entry.audit['id']} is not in the history"
            elif canonical(shown["events"]) != canonical(own_events(entry.audit)):
                yield f"{where}: audit {entry.audit['id']} tells something else than its answer"
        if entry.comment is not None and bodies[entry.comment] != 1:
            yield f"{where}: the comment is there {bodies[entry.comment]} times"
        if entry.tag is not None and entry.tag not in dump.ticket["tags"]:
            yield f"{where}: tag {entry.tag} is not there"

    def look_at_last_values(self, entries, dump):
        """Where only one node wrote a field, the last write is what must be shown."""
        writers = defaultdict(set)
        last = {}
        for entry in entries:
            for key, value in entry.fields.items():
                writers[key].add(entry.node)
                last[key] = value
        for key, value in last.items():
            known = (dump.ticket["id"], key) not in self.journal.uncertain
            if known and len(writers[key]) == 1 and dump.ticket[key] != value:
                yield (f"ticket {dump.ticket['id']}: {key} was last set to {value!r} by "
                       f"{next(iter(writers[key]))}, shown is {dump.ticket[key]!r}")

    def finish(self):
        """All that is missing, tickets that the node does not show at all included."""
        for identifier in self.tickets:
            if identifier not in self.seen:
                for entry in self.journal.by_ticket.get(identifier, []):
                    self.missing.append(
                        f"ticket {identifier}, acknowledged by {entry.node} ({entry.kind}): "
                        "the node does not show this ticket")
        return self.missing
