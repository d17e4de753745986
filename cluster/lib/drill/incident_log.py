"""Reads the incident event log: one row is a whole record after one update."""

import csv
import gzip

MAGIC = b"\x1f\x8b"


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


def copy_first(path, target, limit):
    """Writes the rows of the first `limit` incidents of the log to a plain CSV file."""
    wanted = set()
    with open_log(path) as source, open(target, "w", encoding="utf-8", newline="") as out:
        reader = csv.DictReader(source)
        writer = csv.DictWriter(out, reader.fieldnames)
        writer.writeheader()
        for row in reader:
            if row["number"] not in wanted:
                if len(wanted) == limit:
                    continue
                wanted.add(row["number"])
            writer.writerow(row)
    return len(wanted)
