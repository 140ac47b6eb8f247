#!/usr/bin/python3
"""The units for a user's systemd, as systemd-analyze sees them; and that the
programs they start call nothing that their filters forbid. TAP."""

import os
import re

import harness
from harness import Sandbox, case, folder, ok, run, same, true, within
from subscriber import Subscriber

INSTALL = os.path.join(harness.ROOT, "client/systemd/install.sh")
SERVICES = ("kep-due.service", "kep-resume.service")
TIMERS = ("kep-due.timer", "kep-resume.timer")


def installed():
    place = folder("units")
    ok(INSTALL, harness.OUT, place)
    return place


def analyze(*words, place):
    return run("systemd-analyze", "--user", *words, cwd=place, env={
        "XDG_RUNTIME_DIR": folder("runtime"), "LC_ALL": "C.UTF-8"})


@case
def systemd_finds_nothing_wrong():
    place = installed()
    same(sorted(os.listdir(place)), sorted(SERVICES + TIMERS))
    done = analyze("verify", "--man=no",
                   *("./" + unit for unit in SERVICES + TIMERS), place=place)
    same((done.returncode, done.stdout, done.stderr), (0, "", ""), done)
    # It does look.
    with open(place + "/kep-due.service", "a", encoding="ascii") as file:
        file.write("NoNewPriviledges=yes\n")
    done = analyze("verify", "--man=no", "./kep-due.service", place=place)
    within("NoNewPriviledges", done.stderr)


@case
def little_is_exposed():
    place = installed()
    for unit in SERVICES:
        done = analyze("security", "--offline=yes", "--threshold=25",
                       "./" + unit, place=place)
        same(done.returncode, 0, done)
    for unit in TIMERS:
        with open(os.path.join(place, unit), encoding="ascii") as file:
            text = file.read()
        for moment in re.findall("^OnCalendar=(.*)$", text, re.M):
            ok("systemd-analyze", "calendar", moment)


def members(name):
    """The system calls of a set."""
    found = set()
    for word in re.findall(r"^    (@?[a-z0-9_-]+)$", ok(
            "systemd-analyze", "syscall-filter", name).stdout, re.M):
        found |= members(word) if word.startswith("@") else {word}
    return found


def filtered():
    """Those that a service may make: its lines, one after the other."""
    with open(os.path.join(installed(), SERVICES[0]),
              encoding="ascii") as file:
        lines = re.findall(r"^SystemCallFilter=(~?)(@\S+)$", file.read(), re.M)
    found = set()
    for taken_away, name in lines:
        found = found - members(name) if taken_away else found | members(name)
    return found


@case
def the_filters_let_through_what_is_needed():
    allowed = filtered()
    true(len(allowed) > 200, len(allowed))
    true("reboot" not in allowed and "read" in allowed)
    base = folder("trace")
    with Sandbox("--issue-after", "1000") as sandbox:
        person = Subscriber(sandbox)
        same(person.renew("--wait", "0").word, "waiting")
        for name, words in (("due", ["status", "--due", "--notify",
                                     "--due-command", "cat", person.old]),
                            ("resume", ["resume", "--wait", "0"])):
            path = os.path.join(base, name)
            run("strace", "-f", "-qq", "-o", path, harness.program("kep"),
                *words, env=person.env())
            with open(path, encoding="utf-8", errors="replace") as file:
                calls = set(re.findall(r"^\d+ +([a-z0-9_]+)\(", file.read(),
                                       re.M))
            true(len(calls) > 20, calls)
            same(sorted(calls - allowed), [], name)


harness.main()
