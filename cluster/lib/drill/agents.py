"""Agents at work: threads that use the API of their office's node and record what it acknowledged."""

import random
import threading
import time

from .desk_api import APIFailure, Unacknowledged
from .journal import Entry

PRIORITIES = ("low", "normal", "high", "urgent")
TYPES = ("question", "incident", "problem", "task")
SENTENCES = {
    "fr": ("Je m'en occupe.", "Merci, c'est noté.", "Le technicien passera cet après-midi.",
           "Pouvez-vous redémarrer l'appareil ?", "La pièce est commandée."),
    "en": ("I am looking at it.", "Thank you, noted.", "A technician comes this afternoon.",
           "Could you restart the device?", "The part is on its way."),
    "zh": ("我来处理。", "谢谢，已记录。", "技术员今天下午过来。", "请重新启动设备试试。", "配件已经订购。"),
}


class Pace:
    """Lets all agents work, pause together, and end."""

    def __init__(self):
        self.working = threading.Event()
        self.working.set()
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self.busy = 0

    def enter(self):
        """Waits for work time; False at the end."""
        while not self.ended.is_set():
            self.working.wait(0.1)
            with self.lock:
                if self.working.is_set() and not self.ended.is_set():
                    self.busy += 1
                    return True
        return False

    def leave(self):
        with self.lock:
            self.busy -= 1

    def pause(self, seconds=20):
        """Nobody starts a request any more; returns once the last one under way is answered."""
        self.working.clear()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with self.lock:
                if self.busy == 0:
                    return
            time.sleep(0.01)
        raise TimeoutError(f"a request was still under way after {seconds} s")

    def resume(self):
        self.working.set()

    def end(self):
        self.ended.set()
        self.working.set()


class AgentThread(threading.Thread):
    """One agent. Edits fields of tickets that are theirs alone; comments and tags anywhere."""

    def __init__(self, node, role, own, everybodys, groups, journal, pace, seed, rate=6.0):
        super().__init__(name=f"{node.name}/{role}", daemon=True)
        self.node, self.role, self.journal, self.pace = node, role, journal, pace
        self.own, self.everybodys, self.groups = list(own), list(everybodys), list(groups)
        self.random = random.Random(f"{seed}/{node.name}/{role}")
        self.rate = rate
        self.count = 0
        self.failure = None

    def run(self):
        try:
            while self.pace.enter():
                try:
                    self.work()
                finally:
                    self.pace.leave()
                time.sleep(self.random.expovariate(self.rate))
        except Exception as error:  # shown by the demo as a failed check
            self.failure = error

    def work(self):
        """One request; what gets no answer is noted, and the agent tries again a moment later."""
        acts = ((self.create, 20), (self.comment, 30), (self.edit, 25), (self.tag, 15),
                (self.take, 4), (self.read, 6))
        act = self.random.choices([act for act, _ in acts], [weight for _, weight in acts])[0]
        api = self.node.client(self.role) if not hasattr(self, "api") else self.api
        self.api = api
        try:
            act(api)
        except Unacknowledged as error:
            self.unanswered(error)
        except APIFailure as error:
            self.refused(error)

    def acknowledged(self, entry):
        """The node said that this is done."""
        self.journal.record(entry)

    def unanswered(self, error):
        self.journal.note_unacknowledged(self.node.name)
        time.sleep(0.5)

    def refused(self, error):
        if error.status >= 500 or error.status in (400, 401, 404, 422):
            raise error
        self.journal.note_refused(self.node.name, error.status, error.name)

    def unique(self, kind):
        self.count += 1
        return f"{kind}-{self.node.name}-{self.role}-{self.count}"

    def editable(self):
        """The tickets whose fields this agent edits: its own, so that the last value is known."""
        return self.own

    def sentence(self):
        language = self.random.choice(self.node.office.languages)
        return self.random.choice(SENTENCES[language])

    def body(self, marker):
        """The text of a comment; the marker makes it the only one of its kind."""
        return f"{self.sentence()} [{marker}]"

    def create(self, api):
        tag = self.unique("made")
        priority = self.random.choice(PRIORITIES)
        subject = f"{self.sentence()} ({tag})"
        body = self.body(tag)
        ticket = {"subject": subject, "comment": {"body": body}, "priority": priority,
                  "tags": [tag]}
        if self.groups:
            ticket["group_id"] = self.random.choice(self.groups)
        answer = api.post("/api/v2/tickets", {"ticket": ticket})
        identifier = answer["ticket"]["id"]
        self.own.append(identifier)
        self.acknowledged(Entry(
            self.node.name, "create", identifier, audit=answer["audit"], comment=body, tag=tag,
            fields={"subject": subject, "priority": priority}))

    def comment(self, api):
        identifier = self.random.choice(self.own + self.everybodys)
        body = self.body(self.unique("said"))
        public = self.random.random() < 0.6
        answer = api.put(f"/api/v2/tickets/{identifier}", {
            "ticket": {"comment": {"body": body, "public": public}}})
        self.acknowledged(Entry(
            self.node.name, "reply" if public else "note", identifier, audit=answer["audit"],
            comment=body))

    def edit(self, api):
        tickets = self.editable()
        if not tickets:
            return
        identifier = self.random.choice(tickets)
        fields = {"priority": self.random.choice(PRIORITIES)}
        if self.random.random() < 0.4:
            fields["type"] = self.random.choice(TYPES)
        if self.random.random() < 0.3:
            fields["subject"] = f"{self.sentence()} ({self.unique('renamed')})"
        try:
            answer = api.put(f"/api/v2/tickets/{identifier}", {"ticket": fields})
        except Unacknowledged:
            # It may have been written: what is shown in the end cannot be foretold any more.
            self.journal.forget_last_values(identifier, fields)
            raise
        audit = answer["audit"]
        self.acknowledged(Entry(
            self.node.name, "edit", identifier, audit=audit if audit["id"] else None,
            fields=fields))

    def tag(self, api):
        identifier = self.random.choice(self.own + self.everybodys)
        tag = self.unique("tag")
        answer = api.put(f"/api/v2/tickets/{identifier}", {"ticket": {"additional_tags": [tag]}})
        self.acknowledged(Entry(
            self.node.name, "tag", identifier, audit=answer["audit"], tag=tag))

    def take(self, api):
        if not self.own:
            return
        identifier = self.random.choice(self.own)
        answer = api.post(f"/api/helio/v1/tickets/{identifier}/take", {"even_if_foreign": True})
        self.acknowledged(Entry(
            self.node.name, "take", identifier, audit=(answer or {}).get("audit")))

    def read(self, api):
        identifier = self.random.choice(self.own + self.everybodys)
        answer = api.get(f"/api/v2/tickets/{identifier}")
        assert answer["ticket"]["id"] == identifier
