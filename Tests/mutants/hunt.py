"""Runs one mutant against the check that must notice it."""

import json
import os
import re
import subprocess
import time
from dataclasses import asdict, dataclass

# Exit codes of helio-sim; docs/SIMULATOR.md.
FINE, SAFETY, LIVENESS, BROKEN = 0, 2, 3, 4
HOW = {SAFETY: "safety", LIVENESS: "liveness", BROKEN: "run failed"}
# A case never met, or a wrong command line: no find, whatever the mutant is.
NO_FIND = (5, 64)
# What the test program ends with where a filter fits no test.
NO_TESTS = 69
# A seed takes a second or two, a suite of tests up to a minute; a mutant may make them hang.
SEED_SECONDS, TEST_SECONDS = 240, 600

ISSUE = re.compile(r"Test (?:\"(?P<title>[^\"]+)\"|(?P<name>[\w`]+)\(.*?\)) .*recorded an issue")
# The last line of a run that came to its end.
RAN = re.compile(r"Test run with \d+ tests?")


@dataclass
class Finding:
    """What became of one mutant."""

    name: str
    area: str
    broken: str
    by: str
    caught: bool
    # safety, liveness, run failed, test, crash, hung; empty where nobody noticed.
    how: str = ""
    # The number of the invariant that the simulator named.
    invariant: int | None = None
    seeds: int | None = None
    seconds: float = 0
    evidence: str = ""
    missed: str | None = None

    def json(self):
        return asdict(self)


class Hunter:
    """The built programs of the mutants' tree."""

    def __init__(self, binaries, package):
        self.simulator = os.path.join(binaries, "helio-sim")
        self.tests = os.path.join(binaries, f"{package}PackageTests.xctest")

    def hunt(self, mutant):
        """Runs the mutant until somebody notices, or its seeds are used up."""
        finding = Finding(
            name=mutant.name, area=mutant.area, broken=mutant.broken,
            by=mutant.tests or "simulator", caught=False, missed=mutant.missed)
        began = time.monotonic()
        if mutant.tests:
            self.run_tests(mutant.tests, finding, mutant.name)
        else:
            for count, seed in enumerate(mutant.seed_numbers, 1):
                finding.seeds = count
                self.run_seed(seed, finding, mutant.name)
                if finding.caught:
                    break
        finding.seconds = round(time.monotonic() - began, 1)
        return finding

    def run_seed(self, seed, finding, mutant=None):
        """One seed; a violation, a failed run, a crash and a hang are told apart."""
        command = [self.simulator, "--seed", str(seed), "--json"]
        code, output = run(command, mutant, SEED_SECONDS)
        if code in NO_FIND:
            raise RuntimeError(f"helio-sim --seed {seed} ended with {code}: {output[-300:]}")
        if code == FINE:
            return
        finding.caught = True
        finding.how = "hung" if code is None else HOW.get(code, "crash")
        report = _report(output)
        violation = report.get("violation") or {}
        finding.invariant = violation.get("invariant")
        finding.evidence = violation.get("text") or report.get("failure") or f"exit code {code}"

    def run_tests(self, tests, finding, mutant=None):
        """Tests by a filter; a filter that fits no test is an error of its own."""
        command = [self.tests, "--testing-library", "swift-testing", "--filter", tests]
        code, output = run(command, mutant, TEST_SECONDS)
        if code == NO_TESTS:
            raise RuntimeError(f"no test fits the filter {tests}")
        if code == FINE:
            return
        failed = sorted({found["title"] or found["name"] for found in ISSUE.finditer(output)})
        finding.caught = True
        finding.how = "hung" if code is None else "test" if RAN.search(output) else "crash"
        finding.evidence = ", ".join(failed) or f"exit code {code}"


def run(command, mutant, seconds):
    """Exit code (None: it hung) and output of a program with a mutant switched on."""
    environment = dict(os.environ)
    environment.pop("HELIO_MUTANT", None)
    environment["NO_COLOR"] = "1"
    if mutant:
        environment["HELIO_MUTANT"] = mutant
    try:
        done = subprocess.run(
            command, env=environment, timeout=seconds, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _report(output):
    for line in output.splitlines():
        if line.startswith("{"):
            try:
                return json.loads(line)
            except json.JSONDecodeError:
                continue
    return {}
