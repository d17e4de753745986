"""`cluster/down`: ends the nodes that `cluster/up` started, by their process ids."""

import argparse
import os
import shutil
import sys

from .processes import end_node
from .state import default_directory, load, path


def main():
    parser = argparse.ArgumentParser(
        prog="cluster/down",
        description="Stops the nodes that cluster/up left running, and no other process: a "
        "recorded process is ended only if it still is helio with that data directory.")
    parser.add_argument("--dir", default=default_directory(), metavar="D",
                        help="the directory of cluster/up (default: %(default)s)")
    parser.add_argument("--keep", action="store_true", help="keep the data directories")
    options = parser.parse_args()
    directory = os.path.abspath(options.dir)
    offices = load(directory)
    if not offices:
        sys.exit(f"error: no cluster is recorded in {directory}; name its directory with --dir")
    for office in offices:
        ended = end_node(office["pid"], office["data"])
        print(f"{office['code']}: {'stopped' if ended else 'was not running'}")
        if not options.keep:
            shutil.rmtree(office["data"], ignore_errors=True)
    if options.keep:
        print(f"kept: {directory}")
        return
    for office in offices:
        log = f"{office['data']}.log"
        if os.path.exists(log):
            os.unlink(log)
    os.unlink(path(directory))


if __name__ == "__main__":
    main()
