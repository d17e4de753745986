"""What Schemathesis must know beyond docs/openapi.yaml, and a tally of what it got."""

import atexit
import collections
import json
import os
import random
import threading

import schemathesis

# Rows of the node under test by kind.
ROWS = json.loads(os.environ["HELIO_ROWS"])
# The admin as whom it works, and their token: without them every answer would be 401.
SPARED = [str(row) for row in json.loads(os.environ["HELIO_SPARED"])]
TALLY = collections.Counter()
LOCK = threading.Lock()
# A longer request line ends the connection before any route is asked.
LONGEST_TARGET = 30_000


@schemathesis.serializer("application/toml")
def toml(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.hook
def map_path_parameters(ctx, path_parameters):
    """Half of the generated ids become ids that exist, so that paths lead to something."""
    if not path_parameters or "id" not in path_parameters:
        return path_parameters
    parts = ctx.operation.path.split("/")
    rows = ROWS.get(parts[parts.index("{id}") - 1])
    chance = random.Random(json.dumps(path_parameters, sort_keys=True, default=str))
    if rows and chance.random() < 0.5:
        path_parameters["id"] = chance.choice(rows)
    return path_parameters


@schemathesis.hook
def filter_case(ctx, case):
    row = str((case.path_parameters or {}).get("id"))
    if row in SPARED and case.method.upper() != "GET":
        return False
    # It would revoke the very token that all of this is asked with.
    if case.operation.path.endswith("/oauth/tokens/current") and case.method.upper() == "DELETE":
        return False
    return len(json.dumps(case.query or {}, default=str)) * 3 < LONGEST_TARGET


@schemathesis.hook
def after_call(ctx, case, response):
    with LOCK:
        TALLY[response.status_code] += 1


@atexit.register
def write_tally():
    with open(os.environ["HELIO_TALLY"], "w", encoding="utf-8") as file:
        json.dump(TALLY, file)
