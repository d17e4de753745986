"""Attached files between three offices: limits, a line that is cut, kills, and taking them away."""

import hashlib
import http.client
import json
import os
import time
import urllib.parse

from drill.desk_api import DeskAPI, metric_sum
from drill.links import Links, route_name
from drill.offices import PARIS, SAN_FRANCISCO, SINGAPORE
from harness import eventually

V2 = "/api/v2"
LIMIT = 25 << 20
# Milliseconds for each 64 KiB: some 2 MB/s.
SLOW = "25-35"


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO, SINGAPORE])
    paris, san_francisco, singapore = cluster.nodes
    links = Links(cluster.nodes, t.directory)
    links.lead_through()
    t.closers.append(links.close)
    cluster.restart_all()
    limits(t, paris)
    broken_off(t, paris)
    small = everyday(t, cluster)
    killed_upload(t, paris)
    arrives(t, cluster, links)
    redacted(t, cluster, small)
    cluster.wait_equal(60)
    for node in cluster.nodes:
        verify = node.client("admin").get("/api/helio/v1/verify")["verify"]
        t.check(f"{node.name} agrees with itself", verify["self_consistent"])
        wrong = [row["kind"] for row in node.client("admin").get("/api/helio/v1/alarms")["alarms"]
                 if row["kind"] == "files"]
        t.check(f"no peer is blamed at {node.name}", not wrong, wrong)


# Uploads


def upload(node, data, name="pump.bin", headers=None, chunked=False, token=None,
           client="agent"):
    """(status, answer) of an upload; `data` is bytes, or pieces of them."""
    api = node.client(client)
    query = {"filename": name, **({"token": token} if token else {})}
    path = f"{V2}/uploads.json?{urllib.parse.urlencode(query)}"
    connection = http.client.HTTPSConnection(
        api.host, api.port, timeout=60, context=api.context)
    sent = {**api.headers, "Content-Type": "application/binary", **(headers or {})}
    if chunked:
        sent["Transfer-Encoding"] = "chunked"
    connection.request("POST", path, body=data, headers=sent, encode_chunked=chunked)
    response = connection.getresponse()
    raw = response.read()
    connection.close()
    value = json.loads(raw) if raw else None
    if DeskAPI.observer is not None:
        DeskAPI.observer("POST", path, response.status, response.headers, value)
    return response.status, value


def pieces(data, size=100_000):
    for start in range(0, len(data), size):
        yield data[start:start + size]


def left_behind(node):
    """Names of files that are half done, and of whole ones."""
    root = os.path.join(node.data, "attachments")
    return (sorted(os.listdir(os.path.join(root, "incoming"))),
            sorted(name for _, _, names in os.walk(os.path.join(root, "blobs"))
                   for name in names))


def limits(t, node):
    before = left_behind(node)
    for chunked in (False, True):
        how = "without a length" if chunked else "with its length"
        data = os.urandom(LIMIT + 1)
        status, answer = upload(node, pieces(data) if chunked else data, chunked=chunked)
        t.check(f"25 MiB and a byte, sent {how}, is refused with 413", status == 413,
                f"{status} {answer and answer.get('error')}")
        gone = eventually(lambda: left_behind(node) == before, 10)
        t.check("and nothing of it is left on the disk", gone, left_behind(node))
    status, answer = upload(node, iter([b""]), chunked=True)
    t.check("an empty file is refused", status == 422, answer)
    status, _, _ = node.client("agent").request(
        "POST", f"{V2}/tickets", b" " * ((1 << 20) + 1))
    t.check("the limit of other bodies stays 1 MiB", status == 413, status)
    resident = int(next(line.split()[1] for line in open(f"/proc/{node.pid}/status")
                        if line.startswith("VmHWM:"))) >> 10
    print(f"     peak memory of the node after these uploads: {resident} MiB", flush=True)


def broken_off(t, node):
    """A client that goes away in the middle, with a length and without."""
    before = left_behind(node)
    for chunked in (False, True):
        connection = begun(node, chunked)
        seen = eventually(lambda: left_behind(node)[0], 10)
        connection.sock.close()
        connection.close()
        gone = eventually(lambda: left_behind(node) == before, 30)
        t.check("a client that breaks off leaves nothing", seen and gone, left_behind(node))


def begun(node, chunked=False):
    """A connection on which half of an upload was sent."""
    api = node.client("agent")
    connection = http.client.HTTPSConnection(api.host, api.port, timeout=20, context=api.context)
    connection.putrequest("POST", f"{V2}/uploads?filename=half.bin")
    for name, value in api.headers.items():
        connection.putheader(name, value)
    if chunked:
        connection.putheader("Transfer-Encoding", "chunked")
    else:
        connection.putheader("Content-Length", str(4 << 20))
    connection.endheaders()
    half = os.urandom(2 << 20)
    connection.send(f"{len(half):x}\r\n".encode() + half + b"\r\n" if chunked else half)
    return connection


def killed_upload(t, node):
    """kill -9 in the middle of an upload."""
    whole = left_behind(node)[1]
    connection = begun(node)
    seen = eventually(lambda: left_behind(node)[0], 10)
    node.kill()
    connection.close()
    node.serve()
    t.check("after kill -9 in the middle of an upload nothing of it is left",
            seen and left_behind(node) == ([], whole), left_behind(node))
    status, _ = upload(node, b"after the kill")
    t.check("and uploads go on", status == 201, status)


# Comments


def attach(node, data, name, subject):
    """Uploads, and makes a ticket with the file. Returns (ticket id, its first comment)."""
    status, answer = upload(node, data, name)
    assert status == 201, answer
    api = node.client("agent")
    made = api.post(f"{V2}/tickets", {"ticket": {"subject": subject, "comment": {
        "body": "see the file", "uploads": [answer["upload"]["token"]]}}})
    shown = next(event for event in made["audit"]["events"] if event["type"] == "Comment")
    assert shown["attachments"][0]["file_name"] == name, shown
    return made["ticket"]["id"], comment_of(node, made["ticket"]["id"])


def comment_of(node, ticket):
    """The first comment of a ticket; None where the ticket is not there."""
    status, answer, _ = node.client("agent").request("GET", f"{V2}/tickets/{ticket}/comments")
    return answer["comments"][0] if status == 200 and answer["comments"] else None


def file_of(node, ticket):
    comment = comment_of(node, ticket)
    return comment["attachments"][0] if comment and comment["attachments"] else None


def download(node, file, headers=None):
    """(status, headers, bytes) of a file's content at a node."""
    api = node.client("agent")
    parts = urllib.parse.urlsplit(file["content_url"])
    connection = http.client.HTTPSConnection(api.host, api.port, timeout=60, context=api.context)
    connection.request("GET", f"{parts.path}?{parts.query}", headers={**api.headers,
                                                                       **(headers or {})})
    response = connection.getresponse()
    raw = response.read()
    connection.close()
    return response.status, response.headers, raw


def everyday(t, cluster):
    """A small file with a name that is no ASCII; returns (ticket, its hash)."""
    paris, _, singapore = cluster.nodes
    data = os.urandom(70_000)
    name = 'Plan "été" 电话;.html'
    ticket, comment = attach(paris, data, name, "a small file")
    file = comment["attachments"][0]
    status, headers, raw = download(paris, file)
    t.check("the bytes come back", status == 200 and raw == data, status)
    t.check("as a download that no browser runs",
            headers["Content-Type"] == "application/octet-stream"
            and headers["X-Content-Type-Options"] == "nosniff"
            and headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
            and headers["Content-Disposition"].startswith("attachment; filename=")
            and "%E7%94%B5" in headers["Content-Disposition"],
            headers["Content-Disposition"])
    status, headers, raw = download(paris, file, {"Range": "bytes=100-199"})
    t.check("a range is served", status == 206 and raw == data[100:200], status)
    stranger = paris.client("agent")
    stranger.headers.pop("Authorization")
    t.check("without a login nothing is served", stranger.request(
        "GET", urllib.parse.urlsplit(file["content_url"]).path)[0] == 401)
    here = eventually(
        lambda: (file_of(singapore, ticket) or {}).get("helio_state") == "here", 30)
    t.check("it is at the third office soon", here, file_of(singapore, ticket))
    t.check("and its bytes are right", download(singapore, file_of(singapore, ticket))[2] == data)
    status, again = upload(paris, data, "again.bin")
    token = again["upload"]["token"]
    count = len(left_behind(paris)[1])
    t.check("the same bytes are kept once", status == 201 and count == len(set(
        left_behind(paris)[1])) and digest(data) in left_behind(paris)[1])
    agent = paris.client("agent")
    t.check("another user's upload is not found", paris.client("lead").request(
        "DELETE", f"{V2}/uploads/{token}")[0] == 404)
    status, _, _ = agent.request("DELETE", f"{V2}/uploads/{token}")
    t.check("deleting the upload leaves the bytes that a comment names",
            status == 204 and digest(data) in left_behind(paris)[1])
    status, answer, _ = agent.request("PUT", f"{V2}/tickets/{ticket}", {"ticket": {
        "comment": {"body": "x", "uploads": [token]}}})
    t.check("a deleted upload attaches nothing", status == 422, answer)
    shared_by_many(t, paris)
    return ticket, digest(data)


def shared_by_many(t, node):
    """One token for all tickets of a bulk request, and for an imported comment."""
    agent, admin = node.client("agent"), node.client("admin")
    tickets = [agent.post(f"{V2}/tickets", {"ticket": {
        "subject": "many", "comment": {"body": str(number)}}})["ticket"]["id"]
        for number in range(3)]
    token = upload(node, b"for all of them", "all.txt")[1]["upload"]["token"]
    query = ",".join(str(ticket) for ticket in tickets)
    job = agent.put(f"{V2}/tickets/update_many?ids={query}", {"ticket": {
        "comment": {"body": "see the file", "uploads": [token]}}})["job_status"]
    shown = [agent.get(f"{V2}/tickets/{ticket}/comments")["comments"][-1]["attachments"]
             for ticket in tickets]
    t.check("one token serves every ticket of a bulk request",
            all(result["success"] for result in job["results"])
            and [[file["file_name"] for file in files] for files in shown] == [["all.txt"]] * 3
            and len({files[0]["id"] for files in shown}) == 3, job)
    status, _, _ = agent.request("PUT", f"{V2}/tickets/{tickets[0]}", {"ticket": {
        "comment": {"body": "x", "uploads": [token]}}})
    t.check("and is used up then", status == 422, status)
    token = upload(node, b"of old", "old.txt", client="admin")[1]["upload"]["token"]
    made = admin.post(f"{V2}/imports/tickets", {"ticket": {
        "subject": "old", "created_at": "2020-01-01T00:00:00Z", "comments": [
            {"body": "first"}, {"body": "second", "uploads": [token]}]}})["ticket"]["id"]
    comments = admin.get(f"{V2}/tickets/{made}/comments")["comments"]
    t.check("an imported comment brings its file",
            [[file["file_name"] for file in row["attachments"]] for row in comments]
            == [[], ["old.txt"]], comments)


def digest(data):
    return hashlib.sha256(data).hexdigest()


# Between offices


def arrives(t, cluster, links):
    """25 MiB come to Singapore by way of San Francisco, over a line that is cut five times."""
    paris, san_francisco, singapore = cluster.nodes
    direct = [route_name(paris.name, singapore.name), route_name(singapore.name, paris.name)]
    relay = [route_name(san_francisco.name, singapore.name),
             route_name(singapore.name, san_francisco.name)]
    links.command("cut", *direct)
    slow(links, relay)
    data = os.urandom(LIMIT)
    before = links.bytes_of(relay)
    ticket, _ = attach(paris, data, "film.mp4", "a large file")
    file = eventually(lambda: file_of(singapore, ticket), 60) and file_of(singapore, ticket)
    t.check("the comment is there before its file", file and file["helio_state"] != "here",
            file and file["helio_state"])
    status, headers, raw = download(singapore, file)
    words = raw.decode("utf-8", "replace")
    t.check("what is not here yet is told, with when to ask again",
            status == 503 and int(headers["Retry-After"]) >= 1 and paris.name in words, words)
    for number in range(1, 6):
        goal = number * LIMIT // 7
        come = eventually(lambda: bytes_here(singapore, ticket) >= goal, 60, 0.05)
        if number == 2:
            live_delta(t, san_francisco, singapore, ticket)
        if number == 4:
            singapore.kill()
            singapore.serve()
            kept = eventually(lambda: bytes_here(singapore, ticket) >= goal - (1 << 20), 60, 0.05)
            t.check("kill -9 of the receiver keeps what came", kept)
        at = bytes_here(singapore, ticket)
        links.command("cut", *relay)
        time.sleep(0.3)
        links.command("heal", *relay)
        slow(links, relay)
        t.check(f"cut {number} of 5", come and at < LIMIT, f"{at >> 10} KiB were there")
        kept = bytes_here(singapore, ticket)
        t.check("what came is kept", kept >= at, f"{kept >> 10} KiB")
    whole = eventually(
        lambda: file_of(singapore, ticket)["helio_state"] == "here", 180)
    t.check("25 MiB are whole at the third office", whole, file_of(singapore, ticket))
    _, _, raw = download(singapore, file_of(singapore, ticket))
    t.check("and their hash is right", digest(raw) == digest(data))
    sent = links.bytes_of(relay) - before
    t.check("over the wire went far less than twice the size", LIMIT < sent < 1.5 * LIMIT,
            f"{sent / LIMIT:.2f} times, both ways together")
    served = metric_sum(
        san_francisco.client("admin").metrics(), "helio_attachment_bytes_sent_total")
    t.check("the second office sent it", served >= LIMIT, f"{served / LIMIT:.2f} times its size")
    root = os.path.join(singapore.data, "attachments", "partial")
    t.check("no part is left over", not os.listdir(root), os.listdir(root))
    links.command("heal", *direct, *relay)


def slow(links, routes):
    links.command("delay", SLOW, *routes)


def bytes_here(node, ticket):
    return (file_of(node, ticket) or {}).get("helio_bytes_here", 0)


def live_delta(t, sender, receiver, ticket):
    """A change that is made while the file is coming does not wait for it."""
    made = sender.client("agent").post(f"{V2}/tickets", {"ticket": {
        "subject": "urgent", "comment": {"body": "beside the file"}}})["ticket"]["id"]
    start = time.monotonic()
    shown = eventually(lambda: receiver.client("agent").request(
        "GET", f"{V2}/tickets/{made}")[0] == 200, 30, 0.02)
    took = time.monotonic() - start
    t.check("a live change passes the file", shown and took < 2
            and bytes_here(receiver, ticket) < LIMIT, f"{took * 1000:.0f} ms")


def redacted(t, cluster, small):
    """Taken away in one office, it is gone in all."""
    ticket, name = small
    singapore = cluster.nodes[2]
    comment = comment_of(singapore, ticket)
    file = comment["attachments"][0]
    agent = singapore.client("agent")
    path = f"{V2}/tickets/{ticket}/comments/{comment['id']}/attachments/{file['id']}/redact"
    left = agent.put(path, {})["attachment"]
    t.check("redaction takes the file's name and bytes",
            left["deleted"] and left["file_name"] == "redacted.txt" and left["size"] == 0, left)
    for node in cluster.nodes:
        gone = eventually(lambda: download(node, file)[0] == 404, 30)
        t.check(f"it cannot be had at {node.name}", gone)
        gone = eventually(lambda: name not in left_behind(node)[1], 30)
        t.check(f"and is off the disk of {node.name}", gone)
    kinds = [event["type"] for audit in agent.get(f"{V2}/tickets/{ticket}/audits")["audits"]
             for event in audit["events"]]
    t.check("the ticket's history tells of it", "AttachmentRedactionEvent" in kinds, kinds)
