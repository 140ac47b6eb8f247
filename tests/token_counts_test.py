#!/usr/bin/python3
"""No more commands go to a token than tests/token_counts.py allows."""

import harness
from harness import Sandbox, case_of_each, true
from token_counts import KINDS, ROWS, measure


@case_of_each([("_".join(word.strip(",") for word in row[0].split()), row)
               for row in ROWS])
def commands_are_few(_, row):
    with Sandbox() as sandbox:
        for kind in KINDS:
            count = measure(sandbox, row, kind)
            true(0 < count.commands <= row[1] and count.exchanges <= row[2],
                 "%s on %s: %s" % (row[0], kind[0], count))
            true(count.exchanges == count.commands or kind[1].get("t0"),
                 count)


harness.main(jobs=4)
