"""The other side of failing_disk.c: tells the disk when to fail, and takes its power away."""

import mmap
import os
import random
import shutil
import struct

NOTHING, IO_ERROR, NO_SPACE, POWER_LOSS = range(4)
WRITES, SYNCS = range(2)
FILES = ("database", "log", "index")
_SECTOR, _MAP = 512, 1 << 20
_FIELDS = ("action", "on", "at", "lasting", "writes", "syncs", "hits", "file", "unlinked")


class FailingDisk:
    """The disk below one database; it outlives the processes that use it."""

    def __init__(self, library, control, database):
        self.control, self.database = control, os.path.realpath(database)
        self.environment = {
            "LD_PRELOAD": library, "FAILING_DISK": control, "FAILING_DISK_FILE": self.database}
        with open(control, "wb") as file:
            file.write(bytes(8 * len(_FIELDS)))
        with open(control, "r+b") as file:
            self.shared = mmap.mmap(file.fileno(), 8 * len(_FIELDS))
        self.settle()

    def real(self, which):
        return self.database + ("", "-wal")[which]

    def settle(self):
        """All that is there now counts as durable. Only while no process uses the disk."""
        for which in range(2):
            self._copy(self.real(which), f"{self.control}.platter{which}")
            with open(f"{self.control}.dirty{which}", "wb") as file:
                file.truncate(_MAP)
        self["unlinked"] = 0

    @staticmethod
    def _copy(source, target):
        if os.path.exists(source):
            shutil.copyfile(source, target)
        else:
            with open(target, "wb"):
                pass

    def __getitem__(self, field):
        return struct.unpack_from("q", self.shared, 8 * _FIELDS.index(field))[0]

    def __setitem__(self, field, value):
        struct.pack_into("q", self.shared, 8 * _FIELDS.index(field), value)

    def arm(self, action, on, at, lasting=False):
        """From now on counted: the `at`-th write or sync fails, and with `lasting` all after it."""
        for field in ("writes", "syncs", "hits", "file"):
            self[field] = 0
        self["on"], self["at"], self["lasting"] = on, at, int(lasting)
        self["action"] = action

    def heal(self):
        """What comes does not fail; what was forgotten stays forgotten."""
        self["action"] = NOTHING

    def lose_power(self, seed):
        """Leaves what a power loss would: of the sectors that were never synced any subset.

        Only while no process uses the disk. Returns how many sectors were not durable, and how
        many of them are lost. Seeds 0 and 1 lose all and none.
        """
        chance = random.Random(seed)
        keep = {0: lambda: False, 1: lambda: True}.get(seed, lambda: chance.random() < 0.5)
        loose = lost = 0
        # A removed log may be there again: its removal needs a sync of the directory.
        is_back = self["unlinked"] and keep()
        for which in range(2):
            platter = self._read(f"{self.control}.platter{which}")
            present = self._read(self.real(which))
            if which == 1 and self["unlinked"] and not is_back:
                platter = bytearray()
            if len(present) < len(platter) and keep():
                del platter[len(present):]
            with open(f"{self.control}.dirty{which}", "rb") as file:
                dirty = file.read()
            for sector in [index for index, mark in enumerate(dirty) if mark]:
                piece = present[sector * _SECTOR:(sector + 1) * _SECTOR]
                loose += 1
                if not piece or not keep():
                    lost += 1
                    continue
                end = sector * _SECTOR + len(piece)
                platter.extend(bytes(max(0, end - len(platter))))
                platter[sector * _SECTOR:end] = piece
            with open(self.real(which), "wb") as file:
                file.write(platter)
        self.settle()
        return loose, lost

    @staticmethod
    def _read(name):
        try:
            with open(name, "rb") as file:
                return bytearray(file.read())
        except FileNotFoundError:
            return bytearray()
