"""Who comes in, as operators and agents see it: the command line, two nodes, a kill, a cut-off month."""

import base64
import http.client
import os
import threading
import time

from drill.offices import PARIS, SAN_FRANCISCO
from harness import eventually

V2, HELIO = "/api/v2", "/api/helio/v1"
ME = f"{V2}/users/me"
MONTH = 31 * 86_400


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO])
    paris, san_francisco = cluster.nodes
    helio = cluster.helio
    helio.run("user", "add", "--name", "Mei", "--email", "mei@desk.example", "--role", "agent",
              "--password-file", t.write("first", "correct horse battery\n"), data=paris.data)
    passwords(t, helio, paris)
    disabling(t, cluster, paris, san_francisco)
    repairing(t, helio, paris)
    guessing(t, paris)
    cut_off(t, cluster, paris, san_francisco)


def basic(node, email, password):
    """Someone who signs in with a password at every request."""
    client = node.client_for(email, "")
    secret = base64.b64encode(f"{email}:{password}".encode()).decode()
    client.headers["Authorization"] = f"Basic {secret}"
    return client


def read(path):
    with open(path, "rb") as file:
        return file.read()


def status(client):
    return client.request("GET", ME)[0]


def passwords(t, helio, paris):
    t.check("a user signs in with the password that `user add` read",
            status(basic(paris, "mei@desk.example", "correct horse battery")) == 200)
    helio.run("user", "password", "mei@desk.example", "--password-file",
              t.write("second", "staple at midnight\n"), data=paris.data)
    t.check("`user password` sets another, and the first is worth nothing",
            status(basic(paris, "mei@desk.example", "staple at midnight")) == 200
            and status(basic(paris, "mei@desk.example", "correct horse battery")) == 401)
    files = [os.path.join(paris.data, name) for name in os.listdir(paris.data)]
    held = [path for path in files if os.path.isfile(path) and b"staple at midnight" in read(path)]
    t.check("no password is in any file of the node", len(files) > 5 and not held, held)


def disabling(t, cluster, paris, san_francisco):
    helio = cluster.helio
    token = helio.run("token", "create", "--user", "mei@desk.example", "--label", "laptop",
                      data=paris.data).strip()
    there = san_francisco.client_for("mei@desk.example", token)
    t.check("a token made in Paris works in San Francisco",
            eventually(lambda: status(there) == 200, 10))
    rows = helio.json("token", "list", "--user", "mei@desk.example",
                      data=san_francisco.data)["tokens"]
    t.check("`token list` shows the hour of its last use at that node, and not the token",
            len(rows) == 1 and rows[0]["label"] == "laptop" and rows[0]["last_used_at"]
            and token not in str(rows), rows)
    deltas = paris.client("admin").get(f"{HELIO}/node")["node"]["deltas"]
    for _ in range(50):
        status(paris.client_for("mei@desk.example", token))
    t.check("signing in makes no delta",
            paris.client("admin").get(f"{HELIO}/node")["node"]["deltas"] == deltas)

    ended = threading.Event()
    threading.Thread(target=listen, args=(there, ended), daemon=True).start()
    time.sleep(1)
    start = time.monotonic()
    helio.run("user", "disable", "mei@desk.example", data=paris.data)
    t.check("disabled in Paris: the token is refused there at once",
            status(paris.client_for("mei@desk.example", token)) == 401)
    t.check("and so is the password",
            status(basic(paris, "mei@desk.example", "staple at midnight")) == 401)
    t.check("in San Francisco within seconds", eventually(lambda: status(there) == 401, 10),
            f"{time.monotonic() - start:.1f} s")
    t.check("the open event stream there has ended", ended.wait(10),
            f"{time.monotonic() - start:.1f} s")
    helio.run("user", "enable", "mei@desk.example", data=san_francisco.data)
    t.check("`user enable` lets the user in again, with the same token", status(there) == 200)
    helio.run("token", "revoke", rows[0]["id"], data=san_francisco.data)
    code, value, _ = there.request("GET", ME)
    t.check("a revoked token is told so", code == 401 and "revoked" in value["description"], value)


def repairing(t, helio, paris):
    """Nobody shuts themselves out, and who was deleted or demoted comes back by the operator."""
    admin = paris.client("admin")
    me = admin.get(ME)["user"]["id"]
    for method, body in (("DELETE", None), ("PUT", {"user": {"role": "agent"}}),
                         ("PUT", {"user": {"active": False}})):
        code, value, _ = admin.request(method, f"{V2}/users/{me}", body)
        t.check("the only admin does not delete, demote or disable themselves", code == 422, value)
    mei = admin.get(f"{V2}/users/search?query=email:mei@desk.example")["users"][0]["id"]
    admin.delete(f"{V2}/users/{mei}")
    password = basic(paris, "mei@desk.example", "staple at midnight")
    t.check("a deleted user is out", status(password) == 401)
    helio.run("user", "enable", "mei@desk.example", data=paris.data)
    t.check("`user enable` brings a deleted user back", status(password) == 200)
    said = helio.run("user", "role", "mei@desk.example", "lead", data=paris.data)
    t.check("`user role` gives another role",
            "lead" in said and password.get(ME)["user"]["helio_role"] == "lead", said)


def listen(client, ended):
    connection = http.client.HTTPSConnection(
        client.host, client.port, timeout=30, context=client.context)
    connection.request("GET", f"{HELIO}/events", headers=client.headers)
    response = connection.getresponse()
    try:
        while response.readline():
            pass
    except (OSError, http.client.HTTPException):
        pass
    ended.set()


def guessing(t, paris):
    """The delay grows, is the same for who is not there, and outlives a kill."""
    waits = {}
    for email in ("nobody@desk.example", "mei@desk.example"):
        waits[email] = []
        while len(waits[email]) < 5:
            code, _, headers = basic(paris, email, "wrong every time").request("GET", ME)
            if code == 401:
                continue
            wait = int(headers["Retry-After"])
            waits[email].append(wait)
            time.sleep(wait)
    t.check("the delay doubles, for a user that there is and for one that there is not",
            waits["nobody@desk.example"] == waits["mei@desk.example"] == [1, 2, 4, 8, 16],
            waits)
    right = basic(paris, "mei@desk.example", "staple at midnight")
    t.check("the right password after the delay is let in", status(right) == 200)
    far = basic(paris, "nobody@desk.example", "wrong every time")
    far.request("GET", ME)
    time.sleep(16)
    paris.kill()
    paris.serve()
    code, _, headers = far.request("GET", ME)
    t.check("what has grown outlives kill -9",
            code == 429 and int(headers["Retry-After"]) > 1, headers.get("Retry-After"))


def cut_off(t, cluster, paris, san_francisco):
    """A node that has been alone for a month asks its operator for each user."""
    helio = cluster.helio
    cluster.wait_equal(30)
    mine, boss = san_francisco.client("agent"), san_francisco.client("lead")
    paris.stop()
    san_francisco.stop()
    later = t.clock_shifted(MONTH)
    san_francisco.environment = later
    san_francisco.serve()
    code, value, _ = mine.request("GET", ME)
    t.check("alone for a month: a user is refused, and told what to do",
            code == 403 and "helio user confirm" in value["description"], value)
    alarms = helio.json("alarms", data=san_francisco.data)["alarms"]
    t.check("an alarm says so", any(alarm["kind"] == "cut_off" for alarm in alarms),
            [alarm["kind"] for alarm in alarms])
    email = san_francisco.users["agent"][0]
    said = helio.run("user", "confirm", email, data=san_francisco.data)
    t.check("the operator of the machine confirms one of them", "let in until" in said, said)
    t.check("who was confirmed works on, nobody else does",
            status(mine) == 200 and status(boss) == 403)
    made = mine.post(f"{V2}/tickets", {"ticket": {"subject": "alone", "comment": {"body": "x"}}})
    t.check("and writes", made["ticket"]["subject"] == "alone")
    san_francisco.stop()
    san_francisco.environment = {}
    for node in (san_francisco, paris):
        node.serve()
    t.check("back among the others nobody has to be confirmed",
            eventually(lambda: status(boss) == 200, 20))
