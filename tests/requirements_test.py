#!/usr/bin/python3
"""doc/requirements.md holds every rule from 1 to 98 once, the files that it
names are there, and so are the tests, each of which names its rule. Speaks
TAP; says how many rules are not held yet."""

import os
import re
import sys

RULES = 98
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLE = "doc/requirements.md"

tests = 0
failed = 0


def check(name, problems):
    global tests, failed
    tests += 1
    failed += bool(problems)
    print(f"{'not ok' if problems else 'ok'} {tests} - {name}")
    for problem in problems:
        print("#", problem)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def rows():
    """(number, what, where, held) of each."""
    for line in read(TABLE).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"\d+", cells[0]) and len(cells) == 4:
            yield int(cells[0]), *cells[1:]


def marked(path, test):
    """The rules that a test names in the comment above it; None: there is no
    such test."""
    pattern = (rf"^def {test}\(" if path.endswith(".py")
               else rf"^static void {test}\(void \*\*state\)")
    text = read(path)
    found = re.search(pattern, text, re.M)
    if found is None:
        return None
    above = text[text.rfind("\n\n", 0, found.start()) + 2:found.start()]
    return {int(number) for number in re.findall(r"\brule_(\d+)\b", above)}


def paths(cell):
    return re.findall(r"`([\w./-]+)`", cell)


def check_tests(number, held):
    named = re.findall(r"`(tests/[\w./]+)` (\w+)", held)
    if not named and "not yet" not in held:
        return [f"rule {number}: no test is named"]
    problems = []
    for path, test in named:
        if not os.path.isfile(os.path.join(ROOT, path)):
            problems.append(f"rule {number}: there is no {path}")
            continue
        rules = marked(path, test)
        if rules is None:
            problems.append(f"rule {number}: no {test} in {path}")
        elif number not in rules:
            problems.append(f"rule {number}: {path}: {test} does not name it")
    return problems


def main():
    table = list(rows())
    numbers = [row[0] for row in table]
    check("every rule stands in the table once, in order",
          [] if numbers == list(range(1, RULES + 1)) else
          [f"missing: {sorted(set(range(1, RULES + 1)) - set(numbers))}"])
    check("every place is there", [
        f"rule {number}: there is no {path}"
        for number, _, where, held in table if "not yet" not in held
        for path in paths(where) or ["place"]
        if not os.path.exists(os.path.join(ROOT, path))])
    check("every test is there and names its rule", [
        problem for number, _, _, held in table
        for problem in check_tests(number, held)])
    open_ones = [row[0] for row in table if "not yet" in row[3]]
    print(f"# held: {len(table) - len(open_ones)} of {RULES};"
          f" not yet: {open_ones}")
    print(f"1..{tests}")
    return 1 if failed else 0


sys.exit(main())
