"""A run: found the cluster, then round after round of faults under load, each with its checks."""

import json
import threading
import time

from drill.agents import Pace
from drill.desk_api import APIFailure, Unacknowledged
from drill.journal import Entry, Journal
from drill.processes import wait_until
from drill.sabotage import change_one_row, database_path

from . import checks
from .cluster import ChaosCluster
from .excuses import Excuses
from .faults import FAULTS
from .load import Client, Findings
from .slow_links import SlowLinks
from .tally import Outcome, Tally
from .verdict import STALL, judge, now
from .wires import Wires

# After a stall, how long to wait in order to tell slow from stuck, in seconds.
LONGER = 120
# A healed node takes writes again within so many seconds.
PROBE = 10
# The clients go on for a moment after the faults are healed, in seconds.
AFTERWARDS = 0.3
SHARED_TICKETS = 6
# A node that is stopped gets the order to redial when it goes on; nobody waits longer, in seconds.
REDIAL = 1


def newest(reports):
    """Slot → the highest seq that some node has."""
    target = {}
    for report in reports.values():
        for slot, seq in report["version"].items():
            target[slot] = max(seq, target.get(slot, 0))
    return target


def covers(version, target):
    return all(version.get(slot, 0) >= seq for slot, seq in target.items())


class Run:
    def __init__(self, options, directory, network, binary, say):
        self.options, self.directory, self.say = options, directory, say
        self.network = network
        self.cluster = ChaosCluster(
            directory, binary, network, options.disk_size, "clock" in options.kinds)
        self.wires = Wires(network)
        self.links = None
        self.excuses, self.findings = Excuses(), Findings()
        self.journal, self.pace, self.tally = Journal(), Pace(), Tally()
        self.clients, self.shared = [], []
        self.probes = 0

    # Setting up

    def found(self):
        self.network.build()
        self.cluster.found_all(self.options.nodes)
        if "delay" in self.options.kinds:
            self.links = SlowLinks(self.cluster.nodes, self.directory)
        for number in range(SHARED_TICKETS):
            self.write_ticket(self.cluster.nodes[number % self.options.nodes], f"first {number}")
        self.cluster.wait_equal(60)
        self.pace.working.clear()
        for node in self.cluster.nodes:
            client = Client(node, self.journal, self.pace, self.options.seed, self.excuses,
                            self.findings, self.options.rate)
            self.clients.append(client)
            client.start()
        self.say(f"{len(self.cluster.nodes)} nodes serve: "
                 + ", ".join(f"{node.name} at {node.peer}" for node in self.cluster.nodes))

    def write_ticket(self, node, subject):
        body = f"{subject} at {node.name}"
        answer = node.client().post("/api/v2/tickets", {"ticket": {
            "subject": subject, "comment": {"body": body}}})
        self.journal.record(Entry(node.name, "create", answer["ticket"]["id"],
                                  audit=answer["audit"], comment=body))

    # Rounds

    def go(self, rounds, total=None, until=None):
        """Runs rounds one after the other; `until` is the steady time at which no more begin."""
        for each in rounds:
            if until is not None and time.monotonic() >= until:
                return
            outcome = self.round(each)
            self.tally.add(outcome)
            self.say(outcome.line(total))
            for line in [*outcome.lost, *outcome.wrong][:8]:
                self.say(f"    {line}")

    def round(self, planned):
        begin, mark = time.monotonic(), self.journal.count()
        unanswered = sum(self.journal.unacknowledged.values())
        outcome = Outcome(planned)
        # The newest, so that no history grows too long to be read after each round.
        self.shared = self.journal.made()[-SHARED_TICKETS:]
        for client in self.clients:
            client.begin_round(self.shared, planned.pressure)
        self.pace.resume()
        faults = [FAULTS[fault.kind](self, fault) for fault in planned.faults]
        self.play(faults)
        outcome.effects = [(fault.planned.kind, fault.effect) for fault in faults]
        self.probe(outcome)
        self.wait_caught_up(outcome)
        self.pace.pause(60)
        self.wait_equal(outcome)
        outcome.acknowledged = self.journal.count() - mark
        outcome.unanswered = sum(self.journal.unacknowledged.values()) - unanswered
        self.check(outcome, mark)
        outcome.seconds = time.monotonic() - begin
        return outcome

    def play(self, faults):
        """Each fault at its instant; once all are undone, until every node serves again."""
        start = time.monotonic()
        steps = []
        for fault in faults:
            planned = fault.planned
            steps.append((planned.at, fault.inject))
            steps.append((planned.at + planned.seconds, fault.heal))
        for at, step in sorted(steps, key=lambda pair: pair[0]):
            time.sleep(max(0.0, start + at - time.monotonic()))
            step()
        for fault in faults:
            fault.settle()
        time.sleep(AFTERWARDS)

    def probe(self, outcome):
        """Every node takes a write again by itself."""
        for number, node in enumerate(self.cluster.nodes):
            ticket = self.shared[number % len(self.shared)]
            try:
                wait_until(lambda: self.comment(node, ticket), PROBE,
                           f"{node.name} takes writes again", pause=0.2)
            except TimeoutError as error:
                outcome.wrong.append(str(error))

    def comment(self, node, ticket):
        """A write of its own each time: one that got no answer may be there all the same."""
        self.probes += 1
        body = f"probe {self.probes} of {node.name}"
        try:
            answer = node.client().put(f"/api/v2/tickets/{ticket}", {"ticket": {
                "comment": {"body": body}}})
        except (APIFailure, Unacknowledged) as error:
            raise RuntimeError(str(error)) from error
        self.journal.record(Entry(node.name, "probe", ticket, audit=answer["audit"], comment=body))
        return True

    def wait_caught_up(self, outcome):
        """While the clients go on: until every node has all that was there at the heal."""
        begin = time.monotonic()
        target = newest(self.cluster.reports())

        def caught_up():
            return all(covers(report["version"], target)
                       for report in self.cluster.reports().values())

        try:
            wait_until(caught_up, STALL, "under load every node has what was there at the heal")
        except TimeoutError as error:
            outcome.behind = f"{error}\n{self.situation()}"
        outcome.caught_up_after = time.monotonic() - begin

    def wait_equal(self, outcome):
        """Until all deltas are everywhere, and until all links are up again."""
        begin = time.monotonic()
        self.wait_or_stall(outcome, self.cluster.wait_equal)
        outcome.equal_after = time.monotonic() - begin
        self.wait_or_stall(outcome, self.cluster.wait_connected)
        outcome.linked_after = time.monotonic() - begin

    def wait_or_stall(self, outcome, wait):
        try:
            wait(STALL)
        except TimeoutError as error:
            outcome.stalled = f"{error}\n{self.situation()}"
            self.say(f"STALL in {outcome.round.group} {outcome.round.number}: {outcome.stalled}")
            wait(LONGER)

    def situation(self):
        """Versions and links as each node sees them."""
        lines = []
        for node in self.cluster.nodes:
            api = node.client("admin")
            try:
                report = api.get("/api/helio/v1/node")["node"]
                sites = api.get("/api/helio/v1/sites")["sites"]
            except (APIFailure, Unacknowledged) as error:
                lines.append(f"{node.name}: {error}")
                continue
            seen = ", ".join(f"{site['node']} {site['state']} lag {site['lag']} unsent "
                             f"{site['unsent']}" for site in sites if site["state"] != "self")
            lines.append(f"{node.name}: {json.dumps(report['version'])}; {seen}")
        return "\n".join(lines)

    def check(self, outcome, mark):
        nodes = self.cluster.nodes
        outcome.wrong += checks.standing(nodes)
        reading = checks.Reading(nodes, self.journal, self.journal.tickets_since(mark), now())
        outcome.lost += [f"{name}: {line}" for name, lines in reading.lost.items()
                         for line in lines]
        outcome.wrong += reading.differences()
        outcome.wrong += self.take_findings()

    def take_findings(self):
        """What the clients found since the last time, and whether one of them gave up."""
        with self.findings.lock:
            found, self.findings.wrong = self.findings.wrong, []
        for client in self.clients:
            if client.failure is not None:
                found.append(f"{client.name} gave up: {client.failure!r}")
                client.failure = None
        return found

    def redial(self):
        """Ends all links, so that they are made anew along the way that holds now."""
        def each(node):
            api = node.client("admin")
            try:
                api.post("/api/helio/v1/links/all/pause")
                api.post("/api/helio/v1/links/all/resume")
            except (APIFailure, Unacknowledged):
                pass  # a node that is down has no links

        threads = [threading.Thread(target=each, args=(node,), daemon=True)
                   for node in self.cluster.nodes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(REDIAL)

    # The end

    def sabotage(self, kind):
        """Breaks what the final checks must notice."""
        if kind == "write":
            entry = Entry(self.cluster.nodes[0].name, "create", self.shared[0],
                          comment="a write that the cluster has lost")
            self.journal.record(entry)
            self.say("sabotage: the journal holds a write that no node has")
            return
        node = self.cluster.nodes[-1]
        node.stop()
        changed = change_one_row(database_path(node.data))
        node.serve()
        self.cluster.wait_connected(STALL)
        self.say(f"sabotage: at {node.name} {changed}")

    def finish(self):
        """Everything once more, on all nodes, and the verdicts."""
        self.end_clients()
        self.say("reading every ticket from every node")
        judge(self)

    def end_clients(self):
        self.pace.end()
        for client in self.clients:
            client.join(30)

    def close(self, keep):
        self.end_clients()
        self.cluster.close(keep)
        if self.links is not None:
            self.links.close()
        self.network.close()
