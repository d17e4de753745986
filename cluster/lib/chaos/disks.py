"""Small disks for nodes, and how to fill them."""

import errno
import os
import shutil

from .system import run

BALLAST = "ballast"
TRIES = 100


class Disk:
    """A file system in memory, mounted where a node's data directory will be."""

    def __init__(self, path, mebibytes):
        self.path = path
        os.makedirs(path, mode=0o700, exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0700", "none", path)

    @property
    def free(self):
        stats = os.statvfs(self.path)
        return stats.f_bavail * stats.f_frsize

    def fill(self, leave=0):
        """Takes all room but so many bytes, whatever the node writes meanwhile."""
        with open(os.path.join(self.path, BALLAST), "wb") as file:
            for _ in range(TRIES):
                try:
                    os.posix_fallocate(file.fileno(), 0, max(self.free - leave, 1))
                    return
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
        raise RuntimeError(f"{self.path} could not be filled")

    def clear(self):
        ballast = os.path.join(self.path, BALLAST)
        if os.path.exists(ballast):
            os.unlink(ballast)

    def close(self, keep=False):
        """Unmounts it; with `keep` its files stay where it was."""
        saved = f"{self.path}.saved"
        self.clear()
        if keep:
            shutil.copytree(self.path, saved, ignore=shutil.ignore_patterns("*.sock"))
        run("umount", self.path)
        if keep:
            os.rmdir(self.path)
            os.rename(saved, self.path)
