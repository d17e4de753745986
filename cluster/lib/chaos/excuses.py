"""When which node was out of order, so that a failed request can be held against it."""

import threading
import time
from collections import defaultdict


class Excuses:
    def __init__(self):
        self.lock = threading.Lock()
        self.spans = defaultdict(list)       # node → [[kind, begin, end or None]]
        self.restarts = defaultdict(int)

    def open(self, node, kind):
        with self.lock:
            self.spans[node].append([kind, time.monotonic(), None])

    def close(self, node, kind):
        """The node is in order again; connections made before are of no use."""
        with self.lock:
            for span in self.spans[node]:
                if span[0] == kind and span[2] is None:
                    span[2] = time.monotonic()
            self.restarts[node] += 1

    def since(self, node, begin):
        """The kinds of faults that the node suffered at any time from `begin` to now."""
        with self.lock:
            return {kind for kind, _, end in self.spans[node] if end is None or end >= begin}

    def generation(self, node):
        with self.lock:
            return self.restarts[node]
