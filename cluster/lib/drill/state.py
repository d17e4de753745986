"""Where `cluster/up` writes down what runs, for `cluster/down`."""

import json
import os


def default_directory():
    return os.path.join(os.environ.get("TMPDIR", "/tmp"), f"heliotrope-{os.geteuid()}")


def path(directory):
    return os.path.join(directory, "cluster.json")


def load(directory):
    """The offices that were started there; empty where there is no state."""
    try:
        with open(path(directory), encoding="utf-8") as file:
            return json.load(file)["offices"]
    except FileNotFoundError:
        return []


def save(directory, offices):
    # It holds tokens: nobody else may read it.
    descriptor = os.open(path(directory), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"offices": offices}, file, indent=2)
