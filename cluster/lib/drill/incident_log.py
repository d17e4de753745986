"""Reads the incident event log: one row is a whole record after one update."""

import csv
import gzip
import os

MAGIC = b"\x1f\x8b"


def check_log_options(parser, options):
    """--incidents FILE is there, and --limit comes only with it; else a usage error."""
    if options.limit is not None and not options.incidents:
        parser.error("--limit belongs to --incidents")
    if options.incidents and not os.path.isfile(options.incidents):
        parser.error(f"there is no file {options.incidents}")


def open_log(path):
    """The text of a CSV file, plain or gzip."""
    with open(path, "rb") as file:
        packed = file.read(2) == MAGIC
    if packed:
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return open(path, encoding="utf-8", newline="")


def rows(path):
    """(line number, row as a dict) for every row; the header is line 1."""
    with open_log(path) as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield reader.line_num, row


def incidents(path):
    """number → its rows, in the order of the log: sys_mod_count, then file order."""
    found = {}
    for _, row in rows(path):
        found.setdefault(row["number"], []).append(row)
    for snapshots in found.values():
        snapshots.sort(key=lambda row: int(row["sys_mod_count"]))
    return found

