"""How many commands go to a token (APDUs) for each thing that kep does with
one, by kind of token, and how many may: commands are what a person waits for,
some milliseconds each on a real token.

    for row in ROWS:
        for kind in KINDS:
            count = measure(sandbox, row, kind)

A certificate is read 256 bytes at a time, eight commands or more; of a
container that has one the list reads only whose it is and until when. Over T=0
an answer to data is fetched by an exchange of its own (ISO 7816-3 12.2): as a
command it counts once, and a second limit is of what goes over the line."""

import collections
import glob
import os
import time

import harness
from harness import run, same
from subscriber import Subscriber, write
from tokens import Desk, Token

PIN = "12345678"
SERIAL = "48e243b5"
SLOTS = ["%02X00" % number for number in range(0x0A, 0x0F)]  # five
SAMPLE = os.path.join(harness.ROOT, "tests/data/synthetic-2012-256-nopassword")
KINDS = (("ECP", {"dialect": "ecp"}), ("Lite", {"dialect": "lite"}),
         ("S", {"dialect": "s"}), ("ECP SC, T=0", {"dialect": "ecp", "t0": 1}))


# Commands, exchanges (the same but over T=0), milliseconds.
Count = collections.namedtuple("Count", "commands exchanges spent")


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
        """Of one run, which must be good."""
        self.token.tell("forget")
        begun = time.monotonic()
        done = run("kep", *words, env=self.env(), cwd=self.base)
        spent = time.monotonic() - begun
        same(done.returncode, 0, done)
        return Count(self.token.number("apdus"), self.token.number("count"),
                     1000 * spent)


PLACE = "rutoken:%s/%s" % (SERIAL, SLOTS[0])

# What is done, how many commands may be sent, how many exchanges over T=0,
# whether the containers are without certificates, and the words of it.
ROWS = (
    ("list, five containers", 40, 62, True, lambda one: ["list", "rutoken:"]),
    ("list, five with certificates", 40, 60, False,
     lambda one: ["list", "rutoken:"]),
    ("status, five with certificates", 80, 96, False,
     lambda one: ["status", "rutoken:"]),
    ("show one container", 16, 20, False,
     lambda one: ["show", PLACE]),
    ("verify one container", 25, 31, False,
     lambda one: ["verify", PLACE, "--pin-file", one.pin]),
    ("renew from the token to a disk", 40, 48, False,
     lambda one: ["renew", PLACE, "--to", "file:" + one.new, "--no-backup",
                  "--old-pin-file", one.pin, *one.server()]),
    ("renew from a disk to the token", 115, 140, False,
     lambda one: ["renew", one.old, "--to", "rutoken:", "--no-backup",
                  "--pin-file", one.pin, *one.server()]),
)


def measure(sandbox, row, kind):
    """With a token and a person for this alone."""
    with Desk() as desk:
        one = Person(sandbox, desk, kind[1], row[3])
        return one.count(*row[4](one))
