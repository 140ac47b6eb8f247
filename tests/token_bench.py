#!/usr/bin/python3
"""How many commands go to a token (APDUs), and how long that takes with a
virtual one, for each thing that kep does with one, by kind of token. The
limits, which tests/token_counts_test.py holds, are those of tests/
token_counts.py."""

from harness import Sandbox
from token_counts import KINDS, ROWS, measure


def main():
    print("\n%-34s%6s" % ("commands to a token (exchanges)", "limit") +
          "".join("%18s" % name for name, _ in KINDS))
    with Sandbox() as sandbox:
        for row in ROWS:
            print("%-34s%6d" % row[:2] + "".join(
                "%4d (%3d)%6.0f ms" % measure(sandbox, row, kind)
                for kind in KINDS), flush=True)


main()
