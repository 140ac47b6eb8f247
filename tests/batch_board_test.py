#!/usr/bin/python3
"""The board of a batch at a terminal: it ticks, and what commands print does
not tear it. TAP."""

import os
import re

import harness
from centre import Centre
from harness import Sandbox, case, same, true, within
from subscriber import write
from talk import Talk

BAR = re.compile(r"\[([#.]{20})\] (\d+) of (\d+), (\d:\d\d:\d\d), \S.*")


class Terminal:
    """What stands on a terminal after what was sent to it."""

    def __init__(self, sent):
        self.lines, self.row, self.column = [""], 0, 0
        for part in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b.|.", sent, re.S):
            self.take(part)

    def take(self, part):
        if part == "\r":
            self.column = 0
        elif part == "\n":
            self.row += 1
            if self.row == len(self.lines):
                self.lines.append("")
        elif part == "\b":
            self.column = max(0, self.column - 1)
        elif part.startswith("\x1b["):
            self.move(part[-1], int(part[2:-1] or "0"))
        else:
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = (line[:self.column] + part +
                                    line[self.column + 1:])
            self.column += 1

    def move(self, kind, number):
        if kind == "A":
            self.row = max(0, self.row - (number or 1))
        elif kind == "K":
            self.lines[self.row] = self.lines[self.row][:self.column]
        elif kind == "J":
            self.take("\x1b[K")
            del self.lines[self.row + 1:]
        else:
            true(kind == "m", kind)


def talk(centre, *words, **options):
    return Talk(*centre.words(centre.plan(), *words), "--accept-data",
                "--jobs", "3", cwd=centre.base,
                env={**centre.env(), "TERM": "xterm"}, **options)


@case
def it_ticks_while_nothing_happens():
    with Sandbox("--issue-after", "8") as sandbox:
        centre = Centre(sandbox).clients(2)
        with talk(centre) as at:
            same(at.end(), 0, at.shown)
        moments = [one[3] for one in BAR.findall(at.shown)]
        # Nothing happens between the request and the issue. A machine with
        # much to do may pass over a second, but not over all of that.
        seconds = [int(one[2:4]) * 60 + int(one[5:]) for one in moments]
        true(max(later - one for one, later in zip(seconds, seconds[1:])) < 6,
             at.shown)
        true(len(moments) < 40 + seconds[-1], moments)
        # The board is gone, and what it came to stands there.
        last = "\n".join(Terminal(at.shown).lines)
        true("0:00:" not in last, last)
        within("2", last)


@case
def a_narrow_terminal_shows_all_of_it():
    with Sandbox("--issue-after", "6") as sandbox:
        centre = Centre(sandbox).clients(2)
        with talk(centre, columns=40) as at:
            same(at.end(), 0, at.shown)
        # What is left stands beneath what there was no room for beside.
        true(re.search(r"\d:\d\d:\d\d,\x1b\[K\r\nhow long", at.shown),
             at.shown)
        for line in Terminal(at.shown).lines:
            true(len(line) < 40, line)
        with Talk("kep", "status", centre.path("new"), cwd=centre.base,
                  env=centre.env(), columns=40) as at:
            same(at.end(), 0, at.shown)
        for line in Terminal(at.shown).lines:
            # A place and a command are to be copied.
            true(len(line) < 40 or "file:" in line or len(line.split()[-1]) >
                 12, line)


@case
def what_commands_print_stands_above_it():
    with Sandbox("--issue-after", "2") as sandbox:
        centre = Centre(sandbox).clients(4)
        sandbox.set(centre.thumbprints()[0], "unpaid")
        tool = write(centre.path("hook.sh"), "#!/bin/sh\n"
                     "printf 'one of %s, ' $KEP_EVENT >&2\nsleep 1.2\n"
                     "echo two\nprintf '\\033[2J\\rthree\\n' >&2\n"
                     "printf end >&2\n", 0o700)
        with talk(centre, "--deploy-command", tool, "--failed-command",
                  tool) as at:
            same(at.end(), 5, at.shown)
        lines = Terminal(at.shown).lines
        for number in range(4):
            mine = [line.split(": ", 1)[1] for line in lines
                    if line.startswith("Договор № %d: " % number)]
            same(len(mine), 3, lines)
            true(mine[0] in ("one of deploy, two", "one of failed, two"), mine)
            within("[2J", mine[1])
            true(mine[1].endswith("three"), mine)
            same(mine[2], "end")
        true(not any(BAR.search(line) for line in lines), lines)


@case
def while_a_person_is_asked_commands_wait():
    with Sandbox("--issue-after", "0") as sandbox:
        centre = Centre(sandbox).clients(2)
        sandbox.set(centre.thumbprints()[0], "unpaid")
        go, done = centre.path("go"), centre.path("done")
        tool = write(centre.path("hook.sh"), "#!/bin/sh\n"
                     "until test -e '%s'; do sleep 0.1; done\n"
                     "echo loud\ntouch '%s'\n" % (go, done), 0o700)
        tails = {row["phone"][-4:]: row["phone"] for row in centre.rows}
        words = centre.words(centre.plan(), "--accept-data", "--jobs", "3",
                             "--failed-command", tool)[:-2]
        with Talk(*words, cwd=centre.base,
                  env={**centre.env(), "TERM": "xterm"}) as at:
            for _ in tails:  # one after the other
                # Its last line is shown anew with every digit.
                at.expect("another SMS. Code (")
                tail = re.findall(r"ending in (\d{4})", at.shown)[-1]
                at.type(sandbox.code(tails[tail]) + "\r")
            at.expect("Confirmation code from the message")
            tail = re.findall(r"ending in (\d{4})", at.shown)[-1]
            write(go, "")
            harness.wait_until(lambda: os.path.exists(done))
            at.listen(1.5)
            true("loud" not in at.shown, at.shown)
            at.type(sandbox.code(tails[tail], 1) + "\r")
            same(at.end(), 5, at.shown)
        true(any(line.endswith(": loud") for line in
                 Terminal(at.shown).lines), at.shown)


harness.main(jobs=4)
