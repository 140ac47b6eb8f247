#!/usr/bin/python3
"""Batches with tokens, which are virtual ones in the readers of a real pcscd:
keys inside of them, one job at a time for each, one that is plugged in later,
and a wrong PIN, which costs one try however many rows there are."""

import os
import re

import harness
from centre import Centre, ends
from harness import Sandbox, case, run, same, true, within
from subscriber import write
from tokens import Desk, Token

SERIAL, OTHER = "48e243b5", "0000beef"
PIN = "12345678"


def at(serial=SERIAL, slot=None):
    return "rutoken:%s%s" % (serial, "/" + slot if slot else "")


class Room(Centre):
    """A service centre with a desk; its rows have no copy."""

    def __init__(self, sandbox, desk):
        super().__init__(sandbox)
        self.desk = desk
        self.pin = write(os.path.join(self.base, "pin"), PIN + "\n")

    def env(self, env=None):
        return super().env({**self.desk.env, **(env or {})})

    def client(self, number, *options, to=None, **values):
        row = super().client(number, *options)
        row.update({"backup": "", **values})
        if to is not None:
            row["to"] = to
        return row

    def plan(self, words=("container", "to", "phone", "backup", "pin_file",
                          "old_pin_file", "on_token"), **options):
        for row in self.rows:
            row.setdefault("pin_file", self.pin)
        return super().plan(words, **options)


def clean(token, tries=10):
    same(token.number("tries", 2), tries)
    true(not token.ask("formatted")[0])


def keys(token):
    return [line for line in token.dump() if line.startswith("key ")]


@case
def keys_are_made_inside_of_tokens():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        token.insert()
        room = Room(sandbox, desk)
        room.client(1, to=at(), on_token="yes")
        room.client(2, on_token="no")
        done = room.run(room.plan(), "--on-token")
        same((done.returncode, ends(done)),
             (0, {2: "renewed", 3: "renewed"}), done)
        same((token.slots(), len(os.listdir(room.path("new")))), ([], 1))
        true(keys(token))
        clean(token)
        done = run("kep", "verify", at(slot="key-ff"), "--pin-file", room.pin,
                   env=room.env())
        same(done.returncode, 0, done)


@case
def what_cannot_be_made_inside_is_told_before_anything_starts():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        lite = Token(desk, 1, dialect="lite", serial=OTHER)
        token.insert()
        lite.insert()
        room = Room(sandbox, desk)
        room.client(1, to=at(), on_token="yes")
        row = room.client(2, on_token="yes")
        for to in (at(OTHER), room.path("new")):
            row["to"] = to
            done = room.run(room.plan(("on_token", "container", "to",
                                       "phone")))
            same(done.returncode, 2, done)
            said = re.sub(r"\s+", " ", done.stderr)
            within(":3:1: ", said, done)
            within("inside of this medium", said, done)
        same((keys(token), token.slots(), lite.slots()), ([], [], []))
        same(os.listdir(room.path("new")), [])


if __name__ == "__main__":
    harness.main()
