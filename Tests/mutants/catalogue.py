"""The list of mutants: what each changes, what that breaks, and who must notice."""

import pathlib
import re
import tomllib
from dataclasses import dataclass

# Stands in a changed text for the mutant's own switch.
PLACE = "MUTANT"
NAME = re.compile(r"[a-z]+(-[a-z]+)*")
# Seeds that may pass before the simulator must have noticed, where an entry states no number.
SEEDS = 40


class CatalogueError(Exception):
    """An entry that is no mutant; the text names it."""


@dataclass(frozen=True)
class Edit:
    """One place in one file."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutant:
    """A seeded bug."""

    name: str
    area: str
    wrong: str
    # Numbers of invariants, and of rows of the table of hostile cases.
    breaks: tuple
    hostile: tuple
    edits: tuple
    # The tests that must notice, as a filter; None: the simulator must, within `seeds`.
    tests: str | None
    seeds: int
    # Only each step-th seed is tried, as each fourth one runs on SQLite.
    step: int
    # Why nobody notices; None where somebody must.
    missed: str | None

    @property
    def switch(self):
        """The name in Swift: `void-applied` is `voidApplied`."""
        first, *rest = self.name.split("-")
        return first + "".join(word.capitalize() for word in rest)

    @property
    def seed_numbers(self):
        """The seeds to try, in order."""
        return range(self.step, self.step * self.seeds + 1, self.step)

    @property
    def broken(self):
        """The broken invariants and hostile rows, as people write them."""
        rows = [str(number) for number in self.breaks]
        return ", ".join(rows + [f"h{number}" for number in self.hostile])


def read(folder):
    """All mutants of a folder of TOML files; the file's name is the area."""
    mutants = []
    for path in sorted(pathlib.Path(folder).glob("*.toml")):
        with open(path, "rb") as file:
            try:
                entries = tomllib.load(file)["mutant"]
            except (tomllib.TOMLDecodeError, KeyError) as error:
                raise CatalogueError(f"{path.name}: {error}") from error
        mutants += [_mutant(entry, path.stem) for entry in entries]
    names = [mutant.name for mutant in mutants]
    for name in names:
        if names.count(name) > 1:
            raise CatalogueError(f"there are two mutants called {name}")
    return mutants


def _mutant(entry, area):
    name = entry.get("name", "?")
    known = {"name", "wrong", "breaks", "hostile", "edit", "tests", "seeds", "step", "missed"}
    if not NAME.fullmatch(name):
        raise CatalogueError(f"{area}: '{name}' is no name; write small words joined by '-'")
    if unknown := set(entry) - known:
        raise CatalogueError(f"{name}: unknown keys {', '.join(sorted(unknown))}")
    edits = tuple(Edit(**edit) for edit in entry.get("edit", ()))
    if not edits or not entry.get("wrong"):
        raise CatalogueError(f"{name}: needs 'wrong' and at least one [[mutant.edit]]")
    if not entry.get("breaks") and not entry.get("hostile"):
        raise CatalogueError(f"{name}: names neither an invariant nor a hostile case")
    for edit in edits:
        if PLACE not in edit.new:
            raise CatalogueError(f"{name}: a changed text must hold {PLACE}, its switch")
    return Mutant(
        name=name, area=area, wrong=entry["wrong"], breaks=tuple(entry.get("breaks", ())),
        hostile=tuple(entry.get("hostile", ())), edits=edits, tests=entry.get("tests"),
        seeds=entry.get("seeds", SEEDS), step=entry.get("step", 1), missed=entry.get("missed"))
