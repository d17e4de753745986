"""One fault of the disk, met by one node: its lives before, during and after."""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field

from disk_workload import Workload
from drill.helio import CommandFailed
from drill.node import NodeFailed
from failing_disk import FILES, IO_ERROR, NO_SPACE, POWER_LOSS, SYNCS, WRITES
from harness import eventually


@dataclass(frozen=True)
class Fault:
    name: str
    action: int
    on: int
    lasting: bool = False


FAULTS = (
    Fault("write fails once", IO_ERROR, WRITES),
    Fault("write fails for good", IO_ERROR, WRITES, lasting=True),
    Fault("sync fails once", IO_ERROR, SYNCS),
    Fault("sync fails for good", IO_ERROR, SYNCS, lasting=True),
    Fault("no space once", NO_SPACE, WRITES),
    Fault("no space until freed", NO_SPACE, WRITES, lasting=True),
    Fault("power lost in a write", POWER_LOSS, WRITES),
    Fault("power lost in a sync", POWER_LOSS, SYNCS),
)


@dataclass
class Outcome:
    fault: Fault
    at: int
    hit: bool = False
    file: str = ""
    acknowledged: int = 0
    answers: list = field(default_factory=list)
    refused_reads: int = 0
    lost_sectors: int = 0
    not_started: bool = False
    findings: list = field(default_factory=list)


class Bench:
    """A node with a failing disk, put back into the same state before each case."""

    def __init__(self, node, disk, pristine):
        self.node, self.disk, self.pristine = node, disk, pristine

    def reset(self):
        shutil.rmtree(self.node.data)
        shutil.copytree(self.pristine, self.node.data)
        self.disk.heal()
        self.disk.settle()
        self.node.process = None
        self.node.environment = dict(self.disk.environment)

    def count(self):
        """Writes and syncs of the workload without a fault, start and end included."""
        outcome = Case(self, Fault("none", 0, WRITES), 0).run()
        return self.counted, outcome

    def case(self, fault, at):
        return Case(self, fault, at).run()


class Case:
    def __init__(self, bench, fault, at):
        self.bench, self.node, self.disk = bench, bench.node, bench.disk
        self.fault, self.at = fault, at
        self.outcome = Outcome(fault, at)

    def run(self):
        self.bench.reset()
        self.work = Workload(self.node)
        try:
            self.under_fault()
            self.restarted()
            self.after_power_loss()
        finally:
            self.end(kill=True)
        self.look_inside()
        self.outcome.acknowledged = self.work.acknowledged
        self.outcome.answers = [status for _, status in self.work.answers]
        self.outcome.refused_reads = self.work.refused_reads
        self.outcome.findings += self.work.findings
        return self.outcome

    def find(self, text):
        self.outcome.findings.append(text)

    # Lives

    def under_fault(self):
        self.disk.arm(self.fault.action, self.fault.on, self.at, self.fault.lasting)
        if self.start(may_fail=True):
            self.work.run()
            if self.fault.action == IO_ERROR and self.work.last_status == 500:
                self.expect_alarm()
            if self.fault.action == NO_SPACE and self.fault.lasting and self.disk["hits"]:
                self.free_space()
            # A disk that failed is left behind by SIGKILL and by SIGTERM, by turns.
            self.end(kill=self.disk["hits"] > 0 and self.at % 2 == 1)
        self.bench.counted = (self.disk["writes"], self.disk["syncs"])
        self.outcome.hit = self.disk["hits"] > 0
        self.outcome.file = FILES[self.disk["file"]] if self.outcome.hit else ""
        if self.fault.action == IO_ERROR:
            self.expect_silence()
        self.disk.heal()

    def free_space(self):
        """Writes are refused as long as nothing is free, reads go on, and then it recovers."""
        if self.work.ticket is None:
            self.work.create()
        else:
            self.work.reply("without space")
        if self.work.last_status != 507:
            self.find(f"without space a write was answered with {self.work.last_status}")
        self.work.look()
        if self.work.refused_reads:
            self.find("without space a read was refused")
        self.disk.heal()
        tries = iter(range(1_000))

        def writes_again():
            if self.work.ticket is None:
                self.work.create()
            else:
                self.work.reply(f"after space {next(tries)}")
            return self.work.last_status in (200, 201)

        if not eventually(writes_again, 5):
            self.find("there is space again, and no write is taken")

    def expect_silence(self):
        """After an answer that the disk failed no write is acknowledged before a restart."""
        failed = [step for step, status in self.work.answers if status in (500, 503)]
        late = [step for step, status in self.work.answers
                if failed and step > failed[0] and status in (200, 201)]
        if late:
            self.find(f"acknowledged after the disk had failed: {self.work.answers}")

    def expect_alarm(self):
        """Who watches the node sees that it writes no more."""
        status, health, _ = self.node.client("admin").request("GET", "/health")
        failing = [each["name"] for each in health["checks"] if not each["ok"]]
        if status != 503 or "writable" not in failing:
            self.find(f"the disk failed, and /health says {status}, {failing}")

    def restarted(self):
        """A healthy disk again, what the failed one forgot still forgotten."""
        if self.fault.action == POWER_LOSS and self.outcome.hit:
            self.lose_power()
        if self.start():
            self.work.look(decides=True)
            self.work.reply("after the restart")
            if self.work.ticket and self.work.last_status != 200:
                self.find(f"after the restart a write is answered {self.work.last_status}")
        self.end(kill=True)

    def after_power_loss(self):
        self.lose_power()
        if self.start():
            self.work.look(decides=True)
            verified = self.work.read("/api/helio/v1/verify", "admin")
            if not verified or not verified["verify"]["self_consistent"]:
                self.find(f"verify: {verified}")
        code = self.end(kill=False)
        if code not in (0, None):
            self.find(f"the healthy node ended with {code}")

    # Parts of a life

    def lose_power(self):
        seed = self.at if self.at > 2 else self.at % 2
        self.outcome.lost_sectors += self.disk.lose_power(seed)[1]

    def start(self, may_fail=False):
        try:
            self.node.serve(wait=False)
            # One whose disk failed at the start reads, and says that it does not write.
            self.node.wait_healthy(accept=(200, 503) if may_fail else (200,))
            return True
        except NodeFailed as error:
            code = self.node.process.poll()
            self.node.process = None
            hit = self.disk["hits"] > 0
            is_power = self.fault.action == POWER_LOSS and code == -9
            self.outcome.not_started = True
            if not (may_fail and hit and (is_power or code is not None and code > 0)):
                self.find(f"the node does not start: {code}, {error}")
            return False

    def end(self, kill):
        self.work.leave()
        if self.node.process is None:
            return None
        if self.node.process.poll() is not None:
            code, self.node.process = self.node.process.returncode, None
            if code != -9 or self.fault.action != POWER_LOSS:
                self.find(f"the node ended by itself with {code}: {self.node.log_tail(5)}")
            return None
        if kill:
            self.node.kill()
            return None
        code = self.node.stop()
        if code is not None and code < 0 and not (code == -9 and self.fault.action == POWER_LOSS):
            self.find(f"the node was ended by signal {-code}")
        return code

    def look_inside(self):
        """The operator's check, and SQLite's own by another program than the node."""
        try:
            self.node.helio.run("doctor", data=self.node.data)
        except CommandFailed as error:
            self.find(f"doctor: {error}")
        name = os.path.join(self.node.data, "heliotrope.sqlite")
        with closing(sqlite3.connect(name)) as database:
            rows = [row[0] for row in database.execute("PRAGMA integrity_check")]
        if rows != ["ok"]:
            self.find(f"integrity_check: {rows[:3]}")
