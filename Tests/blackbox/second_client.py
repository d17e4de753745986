"""zdesk, a second client that others wrote, against a node over HTTPS with host name verification."""

import os

from drill.offices import PARIS

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(t):
    cluster = t.cluster([PARIS])
    node = cluster.nodes[0]
    email, token = node.users["admin"]
    script = os.path.join(ROOT, "Tests", "second_client", "run")
    code, out, err = t.command(script, timeout=300, environment={
        "HELIO_API_URL": node.url, "HELIO_API_EMAIL": email, "HELIO_API_TOKEN": token,
        "HELIO_API_CA": node.ca,
        "HELIO_ZDESK_VENV": os.path.join(ROOT, ".build", "zdesk-venv"),
    })
    said = out.decode("utf-8", "replace").splitlines()
    for line in said:
        verdict, _, name = line.partition(" ")
        if verdict in ("ok", "FAIL"):
            t.check(name.strip(), verdict == "ok")
    t.check("zdesk is content", code == 0, f"exit {code}")
    if code != 0:
        print("\n".join(said[-40:]))
        print(err.decode("utf-8", "replace")[-3000:])
