"""A program at a pseudo terminal, and a person who answers its questions.

    with talk.Talk("kep", "renew", ..., env=person.env()) as at:
        at.expect("Do you agree?")
        at.type("y\\r")
        same(at.end(), 0, at.shown)

What is expected is looked for in what comes after it was there that was
expected before, with every run of blanks and line ends as one blank: lines
may break anywhere. What comes at once may have come together: expect the
last of it.
"""

import fcntl
import gettext
import os
import pty
import random
import re
import select
import struct
import subprocess
import termios
import time

import harness
from harness import true

PATIENCE = harness.TIMEOUT
CTRL_C, CTRL_D, ENTER = "\x03", "\x04", "\r"


def translations(language):
    """The function that gives a message in a language, "" for English."""
    if not language:
        return lambda text: text
    with open(os.path.join(harness.OUT, "locale", language,
                           "LC_MESSAGES/kep.mo"), "rb") as file:
        return gettext.GNUTranslations(file).gettext


def on_one_line(shown):
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[78]", "", shown)
    return re.sub(r"\s+", " ", text)


class Talk:
    """shown: all that came. process, terminal (the program's end of it)."""

    def __init__(self, *command, env=None, columns=80, cwd=None):
        self.shown, self.seen = "", 0
        self.master, self.terminal = pty.openpty()
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))
        self.before = termios.tcgetattr(self.terminal)
        whole = {**os.environ, **(env or {})}
        self.process = subprocess.Popen(
            [harness.program(command[0]), *command[1:]], stdin=self.terminal,
            stdout=self.terminal, stderr=self.terminal, cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={name: value for name, value in whole.items()
                 if value is not None})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for end in (self.master, self.terminal):
            if end is not None:
                os.close(end)

    def hang_up(self):
        """Take the terminal away: the exit status of who was at it."""
        os.close(self.terminal)
        os.close(self.master)
        self.master = self.terminal = None
        return self.process.wait(PATIENCE)

    def flat(self):
        """What was shown and is new, on one line, without escapes."""
        return on_one_line(self.shown[self.seen:])

    def said(self):
        """All that was shown, in the same way."""
        return on_one_line(self.shown)

    def listen(self, seconds):
        """Whether something came within that time."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        self.shown += os.read(self.master, 4096).decode("utf-8", "replace")
        return True

    def find(self, texts):
        """Which of them is there first; None: none is yet."""
        flat = self.flat()
        there = [(flat.find(text), at) for at, text in enumerate(texts)
                 if text in flat]
        return min(there)[1] if there else None

    def expect_or_end(self, *texts):
        """Wait for one of them: which; None: it has ended."""
        end = time.monotonic() + PATIENCE
        while self.find(texts) is None:
            gone = self.process.poll() is not None
            if not self.listen(0.2) and gone:
                return None
            true(time.monotonic() < end, (texts, self.shown))
        found = self.find(texts)
        self.seen = len(self.shown)
        return found

    def expect(self, *texts):
        found = self.expect_or_end(*texts)
        true(found is not None, "it ended without %r\n%s" % (
            texts, self.shown))
        return found

    def type(self, text):
        os.write(self.master, text.encode())

    def stir(self, until):
        """Press different keys, at no even pace, until a text is there."""
        end, at = time.monotonic() + PATIENCE, 0
        while self.find([until]) is None:
            self.type(chr(ord("a") + at * 7 % 26))
            at += 1
            pause = time.monotonic() + random.uniform(0.002, 0.06)
            while time.monotonic() < pause:
                self.listen(max(0, pause - time.monotonic()))
            true(time.monotonic() < end, self.shown)

    def end(self):
        """Its exit status, once it has ended; its terminal is as it was."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            self.listen(0.1)
            true(time.monotonic() < end, self.shown)
        while self.listen(0):
            pass
        after = termios.tcgetattr(self.terminal)
        true(after == self.before, ("the terminal", self.before, after))
        return self.process.returncode


def answer(at, answers):
    """Answer whichever question comes, until the program ends: its exit
    status. answers: [(a part of the question, an answer or several)]; an
    answer is what is typed, or a function that is called. Every answer has to
    be asked for."""
    left = [(question, list(texts) if isinstance(texts, (list, tuple))
             else [texts]) for question, texts in answers]
    while any(texts for _, texts in left):
        asked = [one for one in left if one[1]]
        _, texts = asked[at.expect(*(question for question, _ in asked))]
        one = texts.pop(0)
        one() if callable(one) else at.type(one)
    return at.end()
