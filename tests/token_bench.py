#!/usr/bin/python3
"""How many commands go to a token (APDUs), and how long that takes with a
virtual one, for each thing that kep does with one, by kind of token. The
limits, which tests/token_counts_test.py holds, are those of tests/
token_counts.py."""

from harness import Sandbox
from token_counts import KINDS, ROWS, measure


def main():
    print("\n%-34s%6s%6s" % ("commands to a token (milliseconds)", "limit",
                             "T=0") +
          "".join("%15s" % name for name, _ in KINDS))
    with Sandbox() as sandbox:
        for row in ROWS:
            print("%-34s%6d%6d" % row[:3] + "".join(
                "%7d (%5.0f)" % measure(sandbox, row, kind)
                for kind in KINDS), flush=True)


main()
