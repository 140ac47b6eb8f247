#!/usr/bin/python3
"""kep with tokens, which are virtual ones in the readers of a real pcscd:
renewal from one, to one, from one to another; tokens that are not there,
pulled out, held by another program, locked; what kep says of them."""

import glob
import json
import os
import re
import shutil
import signal
import subprocess

import forge
import harness
import subscriber
from harness import (Sandbox, case, case_of_each, folder, same, true,
                     wait_until, within)
from subscriber import Subscriber, write
from tokens import EXCLUSIVE, SHARED, Desk, Holder, Token

SERIAL = "48e243b5"
USER = "12345678"
SAMPLE = os.path.join(harness.ROOT, "tests/data/synthetic-2012-256-nopassword")
DIALECTS = [("ecp", {"dialect": "ecp"}), ("ecp_t0", {"dialect": "ecp",
                                                     "t0": 1}),
            ("lite", {"dialect": "lite"}), ("s", {"dialect": "s"}),
            ("s_t0", {"dialect": "s", "t0": 1})]


def pin_file(pin=USER):
    return write(os.path.join(folder("pin"), "pin"), pin + "\n")


def kep(desk, *words, env=None):
    """At a desk (None: without one), in a home of its own."""
    clean_env = {"HOME": folder("home"), "LANG": "C.UTF-8", "LANGUAGE": None,
                 "XDG_STATE_HOME": None, "XDG_CONFIG_HOME": None,
                 "XDG_DATA_HOME": None}
    return subscriber.kep(*words, env={
        **clean_env, **(desk.env if desk else {}), **(env or {})})


def at(serial=SERIAL, slot=None):
    return "rutoken:%s%s" % (serial, "/" + slot if slot else "")


def clean(token, tries=10):
    """Nobody is logged in, no try is lost, nobody wanted to format it."""
    same(token.number("tries", 2), tries)
    true(not token.ask("formatted")[0])


class Owner(Subscriber):
    """A person at a desk. token: it holds a copy of their old container, in
    0A00."""

    def __init__(self, sandbox, desk, *options, token=None, **more):
        super().__init__(sandbox, *options, **more)
        self.desk, self.token = desk, token
        self.pin = write(os.path.join(self.base, "pin"), USER + "\n")
        if token is not None:
            token.put("0A00", glob.glob(self.old_folder + "/*")[0])
            self.on_token = at(token.setup.get("serial", SERIAL), "0A00")

    def env(self, **more):
        return super().env(**{**self.desk.env, **more})

    def renew_on(self, *more, to, old=None, **options):
        """With PINs from files."""
        return self.renew("--pin-file", self.pin, "--old-pin-file", self.pin,
                          *more, to=to, container=old, backup=None, **options)


# --- what is not there ------------------------------------------------------


@case
def without_a_service():
    env = {"PCSCLITE_CSOCK_NAME": "/nonexistent/pcscd.comm"}
    for words in (["list", "rutoken:"], ["status", "rutoken:"],
                  ["show", at(slot="0A00")], ["pin", "rutoken:"],
                  ["verify", at(slot="0A00")]):
        done = kep(None, *words, "--json", env=env)
        within("noService", done.stdout, done)


@case
def without_a_token():
    with Desk() as desk:
        done = kep(desk, "list", "rutoken:", "--json")
        within("noToken", done.stdout, done)
        token = Token(desk)
        token.insert()
        done = kep(desk, "list", at("00001234"), "--json")
        within("noToken", done.stdout, done)
        second = Token(desk, 1, serial="1234")
        second.insert()
        done = kep(desk, "list", "rutoken:", "--json")
        same([one["serial"] for one in done.json["tokens"]],
             [SERIAL, "00001234"], done)
        done = kep(desk, "pin", "rutoken:", "--json", "--pin-file",
                   pin_file(), "--new-pin-file", pin_file("new-PIN-77"))
        same(done.word, "tokenSeveral", done)
        for serial in (SERIAL, "00001234"):
            done = kep(desk, "list", at(serial), "--json")
            same(done.returncode, 0, done)


@case
def without_a_reader():
    with Desk(readers=False) as desk:
        for words in (["list", "rutoken:"], ["status", "rutoken:"]):
            done = kep(desk, *words, "--json")
            within("noReader", done.stdout, done)
        done = kep(desk, "verify", at(slot="0A00"), "--json")
        same(done.word, "noReader", done)


@case
def what_is_due():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk, dialect="lite")
        person = Owner(sandbox, desk, token=token)
        token.insert()
        done = person.kep("status", "rutoken:", "--json")
        same([(one["container"], one["thumbprint"])
              for one in done.json["certificates"]],
             [(person.on_token, person.thumbprint)], done)
        same(token.number("verifications", 2), 0)
        clean(token)


@case_of_each([("for_itself", EXCLUSIVE), ("in_a_transaction", SHARED)])
def another_program_has_it(which, share):
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        person = Owner(sandbox, desk, token=token)
        token.insert()
        with Holder(desk, share=share):
            done = kep(desk, "list", "rutoken:", "--json")
            within("tokenBusy", done.stdout, done)
            done = person.renew_on(old=person.on_token,
                                   to="file:" + person.new)
            same(done.word, "tokenBusy", done)
        same(token.number("verifications", 2), 0)
        done = kep(desk, "list", "rutoken:", "--json")
        same((done.returncode, len(done.json["containers"])), (0, 1), done)
        clean(token)


# --- what is on it ----------------------------------------------------------


@case_of_each(DIALECTS)
def a_container_is_listed_shown_and_verified(which, setup):
    with Desk() as desk:
        token = Token(desk, **setup)
        token.put("0A00", SAMPLE)
        token.put("0C00", SAMPLE)
        token.insert()
        done = kep(desk, "list", "rutoken:", "--json")
        same([one["container"] for one in done.json["containers"]],
             [at(slot="0A00"), at(slot="0C00")], done)
        done = kep(desk, "show", at(slot="0A00"), "--json")
        same((done.returncode, done.json["whole"],
              done.json["headerChecksum"], done.json["maskChecksums"],
              {one["file"]: one["outcome"] for one in done.json["files"]}),
             (0, None, True, {"first": None, "reserve": None},
              {"header.key": None, "name.key": None, "masks.key": "pinNeeded",
               "masks2.key": "pinNeeded", "primary.key": "pinNeeded",
               "primary2.key": "pinNeeded"}), done)
        within("behind the PIN", kep(desk, "show", at(slot="0A00")).stdout)
        same(token.number("verifications", 2), 0)
        done = kep(desk, "show", at(slot="0A00"), "--json", "--pin-file",
                   pin_file())
        same((done.returncode, done.json["whole"]), (0, True), done)
        same(token.number("verifications", 2), 1)
        done = kep(desk, "verify", at(slot="0A00"), "--json", "--pin-file",
                   pin_file())
        same(done.returncode, 0, done)
        clean(token)


@case_of_each(DIALECTS)
def a_list_tells_of_a_certificate_whose_it_is_and_until_when(which, setup):
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk, **setup)
        person = Owner(sandbox, desk, token=token)
        token.put("0C00", SAMPLE)
        token.insert()
        seen, bare = person.kep("list", "rutoken:",
                                "--json").json["containers"]
        whole, = person.kep("show", person.on_token, "--json").json["keys"]
        same((seen["partial"], whole["partial"], bare["partial"]),
             (True, False, False))
        for word in ("container", "algorithm", "curve", "use", "exportable",
                     "flags", "supported", "hasPassword", "inside"):
            same(seen[word], whole[word], word)
        for word in ("name", "keyNotBefore", "keyNotAfter", "certificateFits"):
            same(seen[word], None, word)
        true(bare["name"] and bare["certificate"] is None, bare)
        for word in ("serialNumber", "subject", "notBefore", "notAfter"):
            same(seen["certificate"][word], whole["certificate"][word], word)
        for word in ("thumbprint", "issuer", "keyNotAfter", "algorithm",
                     "keyNotBefore", "qualified"):
            same(seen["certificate"][word], None, word)
        text = person.kep("list", "rutoken:").stdout
        within(whole["certificate"]["subject"]["surname"], text)
        within("kep show '%s'" % person.on_token, text)
        same(token.number("verifications", 2), 0)
        clean(token)


@case
def a_list_tells_that_a_replaced_one_is_kept():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk)
        person = Owner(sandbox, desk, token=token)
        token.insert()
        same(person.kep("list", "rutoken:").stdout.count("never delete"), 0)
        done = person.renew_on(old=person.on_token, to="file:" + person.new)
        same(done.word, "renewed", done)
        same(person.kep("list", "rutoken:").stdout.count("never delete"), 1)


@case_of_each(DIALECTS)
def a_header_behind_the_pin(which, setup):
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk, **setup)
        person = Owner(sandbox, desk)
        old = glob.glob(person.old_folder + "/*")[0]
        token.put("0A00", old, shut=True)
        token.put("0B00", SAMPLE)
        token.put("0C00", old, shut=True)
        token.insert()
        done = kep(desk, "list", "rutoken:", "--json")
        same(([one["container"] for one in done.json["containers"]],
              [(one["where"], one["outcome"])
               for one in done.json["problems"]]),
             ([at(slot="0B00")], [(at(slot="0A00"), "pinNeeded"),
                                  (at(slot="0C00"), "pinNeeded")]), done)
        clean(token)
        done = kep(desk, "show", at(slot="0A00"), "--json")
        same(done.word, "pinNeeded", done)
        done = person.renew_on(old=at(slot="0A00"), to="file:" + person.new)
        same(done.word, "renewed", done)
        clean(token)


# --- renewal ----------------------------------------------------------------


@case_of_each(DIALECTS)
def renewed_from_a_token_to_a_disk(which, setup):
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk, **setup)
        person = Owner(sandbox, desk, token=token)
        before = token.dump()
        token.insert()
        done = person.renew_on(old=person.on_token, to="file:" + person.new)
        same(done.word, "renewed", done)
        same(token.dump(), before)
        clean(token)


@case_of_each(DIALECTS)
def renewed_from_a_disk_to_a_token(which, setup):
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk, **setup)
        token.insert()
        person = Owner(sandbox, desk)
        done = person.renew_on(to="rutoken:")
        check_new(person, token, done)


def check_new(person, token, done, slot="0A00"):
    """The new container is on the token, whole, by the word of a reader that
    shares nothing with kep."""
    same(done.word, "renewed", done)
    where = at(token.setup.get("serial", SERIAL), slot)
    same(done.json["new"]["container"], where, done)
    place = folder("copy")
    for name, data in token.content(slot).items():
        with open(os.path.join(place, name), "wb") as file:
            file.write(data)
    witness(place)
    clean(token)


def witness(place):
    harness.ok(os.path.join(harness.OUT, "tests/witness/witness"), place)


@case
def renewed_on_one_token():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk, dialect="lite")
        person = Owner(sandbox, desk, token=token)
        old = token.content("0A00")
        token.insert()
        done = person.renew_on(old=person.on_token, to=at())
        check_new(person, token, done, "0B00")
        same(token.content("0A00"), old)


@case
def renewed_from_one_token_to_another():
    with Desk() as desk, Sandbox() as sandbox:
        first = Token(desk, dialect="s", serial="1234abcd")
        second = Token(desk, 1)
        person = Owner(sandbox, desk, token=first)
        first.insert()
        second.insert()
        done = person.renew_on(old=person.on_token, to="rutoken:")
        same(done.word, "tokenSeveral", done)
        done = person.renew_on(old=person.on_token, to=at())
        check_new(person, second, done)
        clean(first)


# --- pulled out, and put back -------------------------------------------------

# The command that is cut off: PINs, reading, making, writing.
MOMENTS = [("status_of_the_pin", "0020000"), ("pin", "00200002??"),
           ("folder", "00E0"), ("file", "00E0", 3), ("first_write", "00D6"),
           ("last_write", "00D6", 9), ("reading_back", "00B0", 4),
           ("certificate", "00D6", 14)]


def advised(done, again):
    """To resume, where that finds something."""
    same("kep resume" in done.json["message"], again.word != "nothingOpen",
         done)


@case_of_each(MOMENTS)
def pulled_out_while_a_key_is_put_on_it(which, pattern, skip=0):
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk, dialect="lite")
        token.insert()
        person = Owner(sandbox, desk)
        token.fault("absent", pattern=pattern, skip=skip)
        done = person.renew_on(to=at())
        same(done.word, "tokenGone", done)
        same(token.number("struck"), 1, done)
        token.put_back()
        # Nothing was begun where it went that early.
        again = person.resume("--pin-file", person.pin)
        advised(done, again)
        if again.word == "nothingOpen":
            again = person.renew_on(to=at())
        check_new(person, token, again)
        same(token.slots(), ["0A00"])


@case_of_each([("pin", "00200002??"), ("key", "00B0", 12),
               ("header", "00B0", 1)])
def pulled_out_while_it_signs(which, pattern, skip=0):
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        person = Owner(sandbox, desk, token=token)
        before = token.dump()
        token.insert()
        token.fault("absent", pattern=pattern, skip=skip)
        done = person.renew_on(old=person.on_token, to="file:" + person.new)
        same((done.word, token.number("struck")), ("tokenGone", 1), done)
        token.put_back()
        again = person.resume("--old-pin-file", person.pin)
        advised(done, again)
        if again.word == "nothingOpen":
            again = person.renew_on(old=person.on_token,
                                    to="file:" + person.new)
        same(again.word, "renewed", again)
        person.check_one_key()
        same(token.dump(), before)
        clean(token)


@case
def an_answer_that_makes_no_sense():
    for trouble, value in (("truncate", 1), ("extend", 400), ("noise", 7)):
        with Desk() as desk, Sandbox() as sandbox:
            token = Token(desk)
            token.insert()
            person = Owner(sandbox, desk)
            token.fault(trouble, value=value, pattern="00D6")
            done = person.renew_on(to=at())
            true(done.word in ("tokenAnswer", "tokenRefused", "io"), done)
            token.tell("calm")
            check_new(person, token, person.resume("--pin-file", person.pin))


@case
def a_slow_token():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        token.insert()
        person = Owner(sandbox, desk)
        token.fault("slow", value=50, times=1000)
        check_new(person, token, person.renew_on(to=at()))


# --- full tokens --------------------------------------------------------------


@case
def every_place_is_taken():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk, dialect="s")
        for number in range(7):
            token.put("%02X00" % (0x0A + number), SAMPLE)
        before = token.dump()
        token.insert()
        person = Owner(sandbox, desk)
        done = person.renew_on(to="rutoken:")
        same(done.word, "tokenFull", done)
        same(token.dump(), before)
        clean(token)


@case_of_each([("for_the_key", 1400), ("for_its_certificate", 5000)])
def too_little_memory(_, memory):
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk, dialect="lite", memory=memory)
        before = token.dump()
        token.insert()
        person = Owner(sandbox, desk)
        done = person.renew_on(to="rutoken:")
        same(done.word, "tokenSpace", done)
        same(token.dump(), before)
        clean(token)


# --- PINs ---------------------------------------------------------------------


def verify(desk, *more):
    return kep(desk, "verify", at(slot="0A00"), "--json", *more)


def with_pin(desk, pin):
    return verify(desk, "--pin-file", pin_file(pin))


@case_of_each(DIALECTS)
def a_wrong_pin_costs_one_try(which, setup):
    with Desk() as desk:
        token = Token(desk, **setup)
        token.put("0A00", SAMPLE)
        token.insert()
        done = verify(desk)
        same(done.word, "pinNeeded", done)
        clean(token)
        done = with_pin(desk, "00000000")
        same(done.word, "pinWrong", done)
        same(token.number("verifications", 2), 1)
        clean(token, 9)
        same(with_pin(desk, USER).returncode, 0)
        clean(token)


@case
def the_last_try_is_never_spent_by_itself():
    with Desk() as desk:
        token = Token(desk)
        token.put("0A00", SAMPLE)
        token.tell("set", 2, 1)
        token.insert()
        for pin in ("00000000", USER):
            done = with_pin(desk, pin)
            same(done.word, "pinLast", done)
            clean(token, 1)
        same(token.number("verifications", 2), 0)


@case
def a_locked_pin():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        person = Owner(sandbox, desk, token=token)
        token.tell("set", 2, 0)
        token.insert()
        done = with_pin(desk, USER)
        same(done.word, "pinBlocked", done)
        done = person.renew_on(old=person.on_token, to="file:" + person.new)
        same(done.word, "pinBlocked", done)
        same(person.containers(), [])
        # The key there cannot be used, but what it is can be read.
        same(kep(desk, "list", at()).returncode, 0)
        same(token.number("verifications", 2), 0)
        clean(token, 0)


@case
def a_pin_that_it_cannot_be():
    with Desk() as desk:
        token = Token(desk)
        token.put("0A00", SAMPLE)
        token.insert()
        for pin in ("12345", "1" * 250):
            done = with_pin(desk, pin)
            same(done.word, "pinLength", done)
        same(token.number("verifications", 2), 0)
        clean(token)


# A container on a token that has a password of its own too: two lines.
@case
def a_password_behind_the_pin():
    with Desk() as desk:
        token = Token(desk)
        token.put("0A00", SAMPLE)
        token.insert()
        place, base = at(slot="0A00"), folder("base")
        password = pin_file("a-Password-1")
        both = pin_file(USER + "\na-Password-1")
        pfx = ["--pfx-pin-file", pin_file("pfx")]
        done = kep(desk, "password", place, "--json", "--pin-file", pin_file(),
                   "--new-pin-file", password)
        same(done.word, "passwordSet", done)
        works = [("export", place, base + "/key.pfx", *pfx),
                 ("verify", place), ("show", place),
                 ("backup", place, "--to", base),
                 ("request", place, "--output", base + "/request",
                  "--subject", "SN=Примеров", "--subject", "GN=Алексей",
                  "--subject", "SNILS=11223344595", "--subject",
                  "INN=500100732259"),
                 ("password", place, "--new-pin-file", pin_file(""))]
        for words in works:
            done = kep(desk, *words, "--json", "--pin-file", pin_file())
            if words[0] not in ("show", "backup"):
                same((done.returncode, done.word), (5, "passwordNeeded"), done)
                within("two lines", done.json["message"])
            done = kep(desk, *words, "--json", "--pin-file",
                       pin_file(USER + "\na-wrong-one"))
            if words[0] != "backup":
                same(done.word, "passwordWrong", done)
            shutil.rmtree(base)
            os.mkdir(base)
            done = kep(desk, *words, "--json", "--pin-file", both)
            same(done.returncode, 0, done)
            if words[0] == "show":
                same(done.json["password"], True, done)
            if words[0] == "backup":
                true('"verified":true' in done.stdout, done)
        same(kep(desk, "verify", place, "--pin-file", pin_file()).returncode, 0)
        clean(token)


@case
def an_old_container_with_a_password_behind_the_pin():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        person = Owner(sandbox, desk, token=token)
        token.insert()
        done = kep(desk, "password", person.on_token, "--json", "--pin-file",
                   pin_file(), "--new-pin-file", pin_file("a-Password-1"))
        same(done.word, "passwordSet", done)
        done = person.renew("--old-pin-file",
                            pin_file(USER + "\na-Password-1"),
                            to="file:" + person.new, container=person.on_token,
                            backup=None)
        same((done.returncode, done.word), (0, "renewed"), done)
        clean(token)


# How it is written is told.
@case_of_each([
    ("short", ["show", "rutoken:1234"], "locationUnknown",
     "8 hexadecimal or 10 decimal digits"),
    ("no_name", ["verify", "rutoken:zzzzzzzz"], "locationUnknown",
     "8 hexadecimal or 10 decimal digits"),
    ("no_place", ["verify", at() + "/9"], "locationUnknown",
     "rutoken:48e243b5/0A00"),
    ("verify_all", ["verify", at()], "notContainer", "kep list"),
    ("show_all", ["show", at()], "notContainer", "rutoken:48e243b5/0A00"),
    ("export_all", ["export", at(), "/nonexistent/x"], "notContainer",
     "rutoken:48e243b5/0A00")])
def a_place_on_a_token_that_is_named_wrongly(_, words, word, advice):
    with Desk() as desk:
        token = Token(desk)
        token.insert()
        done = kep(desk, *words, "--json")
        same((done.word, done.returncode),
             (word, 2 if word == "locationUnknown" else 5), done)
        within(advice, done.json["message"])


# Which lengths are right is told, and that before anything is sent.
@case_of_each([
    ("short", {"dialect": "ecp"}, 5, 6, 249),
    ("short_lite", {"dialect": "lite"}, 5, 6, 32),
    ("short_longer", {"dialect": "lite", "minimum": 8}, 7, 8, 32),
    ("long_old", {"dialect": "ecp", "firmware": "1702"}, 33, 6, 32),
    ("long_lite", {"dialect": "lite"}, 35, 6, 32),
    ("long_s", {"dialect": "s"}, 17, 1, 16)])
def a_new_pin_that_it_cannot_have(_, setup, size, least, most):
    with Desk() as desk:
        token = Token(desk, **setup)
        token.insert()
        for own, words in ((2, ["--pin-file", pin_file()]),
                           (1, ["--unblock", "--admin-pin-file",
                                pin_file(ADMINISTRATOR)]),
                           (1, ["--admin", "--admin-pin-file",
                                pin_file(ADMINISTRATOR)])):
            done = kep(desk, "pin", at(), "--json", *words, "--new-pin-file",
                       pin_file("a" * size))
            same((done.word, done.returncode), ("newPinLength", 5), done)
            within(f"from {least} to {most} characters", done.json["message"])
            true("Check that it is" not in done.json["message"], done)
            same(token.number("verifications", own), 0)
        true(token.ask("is", 2, USER)[0])
        true(token.ask("is", 1, ADMINISTRATOR)[0])


@case_of_each([("lite", 33, 6, 32), ("s", 17, 1, 16), ("ecp", 5, 6, 249)])
def a_pin_longer_than_its_kind_has(dialect, size, least, most):
    with Desk() as desk:
        token = Token(desk, dialect=dialect)
        token.put("0A00", SAMPLE)
        token.insert()
        done = with_pin(desk, "1" * size)
        same((done.word, done.returncode), ("pinLength", 5), done)
        within(f"from {least} to {most} characters", done.json["message"])
        same(token.number("verifications", 2), 0)


# rule_63
@case_of_each(DIALECTS)
def another_pin(which, setup):
    with Desk() as desk:
        token = Token(desk, **setup)
        token.insert()

        def change(old, new):
            return kep(desk, "pin", at(), "--json", "--pin-file", pin_file(old),
                       "--new-pin-file", pin_file(new))

        done = change("00000000", "new-PIN-77")
        same(done.word, "pinWrong", done)
        clean(token, 9)
        # Other programs would send other bytes for these letters.
        done = change(USER, "новый-77")
        same(done.word, "configuration", done)
        done = change(USER, "new-PIN-77")
        same(done.word, "pinChanged", done)
        true(token.ask("is", 2, "new-PIN-77")[0])
        clean(token)


@case
def pulled_out_while_its_pin_is_changed():
    for after in (0, 1):
        with Desk() as desk:
            token = Token(desk)
            token.insert()
            token.fault("absent", pattern="0024", after=after)
            done = kep(desk, "pin", at(), "--json", "--pin-file", pin_file(),
                       "--new-pin-file", pin_file("new-PIN-77"))
            same(done.word, "tokenGone", done)
            within("try the new one first", re.sub(r"\s+", " ", done.stderr))
            true(token.ask("is", 2, ("12345678", "new-PIN-77")[after])[0])


# --- the administrator -------------------------------------------------------

ADMINISTRATOR = "87654321"


def as_administrator(desk, *words, pin=ADMINISTRATOR):
    given = ["--admin-pin-file", pin_file(pin)] if pin is not None else []
    return kep(desk, "pin", at(), "--json", *words, *given)


@case_of_each(DIALECTS)
def unlocked_by_its_administrator(which, setup):
    with Desk() as desk:
        token = Token(desk, **setup)
        token.put("0A00", SAMPLE)
        token.tell("set", 2, 0)
        token.insert()
        # What is locked says how it is unlocked.
        done = with_pin(desk, USER)
        same(done.word, "pinBlocked", done)
        within("kep pin LOCATION --unblock", done.json["message"])
        done = as_administrator(desk, "--unblock", pin="00000000")
        same((done.word, done.returncode), ("adminPinWrong", 5), done)
        same(done.json["triesLeft"], 9, done)
        same(token.number("verifications", 1), 1)
        clean(token, 0)
        # With the old PIN, then with a new one.
        done = as_administrator(desk, "--unblock")
        same((done.word, done.returncode), ("pinUnblocked", 0), done)
        within("still that of all new tokens",
               re.sub(r"\s+", " ", done.stderr))
        true(token.ask("is", 2, USER)[0])
        clean(token)
        same(with_pin(desk, USER).returncode, 0)
        token.tell("set", 2, 0)
        done = as_administrator(desk, "--unblock", "--new-pin-file",
                                pin_file("new-PIN-77"))
        same((done.word, done.returncode), ("pinChanged", 0), done)
        true(token.ask("is", 2, "new-PIN-77")[0])
        clean(token)
        same(token.number("tries", 1), 10)
        same(with_pin(desk, "new-PIN-77").returncode, 0)


# What is refused before anything is sent, or by the token: the word, the
# administrator's tries, the user's.
@case_of_each([
    ("nobody_there", {}, 10, None, ["--unblock"], "adminPinNeeded", 10, 0),
    ("last_try", {}, 1, ADMINISTRATOR, ["--unblock"], "adminPinLast", 1, 0),
    ("locked", {}, 0, ADMINISTRATOR, ["--unblock"], "adminPinBlocked", 0, 0),
    ("short", {}, 10, "12345", ["--unblock"], "adminPinLength", 10, 0),
    ("long", {}, 10, "1" * 250, ["--unblock"], "adminPinLength", 10, 0),
    ("new_short", {}, 10, ADMINISTRATOR, ["--unblock", "12345"],
     "newPinLength", 10, 0),
    ("new_factory", {}, 10, ADMINISTRATOR, ["--unblock", ADMINISTRATOR],
     "configuration", 10, 0),
    ("only_the_user_changes", {"changers": 2}, 10, ADMINISTRATOR,
     ["--unblock", "new-PIN-77"], "pinByUser", 10, 10),
    ("two_things", {}, 10, ADMINISTRATOR, ["--unblock", "--admin"], "usage",
     10, 0),
    ("own_nobody", {}, 10, None, ["--admin"], "adminPinNeeded", 10, 0),
    ("own_short", {}, 10, ADMINISTRATOR, ["--admin", "12345"],
     "newPinLength", 10, 0),
    ("own_wrong", {}, 10, "00000000", ["--admin", "new-PIN-77"],
     "adminPinWrong", 9, 0),
    ("own_no_new", {}, 10, ADMINISTRATOR, ["--admin"], "answerNeeded", 10,
     0)])
def the_administrator_cannot(which, setup, tries, pin, words, word, left,
                             users):
    with Desk() as desk:
        token = Token(desk, **setup)
        token.tell("set", 2, 0)
        token.tell("set", 1, tries)
        token.insert()
        if not words[-1].startswith("--"):
            words = [*words[:-1], "--new-pin-file", pin_file(words[-1])]
        done = as_administrator(desk, *words, pin=pin)
        same(done.word, word, done)
        same(token.number("tries", 1), left)
        true(token.ask("is", 1, ADMINISTRATOR)[0])
        true(token.ask("is", 2, USER)[0])
        true(not token.ask("entered", 1)[0])
        clean(token, users)


@case
def pins_are_not_taken_for_each_other():
    with Desk() as desk:
        token = Token(desk)
        token.insert()
        for words in (["--unblock", "--pin-file", pin_file()],
                      ["--admin", "--pin-file", pin_file()],
                      ["--admin-pin-file", pin_file()]):
            done = kep(desk, "pin", at(), "--json", *words)
            same(done.word, "usage", done)
        for pin in (1, 2):
            same(token.number("verifications", pin), 0)


@case_of_each(DIALECTS)
def another_administrators_pin(which, setup):
    with Desk() as desk:
        token = Token(desk, **setup)
        token.insert()
        done = as_administrator(desk, "--admin", "--new-pin-file",
                                pin_file("adm-PIN-77"))
        same((done.word, done.returncode), ("adminPinChanged", 0), done)
        true(token.ask("is", 1, "adm-PIN-77")[0])
        true(token.ask("is", 2, USER)[0])
        done = as_administrator(desk, "--unblock", pin="adm-PIN-77")
        same(done.word, "pinUnblocked", done)
        true("of all new tokens" not in re.sub(r"\s+", " ", done.stderr))
        clean(token)


@case
def only_the_administrator_changes_the_pin():
    with Desk() as desk:
        token = Token(desk, changers=1)
        token.insert()
        done = kep(desk, "pin", at(), "--json", "--pin-file", pin_file(),
                   "--new-pin-file", pin_file("new-PIN-77"))
        same((done.word, done.returncode), ("pinByAdministrator", 5), done)
        within("--unblock", done.json["message"])
        true(token.ask("is", 2, USER)[0])
        done = as_administrator(desk, "--unblock", "--new-pin-file",
                                pin_file("new-PIN-77"))
        same(done.word, "pinChanged", done)
        true(token.ask("is", 2, "new-PIN-77")[0])
        clean(token)


@case
def a_token_that_does_not_unlock():
    for status, word in ((0x6982, "tokenRefused"), (0x6D00, "tokenRefused"),
                         (0x9000, "tokenAnswer"), (0x1234, "tokenAnswer")):
        with Desk() as desk:
            token = Token(desk)
            token.tell("set", 2, 0)
            token.insert()
            # Not carried out, whatever it says.
            token.fault("status", pattern="002C", value=status)
            done = as_administrator(desk, "--unblock")
            same(done.word, word, done)
            clean(token, 0)


# --- killed -------------------------------------------------------------------


@case_of_each([("interrupted", signal.SIGINT), ("ended", signal.SIGTERM),
               ("hung_up", signal.SIGHUP), ("killed", signal.SIGKILL)])
def nobody_stays_logged_in_when_it_is(which, number):
    with Desk() as desk:
        token = Token(desk)
        token.put("0A00", SAMPLE)
        token.insert()
        # Behind the PIN: a key is being read.
        token.fault("slow", value=300, pattern="00B0", skip=1, times=20)
        process = subprocess.Popen(
            [harness.program("kep"), "verify", at(slot="0A00"), "--pin-file",
             pin_file()], env={**os.environ, **desk.env,
                               "HOME": folder("home")},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: token.ask("entered", 2)[0], what="the login")
        process.send_signal(number)
        process.wait(harness.TIMEOUT)
        wait_until(lambda: not token.ask("entered", 2)[0], what="the logout")
        clean(token)


@case
def a_plan_puts_keys_onto_tokens():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk, dialect="lite")
        token.insert()
        person = Owner(sandbox, desk)
        plan = write(os.path.join(person.base, "plan.csv"),
                     "container,to,phone\n%s,%s,%s\n" % (
                         person.old, at(), person.phone))
        done = person.kep("batch", plan, "--dry-run", "--pin-file",
                          person.pin, *person.server())
        same(done.returncode, 0, done)
        done = person.kep("batch", plan, "--pin-file", person.pin,
                          *person.server())
        same((done.returncode, token.slots()), (0, ["0A00"]), done)
        clean(token)


# --- copies -------------------------------------------------------------------


# rule_85, rule_86, rule_87
@case
def copied_to_a_disk_and_to_another_token():
    with Desk() as desk:
        token = Token(desk)
        second = Token(desk, 1, dialect="lite", serial="00001234",
                       user="second-PIN")
        token.put("0A00", SAMPLE)
        before = token.dump()
        token.insert()
        second.insert()
        place = folder("copy")
        done = kep(desk, "backup", at(slot="0A00"), "--to", "file:" + place,
                   "--json")
        same((done.returncode, done.word), (5, "pinNeeded"), done)
        same(os.listdir(place), [])
        done = kep(desk, "backup", at(slot="0A00"), "--to", "file:" + place,
                   "--json", "--pin-file", pin_file())
        same(done.returncode, 0, done)
        within("The copy has no password",
               re.sub(r"\s+", " ", done.stderr), done)
        copy, = glob.glob(place + "/*")
        # A name that other programs look for, and the same each time.
        true(re.fullmatch(r"[0-9a-f]{8}\.000", os.path.basename(copy)), copy)
        done = kep(desk, "backup", at(slot="0A00"), "--to", "file:" + place,
                   "--json", "--pin-file", pin_file())
        same((done.returncode, os.listdir(place)),
             (0, [os.path.basename(copy)]), done)
        for name, data in token.content("0A00").items():
            with open(os.path.join(copy, name), "rb") as file:
                same(file.read(), data)
        same(token.dump(), before)
        done = kep(desk, "backup", copy, "--to", at("00001234"), "--json",
                   "--to-pin-file", pin_file("second-PIN"))
        same(done.returncode, 0, done)
        true("The copy has" not in re.sub(r"\s+", " ", done.stderr), done)
        same(second.content("0A00"), token.content("0A00"))
        clean(token)
        clean(second)


# --- keys that never leave --------------------------------------------------

INSIDE = "key-ff"


@case
def made_inside_and_used_again():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        token.insert()
        person = Owner(sandbox, desk)
        done = person.renew_on("--on-token", to="rutoken:")
        same(done.word, "renewed", done)
        same(done.json["new"]["container"], at(slot=INSIDE), done)
        same(token.slots(), [])
        check_certificate(token, done.json["new"]["certificate"])
        # It signs the next renewal, to which the centre has agreed.
        before = token.dump()
        sandbox.set(done.json["new"]["thumbprint"], "replacement")
        again = person.renew_on("--force", old=at(slot=INSIDE),
                                to="file:" + person.new)
        same(again.word, "renewed", again)
        same(token.dump(), before)
        clean(token)


def check_certificate(token, path):
    """It is for the key that is inside, by the word of OpenSSL."""
    public = token.read("1000/1000/6001/00FF")
    text = subscriber.openssl("x509", "-inform", "DER", "-in", path, "-noout",
                              "-pubkey").stdout
    pem = write(os.path.join(folder("key"), "public.pem"), text)
    der = os.path.join(folder("key"), "public.der")
    subscriber.openssl("pkey", "-pubin", "-in", pem, "-outform", "DER",
                       "-out", der)
    with open(der, "rb") as file:
        same(file.read()[-64:], public)


@case
def pulled_out_while_a_key_is_made_inside():
    for pattern, skip in (("00E0", 0), ("00E0", 2), ("0046", 0), ("002A", 0),
                          ("00D6", 1)):
        with Desk() as desk, Sandbox() as sandbox:
            token = Token(desk)
            token.insert()
            person = Owner(sandbox, desk)
            token.fault("absent", pattern=pattern, skip=skip, after=1)
            done = person.renew_on("--on-token", to=at())
            same((done.word, token.number("struck")), ("tokenGone", 1), done)
            token.put_back()
            done = person.resume("--pin-file", person.pin)
            same(done.word, "renewed", done)
            # One key, with its two files; never a second for the same form.
            same(len([line for line in token.dump()
                      if line.startswith("key ")]), 2)
            check_certificate(token, done.json["new"]["certificate"])
            clean(token)


@case
def no_key_is_made_inside_of_others():
    for setup in ({"dialect": "lite"}, {"dialect": "s"}):
        with Desk() as desk, Sandbox() as sandbox:
            token = Token(desk, **setup)
            before = token.dump()
            token.insert()
            done = Owner(sandbox, desk).renew_on("--on-token", to="rutoken:")
            same(done.word, "keyNotInside", done)
            same(token.dump(), before)
            clean(token)


@case
def no_key_of_another_kind_is_made_inside():
    """Which is said before anybody signs in: the server is not even there."""
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        token.insert()
        for more, word in (([], "keyNotInside"),
                           (["--algorithm", "gost2012-256"], "unreachable")):
            done = Owner(sandbox, desk).renew_on(
                "--algorithm", "gost2012-512", "--on-token", "--server",
                "https://127.0.0.1:1", *more, to="rutoken:")
            same(done.word, word, done)
        clean(token)


# --- taken away ---------------------------------------------------------------


@case_of_each(DIALECTS)
def removed_when_asked_by_name(which, setup):
    with Desk() as desk:
        token = Token(desk, **setup)
        token.put("0A00", SAMPLE)
        token.put("0B00", SAMPLE)
        other = token.content("0B00")
        token.insert()
        done = kep(desk, "remove", at(slot="0A00"), "--json", "--pin-file",
                   pin_file())
        true(done.returncode != 0, done)
        same(token.slots(), ["0A00", "0B00"])
        done = kep(desk, "remove", at(slot="0A00"), "--json", "--force",
                   "--pin-file", pin_file("wrong-one"))
        same((done.word, token.slots()), ("pinWrong", ["0A00", "0B00"]), done)
        done = kep(desk, "remove", at(slot="0A00"), "--json", "--force",
                   "--pin-file", pin_file())
        same((done.returncode, token.slots()), (0, ["0B00"]), done)
        same(token.content("0B00"), other)
        clean(token)


@case
def one_key_of_two_is_not_removed():
    boxes = [forge.Box(shutil.copytree(SAMPLE, folder() + "/box"))
             for _ in range(2)]
    where = boxes[0].add_key(boxes[1]).where
    with Desk() as desk:
        token = Token(desk)
        token.put("0A00", where)
        token.insert()
        one = at(slot="0A00") + "?signature"
        within(one, kep(desk, "list", at()).stdout)
        done = kep(desk, "remove", one, "--json", "--force", "--pin-file",
                   pin_file())
        same((done.word, token.slots()), ("usage", ["0A00"]), done)
        done = kep(desk, "remove", at(slot="0A00"), "--pin-file", pin_file())
        same(token.slots(), ["0A00"], done)
        within("The container " + at(slot="0A00"), done.stderr, done)
        within("Its second key, for signature", done.stderr, done)
        done = kep(desk, "remove", at(slot="0A00"), "--force", "--pin-file",
                   pin_file())
        same((done.returncode, token.slots()), (0, []), done)
        clean(token)


# --- what is amiss ------------------------------------------------------------


def doctor(desk, **env):
    """(its result, {what was looked at: (how it is, the sentence)})"""
    done = harness.run("kep", "doctor", "--json", env={
        "HOME": folder("home"), "LANG": "C.UTF-8",
        **(desk.env if desk else {}), **env})
    return done, {one["check"]: (one["state"], one["message"])
                  for one in json.loads(done.stdout)["checks"]}


@case
def the_doctor_looks():
    done, found = doctor(None,
                         PCSCLITE_CSOCK_NAME="/nonexistent/pcscd.comm")
    same((done.returncode, found["pcsc"][0]), (5, "bad"), done)
    with Desk() as desk:
        token = Token(desk)
        token.tell("set", 2, 2)
        token.insert()
        done, found = doctor(desk)
        same(found["pcsc"][0], "good", done)
        within("2", found["pin"][1], done)
        with Holder(desk):
            done, found = doctor(desk)
            within("another program", done.stdout, done)
        clean(token, 2)


@case
def another_kind_of_card():
    with Desk() as desk:
        token = Token(desk, atr="3B6500002063CB6600")
        token.insert()
        done = kep(desk, "list", "rutoken:", "--json")
        same(done.json["containers"], [], done)
        same(doctor(desk)[0].returncode, 0)
        same(token.number("verifications", 2), 0)
        done = kep(desk, "pin", "rutoken:", "--json", "--pin-file",
                   pin_file(), "--new-pin-file", pin_file("new-PIN-77"))
        same(done.word, "tokenUnknown", done)
        # Nothing is sent to what is not known.
        same(token.number("count"), 0)


harness.main(jobs=4)
