"""The faults themselves: how each is done to a cluster, undone, and what it did.

`inject` and `heal` return soon; `settle` waits until a node that was hit serves again; `effect`
tells what the fault did, so that one that does nothing is noticed.
"""

import signal
import time

from drill.desk_api import APIFailure, Unacknowledged
from drill.node import NodeFailed
from drill.processes import wait_until

# A moved clock is seen by its node within so many seconds (the library reads once a second).
CLOCK_SEEN = 4
# How long a node that is started on a full disk is watched before there is room, in seconds.
START_ON_FULL = 1.5


class Fault:
    def __init__(self, world, planned):
        self.world, self.planned = world, planned
        self.nodes = [world.cluster.by_name[name] for name in planned.nodes]
        self.effect = 0

    def inject(self):
        raise NotImplementedError

    def heal(self):
        raise NotImplementedError

    def settle(self):
        pass

    def excuse(self):
        for node in self.nodes:
            self.world.excuses.open(node.name, self.planned.kind)

    def end_excuse(self):
        for node in self.nodes:
            self.world.excuses.close(node.name, self.planned.kind)


class Kill(Fault):
    """SIGKILL; the effect is the number of kills."""

    def inject(self):
        self.excuse()
        for node in self.nodes:
            self.kill(node)

    def kill(self, node):
        node.kill()
        self.effect += 1

    def heal(self):
        again = self.planned.detail["again_after"]
        for node in self.nodes:
            node.serve(wait=False)
            if again is not None:
                time.sleep(again)
                self.kill(node)
                node.serve(wait=False)

    def settle(self):
        for node in self.nodes:
            node.wait_healthy()
        self.end_excuse()


class Stop(Fault):
    """SIGSTOP: sockets stay open and nobody answers; the effect is the milliseconds of it."""

    def inject(self):
        self.excuse()
        self.begin = time.monotonic()
        for node in self.nodes:
            node.process.send_signal(signal.SIGSTOP)

    def heal(self):
        for node in self.nodes:
            node.process.send_signal(signal.SIGCONT)
        self.effect = round((time.monotonic() - self.begin) * 1000)

    def settle(self):
        for node in self.nodes:
            node.wait_healthy()
        self.end_excuse()


class DiskFull(Fault):
    """A full disk; the effect is the number of writes that were answered by 507.

    A node that is killed then and started on the full disk may refuse to start, in its own words;
    it starts once there is room.
    """

    def inject(self):
        self.before = self.count()
        self.excuse()
        for node in self.nodes:
            self.world.cluster.disks[node.name].fill(self.planned.detail["leave"])

    def count(self):
        return sum(count for (_, answer), count in self.world.findings.excused.items()
                   if answer == "507")

    def heal(self):
        if self.planned.detail["restart"]:
            self.start_on_full_disk()
        for node in self.nodes:
            self.world.cluster.disks[node.name].clear()

    def start_on_full_disk(self):
        for node in self.nodes:
            self.world.excuses.open(node.name, "kill")
            node.kill()
            node.serve(wait=False)
        time.sleep(START_ON_FULL)

    def settle(self):
        for node in self.nodes:
            self.await_start(node)
            self.world.excuses.close(node.name, "kill")
        self.end_excuse()
        self.effect = self.count() - self.before

    def await_start(self, node):
        """It may have ended while the disk was full; by itself and not by a crash."""
        try:
            node.wait_healthy()
            return
        except NodeFailed as error:
            code = node.process.poll()
            if not self.planned.detail["restart"] or code is None:
                raise
            if code < 0:
                self.world.findings.add(f"{node.name} crashed on a full disk: {error}")
        node.serve()


class ClockMoved(Fault):
    """The time of day jumps; the effect is 1 where the node noticed it."""

    def inject(self):
        self.begin = time.monotonic()
        for node in self.nodes:
            self.world.cluster.clocks[node.name].jump(self.planned.detail["jump"])

    def heal(self):
        for node in self.nodes:
            self.look(node)
        for node in self.nodes:
            self.world.cluster.clocks[node.name].jump(0)

    def look(self, node):
        """While it is off, the node must know it, and its lead cannot accept."""
        left = max(0.5, self.begin + CLOCK_SEEN - time.monotonic())
        try:
            wait_until(lambda: not trusts_clock(node), left, f"{node.name} distrusts its clock")
        except TimeoutError as error:
            self.world.findings.add(f"{error}, moved by {self.planned.detail['jump']} s "
                                    "(invariant 19)")
            return
        self.effect += 1
        try:
            node.client("lead").post("/api/helio/v1/handoffs/accept")
            self.world.findings.add(f"{node.name} accepted under a clock that it does not trust")
        except APIFailure as error:
            if error.status not in (409, 503):
                self.world.findings.add(f"{node.name} under a moved clock: {error}")

    def settle(self):
        for node in self.nodes:
            wait_until(lambda: trusts_clock(node), 10, f"{node.name} trusts its clock again")


def trusts_clock(node):
    try:
        return node.client("admin").get("/api/helio/v1/node")["node"]["clock"]["trusted"]
    except (APIFailure, Unacknowledged) as error:
        raise RuntimeError(str(error)) from error


class Cut(Fault):
    """Packets are lost without a word, both ways or one way; the effect is their number."""

    def inject(self):
        self.world.wires.lose(self.planned.edges, self.planned.detail.get("permille", 1000))

    def heal(self):
        self.effect = self.world.wires.carry(self.planned.edges)


class Bandwidth(Fault):
    """The way out of a node is narrow; the effect is how often packets had to wait for room."""

    def inject(self):
        for node in self.nodes:
            self.world.wires.narrow(node.name, self.planned.detail["kbit"])

    def heal(self):
        for node in self.nodes:
            self.effect += self.world.wires.widen(node.name)


class Delay(Fault):
    """Links go through a proxy that delays each piece by chance; the effect is the bytes so sent.

    TCP keeps the order within a link; those of different links overtake each other.
    """

    def inject(self):
        links = self.world.links
        low, high = self.planned.detail["span"]
        links.delay(low, high)
        self.before = links.all_bytes()
        self.world.wires.lead({edge: links.port(*edge) for edge in self.planned.edges})
        self.world.redial()

    def heal(self):
        self.world.wires.lead_straight()
        self.effect = self.world.links.all_bytes() - self.before
        self.world.links.heal()


FAULTS = {"kill": Kill, "stop": Stop, "disk": DiskFull, "clock": ClockMoved, "cut": Cut,
          "one-way": Cut, "loss": Cut, "bandwidth": Bandwidth, "delay": Delay}
