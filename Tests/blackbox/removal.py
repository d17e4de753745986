"""A removed node: its live connections close, and its key opens no door again."""

import shutil
import time

from drill.desk_api import DeskAPI, Unacknowledged
from drill.offices import PARIS, SAN_FRANCISCO
from harness import eventually
from tls_probe import alert_of, make_certificate, make_key, peer_certificate, s_client, san_of


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO])
    paris, san_francisco = cluster.nodes
    admin = paris.client("admin")
    key, stranger = t.path("removed.key"), make_key(t, "stranger")
    shutil.copy(f"{san_francisco.data}/node.key", key)
    shown = peer_certificate(
        t, san_francisco.peer, make_certificate(t, "stranger", stranger, None), stranger)
    own = t.write("own.pem", shown)

    _, out, said = s_client(paris.peer, "-tls1_3", "-cert", own, "-key", key, seconds=4)
    t.check("before the removal the node's certificate is let in: the other side says HELLO",
            len(out) > 0, f"{len(out)} bytes")

    api = san_francisco.client("agent")
    api.post("/api/v2/tickets", {"ticket": {"subject": "before", "comment": {"body": "before"}}})
    cluster.wait_equal(30)
    removed_at = time.monotonic()
    cluster.helio.run("remove", san_francisco.name, "--yes", data=paris.data)
    closed = eventually(lambda: not connected(admin, san_francisco.name), 5)
    t.check("live connections of the removed node are closed within 5 s", closed,
            f"{time.monotonic() - removed_at:.1f} s")

    # Its own node may go on writing for itself; nobody takes it.
    subject = "written after the removal"
    try:
        api.post("/api/v2/tickets", {"ticket": {"subject": subject, "comment": {"body": "x"}}})
    except Exception as error:
        print(f"     (the removed node takes no writes: {str(error)[:120]})")
    time.sleep(5)
    subjects = {ticket["subject"] for ticket in admin.pages("/api/v2/tickets", "tickets")}
    t.check("nothing that it writes afterwards arrives", subject not in subjects)
    t.check("what it wrote before stays", "before" in subjects)

    code, out, said = s_client(paris.peer, "-tls1_3", "-cert", own, "-key", key)
    t.check("its own certificate: refused, no application byte", code is not None and out == b"",
            alert_of(said))
    fresh = make_certificate(t, "fresh", key, f"URI:{san_of(t, shown)}")
    code, out, said = s_client(paris.peer, "-tls1_3", "-cert", fresh, "-key", key)
    t.check("another certificate with its key: refused, no application byte",
            code is not None and out == b"", alert_of(said))
    san_francisco.stop()
    # It knows of its removal: it answers, and says honestly that it may not write.
    san_francisco.serve(wait=False)
    t.check("started again it says that it may not write",
            eventually(lambda: unwell(san_francisco), 60))
    time.sleep(4)
    t.check("started again it is not let in either", not connected(admin, san_francisco.name))


def connected(api, name):
    return any(site["node"] == name and site["state"] == "connected"
               for site in api.get("/api/helio/v1/sites")["sites"])


def unwell(node):
    try:
        return DeskAPI(node.url, "nobody", "none", node.ca, timeout=5).health()[0] == 503
    except Unacknowledged:
        return False
