"""The directory of a run, and those that dead runs left: a lock tells the living from the dead."""

import fcntl
import glob
import os
import shutil
import tempfile

from drill.founding import temporary_directory

NAME = "chaos"
LOCK = "running.lock"


class RunDirectory:
    """Held as long as we live; the system takes the lock back however we end."""

    def __init__(self):
        self.path = temporary_directory(NAME)
        self.lock = hold(os.path.join(self.path, LOCK))

    def close(self, keep):
        if keep:
            # Without a lock nobody takes it for a leftover.
            os.unlink(os.path.join(self.path, LOCK))
        else:
            shutil.rmtree(self.path, ignore_errors=True)
        self.lock.close()


def hold(path):
    """The open, locked file, or None where a living process holds it."""
    file = open(path, "ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return file
    except OSError:
        file.close()
        return None


def remove_leftovers():
    """Removes the directories of dead runs; their paths."""
    removed = []
    for lock in glob.glob(os.path.join(tempfile.gettempdir(), f"helio-{NAME}-*", LOCK)):
        held = hold(lock)
        if held is not None:
            shutil.rmtree(os.path.dirname(lock), ignore_errors=True)
            removed.append(os.path.dirname(lock))
            held.close()
    return removed
