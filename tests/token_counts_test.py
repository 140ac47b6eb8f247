#!/usr/bin/env python3
"""No more commands go to a token than tests/token_counts.py allows."""

import harness
from harness import Sandbox, case_of_each, true
from token_counts import KINDS, ROWS, limit_of, measure


@case_of_each([("_".join(word.strip(",") for word in row[0].split()), row)
               for row in ROWS])
def commands_are_few(_, row):
    with Sandbox() as sandbox:
        for kind in KINDS:
            commands, _ = measure(sandbox, row, kind)
            true(0 < commands <= limit_of(row, kind),
                 "%s on %s: %d commands" % (row[0], kind[0], commands))


harness.main()
