#!/usr/bin/python3
"""No more calls go to a PKCS#11 module than tests/module_counts.py allows."""

import harness
from harness import Sandbox, case, true
from module_counts import ROWS, Person, measure


@case
def calls_are_few():
    with Sandbox() as sandbox:
        person = Person(sandbox)
        for row in ROWS:
            (calls, _), (theirs, _) = measure(person, row)
            true(0 < calls <= row[1], "%s: %d calls" % (row[0], calls))
            true(theirs > 0, row[0])


harness.main()
