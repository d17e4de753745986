"""Founds a drill cluster as an operator would: init, serve, invite, join, roster, users, tokens."""

import concurrent.futures
import json
import os
import secrets
import tempfile

from .desk_api import APIFailure, Unacknowledged
from .helio import CommandFailed, Helio
from .node import Node
from .offices import THREE
from .place import on_loopback
from .processes import wait_until

CLUSTER_FOLDER = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROSTER = os.path.join(CLUSTER_FOLDER, "rosters", "three-offices.toml")
TICKETS = os.path.join(CLUSTER_FOLDER, "data", "tickets.json")


def load_tickets():
    with open(TICKETS, encoding="utf-8") as file:
        return json.load(file)


class Cluster:
    """A cluster in one directory."""

    def __init__(self, directory, binary, say=lambda line: None, drill=True):
        self.directory = os.path.abspath(directory)
        self.helio = Helio(binary)
        self.say = say
        self.drill = drill
        self.nodes = []
        self.groups = {}
        # A drill cluster's root key guards nothing; it is sealed all the same.
        self.passphrase = secrets.token_urlsafe(24)

    def node(self, code):
        return next(node for node in self.nodes if node.office.code == code)

    # Nodes

    def new_node(self, office, name=None):
        name = name or office.node
        return Node(
            self.helio, office, os.path.join(self.directory, name), self.place(name), name)

    def place(self, name):
        """Where the node of that name is to run."""
        return on_loopback()

    def listening(self, node):
        words = ["--peer-listen", node.peer, "--peer-address", node.peer,
                 "--api-listen", node.place.api]
        return words + [word for name in node.place.names for word in ("--api-name", name)]

    def found(self, office):
        """`init` and `serve` of the first node."""
        node = self.new_node(office)
        words = ["init", "--cluster", "drill", "--office", office.code, "--zone", office.zone,
                 "--languages", ",".join(office.languages), *self.listening(node)]
        if self.drill:
            words.append("--drill")
        report = self.helio.json(
            *words, data=node.data, environment={"HELIO_ROOT_PASSPHRASE": self.passphrase})
        self.check_name(node, report)
        self.nodes.append(node)
        return node

    def invite(self, issuer, office, ttl="10m", exists=False):
        words = ["invite", "--office", office.code, "--ttl", ttl]
        if not exists:
            words += ["--zone", office.zone, "--languages", ",".join(office.languages)]
        return self.helio.run(*words, data=issuer.data).strip()

    def join(self, token, office, name=None, timeout=600, node=None):
        node = node or self.new_node(office, name)
        node.setup = self.helio.json(
            "join", token, "--node", node.name, *self.listening(node), data=node.data,
            timeout=timeout, enter=node.place.enter)
        self.check_name(node, node.setup)
        self.nodes.append(node)
        return node

    def check_name(self, node, report):
        if report["node"] != node.name:
            raise RuntimeError(f"the node is called {report['node']}, not {node.name}")

    def found_three(self):
        """Three offices, all served; returns their nodes."""
        first = self.found(THREE[0])
        first.serve()
        self.say(f"{first.office.title}: founded, serving at {first.url}")
        for office in THREE[1:]:
            node = self.join(self.invite(first, office), office)
            node.serve()
            self.say(f"{office.title}: joined, serving at {node.url}")
        return self.nodes

    # Desk

    def publish_roster(self, node, path=ROSTER):
        """An emergency publication: it holds at once and not a day later."""
        self.helio.run("roster", "apply", path, "--emergency", data=node.data)

    def add_people(self, node, offices=THREE):
        """An agent and a lead with a token each per office, made at one node."""
        users = {}
        for office in offices:
            for role, email, name in (("agent", office.agent_email, office.agent_name),
                                      ("lead", office.lead_email, office.lead_name)):
                token = self.add_user(node, name, email, role, office)
                users[(office.code, role)] = (email, token)
        return users

    def add_user(self, node, name, email, role, office):
        """Makes a user and returns a token."""
        self.helio.run(
            "user", "add", "--name", name, "--email", email, "--role", role,
            "--office", office.code, data=node.data)
        return self.helio.run("token", "create", "--user", email, data=node.data).strip()

    def set_up_desk(self):
        """Roster, groups and people, made at the first node and waited for at the others."""
        first = self.nodes[0]
        self.publish_roster(first)
        users = self.add_people(first)
        admin_token = self.add_user(first, "Drill", "admin@drill.example", "admin", THREE[0])
        for node in self.nodes:
            for role in ("agent", "lead"):
                node.users[role] = users[(node.office.code, role)]
            node.users["admin"] = ("admin@drill.example", admin_token)
        admin = first.client("admin")
        for name in load_tickets()["groups"]:
            group = admin.post("/api/v2/groups", {"group": {"name": name}})["group"]
            self.groups[name] = group["id"]
        self.wait_equal(60)

    def restart_all(self, choose_offset=lambda: None):
        """Ends all nodes, and starts them with the same drill clock.

        The offset is chosen when all have ended, so that their ending takes no roster time.
        """
        self.stop()
        offset = choose_offset()
        for node in self.nodes:
            node.drill_offset = offset
            node.serve(wait=False)
        for node in self.nodes:
            node.wait_healthy()

    # State

    def wait_connected(self, seconds=30):
        """Until every node has a link with every other."""
        def connected():
            return all(site["state"] in ("self", "connected") for node in self.nodes
                       for site in ask(node, "/api/helio/v1/sites")["sites"])

        wait_until(connected, seconds, "every node is connected to all others")

    def reports(self):
        return {node.name: ask(node, "/api/helio/v1/node")["node"] for node in self.nodes}

    def wait_equal(self, seconds=60):
        """Until all nodes have applied the same deltas; their reports."""
        def equal():
            reports = self.reports()
            versions = {json.dumps(report["version"], sort_keys=True)
                        for report in reports.values()}
            return reports if len(versions) == 1 else None

        return wait_until(equal, seconds, "all nodes have applied the same deltas", pause=0.2)

    def import_incidents(self, node, path, limit=None, timeout=7200):
        """`helio import incidents` at one node; its progress goes to standard error."""
        words = ["import", "incidents", os.path.abspath(path)]
        if limit is not None:
            words += ["--limit", limit]
        return self.helio.run(*words, data=node.data, timeout=timeout, show_errors=True)

    def import_own_tickets(self):
        """The small set of tickets, each made at its office's node; their ids by office."""
        made, people = {}, {}
        data = load_tickets()
        admin = self.nodes[0].client("admin")
        for ticket in data["tickets"]:
            email = ticket["requester"]["email"]
            if email not in people:
                user = {**ticket["requester"], "role": "end-user"}
                people[email] = admin.post("/api/v2/users", {"user": user})["user"]["id"]
        self.wait_equal(60)
        for node in self.nodes:
            api = node.client("agent")
            for ticket in data["tickets"]:
                if ticket["office"] != node.office.code:
                    continue
                email = ticket["requester"]["email"]
                answer = api.post("/api/v2/tickets", {"ticket": {
                    "subject": ticket["subject"], "comment": {"body": ticket["description"]},
                    "priority": ticket["priority"], "type": ticket["type"],
                    "tags": ticket["tags"], "group_id": self.groups[ticket["group"]],
                    "requester_id": people[email]}})
                made.setdefault(node.office.code, []).append(answer["ticket"]["id"])
        return made

    def stop(self):
        """Ends all nodes at once."""
        with concurrent.futures.ThreadPoolExecutor(max(1, len(self.nodes))) as pool:
            for job in [pool.submit(node.stop) for node in self.nodes]:
                job.result()


def ask(node, path):
    """What the node tells an admin; RuntimeError where it tells nothing, so that waiting goes on."""
    try:
        return node.client("admin").get(path)
    except (APIFailure, Unacknowledged) as error:
        raise RuntimeError(str(error)) from error


def temporary_directory(name):
    """A short path: the operator's socket in it may have 107 bytes at most."""
    return tempfile.mkdtemp(prefix=f"helio-{name}-", dir=os.environ.get("TMPDIR", "/tmp"))


__all__ = ["Cluster", "CommandFailed", "load_tickets", "temporary_directory"]
