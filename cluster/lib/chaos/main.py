"""`cluster/chaos`: the command line, and the exit code."""

import argparse
import json
import os
import signal
import sys
import time

from drill.desk_api import APIFailure, Unacknowledged
from drill.node import NodeFailed

from .cluster import SEATS, seat_names
from .network import Network
from .plan import KINDS, Planner
from .run import Run
from .sweep import RunDirectory, remove_leftovers

DEFAULT_MINUTES = 2.0
EPILOG = f"""\
faults (--only): {', '.join(KINDS)}

exit codes:
  0   everything held
  1   a check failed: an acknowledged write is missing, nodes differ, a stall, …
  2   the command line is wrong
  77  skipped, with the reason: it needs root (network namespaces, mounts)

example:
  sudo cluster/chaos --kills 100 --partitions 30 --seed 7
  sudo cluster/chaos --minutes 10 --nodes 5 --only cut,loss,disk
"""


def positive(text):
    number = float(text)
    if number <= 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return number


def count(text):
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="cluster/chaos", epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Runs three to five real nodes in network namespaces of their own and does to\n"
        "them what the world does, while clients work at each. After every round of\n"
        "faults all must be equal within 30 s, and every acknowledged write must be on\n"
        "every node.")
    parser.add_argument("--kills", type=count, default=0, metavar="N",
                        help="N rounds of kill -9 under load")
    parser.add_argument("--partitions", type=count, default=0, metavar="N",
                        help="N rounds of links cut, both ways or one way")
    parser.add_argument("--minutes", type=positive, metavar="N",
                        help="rounds of one to three faults of all kinds, for so long "
                        f"(default {DEFAULT_MINUTES:g} where no rounds are asked for)")
    parser.add_argument("--only", metavar="FAULT,…",
                        help="of the rounds of --minutes: only these kinds")
    parser.add_argument("--seed", type=int, default=1, metavar="S",
                        help="all faults are drawn from this number (default %(default)s)")
    parser.add_argument("--nodes", type=int, default=3, choices=range(3, len(SEATS) + 1),
                        help="how many (default %(default)s)")
    parser.add_argument("--rate", type=positive, default=15.0, metavar="R",
                        help="requests a second of each node's client (default %(default)s)")
    parser.add_argument("--sabotage", choices=("row", "write"),
                        help="before the last checks, change a row behind a node's back, or claim "
                        "a write that no node has: the run must then fail")
    parser.add_argument("--json", action="store_true",
                        help="one JSON object on standard output, all else on standard error")
    parser.add_argument("--keep", action="store_true", help="keep data directories and logs")
    options = parser.parse_args(arguments)
    if options.minutes is None and not options.kills and not options.partitions:
        options.minutes = DEFAULT_MINUTES
    settle_kinds(parser, options)
    return options


def settle_kinds(parser, options):
    """`kinds` of the mixed rounds, and the size of the disks where one is to be filled."""
    if options.only is not None and options.minutes is None:
        parser.error("--only belongs to --minutes")
    options.mixed = KINDS if options.only is None else tuple(
        kind for kind in options.only.split(",") if kind)
    unknown = [kind for kind in options.mixed if kind not in KINDS]
    if unknown or not options.mixed:
        parser.error(f"--only: {', '.join(unknown) or 'nothing'} is no fault; "
                     f"there are {', '.join(KINDS)}")
    options.kinds = options.mixed if options.minutes is not None else ()
    options.disk_size = None
    if "disk" in options.kinds:
        # What a node writes in that time, twice, and the 32 MiB below which it says it is full.
        options.disk_size = 160 + round(24 * options.minutes)


def play(run, options):
    planner = Planner(options.seed, seat_names(options.nodes), options.mixed)
    run.found()
    run.go(planner.kills(options.kills), options.kills)
    run.go(planner.partitions(options.partitions), options.partitions)
    if options.minutes is not None:
        run.go(planner.mixed(), until=time.monotonic() + 60 * options.minutes)
    if options.sabotage:
        run.sabotage(options.sabotage)
    run.finish()


def report(run, options, started):
    """Shows everything; whether all held."""
    tally = run.tally
    ok = bool(tally.checks.rows) and not tally.checks.failed
    seconds = time.monotonic() - started
    if options.json:
        print(json.dumps({"seed": options.seed, "nodes": options.nodes, "ok": ok,
                          "acknowledged": run.journal.count(), "stalled": tally.stalls,
                          "seconds": round(seconds, 1), **tally.as_json()}, ensure_ascii=False))
    out = sys.stderr if options.json else sys.stdout
    tally.show(out)
    failed = len(tally.checks.failed)
    print(f"\nseed {options.seed}: {len(tally.checks.rows) - failed} passed, {failed} failed   "
          f"({seconds:.0f} s)", file=out, flush=True)
    return ok


def main(arguments=None):
    options = parse(arguments)
    started = time.monotonic()
    out = sys.stderr if options.json else sys.stdout

    def say(line):
        print(f"{time.monotonic() - started:7.1f} s  {line}", file=out, flush=True)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    for path in remove_leftovers():
        say(f"removed what a dead run left: {path}")
    directory = RunDirectory()
    network = Network(seat_names(options.nodes))
    run = Run(options, directory.path, network, os.environ["HELIO_BIN"], say)
    try:
        play(run, options)
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    except (APIFailure, Unacknowledged, NodeFailed, RuntimeError, TimeoutError, OSError) as error:
        run.tally.checks.add("the run went to its end", False, type(error).__name__,
                             str(error).splitlines())
        for node in run.cluster.nodes:
            print(f"\n{node.name}, the end of its log:\n{node.log_tail(12)}", file=sys.stderr)
    finally:
        run.close(options.keep)
        directory.close(options.keep)
        if options.keep:
            say(f"kept: {directory.path}")
    return 0 if report(run, options, started) else 1


if __name__ == "__main__":
    sys.exit(main())
