"""What a run found, counted: rounds, faults of each kind, and the verdicts."""

from collections import defaultdict
from dataclasses import dataclass, field

from drill.table import Checks, print_table


@dataclass
class Outcome:
    """How one round ended."""
    round: object
    acknowledged: int = 0
    unanswered: int = 0
    effects: list = field(default_factory=list)    # (kind, effect)
    lost: list = field(default_factory=list)       # lines
    wrong: list = field(default_factory=list)      # lines
    stalled: str = ""
    behind: str = ""
    caught_up_after: float = 0.0  # seconds from the heal until nobody lacked what was there then
    equal_after: float = 0.0      # seconds until all deltas were everywhere
    linked_after: float = 0.0     # seconds until all links were up as well
    seconds: float = 0.0

    @property
    def verdict(self):
        if self.stalled:
            return "STALLED"
        if self.lost:
            return f"LOST {len(self.lost)}"
        if self.behind:
            return "BEHIND"
        return "WRONG" if self.wrong else "ok"

    def line(self, total=None):
        number = f"{self.round.number}/{total}" if total else str(self.round.number)
        return (f"{self.round.group} {number}: {self.round.words()} | {self.acknowledged} "
                f"acknowledged, {self.unanswered} unanswered | caught up under load after "
                f"{self.caught_up_after:.1f} s, equal after "
                f"{self.equal_after:.1f} s, linked after {self.linked_after:.1f} s | "
                f"{self.verdict} ({self.seconds:.1f} s)")

    def as_json(self):
        return {"group": self.round.group, "round": self.round.number,
                "faults": self.round.words(), "acknowledged": self.acknowledged,
                "unanswered": self.unanswered, "effects": self.effects, "lost": self.lost,
                "wrong": self.wrong, "stalled": self.stalled, "behind": self.behind,
                "caught_up_after": round(self.caught_up_after, 2),
                "equal_after": round(self.equal_after, 2),
            "linked_after": round(self.linked_after, 2), "seconds": round(self.seconds, 2)}


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


# What a fault's effect counts; see faults.py.
UNITS = {"kill": "kills", "stop": "ms stopped", "disk": "answers 507", "clock": "noticed",
         "cut": "packets lost", "one-way": "packets lost", "loss": "packets lost",
         "bandwidth": "waits for room", "delay": "bytes delayed"}


class Tally:
    def __init__(self):
        self.outcomes = []
        self.checks = Checks()

    def add(self, outcome):
        self.outcomes.append(outcome)

    @property
    def stalls(self):
        return sum(bool(outcome.stalled) for outcome in self.outcomes)

    def rows(self):
        """One row for each kind of fault and group of rounds."""
        found = defaultdict(list)
        for outcome in self.outcomes:
            for kind in outcome.round.kinds:
                found[(outcome.round.group, kind)].append(outcome)
        return [self.row(group, kind, outcomes) for (group, kind), outcomes in found.items()]

    def row(self, group, kind, outcomes):
        effects = [effect for outcome in outcomes for each, effect in outcome.effects
                   if each == kind]
        times = [outcome.equal_after for outcome in outcomes if not outcome.stalled]
        loaded = [outcome.caught_up_after for outcome in outcomes if not outcome.behind]
        links = [outcome.linked_after for outcome in outcomes if not outcome.stalled]
        return {
            "rounds of": group, "fault": kind, "injected": len(effects),
            "effect": f"{sum(effects)} {UNITS[kind]}",
            "acknowledged": sum(outcome.acknowledged for outcome in outcomes),
            "unanswered": sum(outcome.unanswered for outcome in outcomes),
            "lost": sum(len(outcome.lost) for outcome in outcomes),
            "stalled": sum(bool(outcome.stalled) for outcome in outcomes),
            "behind": sum(bool(outcome.behind) for outcome in outcomes),
            "loaded p50": f"{quantile(loaded, 0.5):.1f} s",
            "loaded max": f"{max(loaded, default=0):.1f} s",
            "equal p50": f"{quantile(times, 0.5):.1f} s",
            "equal max": f"{max(times, default=0):.1f} s",
            "links max": f"{max(links, default=0):.1f} s",
        }

    def show(self, file):
        rows = self.rows()
        if rows:
            print(file=file)
            print_table(list(rows[0]), [list(row.values()) for row in rows], file)
            print("\nA round with several faults is counted in the row of each.\n", file=file)
        self.checks.show(file)

    def as_json(self):
        return {
            "faults": self.rows(), "rounds": [outcome.as_json() for outcome in self.outcomes],
            "checks": [{"name": name, "ok": ok, "found": found, "detail": detail}
                       for name, ok, found, detail in self.checks.rows]}
