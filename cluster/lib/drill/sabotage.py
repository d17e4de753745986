"""Damages a database on purpose, so that a drill can show that its checks notice it."""

import os
import sqlite3


def database_path(data):
    """The node's database: the largest SQLite file of its data directory."""
    found = []
    for folder, _, names in os.walk(data):
        for name in names:
            path = os.path.join(folder, name)
            if not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                if file.read(15) == b"SQLite format 3":
                    found.append(path)
    if not found:
        raise RuntimeError(f"there is no SQLite database in {data}")
    return max(found, key=os.path.getsize)


def change_one_row(path):
    """Changes the subject of one ticket behind the node's back; says which."""
    database = sqlite3.connect(path)
    try:
        columns = [row[1] for row in database.execute("PRAGMA table_info(ticket)")]
        if "subject" not in columns:
            raise RuntimeError(f"the table ticket has no column subject, it has {columns}")
        identifier, subject = database.execute(
            "SELECT id, subject FROM ticket WHERE subject IS NOT NULL ORDER BY id LIMIT 1"
        ).fetchone()
        with database:
            changed = database.execute(
                "UPDATE ticket SET subject = ? WHERE id = ?",
                (f"{subject}, changed by nobody", identifier)).rowcount
        if changed != 1:
            raise RuntimeError(f"{changed} rows were changed, not 1")
        return f"the subject of ticket {identifier} is changed"
    finally:
        database.close()
