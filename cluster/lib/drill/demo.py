"""The demo: three offices at work while the network, a node and the clock do their worst."""

import argparse
import concurrent.futures
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from datetime import datetime, timedelta, timezone

from .agents import AgentThread, Pace
from .desk_api import APIFailure, Unacknowledged, metric_sum
from .dump import compare_maps, compare_tickets, dump_all, explain_ticket, owners_at
from .founding import Cluster, temporary_directory
from .incident_log import check_log_options
from .journal import Entry, Journal
from .links import Links
from .node import NodeFailed
from .offices import PARIS, SAN_FRANCISCO, THREE
from .sabotage import change_one_row, database_path
from .table import Checks, print_table

# Seconds after the agents begin. The shift boundary passes about a third into the run.
CUT, BOUNDARY, ACCEPT, KILL, RESTART, RETURN, END = 8, 22, 27, 31, 36, 46, 62
# The agents rest this long before and after the boundary, so that whatever is written in that
# time was written by the boundary itself; what they wrote must have arrived before the counting.
REST_BEFORE, REST_AFTER = 7.0, 3.0
CONTENDED = 8


def wire(instant):
    return instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_wire(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


class Demo:
    def __init__(self, options, directory):
        self.options = options
        self.directory = directory
        self.cluster = Cluster(directory, os.environ["HELIO_BIN"], self.say)
        self.links = None
        self.journal = Journal()
        self.pace = Pace()
        self.checks = Checks()
        self.started = time.monotonic()
        self.offset = 0
        # Seconds to start the nodes and to look at the tickets before the agents begin.
        self.preparation = 60 if options.incidents else 15
        self.begun = None
        self.contended = []
        self.agents = []
        self.boundary = None
        self.expected_shown = []

    def say(self, line):
        print(f"{time.monotonic() - self.started:6.1f} s  {line}", flush=True)

    # Setting up

    def found(self):
        self.say("founding a cluster of three offices")
        paris, san_francisco, singapore = self.cluster.found_three()
        self.paris, self.san_francisco, self.singapore = paris, san_francisco, singapore
        self.cluster.set_up_desk()
        self.say(f"roster applied, {len(self.cluster.groups)} groups, an agent and a lead per "
                 "office")
        if self.options.incidents:
            self.say(f"importing {self.options.incidents} at Paris")
            print(self.cluster.import_incidents(
                paris, self.options.incidents, self.options.limit), end="", flush=True)
            reports = self.cluster.wait_equal(1800)
            count = next(iter(reports.values()))["tickets"]
            self.say(f"{count} tickets on all three nodes")
        # A log of the past may hold nothing that is still open: the day's work is beside it.
        made = self.cluster.import_own_tickets()
        self.say(f"{sum(map(len, made.values()))} tickets in French, English and Chinese")
        self.cluster.wait_equal(60)

    def set_clock(self):
        """Chooses the boundary and starts all nodes again with their clocks set before it."""
        self.boundary = self.find_boundary()
        if self.links is None:
            self.links = Links(self.cluster.nodes, self.directory)
            self.links.lead_through()
        self.cluster.restart_all(self.choose_offset)
        self.say(f"drill clock: roster time is {wire(self.roster_now())}, links go through "
                 "proxies")
        self.cluster.wait_connected()

    def choose_offset(self):
        """Roster time as it must be for the agents to begin when all is prepared."""
        start = self.boundary - timedelta(seconds=BOUNDARY + self.preparation)
        self.offset = round((start - datetime.now(timezone.utc)).total_seconds())
        return self.offset

    def roster_now(self):
        return datetime.now(timezone.utc) + timedelta(seconds=self.offset)

    def find_boundary(self):
        """The next weekday boundary at which Paris hands over to San Francisco."""
        api = self.paris.client("admin")
        day = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
        for ahead in range(1, 15):
            noon = day + timedelta(days=ahead, hours=13)
            if noon.weekday() >= 5:
                continue
            duty = api.get("/api/helio/v1/ownership", at=wire(noon))["duty"]
            first = next(row for row in duty if row["office"] == PARIS.code)
            if first.get("next") == SAN_FRANCISCO.code:
                return parse_wire(first["until"])
        raise RuntimeError("the roster has no boundary from Paris to San Francisco in two weeks")

    # The day

    def prepare_agents(self):
        self.agents.clear()
        admin = self.paris.client("admin")
        tickets = list(admin.pages("/api/v2/tickets", "tickets"))
        rng = random.Random(self.options.seed)
        workable = [t["id"] for t in tickets if t["status"] not in ("closed", "deleted")]
        rng.shuffle(workable)
        self.contended = sorted(self.pick_contended(workable))
        rest = [t for t in workable if t not in set(self.contended)][:240]
        shared, own = rest[::3], rest[1::3] + rest[2::3]
        groups = sorted(self.cluster.groups.values())
        hands = [(node, role) for node in self.cluster.nodes for role in ("agent", "lead")]
        for index, (node, role) in enumerate(hands):
            self.agents.append(AgentThread(
                node, role, own[index::len(hands)], shared, groups, self.journal, self.pace,
                self.options.seed))

    def seconds_to_begin(self):
        """The boundary is fixed in roster time: the agents begin BOUNDARY seconds before it."""
        return (self.boundary - self.roster_now()).total_seconds() - BOUNDARY

    def start_agents(self):
        time.sleep(self.seconds_to_begin())
        self.begun = time.monotonic()
        for agent in self.agents:
            agent.start()
        self.say(f"{len(self.agents)} agents begin; the boundary is {BOUNDARY} s away")

    def pick_contended(self, workable):
        """Tickets that both sides will edit; those that move on, so that their owner changes."""
        owners = owners_at(self.paris.client("admin"), workable[:400], wire(self.roster_now()))
        moving = [t for t in workable[:400] if owners[t]["moves_on"]]
        return (moving + [t for t in workable if t not in set(moving)])[:2 * CONTENDED]

    def at(self, seconds):
        time.sleep(max(0.0, self.begun + seconds - time.monotonic()))

    def day(self):
        self.at(CUT)
        self.links.cut_off(self.paris)
        passed = self.links.bytes_passed(self.paris)
        before_cut = self.journal.per_node()[self.paris.name]
        self.say("Paris is cut off: packets are swallowed, no FIN, no RST")
        self.at(CUT + 3)
        self.edit_both_sides(self.contended[:CONTENDED], "before the boundary")
        self.cross_boundary()
        self.at(ACCEPT)
        self.accept()
        self.edit_both_sides(self.contended[CONTENDED:], "after the boundary")
        self.at(KILL)
        self.singapore.kill()
        self.say("Singapore: SIGKILL in the middle of its work")
        self.at(RESTART)
        self.singapore.serve()
        self.say("Singapore serves again")
        self.at(RETURN)
        cut_bytes = self.links.bytes_passed(self.paris) - passed
        writes = self.journal.per_node()[self.paris.name] - before_cut
        self.checks.add("writes acknowledged in Paris while it was cut off", writes > 0, writes)
        self.checks.add("bytes that passed to or from Paris meanwhile", cut_bytes == 0, cut_bytes)
        self.links.bring_back(self.paris)
        self.say("Paris returns")
        self.at(END)
        self.pace.end()
        for agent in self.agents:
            agent.join(30)
        for agent in self.agents:
            if agent.failure is not None:
                self.checks.add(f"{agent.name} could work", False, repr(agent.failure))
        self.say(f"the agents stop: {self.journal.count()} acknowledged writes")

    def edit_both_sides(self, tickets, when):
        """Paris and San Francisco write the same fields of the same tickets, unseen by each other."""
        owners = owners_at(self.san_francisco.client("lead"), tickets)

        def edit(node, ticket):
            api = node.client("lead")
            subject = f"{node.office.title} {when} (ticket {ticket})"
            answer = api.put(f"/api/v2/tickets/{ticket}", {"ticket": {
                "subject": subject, "comment": {"body": f"{subject}: reply", "public": True}}})
            self.journal.record(Entry(
                node.name, "both sides", ticket, audit=answer["audit"],
                comment=f"{subject}: reply", fields={"subject": subject}))
            return subject

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for ticket in tickets:
                jobs = {node.office.code: pool.submit(edit, node, ticket)
                        for node in (self.paris, self.san_francisco)}
                subjects = {code: job.result() for code, job in jobs.items()}
                owner = owners[ticket]["office"]
                if owner in subjects:
                    self.expected_shown.append((ticket, owner, subjects[owner]))
        self.say(f"Paris and San Francisco edit the same {len(tickets)} tickets {when}")

    def counters(self):
        """Deltas and BATCH frames of each node since it started."""
        found = {}
        for node in self.cluster.nodes:
            values = node.client("admin").metrics()
            found[node.office.code] = (
                int(metric_sum(values, "helio_log_deltas_total")),
                int(metric_sum(values, "helio_peer_frames_total", type="batch")))
        return found

    def cross_boundary(self):
        """The agents rest around the boundary: nothing but the boundary happens."""
        self.at(BOUNDARY - REST_BEFORE)
        self.pace.pause()
        tickets = self.open_tickets()
        self.wait_for_arrival(BOUNDARY - 2)
        before = self.counters()
        self.owned_before = self.ask_owners(tickets)
        self.at(BOUNDARY + 1)
        self.owned_after = self.ask_owners(tickets)
        self.at(BOUNDARY + REST_AFTER)
        after = self.counters()
        deltas = sum(after[code][0] - before[code][0] for code in before)
        frames = sum(after[code][1] - before[code][1] for code in before)
        self.checks.add("deltas written by the boundary itself", deltas == 0, deltas)
        self.checks.add("BATCH frames sent by the boundary itself", frames == 0, frames)
        passed = Counter()
        for node, owners in self.owned_after.items():
            for ticket, office in owners.items():
                before_office = self.owned_before[node][ticket]
                if (before_office, office) == (PARIS.code, SAN_FRANCISCO.code):
                    passed[node] += 1
        least = min(passed.get(node.name, 0) for node in self.cluster.nodes)
        self.checks.add("tickets that passed from Paris to San Francisco, seen on every node",
                        least > 0, least)
        self.pace.resume()
        self.say(f"the boundary has passed at {wire(self.boundary)} (roster time): "
                 f"{least} tickets moved on, {deltas} deltas, {frames} BATCH frames")

    def wait_for_arrival(self, latest):
        """Until the two nodes that can talk have each other's work, or it is `latest`."""
        pair = [node.client("admin") for node in (self.san_francisco, self.singapore)]
        while time.monotonic() < self.begun + latest:
            one, other = [api.get("/api/helio/v1/node")["node"]["version"] for api in pair]
            if one == other:
                return
            time.sleep(0.1)
        self.say("San Francisco and Singapore have not exchanged everything yet")

    def open_tickets(self):
        """Tickets that every node knows: made before the cut."""
        known = None
        for node in self.cluster.nodes:
            # Searched for, not listed: most of a long log is closed, and time is short here.
            ids = {t["id"] for t in node.client("admin").pages(
                "/api/v2/search/export", "results", query="type:ticket status<solved")}
            known = ids if known is None else known & ids
        return sorted(known)

    def ask_owners(self, tickets):
        """node → ticket → office, as each node computes it at this moment."""
        with concurrent.futures.ThreadPoolExecutor(len(self.cluster.nodes)) as pool:
            jobs = {node.name: pool.submit(owners_at, node.client("admin"), tickets)
                    for node in self.cluster.nodes}
            return {name: {ticket: row["office"] for ticket, row in job.result().items()}
                    for name, job in jobs.items()}

    def accept(self):
        lead = self.san_francisco.client("lead")
        lead.post("/api/helio/v1/handoffs/accept")
        self.say("San Francisco's lead accepts the board")

    # Sabotage

    def sabotage(self):
        """Changes one row of one database while its node is down."""
        node = self.singapore
        node.stop()
        path = database_path(node.data)
        changed = change_one_row(path)
        self.say(f"sabotage: {changed} in {os.path.relpath(path, self.directory)}")
        node.serve()
        self.say("Singapore serves the changed database")

    # Afterwards

    def settle(self):
        try:
            self.reports = self.cluster.wait_equal(60)
            self.checks.add("all nodes have applied the same deltas", True,
                            next(iter(self.reports.values()))["deltas"])
        except TimeoutError as error:
            self.reports = self.cluster.reports()
            self.checks.add("all nodes have applied the same deltas", False, str(error),
                            [f"{name}: {r['version']}" for name, r in self.reports.items()])
        self.say("the nodes are quiet")

    def compare(self):
        self.say("reading everything from all three APIs")
        clients = {node.name: node.client("admin") for node in self.cluster.nodes}
        visitors = {node.name: self.journal.visitor() for node in self.cluster.nodes}
        at = wire(self.roster_now())
        dumps = dump_all(clients, at, visitors)
        self.check_writes(visitors)
        first, *others = [dumps[node.name] for node in self.cluster.nodes]
        for part in ("ticket", "comments", "audits"):
            lines = []
            for other in others:
                lines += self.explain(clients, first, other, part)
            count = first.counts["tickets" if part == "ticket" else part]
            name = {"ticket": "tickets", "comments": "comments",
                    "audits": "history entries"}[part]
            self.checks.add(f"{name} equal on all nodes", not lines, count, lines)
        self.check_owners(clients, dumps, first, others)
        for name in ("users", "groups"):
            lines = [line for other in others for line in compare_maps(first, other, name)]
            self.checks.add(f"{name} equal on all nodes", not lines, first.counts[name], lines)
        self.check_conflicts(clients, first, others)
        self.check_fingerprints()

    def explain(self, clients, first, other, part):
        lines = compare_tickets(first, other, part)
        if len(lines) > 100:
            return lines
        explained = []
        for line in lines:
            if "differ" in line:
                identifier = int(line.split()[1].rstrip(":"))
                line = explain_ticket(clients, first.node, other.node, identifier)
            explained.append(line)
        return explained

    def check_writes(self, visitors):
        kinds = ", ".join(f"{count} {kind}" for kind, count in
                          sorted(self.journal.per_kind().items()))
        self.checks.add("acknowledged writes", self.journal.count() > 0,
                        f"{self.journal.count()} ({kinds})")
        for node in self.cluster.nodes:
            missing = visitors[node.name].finish()
            self.checks.add(f"acknowledged writes missing at {node.office.title}",
                            not missing, len(missing), missing)

    def check_owners(self, clients, dumps, first, others):
        lines = [line for other in others for line in compare_maps(first, other, "owners")]
        missing = [identifier for identifier in first.tickets if identifier not in first.owners]
        lines += [f"ticket {identifier} has no owner" for identifier in missing]
        self.checks.add("owner of every ticket equal on all nodes", not lines,
                        len(first.owners), lines)
        for name, moment in (("before", self.boundary - timedelta(seconds=1)),
                             ("after", self.boundary)):
            answers = {node: owners_at(api, first.tickets, wire(moment))
                       for node, api in clients.items()}
            office = {node: {t: row["office"] for t, row in rows.items()}
                      for node, rows in answers.items()}
            values = list(office.values())
            equal = all(value == values[0] for value in values)
            self.checks.add(f"owner of every ticket just {name} the boundary, equal on all nodes",
                            equal, len(values[0]))

    def check_conflicts(self, clients, first, others):
        lines = []
        for other in others:
            if first.conflicts != other.conflicts:
                one = {row["id"]: row for row in first.conflicts}
                two = {row["id"]: row for row in other.conflicts}
                lines += [f"conflict {key}: {first.node} {one.get(key)} / {other.node} "
                          f"{two.get(key)}" for key in sorted(set(one) | set(two))
                          if one.get(key) != two.get(key)]
        found = {row["ticket_id"] for row in first.conflicts if row["column"] == "subject"}
        wanted = set(self.contended)
        lines += [f"ticket {ticket} was edited on both sides and is no conflict"
                  for ticket in sorted(wanted - found)]
        self.checks.add("conflicts found, and shown equal on all nodes",
                        not lines and len(first.conflicts) >= len(wanted),
                        len(first.conflicts), lines)
        api = next(iter(clients.values()))
        wrong = []
        for ticket, owner, subject in self.expected_shown:
            shown = api.get(f"/api/v2/tickets/{ticket}")["ticket"]["subject"]
            if shown != subject:
                wrong.append(f"ticket {ticket}: {owner} owned it and wrote {subject!r}, shown is "
                             f"{shown!r}")
        self.checks.add("in a conflict the owner's value is shown", not wrong,
                        f"{len(self.expected_shown) - len(wrong)} of "
                        f"{len(self.expected_shown)}", wrong)

    def check_fingerprints(self):
        reports = self.cluster.reports()
        prints = {report["fingerprint"] for report in reports.values()}
        self.checks.add("fingerprints equal", len(prints) == 1,
                        ", ".join(sorted(text[:16] for text in prints)))
        lines = []
        for node in self.cluster.nodes:
            verify = node.client("admin").get("/api/helio/v1/verify")["verify"]
            peers = {peer["node"]: peer["state"] for peer in verify["peers"]}
            if not (verify["equal"] and verify["self_consistent"]
                    and set(peers.values()) == {"equal"}):
                lines.append(f"{node.name}: equal {verify['equal']}, agrees with its own rows "
                             f"{verify['self_consistent']}, peers {peers}")
        self.checks.add("every node's own verify agrees", not lines,
                        f"{len(self.cluster.nodes) - len(lines)} of {len(self.cluster.nodes)}",
                        lines)

    def show_ownership(self):
        """Who owned what before and after the boundary."""
        rows = []
        for office in THREE:
            before = [Counter(owners.values())[office.code]
                      for owners in self.owned_before.values()]
            after = [Counter(owners.values())[office.code]
                     for owners in self.owned_after.values()]
            rows.append([office.title, " / ".join(map(str, before)), " / ".join(map(str, after))])
        print(f"\nOpen tickets owned, as computed at Paris / San Francisco / Singapore; the "
              f"boundary was {wire(self.boundary)}\nin roster time, Paris was cut off:\n")
        print_table(["office", "just before", "1 s after"], rows)

    def show(self):
        self.show_ownership()
        refused = sum(self.journal.refused.values())
        unanswered = sum(self.journal.unacknowledged.values())
        print(f"\nNot counted: {unanswered} writes without an answer (Singapore was dead), "
              f"{refused} refused by a rule.\n")
        self.checks.show()
        seconds = time.monotonic() - self.started
        failed = len(self.checks.failed)
        print(f"\n{len(self.checks.rows) - failed} passed, {failed} failed   ({seconds:.0f} s)")
        return 1 if failed else 0

    def run(self):
        self.found()
        for _ in range(4):
            self.set_clock()
            self.prepare_agents()
            if self.seconds_to_begin() > 0:
                break
            # A slow machine: the same again with more time.
            self.preparation *= 2
            self.say("the preparation took too long for the boundary; setting the clock again")
        else:
            raise RuntimeError("this machine is too slow for the boundary of the demo")
        self.start_agents()
        self.day()
        self.settle()
        if self.options.sabotage:
            try:
                self.sabotage()
            except NodeFailed as error:
                self.checks.add("Singapore serves its database", False, "refused",
                                str(error).splitlines())
                return self.show()
        self.compare()
        return self.show()

    def close(self):
        self.pace.end()
        self.cluster.stop()
        if self.links is not None:
            self.links.close()


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="cluster/demo",
        description="Three offices on loopback: work, a silent cut, a shift boundary, a SIGKILL, "
        "and a full comparison afterwards. Exits 0 only if every check holds.")
    parser.add_argument("--incidents", metavar="FILE",
                        help="import this incident log (CSV, plain or gzip) instead of the small "
                        "set of tickets")
    parser.add_argument("--limit", type=int, metavar="N",
                        help="only the first N incidents of the log")
    parser.add_argument("--sabotage", action="store_true",
                        help="change one row of one database while its node is down; the demo "
                        "must then fail")
    parser.add_argument("--keep", action="store_true", help="keep the data directories and logs")
    parser.add_argument("--seed", type=int, default=1, metavar="N",
                        help="what the agents do is drawn from this number")
    options = parser.parse_args(arguments)
    check_log_options(parser, options)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    directory = temporary_directory("demo")
    demo = Demo(options, directory)
    code = 1
    try:
        code = demo.run()
    except (APIFailure, Unacknowledged, NodeFailed, RuntimeError, TimeoutError) as error:
        print(f"\nthe demo could not go on: {error}", file=sys.stderr)
        for node in demo.cluster.nodes:
            print(f"\n{node.name}, the end of its log:\n{node.log_tail(12)}", file=sys.stderr)
    finally:
        demo.close()
        if options.keep:
            print(f"kept: {directory}")
        else:
            shutil.rmtree(directory, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
