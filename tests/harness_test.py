#!/usr/bin/python3
"""tests/harness.py: a test that hangs ends, fails, says where it stood, and
leaves nothing running."""

import os
import random
import signal
import subprocess
import sys
from unittest import mock

import harness
from harness import (TIMEOUT, Sandbox, case, case_of_each, folder, read_line,
                     run, same, true, wait_until, within)
from subscriber import write

# What it begins has its output, too: whoever reads that to its end waits for
# all of them.
SCRIPT = """
import os
import subprocess
import threading
import time
import harness
from harness import case

cleared = threading.Event()

@case
def it_is_quick():
    pass

@case
def it_hangs():
    hanging = ["sh", "-c", "touch $BEGUN; sleep 1000; :"]
    # In one statement: what is begun may be quicker than who begins it.
    subprocess.run(hanging, start_new_session=True)  # for ever

@case
def it_is_left():
    subprocess.Popen(["sleep", "1000"])

@case
def it_has_not_begun():
    pass

@case
def it_goes_on():
    cleared.wait()
    subprocess.Popen(["sleep", "1000"])

def clear_all():
    cleared.set()
    time.sleep(0.5)

if "SHORT" in os.environ:
    harness.LIMIT = 1
    harness._clear_all = clear_all
harness.main()
"""


class Script:
    """A test with these cases."""

    def __init__(self, **more):
        base = folder()
        self.path = write(os.path.join(base, "it_test.py"), SCRIPT)
        self.begun = os.path.join(base, "begun")
        self.env = {"PYTHONPATH": os.path.join(harness.ROOT, "tests"),
                    "BEGUN": self.begun, **more}

    def check_ended(self, status, out):
        same(status, 1, out)
        same([line for line in out.splitlines() if not line.startswith("#")],
             ["1..5", "ok 1 - it is quick", "not ok 2 - it hangs"], out)
        within("start_new_session=True)  # for ever", out)


@case
def a_case_that_takes_too_long_fails():
    script = Script(SHORT="1")
    done = run(sys.executable, script.path, env=script.env)
    script.check_ended(done.returncode, done.stdout)


@case
def a_test_that_is_told_to_end_says_where_it_stands():
    script = Script()
    process = subprocess.Popen(
        [sys.executable, script.path], env={**os.environ, **script.env},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    wait_until(lambda: os.path.exists(script.begun))
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=TIMEOUT)
    script.check_ended(process.returncode, out)


@case
def what_goes_on_then_begins_nothing():
    script = Script(SHORT="1")
    done = run(sys.executable, script.path, "it_goes_on", env=script.env)
    same(done.returncode, 1, done)


@case
def what_a_case_leaves_running_is_ended():
    script = Script()
    done = run(sys.executable, script.path, "it_is_left", env=script.env)
    same((done.returncode, done.stdout), (0, "1..1\nok 1 - it is left\n"),
         done)


@case_of_each([("says_nothing", "exec sleep 1000", ""), ("ends", "exit 0", ""),
               ("speaks", "echo here; exec sleep 1000", "here\n")])
def a_line_is_read_of_one_that(_, script, line):
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE,
                          text=True) as process:
        same(read_line(process, 1 if line == "" else TIMEOUT), line)
        process.kill()


@case
def a_stopped_sandbox_keeps_its_port():
    port = random.randrange(20000, 31000)
    picks = iter([port, port, port + 1, port + 2, port + 3])
    with mock.patch("random.randrange", lambda *_: next(picks)):
        with Sandbox() as one:
            pass
        with Sandbox() as other:
            true(one.port != other.port, one.port)


harness.main(jobs=4)
