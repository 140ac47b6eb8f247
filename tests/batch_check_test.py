#!/usr/bin/python3
"""Who waits while the containers of a plan are looked at knows that something
goes on. TAP."""

import json
import os
import shutil
import signal
import time

import harness
from centre import Centre
from harness import Sandbox, case, same, true

STOPPED, RUNS = 1, 0.1  # seconds, of a process that is slow that way


def copies(centre, count):
    """A plan of that many locked containers, all of one certificate."""
    row = centre.locked(0)
    for number in range(1, count):
        where = centre.path("old/copy%05d.000" % number)
        shutil.copytree(row["container"].removeprefix("file:"), where)
        centre.rows.append({**row, "container": where})
    for row in centre.rows:
        row["old_pin_file"] = centre.secret
    return centre.plan((*centre.rows[0],))


def slowly(process):
    """What it prints first, in JSON; it gets some time now and then."""
    os.set_blocking(process.stdout.fileno(), False)
    line = None
    while line is None and process.poll() is None:
        time.sleep(RUNS)
        process.send_signal(signal.SIGSTOP)
        line = process.stdout.readline() or None
        time.sleep(STOPPED if line is None else 0)
        process.send_signal(signal.SIGCONT)
    os.set_blocking(process.stdout.fileno(), True)
    return json.loads(line or process.stdout.readline())


@case
def programs_are_told_how_far_it_is():
    with Sandbox() as sandbox:
        found, rows = {}, 200
        while "event" not in found and rows < 10000:  # on a fast machine
            rows *= 2
            centre = Centre(sandbox)
            process = centre.start(copies(centre, rows), "--json")
            found = slowly(process)
            rest = process.communicate()[0]
        same((found["event"], found["rows"]), ("check", rows), found)
        true(0 < found["checked"] <= rows, found)
        # Behind it comes what it comes to: one certificate is renewed once.
        same(json.loads(rest.splitlines()[-1])["outcome"], "planWrong")
        # Who looks first what would be done gets one object.
        done = centre.batch(centre.path("plan.csv"), "--dry-run", "--json")
        same([json.loads(line).get("event")
              for line in done.stdout.splitlines()], [None], done)


harness.main(jobs=1)
