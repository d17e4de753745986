"""`cluster/up`: three offices that stay."""

import argparse
import json
import os
import shutil
import signal
import sys

from .desk_api import APIFailure, Unacknowledged
from .founding import Cluster
from .incident_log import check_log_options
from .node import NodeFailed
from .processes import is_node
from .state import default_directory, load, save


def main():
    parser = argparse.ArgumentParser(
        prog="cluster/up",
        description="Founds a drill cluster of three offices (Paris, San Francisco, Singapore) "
        "on loopback and leaves the nodes running. Stop them with cluster/down.")
    parser.add_argument("--json", action="store_true",
                        help="print one JSON object on standard output")
    parser.add_argument("--incidents", metavar="FILE",
                        help="import this incident log (CSV, plain or gzip)")
    parser.add_argument("--limit", type=int, metavar="N",
                        help="only the first N incidents of the log")
    parser.add_argument("--dir", default=default_directory(), metavar="D",
                        help="data directories and state (default: %(default)s)")
    options = parser.parse_args()
    check_log_options(parser, options)
    directory = os.path.abspath(options.dir)
    refuse_running(directory)
    os.makedirs(directory, mode=0o700, exist_ok=True)
    if os.stat(directory).st_uid != os.geteuid():
        sys.exit(f"error: {directory} belongs to another user; name one of yours with --dir")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    cluster = Cluster(directory, os.environ["HELIO_BIN"],
                      lambda line: print(line, file=sys.stderr, flush=True), drill=True)
    try:
        offices = raise_cluster(cluster, options)
    except BaseException as error:
        cluster.stop()
        if isinstance(error, (APIFailure, Unacknowledged, NodeFailed, RuntimeError, TimeoutError)):
            sys.exit(f"error: {error}")
        raise
    save(directory, offices)
    if options.json:
        print(json.dumps({"offices": offices}, indent=2, ensure_ascii=False))
    else:
        show(offices, directory)


def refuse_running(directory):
    """One cluster per directory; what an older one left is removed."""
    state = load(directory)
    running = [office["code"] for office in state if is_node(office["pid"], office["data"])]
    if running:
        sys.exit(f"error: {', '.join(running)} is running in {directory}; "
                 "stop it with cluster/down, or name another directory with --dir")
    for office in state:
        shutil.rmtree(office["data"], ignore_errors=True)


def raise_cluster(cluster, options):
    for office in ("paris", "san-francisco", "singapore"):
        if os.path.exists(os.path.join(cluster.directory, f"{office}-1")):
            raise RuntimeError(f"{cluster.directory} holds data that no state file describes; "
                               "remove it, or name another directory with --dir")
    original = cluster.new_node

    def detached_node(office, name=None):
        node = original(office, name)
        serve = node.serve
        node.serve = lambda wait=True: serve(wait, detached=True)
        return node

    cluster.new_node = detached_node
    cluster.found_three()
    cluster.set_up_desk()
    if options.incidents:
        cluster.say(f"importing {options.incidents}")
        print(cluster.import_incidents(cluster.nodes[0], options.incidents, options.limit),
              end="", file=sys.stderr, flush=True)
        cluster.wait_equal(1800)
    else:
        cluster.import_own_tickets()
        cluster.wait_equal(60)
    return [{
        "code": node.office.code, "url": node.url, "peer": node.peer,
        "email": node.users["agent"][0], "token": node.users["agent"][1],
        "ca": node.ca, "data": node.data, "pid": node.pid,
    } for node in cluster.nodes]


def show(offices, directory):
    for office in offices:
        print(f"\n{office['code']}")
        for key in ("url", "peer", "email", "token", "ca", "data", "pid"):
            print(f"  {key:6} {office[key]}")
    one = offices[0]
    print(f"\nTry it:\n  curl --cacert {one['ca']} -u '{one['email']}/token:{one['token']}' "
          f"{one['url']}/api/v2/tickets.json\nStop it:\n  cluster/down --dir {directory}")


if __name__ == "__main__":
    main()
