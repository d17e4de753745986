"""Talks to a node's peer port with OpenSSL's own client."""

import os
import re
import subprocess


def s_client(address, *options, seconds=8, send=b""):
    """(exit code, bytes that came as application data, everything that OpenSSL said).

    Standard input stays open until the end, so that only the node ends the connection.
    """
    reader, writer = os.pipe()
    try:
        if send:
            os.write(writer, send)
        process = subprocess.Popen(
            ["openssl", "s_client", "-connect", address, "-quiet", "-alpn", "helio-sync/1",
             *[str(option) for option in options]],
            stdin=reader, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            return None, out, err.decode("utf-8", "replace")
        return process.returncode, out, err.decode("utf-8", "replace")
    finally:
        os.close(reader)
        os.close(writer)


def alert_of(said):
    """The TLS alert in what OpenSSL said, if there was one."""
    found = re.search(r"(?:tls\w* alert|alert) [a-z0-9 ]+", said)
    return found[0] if found else "the connection was closed"


def make_key(harness, name):
    path = harness.path(f"{name}.key")
    harness.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-out", path)
    return path


def make_certificate(harness, name, key, san):
    """A self-signed certificate as a node would make one: both purposes, one SAN."""
    path = harness.path(f"{name}.pem")
    words = ["req", "-x509", "-new", "-key", key, "-days", "30", "-subj", f"/CN={name}",
             "-addext", "extendedKeyUsage=serverAuth,clientAuth",
             "-addext", "keyUsage=critical,digitalSignature", "-out", path]
    if san:
        words += ["-addext", f"subjectAltName={san}"]
    harness.openssl(*words)
    return path


def peer_certificate(harness, address, certificate, key):
    """The certificate that the node shows, as PEM text."""
    out = subprocess.run(
        ["openssl", "s_client", "-connect", address, "-alpn", "helio-sync/1", "-showcerts",
         "-cert", certificate, "-key", key], input=b"", capture_output=True, timeout=20).stdout
    found = re.search(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", out, re.S)
    if not found:
        raise RuntimeError("the node showed no certificate")
    return found[0].decode()


def san_of(harness, pem):
    text = harness.openssl("x509", "-noout", "-ext", "subjectAltName", feed=pem.encode()).decode()
    found = re.search(r"URI:(\S+)", text)
    if not found:
        raise RuntimeError(f"no URI in the certificate: {text}")
    return found[1]
