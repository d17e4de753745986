"""Holds the outputs of `swift test`, one file for each run, against the list of tests that may be skipped."""

import re
import sys

SKIPPED = re.compile(r"^\W*(Test|Suite) (?P<name>.+?) (?:skipped\b|was cancelled\b).*$")
RUN = re.compile(r"Test run with (\d+) tests?")
XCTEST_SKIPPED = re.compile(r"Test Case '(?P<name>.+?)' skipped")


def read_allowed(path):
    allowed = {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            name, tab, reason = line.partition("\t")
            if not tab or not reason.strip():
                sys.exit(f"{path}:{number}: write NAME, a tab, and the reason")
            allowed[name] = reason
    return allowed


def read_output(path):
    """The names of those skipped, and how many ran."""
    skipped, ran = [], 0
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            line = line.rstrip("\n")
            found = SKIPPED.match(line) or XCTEST_SKIPPED.search(line)
            if found:
                skipped.append(found["name"])
            run = RUN.search(line)
            if run:
                ran = max(ran, int(run[1]))
    ran -= len(skipped)
    if ran <= 0:
        print(f"no test ran at all, says {path}")
    return skipped, ran


def main():
    allowed = read_allowed(sys.argv[1])
    outputs = [read_output(path) for path in sys.argv[2:]]
    skipped = [name for names, _ in outputs for name in names]
    unknown = [name for name in skipped if name not in allowed]
    for name in unknown:
        print(f"skipped without a reason in {sys.argv[1]}: {name}")
    for name in skipped:
        if name in allowed:
            print(f"skipped, as allowed: {name} ({allowed[name]})")
    ran = sum(ran for _, ran in outputs)
    print(f"{ran} tests ran, {len(skipped)} were skipped, {len(unknown)} of them without a reason")
    return 1 if unknown or not outputs or any(ran <= 0 for _, ran in outputs) else 0


if __name__ == "__main__":
    sys.exit(main())
