"""A signed head, verified by OpenSSL alone."""

import base64

from drill.offices import PARIS


def run(t):
    cluster = t.cluster([PARIS])
    node = cluster.nodes[0]
    api = node.client("agent")
    api.post("/api/v2/tickets", {"ticket": {"subject": "head", "comment": {"body": "head"}}})
    head = api.get("/api/helio/v1/verify/head")["head"]
    signed = base64.b64decode(head["signed_bytes"])
    signature = base64.b64decode(head["signature"])
    t.check("the head is of the last delta",
            int(head["seq"]) == api.get("/api/helio/v1/node")["node"]["version"][str(head["slot"])],
            head["seq"])
    key = t.write("head.pem", head["public_key_pem"])
    for name, data in (("bytes", signed), ("signature", signature)):
        with open(t.path(name), "wb") as file:
            file.write(data)
    code, out, _ = t.command("openssl", "dgst", "-sha256", "-verify", key, "-signature",
                             t.path("signature"), t.path("bytes"))
    t.check("openssl dgst verifies the signed head", code == 0 and b"Verified OK" in out,
            out.decode())
    for place in (0, len(signed) // 2, len(signed) - 1):
        altered = bytearray(signed)
        altered[place] ^= 1
        with open(t.path("altered"), "wb") as file:
            file.write(altered)
        code, out, _ = t.command("openssl", "dgst", "-sha256", "-verify", key, "-signature",
                                 t.path("signature"), t.path("altered"))
        t.check(f"with bit 0 of byte {place} changed it does not", code != 0, out.decode())
    certificate_key = t.openssl("pkey", "-in", f"{node.data}/node.key", "-pubout").decode()
    shown = t.openssl("pkey", "-pubin", "-in", key, "-pubout").decode()
    t.check("the key is that of the node", certificate_key == shown)
