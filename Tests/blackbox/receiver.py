"""A receiver of webhooks that is no part of the product: it reckons signatures by itself."""

import hashlib
import hmac
import http.server
import json
import threading
import time


class Receiver:
    """An HTTP server on a port of its own; what it answers is told to it, path by path."""

    def __init__(self, port=0):
        self.hits, self.lock = [], threading.Lock()
        # Path → status, or a function of the count of its hits that gives one.
        self.answers = {}
        # Path → seconds before it answers.
        self.pauses = {}
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status = receiver.take(self.path, dict(self.headers), body)
                self.send_response(status)
                if status in (301, 302, 307):
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            allow_reuse_address = True
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def take(self, path, headers, body):
        with self.lock:
            self.hits.append(Hit(path, headers, body))
            count = sum(hit.path == path for hit in self.hits)
        time.sleep(self.pauses.get(path, 0))
        answer = self.answers.get(path, 204)
        return answer(count) if callable(answer) else answer

    def at(self, path, event=None):
        with self.lock:
            return [hit for hit in self.hits if hit.path == path and event in (None, hit.event)]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Hit:
    def __init__(self, path, headers, body):
        self.path, self.body, self.at = path, body, time.time()
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.event = self.headers.get("helio-event")
        self.id = self.headers.get("helio-delivery")
        self.node = self.headers.get("helio-node")
        self.json = json.loads(body) if body else None

    def is_signed(self, secret):
        """HMAC-SHA256 over `timestamp.body`, by Python's own."""
        time_text = self.headers.get("helio-timestamp", "")
        wanted = hmac.new(secret.encode(), time_text.encode() + b"." + self.body,
                          hashlib.sha256).hexdigest()
        return self.headers.get("helio-signature") == "v1=" + wanted

    def is_fresh(self, seconds=60):
        return abs(self.at - int(self.headers.get("helio-timestamp", "0"))) < seconds
