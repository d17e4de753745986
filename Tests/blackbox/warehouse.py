"""tap-zendesk, a warehouse loader that others wrote, takes tickets, users and organizations out.

It runs as its own documentation says, with `subdomain` and a token; it always asks
https://SUBDOMAIN.zendesk.com, so the node has that name in its certificate, and the proxy settings
say where that name is. What it gives is kept as JSON lines, and counted against the API.

WAREHOUSE_STREAMS (default tickets,users,organizations,groups,ticket_fields) chooses what is loaded.
"""

import dataclasses
import json
import os
import subprocess
import time

from drill import place
from drill.founding import Cluster
from drill.offices import PARIS
from tunnel import Tunnel

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIST = os.path.join(ROOT, "Tests", "warehouse", "requirements.txt")
CATALOGUE = os.path.join(ROOT, "Tests", "warehouse", "catalogue.py")
VENV = os.environ.get("HELIO_WAREHOUSE_VENV", os.path.join(ROOT, ".build", "warehouse-venv"))
STREAMS = os.environ.get(
    "WAREHOUSE_STREAMS", "tickets,users,organizations,groups,ticket_fields").split(",")
NAME = "drill.zendesk.com"
# Leads to the node too, and is not in its certificate.
OTHER = "other.zendesk.com"
# The loader pauses for a minute after each 450; from 1000 on it has to follow the cursor.
TICKETS = int(os.environ.get("WAREHOUSE_TICKETS", "400"))


class NamedCluster(Cluster):
    """Its nodes answer to the name that the loader asks for."""

    def place(self, name):
        usual = place.on_loopback()
        return dataclasses.replace(usual, names=(*usual.names, NAME))


def run(t):
    t.check("the loader is installed in an environment of its own", install(t), VENV)
    cluster = NamedCluster(t.directory, t.binary)
    t.clusters.append(cluster)
    node = cluster.found(PARIS)
    node.serve()
    token = cluster.add_user(node, "Loader", "loader@drill.example", "admin", PARIS)
    node.users["admin"] = ("loader@drill.example", token)
    api = node.client("admin")
    fill(api)

    tunnel = Tunnel((NAME, OTHER), int(node.place.api.rpartition(":")[2]))
    t.closers.append(tunnel.close)
    loader = Loader(t, node, token, tunnel)
    first = loader.load("first")
    for stream in STREAMS:
        expected = count(api, stream)
        found = first.ids(stream)
        t.check(f"{stream}: each is loaded, and none twice",
                found and len(set(found)) == len(found) == expected,
                f"{len(found)} loaded, {expected} on the node")
    t.check("the loader went nowhere else", not tunnel.refused, tunnel.refused)

    # The second time only what changed comes.
    ids = first.ids("tickets")
    changed = set(ids[:3])
    for ticket in changed:
        api.put(f"/api/v2/tickets/{ticket}", {"ticket": {"priority": "high"}})
    made = api.post("/api/v2/tickets", {"ticket": {
        "subject": "made meanwhile", "comment": {"body": "x"}}})["ticket"]["id"]
    second = loader.load("second")
    again = set(second.ids("tickets"))
    t.check("the second time what changed and what is new is loaded",
            changed | {made} <= again, f"{len(again)} tickets")
    t.check("and not the rest", len(again) < len(ids) // 2, f"{len(again)} of {len(ids) + 1}")
    loaded = {**first.rows("tickets"), **second.rows("tickets")}
    t.check("what is loaded is what the node shows", all(
        loaded[ticket]["priority"] == "high" for ticket in changed) and len(loaded) == count(
            api, "tickets"), f"{len(loaded)} tickets")

    wrong = loader.load("wrong name", name=OTHER.split(".")[0])
    t.check("under a name that the node's certificate lacks it loads nothing",
            wrong.code != 0 and not wrong.ids("tickets")
            and "CERTIFICATE_VERIFY_FAILED" in wrong.said,
            f"exit {wrong.code}")


def fill(api):
    organization = api.post("/api/v2/organizations", {"organization": {
        "name": "Sunrise Telecom", "domain_names": ["sunrise.example"]}})["organization"]["id"]
    api.post("/api/v2/organizations", {"organization": {"name": "Moonset"}})
    api.post("/api/v2/groups", {"group": {"name": "Support"}})
    api.post("/api/v2/ticket_fields", {"ticket_field": {"title": "Handset", "type": "text"}})
    for number in range(25):
        api.post("/api/v2/users", {"user": {
            "name": f"Customer {number}", "email": f"c{number}@sunrise.example",
            "organization_id": organization}})
    for start in range(0, TICKETS, 100):
        api.post("/api/v2/tickets/create_many", {"tickets": [
            {"subject": f"ticket {number}", "comment": {"body": "Il chauffe."}, "tags": ["load"]}
            for number in range(start, min(start + 100, TICKETS))]})
    # The loader goes on at the second of the last ticket that it got.
    time.sleep(2.1)
    api.post("/api/v2/tickets", {"ticket": {"subject": "the last", "comment": {"body": "x"}}})


def count(api, stream):
    if stream == "ticket_fields":
        return len(api.get("/api/v2/ticket_fields")["ticket_fields"])
    return sum(1 for _ in api.pages(f"/api/v2/{stream}", stream))


def install(t):
    done = os.path.join(VENV, "made-of.txt")
    with open(LIST, encoding="utf-8") as file:
        wanted = file.read()
    if os.path.exists(done):
        with open(done, encoding="utf-8") as file:
            if file.read() == wanted:
                return True
    for words in (["/usr/bin/python3", "-m", "venv", "--clear", VENV],
                  [os.path.join(VENV, "bin", "pip"), "install", "--quiet",
                   "--disable-pip-version-check", "--requirement", LIST]):
        code, _, err = t.command(*words, timeout=600)
        if code != 0:
            print(err.decode("utf-8", "replace")[-2000:])
            return False
    with open(done, "w", encoding="utf-8") as file:
        file.write(wanted)
    return True


class Loader:
    """The loader's set-up: a configuration, a catalogue of streams, and its state between runs."""

    def __init__(self, t, node, token, tunnel):
        self.t, self.tunnel, self.ca = t, tunnel, node.ca
        self.config = {"subdomain": NAME.split(".")[0], "start_date": "2016-01-01T00:00:00Z",
                       "access_token": token, "request_timeout": 30}
        self.state = None
        self.catalogue = self._discover()

    def _discover(self):
        """The loader's own discovery against the node, as docs/API.md tells to run it."""
        words = [os.path.join(VENV, "bin", "python"), CATALOGUE,
                 self.t.write("tap.json", json.dumps(self.config)), *STREAMS]
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=self._environment(), timeout=120)
        self.t.check("the loader discovers the streams", done.returncode == 0,
                     done.stderr.decode("utf-8", "replace")[-600:] if done.returncode
                     else f"{len(STREAMS)} streams")
        return self.t.write("catalogue.json", done.stdout.decode("utf-8"))

    def _environment(self):
        return {
            **os.environ, "HTTPS_PROXY": self.tunnel.url, "https_proxy": self.tunnel.url,
            "NO_PROXY": "", "no_proxy": "", "REQUESTS_CA_BUNDLE": self.ca}

    def load(self, title, name=None):
        """One run; what it loaded goes to a file of JSON lines."""
        config = dict(self.config, subdomain=name or self.config["subdomain"])
        words = [os.path.join(VENV, "bin", "tap-zendesk"),
                 "--config", self.t.write("tap.json", json.dumps(config)),
                 "--catalog", self.catalogue]
        if self.state and name is None:
            words += ["--state", self.t.write("state.json", json.dumps(self.state))]
        path = self.t.path(f"{title.replace(' ', '-')}.jsonl")
        with open(path, "wb") as file, open(path + ".log", "wb") as log:
            done = subprocess.run(
                words, stdout=file, stderr=log, env=self._environment(), timeout=300)
        with open(path + ".log", encoding="utf-8", errors="replace") as log:
            load = Load(path, done.returncode, log.read())
        if name is None:
            self.t.check(f"the {title} run ends well", done.returncode == 0, load.said[-600:]
                         if done.returncode else f"{load.records} records")
            self.state = load.state or self.state
        return load


class Load:
    """The messages of one run."""

    def __init__(self, path, code, said):
        self.code, self.said = code, said
        self.records, self.state, self.found = 0, None, {}
        with open(path, encoding="utf-8") as file:
            for line in file:
                message = json.loads(line)
                if message["type"] == "RECORD":
                    self.records += 1
                    self.found.setdefault(message["stream"], []).append(message["record"])
                elif message["type"] == "STATE":
                    self.state = message["value"]

    def ids(self, stream):
        return [row["id"] for row in self.found.get(stream, [])]

    def rows(self, stream):
        return {row["id"]: row for row in self.found.get(stream, [])}
