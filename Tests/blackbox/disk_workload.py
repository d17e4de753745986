"""A small workload at one node, and the judgement of everything that the node says about it."""

import concurrent.futures
import time

from drill.desk_api import Unacknowledged
from harness import eventually

ACKNOWLEDGED, UNKNOWN, REFUSED = "acknowledged", "unknown", "refused"
TOGETHER = 4


class Workload:
    """Creates, updates, replies, a bulk request, and replies that arrive together.

    Each text is written once, so what the node shows can be held against what it answered: an
    acknowledged write is there exactly once, one refused for want of space never, any other write
    once or not at all, the same from the first restart on.
    """

    def __init__(self, node):
        self.node = node
        self.ticket = None
        self.texts = {}       # comment → state
        self.subjects = {}    # ticket → state
        self.priorities = [None]   # those that the ticket may have
        self.step = 0
        self.answers = []     # (step, status) of each write; None where no answer came
        self.clients = {}
        self.refused_reads = 0
        self.findings = []

    def steps(self):
        yield self.create
        yield lambda: self.update("high")
        yield lambda: self.reply("a reply")
        yield self.create_many
        yield self.reply_together
        yield lambda: self.update("urgent")
        yield self.wait_for_index

    def run(self):
        """All of it, each step followed by reads; ends where nobody answers any more."""
        for step in self.steps():
            self.step += 1
            step()
            if self.has_ended:
                return
            self.look()

    # Writes

    def write(self, method, path, body):
        """The state that the answer gives the write, and the answer."""
        try:
            status, value, _ = self.client("agent").request(method, path, body)
        except Unacknowledged as error:
            status, value = None, None
            self.expect_end(error)
        self.answers.append((self.step, status))
        if status in (200, 201):
            return ACKNOWLEDGED, value
        if status == 507:
            return REFUSED, value
        if status is not None and status not in (500, 503):
            self.find(f"{method} {path} was answered with {status} {value}")
        return UNKNOWN, value

    @property
    def last_status(self):
        return self.answers[-1][1] if self.answers else None

    def create(self):
        self.subjects["printer"], answer = self.write("POST", "/api/v2/tickets", {"ticket": {
            "subject": "printer", "comment": {"body": "it smokes"}}})
        self.texts["it smokes"] = self.subjects["printer"]
        if self.subjects["printer"] == ACKNOWLEDGED:
            self.ticket = answer["ticket"]["id"]

    def update(self, priority):
        if self.ticket is None:
            return
        state, _ = self.change({"priority": priority})
        if state == ACKNOWLEDGED:
            self.priorities = [priority]
        elif state == UNKNOWN:
            self.priorities.append(priority)

    def reply(self, text):
        if self.ticket is not None:
            self.texts[text], _ = self.change({"comment": {"body": text}})

    def change(self, fields):
        return self.write("PUT", f"/api/v2/tickets/{self.ticket}", {"ticket": fields})

    def create_many(self):
        subjects = [f"bulk {number}" for number in range(3)]
        state, answer = self.write("POST", "/api/v2/tickets/create_many", {"tickets": [
            {"subject": subject, "comment": {"body": subject}} for subject in subjects]})
        rows = answer["job_status"]["results"] if state == ACKNOWLEDGED else [{}] * len(subjects)
        for subject, row in zip(subjects, rows):
            # A job is answered with 200 even where its rows were refused.
            refused = row.get("error") == "StorageFull"
            self.subjects[subject] = (
                ACKNOWLEDGED if "id" in row else REFUSED if refused else
                state if state != ACKNOWLEDGED else UNKNOWN)
        if state == ACKNOWLEDGED and ACKNOWLEDGED not in map(self.subjects.get, subjects):
            self.answers[-1] = (self.step, 507 if refused else 500)

    def reply_together(self):
        with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
            for job in [pool.submit(self.reply, f"together {number}")
                        for number in range(TOGETHER)]:
                job.result()

    def wait_for_index(self):
        """So that the commits of the search index belong to the workload."""
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline and not self.has_ended:
            answer = self.read("/api/helio/v1/node", "admin")
            if answer is None or answer["node"]["search_lag"] == 0:
                return
            time.sleep(0.05)

    # Reads

    def read(self, path, role="agent"):
        """The answer; None where the node refuses to give one. Wrong is worse than none."""
        try:
            status, value, _ = self.client(role).request("GET", path)
        except Unacknowledged as error:
            self.expect_end(error)
            return None
        if status == 200:
            return value
        self.refused_reads += 1
        if status not in (500, 503):
            self.find(f"GET {path} was answered with {status} {value}")
        return None

    def look(self, decides=False):
        """Holds what is shown against what was answered.

        With `decides` every read must be answered, and what is shown now must stay.
        """
        before = self.refused_reads
        self.look_at_list(decides)
        if self.ticket is not None:
            self.look_at_ticket(decides)
        if decides and self.refused_reads != before:
            self.find("a healthy node refuses to read")

    def look_at_list(self, decides):
        answer = self.read("/api/v2/tickets?page[size]=100")
        if answer is None:
            return
        shown = [ticket["subject"] for ticket in answer["tickets"]]
        known = [subject for subject in shown if subject != "before"]
        self.hold("ticket", self.subjects, known, decides)

    def look_at_ticket(self, decides):
        comments = self.read(f"/api/v2/tickets/{self.ticket}/comments?page[size]=100")
        if comments is not None:
            bodies = [comment["body"] for comment in comments["comments"]]
            self.hold("comment", self.texts, bodies, decides)
        answer = self.read(f"/api/v2/tickets/{self.ticket}")
        if answer is not None:
            priority = answer["ticket"]["priority"]
            if priority not in self.priorities:
                self.find(f"the priority is {priority}, it may be one of {self.priorities}")
            if decides:
                self.priorities = [priority]

    def hold(self, what, states, shown, decides):
        for text in sorted(set(shown) - set(states)):
            self.find(f"{what} {text!r} was never written")
        for text, state in states.items():
            times = shown.count(text)
            allowed = {ACKNOWLEDGED: (1,), UNKNOWN: (0, 1), REFUSED: (0,)}[state]
            if times not in allowed:
                self.find(f"{what} {text!r}, {state}, is there {times} times")
            if decides:
                states[text] = ACKNOWLEDGED if times else REFUSED

    @property
    def has_ended(self):
        return self.node.process.poll() is not None

    def expect_end(self, error):
        """No answer came: the process must be at its end, which may take it a moment."""
        if not eventually(lambda: self.has_ended, 10, pause=0.02):
            self.find(f"a running node does not answer: {error}")

    def client(self, role):
        if role not in self.clients:
            self.clients[role] = self.node.client(role)
        return self.clients[role]

    def leave(self):
        """Closes what is open, so that the node need not wait for it to end."""
        for client in self.clients.values():
            client.close()
        self.clients = {}

    def find(self, text):
        self.findings.append(text)

    @property
    def acknowledged(self):
        return [*self.texts.values(), *self.subjects.values()].count(ACKNOWLEDGED)
