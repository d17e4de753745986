"""The peer port, as OpenSSL sees it: TLS 1.3 only, a client certificate, and a known key."""

from drill.offices import PARIS
from tls_probe import (alert_of, make_certificate, make_key, peer_certificate, s_client, san_of)


def run(t):
    cluster = t.cluster([PARIS], desk=False)
    node = cluster.nodes[0]
    key = make_key(t, "stranger")
    certificate = make_certificate(t, "stranger", key, "URI:heliotrope://x/office/x/node/x/slot/9")
    pem = peer_certificate(t, node.peer, certificate, key)
    san = san_of(t, pem)
    t.check("the node names cluster, office, node and slot in its certificate",
            san.startswith("heliotrope://") and "/office/paris/node/paris-1/slot/" in san, san)

    code, _, said = s_client(node.peer, "-tls1_2", "-cert", certificate, "-key", key)
    t.check("TLS 1.2 is refused", code not in (0, None) and "alert" in said, alert_of(said))
    code, _, said = s_client(node.peer, "-tls1_1", "-cert", certificate, "-key", key)
    t.check("TLS 1.1 is refused", code not in (0, None), alert_of(said))

    code, out, said = s_client(node.peer, "-tls1_3")
    t.check("without a client certificate: refused, no application byte",
            code is not None and out == b"" and "alert" in said, alert_of(said))

    refused(t, node, "an unknown key", certificate, key)
    claimed = make_certificate(t, "claimed", key, f"URI:{san}")
    refused(t, node, "an unknown key that claims the node's own name", claimed, key)
    nameless = make_certificate(t, "nameless", key, None)
    refused(t, node, "a certificate without a name", nameless, key)

    code, out, said = s_client(node.peer, "-tls1_3", "-cert", certificate, "-key", key,
                               "-alpn", "http/1.1")
    t.check("another protocol than ours is refused, no application byte",
            code is not None and out == b"", alert_of(said))
    t.check("the node still serves afterwards", node.process.poll() is None)


def refused(t, node, who, certificate, key):
    code, out, said = s_client(node.peer, "-tls1_3", "-cert", certificate, "-key", key,
                               send=b"\0\0\0\4ping")
    t.check(f"{who}: refused, no application byte",
            code is not None and out == b"", alert_of(said))
