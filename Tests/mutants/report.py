"""What people see of the mutants: the list, and the table of a run."""


def print_list(mutants):
    for mutant in mutants:
        by = mutant.tests or f"simulator, {mutant.seeds} seeds up to {mutant.seed_numbers[-1]}"
        print(f"{mutant.name}  ({mutant.area}; breaks {mutant.broken}; {by})")
        print(f"    {mutant.wrong}")
        if mutant.missed:
            print(f"    missed: {mutant.missed}")
    print(f"{len(mutants)} mutants")


def print_table(findings, seconds):
    rows = [("mutant", "area", "breaks", "caught by", "found", "seeds", "s")]
    rows += [_row(finding) for finding in findings]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, tuple("-" * width for width in widths))
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths))
        print(f"| {' | '.join(cells)} |")
    print()
    for finding in findings:
        if not finding.caught:
            print(f"not caught: {finding.name}: {finding.missed or 'and not listed as missed'}")
        elif finding.missed:
            print(f"{finding.name} is listed as missed, but was caught: take the word back")
    caught = sum(finding.caught for finding in findings)
    by_seeds = sum(finding.caught and finding.seeds is not None for finding in findings)
    print(f"{caught} of {len(findings)} mutants caught, {by_seeds} by the simulator and "
          f"{caught - by_seeds} by tests; {seconds:.0f} s")


def _row(finding):
    found = "nothing"
    if finding.caught:
        found = f"{finding.how} {finding.invariant}" if finding.invariant else finding.how
    seeds = "" if finding.seeds is None else str(finding.seeds)
    return (
        finding.name, finding.area, finding.broken, finding.by, found, seeds,
        f"{finding.seconds:.0f}")
