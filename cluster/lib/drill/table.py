"""Prints checks as a table, and remembers whether one of them failed."""

import sys
import unicodedata


def width(text):
    """Columns that a terminal needs; Chinese characters take two."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(bool(unicodedata.combining(letter)) for letter in text)


def pad(text, columns):
    return text + " " * max(0, columns - width(text))


def print_table(headings, rows, file=None):
    file = file or sys.stdout
    rows = [[str(cell) for cell in row] for row in rows]
    columns = [max(width(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    line = "+".join("-" * (size + 2) for size in columns)
    for index, row in enumerate([headings, *rows]):
        print(" " + " | ".join(pad(cell, size) for cell, size in zip(row, columns)).rstrip(),
              file=file)
        if index == 0:
            print(line, file=file)
    file.flush()


class Checks:
    """Named checks, each with what was found; printed together."""

    def __init__(self):
        self.rows = []

    def add(self, name, ok, found, detail=()):
        """`detail`: lines shown below the table where the check failed."""
        self.rows.append((name, bool(ok), str(found), list(detail)))
        return bool(ok)

    @property
    def failed(self):
        return [row for row in self.rows if not row[1]]

    def show(self, file=None):
        file = file or sys.stdout
        print_table(
            ["check", "found", "verdict"],
            [[name, found, "ok" if ok else "FAILED"] for name, ok, found, _ in self.rows], file)
        for name, _, _, detail in self.failed:
            if detail:
                print(f"\n{name}:", file=file)
            for line in detail[:12]:
                print(f"  {line}", file=file)
            if len(detail) > 12:
                print(f"  … and {len(detail) - 12} more", file=file)
        file.flush()
