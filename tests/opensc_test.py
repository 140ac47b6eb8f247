#!/usr/bin/python3
"""The virtual token by the word of OpenSC, whose driver for it was written by
the vendor: a model that only we believe in would prove nothing."""

import os
import re

import harness
from harness import case, case_of_each, ok, run, same, true, within
from opensc import USER, initialize, module
from tokens import Desk, Token


def opensc(desk, tool, *words):
    return run(tool, *words, env=desk.env)


@case_of_each([
    ("ecp", {"dialect": "ecp"}, "Rutoken ECP (DS)", "00 00 00 00 12 34 AB CD"),
    ("ecp_t0", {"dialect": "ecp", "t0": 1}, "Rutoken ECP SC",
     "00 00 00 00 12 34 AB CD"),
    ("lite", {"dialect": "lite"}, "Rutoken Lite", "00 00 00 00 12 34 AB CD"),
    # Whose bytes OpenSC turns round.
    ("s", {"dialect": "s"}, "Rutoken S card", "CD AB 34 12"),
    ("s_t0", {"dialect": "s", "t0": 1}, "Rutoken S card", "CD AB 34 12"),
])
def it_is_known_by_name_and_serial(which, setup, name, serial):
    with Desk() as desk:
        token = Token(desk, serial="1234ABCD", **setup)
        token.insert()
        done = opensc(desk, "opensc-tool", "-n", "-r", "0")
        within(name, done.stdout + done.stderr, done)
        done = opensc(desk, "opensc-tool", "--serial", "-r", "0")
        within(serial, done.stdout, done)


@case
def its_files_are_listed():
    with Desk() as desk:
        token = Token(desk)
        token.tell("folder", "1000/1003/0A00", 2)
        token.tell("file", "1000/1003/0A00/0A06", 0, 2, "3003160141")
        token.insert()
        done = opensc(desk, "opensc-tool", "-f", "-r", "0")
        same(done.returncode, 0, done)
        for path in ("3f00100010006002", "3f00100010018000",
                     "3f00100010030a00"):
            within(path, done.stdout.replace("/", ""), done)


@case
def pkcs15_and_keys():
    with Desk() as desk:
        token = Token(desk)
        token.insert()
        initialize(desk)
        true(token.ask("formatted")[0], "that is how OpenSC begins")
        done = ok("pkcs15-tool", "--dump", env=desk.env)
        within("Rutoken ECP", done.stdout, done)
        ok("pkcs11-tool", "--module", module(), "--login", "--pin", USER,
           "--keypairgen", "--key-type", "GOSTR3410:A", "--id", "02",
           env=desk.env)
        sign_and_verify(desk)
        count_down(desk, token)


def sign_and_verify(desk):
    place = harness.folder()
    path = {name: os.path.join(place, name)
            for name in ("hash", "signature", "public", "pem")}
    with open(path["hash"], "wb") as file:
        file.write(bytes(range(1, 33)))
    ok("pkcs11-tool", "--module", module(), "--login", "--pin", USER,
       "--sign", "-m", "GOSTR3410", "--id", "02", "-i", path["hash"], "-o",
       path["signature"], env=desk.env)
    ok("pkcs15-tool", "--read-public-key", "02", "-o", path["pem"],
       env=desk.env)
    with open(path["signature"], "rb") as file:
        same(len(file.read()), 64)
    check = ["openssl", "pkeyutl", "-engine", "gost", "-verify", "-pubin",
             "-inkey", path["pem"], "-in", path["hash"], "-sigfile",
             path["signature"]]
    ok(*check)


def count_down(desk, token):
    wrong = ["pkcs11-tool", "--module", module(), "--login", "--pin",
             "00000000", "-O"]
    for left in range(4, -1, -1):
        done = run(*wrong, env=desk.env)
        true(done.returncode != 0, done)
        same(token.number("tries", 2), left)
    within("CKR_PIN_LOCKED", done.stdout + done.stderr, done)


@case
def two_readers_and_removal():
    with Desk() as desk:
        first, second = Token(desk, serial="1"), Token(desk, 1, serial="2",
                                                       dialect="lite")
        first.insert()
        second.insert()
        done = ok("opensc-tool", "-l", env=desk.env)
        same(len(re.findall("Aktiv Rutoken ECP", done.stdout)), 2, done)
        done = ok("opensc-tool", "-n", "-r", "1", env=desk.env)
        within("Lite", done.stdout + done.stderr, done)
        first.remove()
        harness.wait_until(lambda: opensc(
            desk, "opensc-tool", "-n", "-r", "0").returncode != 0)
        first.insert()
        ok("opensc-tool", "-n", "-r", "0", env=desk.env)


harness.main(jobs=4)
