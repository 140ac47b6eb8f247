#!/usr/bin/python3
"""kep status --notify: reminders on the desktop and by a command, each once,
tried again where they could not be given. TAP."""

import datetime
import os
import re

from concurrent.futures import ThreadPoolExecutor

import harness
from harness import (Mount, Sandbox, case, case_of_each, folder, run, same,
                     true, wait_until, within)
from subscriber import Subscriber, write

NOTE = """#!/bin/sh
here=$(dirname "$0")
{ echo "== $# $KEP_EVENT $KEP_COUNT $KEP_DAYS"; printf '<%s>\\n' "$@"
  env | grep -c KEP_SECRET; cat; } >>"$here/said"
[ ! -e "$here/fail" ]
"""


class Desk:
    """A person with certificates, a desktop that notes what it is shown, and
    a clock. person: a subscriber with theirs."""

    def __init__(self, *days, name=None, person=None):
        self.base = folder("desk")
        self.home = person.home if person else self.base + "/home"
        self.keys = person.old_folder if person else self.base + "/keys"
        for name_ in ("home", "keys", "bin", "mail"):
            os.mkdir(os.path.join(self.base, name_), 0o700)
        write(self.base + "/bin/notify-send", NOTE, 0o700)
        write(self.base + "/mail/mail", NOTE, 0o700)
        if person:
            return
        with Sandbox() as sandbox:
            for number in days:
                sandbox.issue("79110000001", "file:" + self.keys,
                              "--days", str(number),
                              *(["--name", name] if name else []))

    def words(self, *options, later=0, desktop=True):
        """What is run, and in what environment."""
        words = ["kep", "status", "--due", "--notify", *options,
                 self.keys]
        if later:
            moment = datetime.datetime.now() + datetime.timedelta(days=later)
            words = ["faketime", moment.strftime("%Y-%m-%d %H:%M:%S")] + [
                harness.program(words[0])] + words[1:]
        return words, {
            "HOME": self.home, "LANG": "C.UTF-8", "LANGUAGE": "en",
            "LC_ALL": None, "XDG_STATE_HOME": None, "XDG_RUNTIME_DIR": None,
            "XDG_CONFIG_HOME": None, "KEP_SECRET": "1",
            "PATH": self.base + "/bin:" + os.environ["PATH"],
            "DBUS_SESSION_BUS_ADDRESS": "unix:x" if desktop else None}

    def status(self, *options, status=0, more={}, **when):
        """later: days from today. more: of subprocess.run."""
        words, env = self.words(*options, **when)
        done = run(*words, env=env, **more)
        same(done.returncode, status, done)
        return done

    def said(self, where):
        """What was said since the last time."""
        path = os.path.join(self.base, where, "said")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8") as file:
            text = file.read()
        os.remove(path)
        return text

    def mail(self):
        return ["--due-command", self.base + "/mail/mail -s 'To renew' me"]


@case
def each_reminder_is_given_once():
    desk = Desk(29, 100)
    desk.status()
    said = desk.said("bin")
    within("== 5 ", said)
    for word in ("--app-name=kep", "--urgency=normal", "--"):
        within("<%s>" % word, said)
    same(said.count("days left"), 1, said)
    true("KEP_SECRET" not in said and "\n0\n" in said, said)
    desk.status()
    same(desk.said("bin"), "")
    # Of 30, 14, 7, 3 and 1 days; at each of them once, and at no other.
    given = []
    for later in (5, 14, 15, 16, 21, 22, 23, 24, 25, 26, 27, 28):
        desk.status(later=later)
        if "days left" in (said := desk.said("bin")) or "day left" in said:
            given.append(later)
            same("--urgency=critical" in said, later >= 25, said)
    same(len(given), 4, given)
    true(given[0] in (14, 15), given)


@case
def what_was_missed_is_given_when_it_can_be():
    desk = Desk(29)
    desk.status()
    desk.said("bin")
    desk.status(later=20)
    same(desk.said("bin").count("days left"), 1)
    desk.status(later=20)
    same(desk.said("bin"), "")


@case
def mail_gets_the_whole_text():
    desk = Desk(10, 20, 50)
    desk.status(*desk.mail(), desktop=False)
    said = desk.said("mail")
    within("== 3 due 3 ", said)
    within("<-s>\n<To renew>\n<me>\n", said)
    same(said.count("file:" + desk.base + "/keys/"), 3, said)
    same(re.search(r"== 3 due 3 (\d+)", said)[1] in ("9", "10"), True, said)
    desk.status(*desk.mail(), desktop=False)
    same(desk.said("mail"), "")
    # The desktop has not been told of it yet.
    desk.status(*desk.mail())
    same(desk.said("mail"), "")
    within("Signature certificates have to be renewed", desk.said("bin"))


@case
def what_fails_is_told_and_tried_again():
    desk = Desk(20)
    write(desk.base + "/mail/fail", "")
    done = desk.status(*desk.mail(), status=1)
    within("A reminder could not be given", done.stderr)
    within("--due-command", done.stderr)
    within("days left", desk.said("mail"))
    within("days left", desk.said("bin"))
    os.remove(desk.base + "/mail/fail")
    desk.status(*desk.mail())
    within("days left", desk.said("mail"))
    same(desk.said("bin"), "")
    os.remove(desk.base + "/bin/notify-send")
    done = desk.status(later=10, status=1)
    within("libnotify-bin", done.stderr)


@case
def nobody_to_tell_is_told():
    desk = Desk(20)
    done = desk.status(desktop=False, status=1)
    within("no desktop here, and no --due-command",
           re.sub(r"\s+", " ", done.stderr))
    desk = Desk()
    desk.status(desktop=False)


@case
def names_are_no_markup_and_no_options():
    desk = Desk(20, name="--help <b>&Иван")
    desk.status()
    within("<--help &lt;b&gt;&amp;Иван: until ", desk.said("bin"))


@case
def a_spoilt_memory_is_no_obstacle():
    desk = Desk(20)
    os.makedirs(desk.home + "/.local/state/kep", 0o700)
    write(desk.home + "/.local/state/kep/notices",
          "x y\n\n" + "0" * 40 + " 7 7\n" + "9" * 5000 + "\n%s%n\n")
    desk.status()
    within("days left", desk.said("bin"))
    desk.status()
    same(desk.said("bin"), "")


# --- what comes between ------------------------------------------------------


def given(desk, *days):
    """The days from today, in this order, on which something is said."""
    found = []
    for later in days:
        desk.status(later=later)
        if re.search("days? left", desk.said("bin")):
            found.append(later)
    return found


@case
def what_was_missed_comes_once_and_not_several_times():
    desk = Desk(59)
    same(given(desk, 0, 54, 54, 57), [0, 54, 57])


@case
def a_clock_that_was_ahead_takes_no_reminder_away():
    desk = Desk(29)
    same(given(desk, 0, 28, 0, 10, 18, 20, 24, 27), [0, 28, 18, 24, 27])


@case
def a_clock_that_was_behind_repeats_none():
    """At the edge of a day, too, as two systems on one computer set it."""
    desk = Desk(29)
    same(given(desk, 16, 15, 14, 16, 15, 14, 17), [16])


@case
def what_is_renewed_is_not_reminded_of():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox, "--days", "20")
        desk = Desk(person=person)
        same(given(desk, 0), [0])
        person.check_renewed(person.renew())
        same(given(desk, 10, 15, 18, 19), [])


@case
def what_was_begun_and_left_lying_is_reminded_of():
    with Sandbox("--issue-after", "1000") as sandbox:
        person = Subscriber(sandbox, "--days", "20")
        desk = Desk(person=person)
        sandbox.set(person.thumbprint, "unpaid")
        same(person.renew().word, "paymentRequired")
        same(given(desk, 0, 1, 10, 18), [0, 10, 18])
        # The centre is at work, or the person is.
        sandbox.set(person.thumbprint, "paid")
        same(person.resume("--wait", "0").word, "waiting")
        same(given(desk, 19), [])


@case_of_each([("paper", [0, 10, 18]), ("kind-changed", [0, 10, 18]),
               ("form-exists", []), ("revoked", [])])
def what_is_renewed_elsewhere_is_reminded_of(state, days):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox, "--days", "20")
        desk = Desk(person=person)
        sandbox.set(person.thumbprint, state)
        same(person.renew().returncode, 5)
        same(given(desk, 0, 1, 10, 18), days)


@case
def what_is_renewed_elsewhere_is_not_to_be_renewed_here():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox, "--days", "20")
        desk = Desk(person=person)
        sandbox.set(person.thumbprint, "kind-changed")
        same(person.renew().returncode, 5)
        desk.status(*desk.mail(), desktop=False)
        said = desk.said("mail")
        within("Not with kep renew", said)
        true("Run: kep renew" not in said, said)
        # Of several it is said of that one alone.
        sandbox.issue(person.phone, "file:" + person.old_folder)
        desk.status(*desk.mail(), desktop=False, later=10)
        said = desk.said("mail")
        same((said.count("left)"), said.count("Not with kep renew"),
              said.count("Run: kep renew")), (2, 1, 1), said)


@case
def two_at_once_give_it_once():
    desk = Desk(20)
    write(desk.base + "/mail/mail", NOTE.replace(
        "[ !", "touch $here/begun\nwhile [ ! -e $here/go ]; do sleep 0.05; done"
        "\n[ !"), 0o700)
    words, env = desk.words(*desk.mail(), desktop=False)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(run, *words, env=env)
        wait_until(lambda: os.path.exists(desk.base + "/mail/begun"))
        done = desk.status(*desk.mail(), desktop=False, status=4)
        within("Another kep is at work", done.stderr)
        write(desk.base + "/mail/go", "")
        same(first.result().returncode, 0)
    same(desk.said("mail").count("days left"), 1)
    desk.status(*desk.mail(), desktop=False)
    same(desk.said("mail"), "")


# --- what cannot be remembered -----------------------------------------------


def told_by(desk):
    return os.path.join(desk.home, ".local/state/kep")


@case
def a_memory_that_is_no_file_is_told():
    desk = Desk(20)
    os.makedirs(told_by(desk) + "/notices", 0o700)
    done = desk.status(status=5)
    within("cannot be noted", done.stderr)
    within("days left", desk.said("bin"))


@case
def where_nothing_can_be_remembered_it_is_told():
    """Better twice than never."""
    desk = Desk(20)
    os.makedirs(told_by(desk), 0o700)
    with Mount(told_by(desk), "size=64k") as drive:
        with open(told_by(desk) + "/much", "wb", 0) as much:
            try:
                while much.write(bytes(4096)):
                    pass
            except OSError:
                pass
        for options, why in (("rw", "No space left"),
                             ("ro", "Read-only file system")):
            drive.change(options)
            done = desk.status(status=5)
            within("cannot be noted", done.stderr)
            within(why, " ".join(done.stderr.split()))
            within("days left", desk.said("bin"))
        drive.change("rw")
        os.remove(told_by(desk) + "/much")
        desk.status()
        same(desk.said("bin").count("days left"), 1)
        desk.status()
        same(desk.said("bin"), "")


harness.main()
