"""The event stream: places to come back with, signs of life, a reader who stops reading."""

import http.client
import json
import queue
import socket
import threading
import time

from drill.offices import PARIS, SAN_FRANCISCO
from harness import eventually

PATH = "/api/helio/v1/events"


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO])
    paris, san_francisco = cluster.nodes
    api, other = paris.client("agent"), san_francisco.client("agent")
    made = ticket(api, "before")
    cluster.wait_equal(30)
    stream = Stream(api)
    put(api, made, "open")
    first = stream.next("ticket")
    t.check("what this node does is told, with a place", first and first.data["ticket_id"] == made
            and first.id, first)
    put(other, made, "pending")
    second = stream.next("ticket")
    t.check("and what another office does, once it is applied here",
            second and second.id and place(second) > place(first), second)
    alive = stream.comment(15)
    t.check("a sign of life comes within 15 s", alive)
    stream.close()

    # The client is away; then it comes back.
    for number in range(5):
        put(api, made, ("open", "pending")[number % 2])
    put(other, made, "hold")
    cluster.wait_equal(30)
    back = Stream(api, {"Last-Event-ID": second.id})
    missed = [back.next("ticket") for _ in range(6)]
    t.check("a client that comes back gets what it missed, in order and once",
            all(missed) and [place(each) for each in missed]
            == sorted({place(each) for each in missed})
            and place(missed[0]) > place(second), [each and each.id for each in missed])
    put(api, made, "open")
    live = back.next("ticket")
    t.check("and then what comes", live and place(live) > place(missed[-1]), live)
    back.close()
    query = Stream(api, query=f"?last_event_id={missed[-1].id}")
    t.check("the place may stand in the query", query.next("ticket").id == live.id)
    query.close()
    foreign = Stream(other, {"Last-Event-ID": second.id})
    lost = foreign.next("lost")
    t.check("a place of another node is told to mean nothing", lost and lost.data["count"] is None,
            lost)
    foreign.close()
    cut_off(t, api)
    behind(t, api, second)
    alarm(t, paris)
    stops_reading(t, paris, api)


def ticket(api, subject):
    return api.post("/api/v2/tickets", {"ticket": {
        "subject": subject, "comment": {"body": "x"}}})["ticket"]["id"]


def put(api, made, status):
    api.put(f"/api/v2/tickets/{made}", {"ticket": {"status": status}})


def place(event):
    return int(event.id.split(".")[1])


def cut_off(t, api):
    """A merge is one delta of many events; who hears only the first of them loses none."""
    kept, *others = [ticket(api, f"merged {number}") for number in range(3)]
    stream = Stream(api)
    api.post(f"/api/v2/tickets/{kept}/merge", {"ids": others})
    first = stream.next(None)
    t.check("a stream has a place before its first event, the first of many adds none",
            first and first.id is None and first.last, first)
    stream.close()
    back = Stream(api, {"Last-Event-ID": first.last})
    again = [back.next(None)]
    while again[-1] and not again[-1].id:
        again.append(back.next(None))
    heard = {event.data["ticket_id"] for event in again if event and event.name == "ticket"}
    t.check("who was cut off behind it is told the whole of it again",
            len(again) > 3 and heard == {kept, *others} and again[0].data == first.data
            and {event.data["dot"] for event in again} == {first.data["dot"]}, again)
    back.close()


def behind(t, api, old):
    """Ten thousand deltas are read back, and no more."""
    ids = [ticket(api, f"many {number}") for number in range(100)]
    joined = ",".join(str(each) for each in ids)
    for number in range(101):
        api.put(f"/api/v2/tickets/update_many?ids={joined}", {"ticket": {
            "priority": ("low", "high")[number % 2]}})
    stream = Stream(api, {"Last-Event-ID": old.id})
    lost = stream.next("lost")
    t.check("who was away for too long is told how much is lost", lost
            and lost.data["count"] > 10_000, lost)
    stream.close()


def alarm(t, node):
    """A board that nobody accepts becomes an alarm, and ends when somebody does."""
    stream = Stream(node.client("lead"))
    roster = ('name = "one"\naccept_within = 1\n\n[[shifts]]\noffice = "paris"\n'
              'zone = "Etc/UTC"\nstart = "00:00"\nhours = 24\n')
    path = node.data + ".toml"
    with open(path, "w", encoding="utf-8") as file:
        file.write(roster)
    node.helio.run("roster", "apply", path, "--emergency", data=node.data)
    raised = stream.next("alarm", 100)
    t.check("an alarm is told, with its cause", raised and raised.data["kind"] == "not_accepted"
            and raised.data["cause"] and raised.data["severity"] == "critical", raised)
    node.client("lead").post("/api/helio/v1/handoffs/accept")
    ended = stream.next("alarm_ended", 30)
    t.check("and that it is gone", ended and ended.data["cause"] == raised.data["cause"], ended)
    stream.close()


def stops_reading(t, node, api):
    """A client that does not read is closed; nobody else waits for it."""
    lazy = socket.socket()
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    lazy.connect((api.host, api.port))
    port = lazy.getsockname()[1]
    secure = api.context.wrap_socket(lazy, server_hostname=api.host)
    secure.sendall((f"GET {PATH} HTTP/1.1\r\nHost: {api.host}\r\n"
                    f"Authorization: {api.headers['Authorization']}\r\n\r\n").encode())
    quick = Stream(api)
    ids = ",".join(str(each["id"]) for each in api.get("/api/v2/tickets", per_page=100)["tickets"])
    deadline, rounds, slowest = time.monotonic() + 120, 0, 0.0

    def flood():
        nonlocal rounds, slowest
        start = time.monotonic()
        api.put(f"/api/v2/tickets/update_many?ids={ids}", {"ticket": {
            "priority": ("low", "high")[rounds % 2]}})
        slowest = max(slowest, time.monotonic() - start)
        rounds += 1
        while quick.next("ticket", 0.01):
            pass

    while connections(node.pid, port) and time.monotonic() < deadline:
        flood()
    gone = not connections(node.pid, port)
    t.check("a reader that stops reading is closed", gone, f"after {rounds} × 100 changes")
    t.check("and held nobody up", slowest < 5, f"the slowest hundred took {slowest:.2f} s")
    quick.close()
    secure.close()


def connections(pid, port):
    """Established connections from that local port of ours, as the kernel has them."""
    with open(f"/proc/{pid}/net/tcp", encoding="utf-8") as file:
        rows = [line.split() for line in file.readlines()[1:]]
    # The node's side: its remote port is ours. 01 is ESTABLISHED.
    return [row for row in rows if row[3] == "01" and int(row[2].split(":")[1], 16) == port]


class Event:
    """`id` is the event's own, `last` what a client would come back with after it."""

    def __init__(self, name, identifier, data, last):
        self.name, self.id, self.data, self.last = name, identifier, data, last

    def __repr__(self):
        return f"{self.name} {self.id} {self.data}"


class Stream:
    """Reads one stream by the rules of HTML's server-sent events, in a thread of its own."""

    def __init__(self, api, headers=None, query=""):
        self.connection = http.client.HTTPSConnection(
            api.host, api.port, timeout=60, context=api.context)
        self.connection.request("GET", PATH + query, headers={**api.headers, **(headers or {})})
        self.socket = self.connection.sock
        self.response = self.connection.getresponse()
        assert self.response.status == 200, self.response.status
        self.events, self.comments = queue.Queue(), 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        lines, last = [], None
        try:
            for raw in self.response:
                line = raw.decode("utf-8").rstrip("\n")
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    lines.append(line)
                else:
                    fields = dict(part.split(": ", 1) for part in lines)
                    lines = []
                    last = fields.get("id", last)
                    if "data" in fields:
                        self.events.put(Event(
                            fields.get("event"), fields.get("id"), json.loads(fields["data"]), last))
        except (OSError, http.client.HTTPException, ValueError):
            pass

    def next(self, name, seconds=10):
        """The next event of that name, or of any; None where none comes in that time."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                event = self.events.get(timeout=max(0.001, deadline - time.monotonic()))
            except queue.Empty:
                return None
            if name in (None, event.name):
                return event

    def comment(self, seconds):
        before = self.comments
        return eventually(lambda: self.comments > before, seconds)

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
