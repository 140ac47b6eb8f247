#!/usr/bin/python3
"""How many commands go to a token (APDUs) for each thing that kep does with
one, by kind of token. More than a row's limit fails: commands are what a
person waits for, some milliseconds each on a real token. Cards with T=0 take
two commands where others take one, and have no limit.

A certificate is read 256 bytes at a time, so that a token with five renewed
containers cannot be listed with forty commands."""

import glob
import os
import sys
import time

import harness
from harness import Sandbox, run, same
from subscriber import Subscriber, write
from tokens import Desk, Token

PIN = "12345678"
SERIAL = "48e243b5"
SLOTS = ["%02X00" % number for number in range(0x0A, 0x0F)]  # five
SAMPLE = os.path.join(harness.ROOT, "tests/data/synthetic-2012-256-nopassword")
KINDS = (("ECP", {"dialect": "ecp"}), ("Lite", {"dialect": "lite"}),
         ("S", {"dialect": "s"}), ("ECP SC, T=0", {"dialect": "ecp", "t0": 1}))


class Person(Subscriber):
    """Their old container is on a disk, and in five places of a token, or
    five without a certificate are (bare)."""

    def __init__(self, sandbox, desk, setup, bare):
        super().__init__(sandbox)
        self.desk = desk
        self.pin = write(os.path.join(self.base, "pin"), PIN)
        self.token = Token(desk, **setup)
        where = SAMPLE if bare else glob.glob(self.old_folder + "/*")[0]
        for slot in SLOTS:
            self.token.put(slot, where)
        self.token.insert()

    def env(self, **more):
        return super().env(**{**self.desk.env, **more})

    def count(self, *words):
        """(commands, milliseconds) of one run, which must be good."""
        self.token.tell("forget")
        begun = time.monotonic()
        done = run("kep", *words, env=self.env(), cwd=self.base)
        spent = time.monotonic() - begun
        same(done.returncode, 0, done)
        return self.token.number("count"), 1000 * spent


PLACE = "rutoken:%s/%s" % (SERIAL, SLOTS[0])

# What is done, its limit, the words of it.
BARE = "list, five containers"
ROWS = (
    (BARE, 40, lambda one: ["list", "rutoken:"]),
    ("list, five with certificates", None, lambda one: ["list", "rutoken:"]),
    ("status, five with certificates", None,
     lambda one: ["status", "rutoken:"]),
    ("show one container", None, 
     lambda one: ["show", PLACE, "--pin-file", one.pin]),
    ("verify one container", None,
     lambda one: ["verify", PLACE, "--pin-file", one.pin]),
    ("renew from the token to a disk", 150,
     lambda one: ["renew", PLACE, "--to", "file:" + one.new, "--no-backup",
                  "--old-pin-file", one.pin, *one.server()]),
    ("renew from a disk to the token", 150,
     lambda one: ["renew", one.old, "--to", "rutoken:", "--no-backup",
                  "--pin-file", one.pin, *one.server()]),
)


def measure(sandbox, setup, words, bare):
    """With a token and a person for this alone."""
    with Desk() as desk:
        one = Person(sandbox, desk, setup, bare)
        return one.count(*words(one))


def main():
    failed = []
    print("\n%-34s%6s" % ("commands to a token (milliseconds)", "limit") +
          "".join("%15s" % name for name, _ in KINDS))
    with Sandbox() as sandbox:
        for what, limit, words in ROWS:
            line = "%-34s%6s" % (what, limit or "")
            for name, setup in KINDS:
                commands, spent = measure(sandbox, setup, words,
                                          what == BARE)
                line += "%7d (%5.0f)" % (commands, spent)
                if limit and commands > limit and not setup.get("t0"):
                    failed.append("%s on %s: %d" % (what, name, commands))
            print(line, flush=True)
    if failed:
        sys.exit("more commands than the limit: " + "; ".join(failed))


main()
