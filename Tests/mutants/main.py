"""Seeds bugs into a copy of the tree and runs the ordinary checks against each of them."""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import time

import catalogue
import scratch
from hunt import Finding, Hunter
from report import print_list, print_table

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = "heliotrope"
# Without a mutant so many seeds must be clean, else a find would say nothing.
CLEAN_SEEDS = 4


def say(text):
    print(text, file=sys.stderr, flush=True)


def arguments():
    parser = argparse.ArgumentParser(
        prog="Tests/mutants/run", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Builds a copy of the tree that holds all mutants, each behind a switch, shows "
        "that it passes\nwhile they are off, then runs each against the check that must notice it.",
        epilog="""examples:
  Tests/mutants/run                                   all of them
  Tests/mutants/run --only void-applied head-not-verified
  Tests/mutants/run --only store --jobs 1 --json      an area, one at a time

exit codes: 0 every mutant was caught, or is listed as missed with its reason; 1 one was not;
2 the list is wrong or stale, the copy does not build, or it fails with all mutants off""")
    parser.add_argument("--list", action="store_true", help="list the mutants and stop")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these mutants or areas")
    parser.add_argument("--json", action="store_true", help="print a JSON object, no table")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="N",
        help="mutants that run at once (default: one per core)")
    parser.add_argument(
        "--seeds", type=int, metavar="N", help="seeds for each mutant, whatever its entry says")
    parser.add_argument(
        "--simulator", action="store_true",
        help="let the simulator hunt those too that tests must find: shows what it does not see")
    parser.add_argument(
        "--tree", default=str(ROOT / ".build-mutants" / "tree"), metavar="DIR",
        help="where the copy and its build are kept (default: .build-mutants/tree)")
    parser.add_argument(
        "--skip-build", action="store_true", help="the copy is built already; run what is there")
    parser.add_argument(
        "--check", action="store_true",
        help="show that no mutant is stale and stop")
    return parser.parse_args()


def chosen(mutants, names):
    if not names:
        return mutants
    known = {mutant.name for mutant in mutants} | {mutant.area for mutant in mutants}
    for name in names:
        if name not in known:
            raise catalogue.CatalogueError(f"there is no mutant or area {name}; see --list")
    return [mutant for mutant in mutants if mutant.name in names or mutant.area in names]


def build(tree):
    """Builds the copy."""
    say(f"building the copy with all mutants in {tree}; the first time takes some minutes")
    began = time.monotonic()
    command = ["swift", "build", "--build-tests"]
    if subprocess.run(command, cwd=tree, stdout=sys.stderr, check=False).returncode != 0:
        raise RuntimeError("the copy does not build; the compiler's message is above")
    say(f"built in {time.monotonic() - began:.0f} s")


def programs(tree):
    """Where the built programs of the copy are."""
    command = ["swift", "build", "--show-bin-path"]
    shown = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, check=True)
    return shown.stdout.decode().strip()


def check_clean(hunter, mutants, jobs):
    """With all mutants off everything must pass that shall fail with one of them on."""
    say("all mutants off: seeds and tests must pass")
    filters = sorted({
        suite for mutant in mutants if mutant.tests for suite in mutant.tests.split("|")})
    seeds = CLEAN_SEEDS if any(not mutant.tests for mutant in mutants) else 0
    together = ["|".join(filters)] if filters else []

    def clean(work):
        finding = Finding("none", "", "", str(work), False)
        if isinstance(work, int):
            hunter.run_seed(work, finding)
        else:
            hunter.run_tests(work, finding)
        return finding

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for finding in pool.map(clean, [*together, *range(1, seeds + 1)]):
            if finding.caught:
                raise RuntimeError(
                    f"with all mutants off {finding.by} fails: {finding.how}, {finding.evidence}")
    say(f"clean: {seeds} seeds, {len(filters)} suites of tests")


def hunt_all(hunter, mutants, jobs):
    findings = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = [pool.submit(hunter.hunt, mutant) for mutant in mutants]
        for done in concurrent.futures.as_completed(running):
            finding = done.result()
            findings.append(finding)
            word = f"caught ({finding.how})" if finding.caught else "NOT caught"
            say(f"{len(findings):3} of {len(mutants)}  {finding.name}: {word}, "
                f"{finding.seconds:.0f} s")
    order = {mutant.name: place for place, mutant in enumerate(mutants)}
    return sorted(findings, key=lambda finding: order[finding.name])


def is_right(finding):
    """Caught, or listed as missed; one that is listed and caught belongs off that list."""
    return finding.caught == (finding.missed is None)


def main():
    options = arguments()
    everything = catalogue.read(ROOT / "Tests" / "mutants" / "catalogue")
    mutants = chosen(everything, options.only)
    if options.seeds:
        mutants = [
            dataclasses.replace(mutant, seeds=options.seeds) for mutant in mutants]
    if options.simulator:
        mutants = [dataclasses.replace(mutant, tests=None) for mutant in mutants]
    if options.list:
        print_list(mutants)
        return 0
    if options.check:
        scratch.check(ROOT, everything)
        print(f"{len(everything)} mutants fit the sources")
        return 0
    began = time.monotonic()
    # All are in the copy whichever were chosen, so that it is built only once.
    scratch.prepare(ROOT, options.tree, everything)
    if not options.skip_build:
        build(options.tree)
    hunter = Hunter(programs(options.tree), PACKAGE)
    check_clean(hunter, mutants, options.jobs)
    findings = hunt_all(hunter, mutants, options.jobs)
    good = all(is_right(finding) for finding in findings)
    if options.json:
        print(json.dumps({
            "caught": sum(finding.caught for finding in findings), "of": len(findings),
            "seconds": round(time.monotonic() - began), "right": good,
            "mutants": [finding.json() for finding in findings]}, indent=2))
    else:
        print_table(findings, time.monotonic() - began)
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (catalogue.CatalogueError, RuntimeError) as problem:
        say(f"error: {problem}")
        sys.exit(2)
