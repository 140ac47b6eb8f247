#!/usr/bin/python3
"""How many calls a PKCS#11 module gets for each thing that kep does through
it, and how many pkcs11-tool makes for the same. The limits, which tests/
module_counts_test.py holds, are those of tests/module_counts.py."""

from harness import Sandbox
from module_counts import ROWS, Person, measure


def main():
    print("\n%-30s%7s%7s%9s%13s%9s%8s" % (
        "calls to a PKCS#11 module", "limit", "kep", "starts", "pkcs11-tool",
        "starts", "kep is"))
    with Sandbox() as sandbox:
        person = Person(sandbox)
        for row in ROWS:
            (ours, begun), (theirs, others) = measure(person, row)
            print("%-30s%7d%7d%9d%13d%9d%8.2f" % (
                row[0], row[1], ours, begun, theirs, others, ours / theirs),
                flush=True)


main()
