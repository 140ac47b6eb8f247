#!/usr/bin/python3
"""kep status --notify: reminders on the desktop and by a command, each once,
tried again where they could not be given. TAP."""

import datetime
import os
import re

import harness
from harness import Sandbox, case, folder, run, same, true, within
from subscriber import write

NOTE = """#!/bin/sh
here=$(dirname "$0")
{ echo "== $# $KEP_EVENT $KEP_COUNT $KEP_DAYS"; printf '<%s>\\n' "$@"
  env | grep -c KEP_SECRET; cat; } >>"$here/said"
[ ! -e "$here/fail" ]
"""


class Desk:
    """A person with certificates, a desktop that notes what it is shown, and
    a clock."""

    def __init__(self, *days, name=None):
        self.base = folder("desk")
        self.home = self.base + "/home"
        for name_ in ("home", "keys", "bin", "mail"):
            os.mkdir(os.path.join(self.base, name_), 0o700)
        write(self.base + "/bin/notify-send", NOTE, 0o700)
        write(self.base + "/mail/mail", NOTE, 0o700)
        with Sandbox() as sandbox:
            for number in days:
                sandbox.issue("79110000001", "file:" + self.base + "/keys",
                              "--days", str(number),
                              *(["--name", name] if name else []))

    def status(self, *options, later=0, desktop=True, status=0):
        """later: days from today."""
        words = ["kep", "status", "--due", "--notify", *options,
                 self.base + "/keys"]
        if later:
            moment = datetime.datetime.now() + datetime.timedelta(days=later)
            words = ["faketime", moment.strftime("%Y-%m-%d %H:%M:%S")] + [
                harness.program(words[0])] + words[1:]
        done = run(*words, env={
            "HOME": self.home, "LANG": "C.UTF-8", "LANGUAGE": "en",
            "LC_ALL": None, "XDG_STATE_HOME": None, "XDG_RUNTIME_DIR": None,
            "XDG_CONFIG_HOME": None, "KEP_SECRET": "1",
            "PATH": self.base + "/bin:" + os.environ["PATH"],
            "DBUS_SESSION_BUS_ADDRESS": "unix:x" if desktop else None})
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


harness.main()
