"""The last checks of a run, and the verdict on each."""

from datetime import datetime, timezone

from . import checks
from .tally import quantile

# Invariant 4: within so many seconds of a connected, quiet network all delta sets are equal.
STALL = 30
# So large a share of the faults may have met nothing that they could disturb.
IDLE_SHARE = 0.1


def now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def judge(run):
    """Adds every check to the tally of the run."""
    nodes, add = run.cluster.nodes, run.tally.checks.add
    standing = checks.standing(nodes)
    reading = checks.Reading(nodes, run.journal, every_ticket(run), now())
    judge_rounds(run, reading)
    add("replicas equal, unfrozen, without alarm at the end", not standing, len(standing), standing)
    lines = reading.differences() + checks.conflicts(nodes) + checks.users(nodes)
    add("differences between nodes at the end", not lines, len(lines), lines)
    judge_effects(run.tally)
    times = [seconds * 1000 for seconds in run.findings.times]
    add("ms of a write at a node that was itself well: p50, p99, max", bool(times),
        ", ".join(f"{quantile(times, share):.0f}" for share in (0.5, 0.99, 1.0)))


def every_ticket(run):
    found = checks.on_all(run.cluster.nodes, lambda node: {
        row["id"] for row in node.client("admin").pages("/api/v2/tickets", "tickets")})
    return set().union(*found.values(), run.journal.by_ticket)


def judge_rounds(run, reading):
    rounds, add = run.tally.outcomes, run.tally.checks.add
    wrong = [line for outcome in rounds for line in outcome.wrong]
    lost = {line for outcome in rounds for line in outcome.lost}
    lost.update(f"{name}: {line}" for name, lines in reading.lost.items() for line in lines)
    stalls = [outcome.stalled for outcome in rounds if outcome.stalled]
    behind = [f"{outcome.round.group} {outcome.round.number}: {line}" for outcome in rounds
              for line in outcome.behind.splitlines()]
    add("rounds", bool(rounds), len(rounds))
    add("acknowledged writes", run.journal.count() > 0, run.journal.count())
    add("acknowledged writes lost", not lost, len(lost), sorted(lost))
    add(f"stalls (not equal or not linked within {STALL} s)", not stalls, len(stalls), stalls)
    add(f"rounds in which a node stayed behind for {STALL} s under load", not behind,
        sum(bool(outcome.behind) for outcome in rounds), behind)
    add("rounds with another finding", not wrong,
        sum(bool(outcome.wrong) for outcome in rounds), wrong)


def judge_effects(tally):
    """A fault that does nothing proves nothing."""
    effects = [(outcome.round, kind, effect) for outcome in tally.outcomes
               for kind, effect in outcome.effects]
    idle = [f"{each.group} {each.number}: {kind} did nothing"
            for each, kind, effect in effects if effect == 0]
    tally.checks.add("faults that had no effect (at most a tenth)",
                     len(idle) <= IDLE_SHARE * len(effects), len(idle), idle)
