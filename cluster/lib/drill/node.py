"""One node: its data directory, its addresses, its process."""

import os
import signal
import subprocess

from .desk_api import DeskAPI, Unacknowledged
from .helio import started_by
from .processes import end_process, wait_until


class NodeFailed(Exception):
    """The node ended instead of serving; no RuntimeError, since waiting longer does not help."""


class Node:
    def __init__(self, helio, office, data, place, name=None):
        self.helio, self.office, self.data, self.place = helio, office, data, place
        self.name = name or office.node
        self.log = f"{data}.log"
        self.environment = {}
        self.process = None
        # Where `serve` is told to dial a peer: node name → host:port.
        self.peer_addresses = {}
        self.drill_offset = None
        self.users = {}

    @property
    def peer(self):
        return self.place.peer

    @property
    def url(self):
        return self.place.url

    @property
    def ca(self):
        return os.path.join(self.data, "api-ca.pem")

    @property
    def pid(self):
        return self.process.pid if self.process else None

    def serve(self, wait=True, detached=False):
        """Starts the process; with `wait`, returns once it says that it is healthy."""
        assert self.process is None or self.process.poll() is not None, f"{self.name} runs already"
        words = ["serve"]
        if self.drill_offset is not None:
            words += ["--drill-offset", str(self.drill_offset)]
        for peer, address in sorted(self.peer_addresses.items()):
            words += ["--peer", f"{peer}={address}"]
        extra = {**self.helio.environment, **self.environment}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.place.enter,
                 *started_by(self.helio.words(*words, data=self.data), extra)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=detached,
                env={**os.environ, **extra})
        if wait:
            self.wait_healthy()

    def wait_healthy(self, seconds=60, accept=(200,)):
        """Until the node says that it is well, or gives another answer that is accepted."""
        probe = {}

        def healthy():
            code = self.process.poll()
            if code is not None:
                raise NodeFailed(f"{self.name} ended with {code}:\n{self.log_tail()}")
            if not os.path.exists(self.ca):
                return False
            if "api" not in probe:
                probe["api"] = DeskAPI(self.url, "nobody", "none", self.ca, timeout=5)
            return probe["api"].health()[0] in accept

        try:
            wait_until(lambda: _no_answer_is_false(healthy), seconds, f"{self.name} is healthy")
        except TimeoutError as error:
            raise NodeFailed(f"{error}\n{self.log_tail()}") from error

    def stop(self):
        """SIGTERM, and SIGKILL where that does not help; the exit code."""
        if self.process is None:
            return None
        code = end_process(self.process)
        self.process = None
        return code

    def kill(self):
        """SIGKILL: the process ends without a word."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        self.process = None

    def client(self, role="agent"):
        """A client for this office's user of that role at this node."""
        email, token = self.users[role]
        return DeskAPI(self.url, email, token, self.ca)

    def client_for(self, email, token):
        return DeskAPI(self.url, email, token, self.ca)

    def log_tail(self, lines=25):
        try:
            with open(self.log, encoding="utf-8", errors="replace") as file:
                return "".join(file.readlines()[-lines:])
        except OSError:
            return ""


def _no_answer_is_false(condition):
    try:
        return condition()
    except Unacknowledged:
        return False
