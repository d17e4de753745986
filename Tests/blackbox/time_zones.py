"""Two nodes with different time zone databases agree on every slot of a published roster."""

import json
import os
import random
import shutil
from datetime import datetime, timedelta, timezone

from drill.founding import ROSTER
from drill.offices import PARIS, SAN_FRANCISCO
from harness import wire

ZONES = "/usr/share/zoneinfo"


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO])
    paris, san_francisco = cluster.nodes
    san_francisco.stop()
    wrong = t.path("zoneinfo")
    shutil.copytree(ZONES, wrong, symlinks=False, ignore=shutil.ignore_patterns(
        "posix", "right", "leapseconds", "*.tab"))
    # Every zone of the roster is another one in the second node's database.
    for name, stand_in in (("Europe/Paris", "Asia/Kathmandu"),
                           ("America/Los_Angeles", "Australia/Lord_Howe"),
                           ("Asia/Singapore", "America/St_Johns")):
        os.remove(os.path.join(wrong, name))
        shutil.copy(os.path.join(ZONES, stand_in), os.path.join(wrong, name))
    san_francisco.environment = {"TZDIR": wrong}
    san_francisco.serve()
    cluster.publish_roster(paris, ROSTER)
    cluster.wait_equal(30)

    one, other = paris.client("admin"), san_francisco.client("admin")
    rosters = [json.loads(api.get("/api/helio/v1/roster")["roster"]["publication"])
               for api in (one, other)]
    t.check("both hold the same publication", rosters[0] == rosters[1])
    own = cluster.helio.run("roster", "show", data=san_francisco.data)
    t.check("the second node can show it", "paris" in own)

    differing, weeks = [], 0
    monday = datetime(2026, 1, 5, tzinfo=timezone.utc)
    while monday.year < 2038:
        year, week, _ = monday.isocalendar()
        name = f"{year}-W{week:02}"
        answers = [api.get("/api/helio/v1/coverage", week=name)["coverage"]
                   for api in (one, other)]
        weeks += 1
        if answers[0] != answers[1]:
            differing.append(name)
        monday += timedelta(weeks=1)
        if monday.year == 2038:
            break
    t.check("coverage, gaps and overlaps of every week from 2026 to 2037 are equal",
            not differing, f"{weeks} weeks, differing: {differing[:5]}")

    rng = random.Random(7)
    differing = []
    start = datetime(2026, 1, 1, tzinfo=timezone.utc)
    for _ in range(600):
        at = wire(start + timedelta(seconds=rng.randrange(11 * 365 * 86400)))
        answers = [api.get("/api/helio/v1/ownership", at=at)["duty"] for api in (one, other)]
        if answers[0] != answers[1]:
            differing.append(at)
    t.check("the office on duty, and its slot, are equal at 600 instants", not differing,
            differing[:5])
