"""Clients under faults: each works at its own office's node and judges what it gets.

Work must go on whatever the other nodes and the links do. A request may fail only by a fault of the
very node that it was sent to: no answer from one that was killed or stopped, 507 from one whose
disk is full.
"""

import threading
import time
from collections import Counter
from datetime import datetime, timezone

from drill.agents import AgentThread

NO_ANSWER = {"kill", "stop"}
# A correct node's stamps are never further from the true time (invariant 19), in seconds.
STAMP_TOLERANCE = 60
OWN_TICKETS = 5
# Now and then a comment is long and does not compress, so that narrow links are really full.
SHARE_OF_LONG, LONG_BYTES = 0.1, 6_000


class Findings:
    """What went wrong in the eyes of the clients, and how long answers took."""

    def __init__(self):
        self.lock = threading.Lock()
        self.wrong = []
        self.times = []              # seconds of each write at a node that was itself well
        self.excused = Counter()     # (fault, answer) → requests

    def add(self, line):
        with self.lock:
            self.wrong.append(line)

    def excuse(self, kinds, answer):
        with self.lock:
            self.excused[("+".join(sorted(kinds)), answer)] += 1

    def answered(self, seconds):
        with self.lock:
            self.times.append(seconds)


class Client(AgentThread):
    """An agent who knows what was done to the node, and keeps to a few tickets."""

    def __init__(self, node, journal, pace, seed, excuses, findings, rate):
        super().__init__(node, "agent", [], [], [], journal, pace, seed, rate)
        self.excuses, self.findings = excuses, findings
        self.usual_rate = rate
        self.generation = None
        self.begin = 0.0
        self.doubtful = set()        # tickets of writes whose outcome nobody knows

    def begin_round(self, shared, pressure=1.0):
        """`shared`: tickets that every node has. `pressure`: how much faster than usual."""
        self.rate = self.usual_rate * pressure
        del self.own[:-OWN_TICKETS]
        self.everybodys[:] = shared

    def editable(self):
        return self.own + self.everybodys

    def body(self, marker):
        long = self.random.random() < SHARE_OF_LONG
        return super().body(marker) + (self.random.randbytes(LONG_BYTES).hex() if long else "")

    def work(self):
        generation = self.excuses.generation(self.node.name)
        if generation != self.generation and hasattr(self, "api"):
            self.api.close()
        self.generation = generation
        self.begin = time.monotonic()
        super().work()

    def acknowledged(self, entry):
        super().acknowledged(entry)
        if not self.excuses.since(self.node.name, self.begin):
            self.findings.answered(time.monotonic() - self.begin)
        self.judge_stamp(entry)

    def judge_stamp(self, entry):
        stamp = (entry.audit or {}).get("created_at")
        if stamp is None:
            return
        told = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
        off = (told - datetime.now(timezone.utc)).total_seconds()
        if abs(off) > STAMP_TOLERANCE:
            self.findings.add(f"{self.node.name} stamped a write of ticket {entry.ticket} "
                              f"{off:+.0f} s off the true time (invariant 19)")

    def unanswered(self, error):
        kinds = self.excuses.since(self.node.name, self.begin) & NO_ANSWER
        if kinds:
            self.findings.excuse(kinds, "no answer")
        else:
            seconds = time.monotonic() - self.begin
            self.findings.add(f"{self.node.name} gave no answer in {seconds:.1f} s though nothing "
                              f"was done to it (invariant 18): {error}")
        super().unanswered(error)

    def refused(self, error):
        kinds = self.excuses.since(self.node.name, self.begin)
        if error.status == 507 and "disk" in kinds:
            self.findings.excuse({"disk"}, "507")
            time.sleep(0.2)
        elif error.status == 503 and error.name == "ReadOnly":
            self.findings.excuse(kinds or {"none"}, "503 ReadOnly")
        elif error.status in (409, 429):
            super().refused(error)
        else:
            shown = "+".join(sorted(kinds)) or "nothing"
            self.findings.add(f"{self.node.name} ({shown} was done to it) refused a request that "
                              f"had to be taken (invariant 18): {error}")
            time.sleep(0.2)
