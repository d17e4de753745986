"""A clock for each node that can be moved while it runs, by libfaketime."""

import glob
import os

LIBRARY = "/usr/lib/*/faketime/libfaketimeMT.so.1"
# Seconds for which the library may use what it has read.
CACHE = 1


class Clock:
    def __init__(self, path):
        self.path = path
        self.jump(0)

    def jump(self, seconds):
        """Moves the node's time of day by so much against ours; its steady clock goes on."""
        with open(f"{self.path}.new", "w", encoding="ascii") as file:
            file.write(f"{seconds:+d}\n")
        os.replace(f"{self.path}.new", self.path)

    @property
    def environment(self):
        found = glob.glob(LIBRARY)
        if not found:
            raise RuntimeError(f"there is no {LIBRARY}: the package libfaketime is missing")
        return {"LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": self.path,
                "FAKETIME_CACHE_DURATION": str(CACHE), "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
