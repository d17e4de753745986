"""What a black-box test works with: clusters, files, and a place for its findings."""

import os
import shutil
import subprocess
import sys
import time
from datetime import datetime, timezone

from drill.desk_api import DeskAPI
from drill.founding import Cluster, temporary_directory

try:
    from contract import Contract
except ImportError:
    # Its packages are not here; Tests/blackbox/run has said so.
    Contract = None


class Harness:
    def __init__(self, name, binary):
        self.name, self.binary = name, binary
        self.passed = self.failed = 0
        self.directory = temporary_directory(name.replace("_", "-")[:12])
        self.clusters = []
        self.closers = []
        self.contract = Contract() if Contract else None
        DeskAPI.observer = self.contract.observe if Contract else None

    def check(self, what, ok, found=""):
        """One line: PASS or FAIL, and what was found."""
        verdict = "PASS" if ok else "FAIL"
        self.passed += bool(ok)
        self.failed += not ok
        text = " ".join(str(found).split())
        print(f"{verdict} {self.name}: {what}" + (f" ({text})" if text else ""), flush=True)
        return bool(ok)

    def cluster(self, offices, desk=True, directory=None, environment=None):
        """A served cluster of these offices; with `desk`, groups, people and tokens. `environment`
        is that of all its programs, such as `clock_shifted` gives it."""
        cluster = Cluster(directory or self.directory, self.binary)
        cluster.helio.environment = environment or {}
        self.clusters.append(cluster)
        first = cluster.found(offices[0])
        first.serve()
        for office in offices[1:]:
            cluster.join(cluster.invite(first, office), office).serve()
        if desk:
            users = cluster.add_people(first, offices)
            admin = cluster.add_user(first, "Admin", "admin@drill.example", "admin", offices[0])
            for node in cluster.nodes:
                for role in ("agent", "lead"):
                    node.users[role] = users[(node.office.code, role)]
                node.users["admin"] = ("admin@drill.example", admin)
            cluster.wait_equal(60)
        return cluster

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def command(self, *words, timeout=60, feed=b"", environment=None, directory=None):
        """(exit code, standard output, standard error) of any program, as bytes."""
        done = subprocess.run(
            [str(word) for word in words], capture_output=True, timeout=timeout, input=feed,
            cwd=directory, env={**os.environ, **(environment or {})})
        return done.returncode, done.stdout, done.stderr

    def openssl(self, *words, timeout=30, feed=b""):
        code, out, err = self.command("openssl", *words, timeout=timeout, feed=feed)
        if code != 0:
            raise RuntimeError(f"openssl {words[0]}: {err.decode(errors='replace')}")
        return out

    def clock_shifted(self, seconds):
        """The environment in which a program sees the time of day moved by so much."""
        return {"LD_PRELOAD": self.preloaded("clock_shift.c"), "CLOCK_SHIFT": str(seconds)}

    def preloaded(self, source):
        """A library for LD_PRELOAD, compiled of one of the files here."""
        library = self.path(source.removesuffix(".c") + ".so")
        if not os.path.exists(library):
            code, _, err = self.command(
                "cc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", library,
                os.path.join(os.path.dirname(os.path.abspath(__file__)), source), "-ldl")
            if code != 0:
                raise RuntimeError(f"{source}: {err.decode(errors='replace')}")
        return library

    def show_logs(self):
        for cluster in self.clusters:
            for node in cluster.nodes:
                print(f"{node.name}, the end of its log:\n{node.log_tail(15)}", file=sys.stderr)

    def check_contract(self):
        if self.contract is not None and self.contract.answers > 0:
            found = self.contract.problems
            self.check("every answer is as docs/openapi.yaml says", not found,
                       found[0] if found else f"{self.contract.answers} answers")
            for problem in found[1:20]:
                print(f"     and {problem}")

    def close(self):
        DeskAPI.observer = None
        self.check_contract()
        for closer in reversed(self.closers):
            closer()
        for cluster in self.clusters:
            cluster.stop()
        if os.environ.get("KEEP"):
            print(f"kept: {self.directory}")
        else:
            shutil.rmtree(self.directory, ignore_errors=True)


def now():
    return datetime.now(timezone.utc)


def wire(instant):
    return instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def eventually(condition, seconds, pause=0.2):
    """Whether the condition came true in that time."""
    deadline = time.monotonic() + seconds
    while True:
        if condition():
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)


def roster_two(first, second, boundary, accept_within=15, fallback=None):
    """A roster by the UTC clock: `second` takes over from `first` at `boundary`, and gives back
    twelve hours later."""
    start = boundary.strftime("%H:%M")
    other = f"{(boundary.hour + 12) % 24:02}:{boundary.minute:02}"
    lines = ['name = "test"', f"accept_within = {accept_within}", 'handover = "start"']
    if fallback:
        lines.append(f'fallback = "{fallback}"')
    for office, begin in ((first, other), (second, start)):
        lines += ["", "[[shifts]]", f'office = "{office}"', 'zone = "Etc/UTC"',
                  f'start = "{begin}"', "hours = 12"]
    return "\n".join(lines) + "\n"
