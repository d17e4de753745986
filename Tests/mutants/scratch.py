"""A copy of the source tree with all mutants in it, each behind a switch that is off."""

import pathlib
import re
import shutil

from catalogue import PLACE, CatalogueError

MARK = ".mutants"
LEFT_OUT = {".git", MARK}
SWITCHES = "Sources/ReplicaCore/Mutant.swift"
IMPORT = re.compile(r"^(\w+ )?import ReplicaCore$", re.MULTILINE)
FIRST_IMPORT = re.compile(r"^(\w+ )?import \w+", re.MULTILINE)


def check(root, mutants):
    """Fails where a mutant does not fit the sources as they are."""
    _mutated(pathlib.Path(root), mutants)


def prepare(root, tree, mutants):
    """Makes `tree` a copy of `root` with the mutants; files that are right already stay."""
    root, tree = pathlib.Path(root), pathlib.Path(tree)
    tree.mkdir(parents=True, exist_ok=True)
    strangers = [path for path in tree.iterdir() if not path.name.startswith(".build")]
    if strangers and not (tree / MARK).exists():
        raise CatalogueError(f"{tree} holds something else; name an empty folder with --tree")
    (tree / MARK).touch()
    changed = _mutated(root, mutants)
    changed[SWITCHES] = _switches(mutants)
    kept = _copy(root, tree, changed) | set(changed)
    for name, text in changed.items():
        _write(tree / name, text.encode())
    for path in _files(tree):
        if path.as_posix() not in kept:
            (tree / path).unlink()


def _mutated(root, mutants):
    """File → its text with all edits. Every original text must stand there exactly once."""
    edits = {}
    for mutant in mutants:
        for edit in mutant.edits:
            edits.setdefault(edit.file, []).append((mutant, edit))
    return {name: _apply(root / name, entries) for name, entries in edits.items()}


def _apply(path, entries):
    if not path.is_file():
        raise CatalogueError(f"{entries[0][0].name} is stale: there is no {entries[0][1].file}")
    text = path.read_text(encoding="utf-8")
    spans = []
    for mutant, edit in entries:
        count = text.count(edit.old)
        if count != 1:
            raise CatalogueError(
                f"{mutant.name} is stale: its text occurs {count} times in {edit.file}; it must "
                "stand there exactly once")
        start = text.index(edit.old)
        new = edit.new.replace(PLACE, f"Mutant.{mutant.switch}")
        spans.append((start, start + len(edit.old), new, mutant.name))
    spans.sort()
    for (_, end, _, left), (start, _, _, right) in zip(spans, spans[1:]):
        if start < end:
            raise CatalogueError(f"{left} and {right} change the same text of {entries[0][1].file}")
    for start, end, new, _ in reversed(spans):
        text = text[:start] + new + text[end:]
    if "Sources/ReplicaCore/" not in entries[0][1].file and not IMPORT.search(text):
        first = FIRST_IMPORT.search(text)
        start = first.start() if first else 0
        text = text[:start] + "internal import ReplicaCore\n" + text[start:]
    return text


def _switches(mutants):
    lines = [
        "// Which seeded bug is switched on: one, by the environment, or none.",
        "",
        "internal import Glibc",
        "",
        "/// The switches of the mutants; this file is in their copy of the tree only.",
        "package enum Mutant {",
        '  private static let chosen = getenv("HELIO_MUTANT").map { String(cString: $0) }',
    ]
    lines += [
        f'  package static let {mutant.switch} = chosen == "{mutant.name}"' for mutant in mutants
    ]
    return "\n".join(lines + ["}", ""])


def _copy(root, tree, changed):
    kept = set()
    for path in _files(root):
        name = path.as_posix()
        kept.add(name)
        if name in changed:
            continue
        data = (root / path).read_bytes()
        if _write(tree / path, data):
            shutil.copymode(root / path, tree / path)
    return kept


def _write(path, data):
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def _files(root):
    """Paths below a root, without build folders and what git keeps."""
    result, folders = [], [pathlib.Path()]
    while folders:
        folder = folders.pop()
        for entry in (root / folder).iterdir():
            if entry.name in LEFT_OUT or entry.name.startswith(".build"):
                continue
            path = folder / entry.name
            if entry.is_dir() and not entry.is_symlink():
                if entry.name != "__pycache__":
                    folders.append(path)
            elif entry.is_file():
                result.append(path)
    return result
