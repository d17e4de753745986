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
# A token of the same admin's, to be revoked: by the operation that ends the token it is asked with.
THROWAWAY = os.environ["HELIO_THROWAWAY"]
# A longer request line ends the connection before any route is asked.
LONGEST_TARGET = 30_000


@schemathesis.serializer("application/toml")
def toml(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.hook
def map_path_parameters(ctx, path_parameters):
    """Half of the generated ids become ids that exist, so that paths lead to something."""
    chance = random.Random(json.dumps(path_parameters, sort_keys=True, default=str))
    parts = ctx.operation.path.split("/")
    for name in path_parameters or ():
        kind = parts[parts.index(f"{{{name}}}") - 1]
        if kind in ROWS and chance.random() < 0.5:
            path_parameters[name] = chance.choice(ROWS[kind])
    return path_parameters


@schemathesis.hook
def filter_case(ctx, case):
    return len(json.dumps(case.query or {}, default=str)) * 3 < LONGEST_TARGET


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """Nothing is done to the admin as whom all of this is asked: the case gets an id that is none.
    Not in `filter_case`, which does not see the ids that come from earlier answers."""
    if case.method.upper() == "GET":
        return
    if str((case.path_parameters or {}).get("id")) in SPARED:
        case.path_parameters["id"] = 1
    if case.operation.path.endswith("/oauth/tokens/current"):
        kwargs["auth"] = throwaway


def throwaway(request):
    request.headers["Authorization"] = f"Bearer {THROWAWAY}"
    return request


@schemathesis.hook
def after_call(ctx, case, response):
    with LOCK:
        TALLY[response.status_code] += 1


@atexit.register
def write_tally():
    with open(os.environ["HELIO_TALLY"], "w", encoding="utf-8") as file:
        json.dump(TALLY, file)
