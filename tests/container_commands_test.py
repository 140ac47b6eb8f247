#!/usr/bin/python3
"""kep list, show, verify and password on all kinds of containers: what they
say in words and in JSON, to whom, and what becomes of damage. The containers
are those of tests/data, a sandbox's, and what tests/forge.py makes of them;
what kep password writes is opened by the second reader (tests/witness)."""

import json
import os
import re
import shutil

import forge
import harness
from harness import Sandbox, case, case_of_each, folder, ok, run, same, true, \
    within
from subscriber import (FILES, Subscriber, at_home, kep, plain, tree,
                        write)

DATA = os.path.join(harness.ROOT, "tests/data")
PLAIN = "synthetic-2012-256-nopassword"
LOCKED = "synthetic-2012-256-password-qwerty123"
WIDE = "synthetic-2012-512A-password-qwerty123"
RETIRED = "synthetic-2001-nopassword"
SECRET = "synthetic-2001-password-secret"
RUSSIAN = {"LANG": "ru_RU.UTF-8"}


class Desk:
    """A home, a folder with containers, passwords in files."""

    def __init__(self, *names):
        self.base = folder("desk")
        self.home, self.keys = self.base + "/home", self.base + "/keys"
        os.mkdir(self.home)
        os.mkdir(self.keys)
        for name in names:
            self.put(name)

    def put(self, name, under=None):
        """A copy of one of tests/data, or of a folder: where it is."""
        where = os.path.join(self.keys, under or os.path.basename(name))
        shutil.copytree(os.path.join(DATA, name), where)
        os.chmod(where, 0o700)
        return where

    def box(self, name=PLAIN, under=None):
        return forge.Box(self.put(name, under))

    def pin(self, text):
        """A file with a password."""
        return write(folder("pin") + "/pin", text)

    def kep(self, *words, env=None, **options):
        return kep(*words, env=at_home(self.home, **(env or {})),
                   cwd=self.base, **options)

    def list(self, *places):
        """(containers by the last part of their place, problems the same)"""
        done = self.kep("list", "--json", *(places or [self.keys]))
        said = json.loads(done.stdout)
        return ({os.path.basename(one["container"]): one
                 for one in said["containers"]},
                {os.path.basename(one["where"]): one["outcome"]
                 for one in said["problems"]})

    def show(self, where, *words):
        return self.kep("show", where, "--json", *words)

    def verify(self, where, *words):
        """The run, and the report in it."""
        done = self.kep("verify", where, "--json", *words)
        return done, done.json["report"]


def only(report):
    """The only key of a report."""
    same(len(report["keys"]), 1)
    return report["keys"][0]


def in_order(desk, where, *words):
    done, report = desk.verify(where, *words)
    same((done.returncode, done.word, report["whole"]), (0, "inOrder", True),
         done)
    return report


# --- what is said -----------------------------------------------------------


@case
def all_that_is_known_is_listed():
    desk = Desk(PLAIN, LOCKED, WIDE, RETIRED, SECRET)
    found, problems = desk.list()
    same(problems, {})
    same(set(found), {PLAIN, LOCKED, WIDE, RETIRED, SECRET})
    for name, one in found.items():
        kind = ("gost2001" if "2001" in name else
                "gost2012-512" if "512" in name else "gost2012-256")
        same(one, {
            "container": "file:%s/%s" % (desk.keys, name),
            "partial": False, "name": "testcont", "algorithm": kind,
            "algorithmOid": {"gost2001": "1.2.643.2.2.98",
                             "gost2012-256": "1.2.643.7.1.1.6.1",
                             "gost2012-512": "1.2.643.7.1.1.6.2"}[kind],
            "curve": "TC26-512-A" if "512" in name else "CryptoPro-XchA",
            "curveOid": "1.2.643.7.1.2.1.2.1" if "512" in name else
                        "1.2.643.2.2.36.0",
            "use": "exchange", "exportable": True,
            "flags": ["exportable", "exchange"], "supported": True,
            "hasPassword": "-password-" in name, "inside": False,
            "keyNotBefore": None,
            "keyNotAfter": "2027-12-31T23:59:59Z", "certificate": None,
            "certificateFits": None})


@case
def a_certificate_is_shown_with_its_key():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.kep("show", person.old, "--json")
        one = only(done.json)
        same(one["certificate"]["thumbprint"], person.thumbprint)
        same((one["certificateFits"], one["certificate"]["qualified"]),
             (True, True), done)
        done = person.kep("show", person.old)
        for line in ("Certificate fits the key:   in order",
                     "Thumbprint:                 " + person.thumbprint,
                     "Password:                   none", "INN: "):
            within(line, done.stdout, done)
        # Words come with the outcome, and the report with the words.
        done = person.kep("verify", person.old)
        same(done.returncode, 0, done)
        within("Everything in the container is in order", done.stderr, done)
        within(person.thumbprint, done.stdout, done)


@case_of_each([("english", {}, ("Algorithm:", "may be copied", "not checked",
                                "none", "there is one")),
               ("russian", RUSSIAN, ("Алгоритм:", "можно копировать",
                                     "не проверено", "нет", "есть"))])
def in_the_language_of(_, env, words):
    desk = Desk(LOCKED)
    # What takes the password is not checked without it, and said so.
    done = desk.kep("show", desk.keys + "/" + LOCKED, env=env)
    same((done.returncode, done.stderr), (0, ""), done)
    within(words[2], done.stdout, done)
    said = desk.kep("list", desk.keys, env=env).stdout
    for word in (words[0], words[1], words[4]):
        within(word, said)
    done = desk.kep("verify", desk.keys + "/" + LOCKED, "--pin-file",
                    desk.pin("qwerty123"), env=env)
    same(done.returncode, 0, done)
    for name in FILES:
        within(name, done.stdout, done)
    for line in (done.stdout + done.stderr + said).split("\n"):
        true(len(line) <= 80 or line.startswith("file:"), line)


@case
def names_in_cp1251():
    desk = Desk()
    for at, text in enumerate(("Ключ «Ромашка» № 1", "ёЁ—тире", "ascii")):
        desk.box(under="name%04d.000" % at).name(text)
    desk.box(under="bad00000.000").name(b"\x98\x1b[31m\x07")
    desk.box(under="none0000.000").write("name.key", b"")
    found, problems = desk.list()
    same(problems, {})
    same([found["name%04d.000" % at]["name"] for at in range(3)],
         ["Ключ «Ромашка» № 1", "ёЁ—тире", "ascii"])
    within("Ключ «Ромашка» № 1", desk.kep("list", desk.keys).stdout)
    # What is no name is none; nothing of it reaches a terminal (see manners).
    true(found["none0000.000"]["name"] in (None, ""))
    for where in ("bad00000.000", "none0000.000"):
        done, report = desk.verify(desk.keys + "/" + where)
        true(done.returncode in (0, 5) and only(report)["supported"], done)


# --- kinds ------------------------------------------------------------------


@case
def two_keys_in_one_container():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        desk = Desk()
        other = forge.Box(desk.put(plain(person.old), "other000.000"))
        where = desk.box(under="both0000.000").add_key(other).where
    found, _ = desk.list(where)
    same(set(found), {"both0000.000", "both0000.000?signature"})
    first, second = (found["both0000.000" + tail]
                     for tail in ("", "?signature"))
    same((first["use"], first["flags"], first["certificate"]),
         ("exchange", ["exportable", "exchange"], None))
    same((second["use"], second["flags"], second["certificateFits"],
          second["certificate"]["thumbprint"]),
         ("signature", ["exportable"], True, person.thumbprint))
    report = in_order(desk, where)
    for key in report["keys"]:
        same(key["opens"], {"first": True, "reserve": True})
    # A new password is one for both keys, in both pairs.
    done = desk.kep("password", where, "--json", "--new-pin-file",
                    desk.pin("both of them"))
    same(done.word, "passwordSet", done)
    said = json.loads(ok("tests/witness/witness", where, "both of them").stdout)
    same([key["scalar"] for key in said["keys"]],
         [box.witness()["keys"][0]["scalar"]
          for box in (forge.Box(os.path.join(DATA, PLAIN)), other)])
    # One of the two is damaged for good: the container is not in order.
    in_order(desk, where, "--pin-file", desk.pin("both of them"))
    for name in ("primary.key", "primary2.key"):
        forge.Box(where).damage(name)
    done, report = desk.verify(where, "--pin-file", desk.pin("both of them"))
    same((done.returncode, done.word), (5, "containerDamaged"), done)
    same([key["opens"]["first"] for key in report["keys"]], [True, False])


@case
def the_second_key_of_a_container_is_renewed():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        where = forge.Box(Desk().put(PLAIN)).add_key(
            forge.Box(plain(person.old))).where
        done = person.renew(container="file:%s?signature" % where)
        same(done.word, "renewed", done)
        same(done.json["old"]["thumbprint"], person.thumbprint, done)
        done = person.renew(container=where)
        same(done.word, "noCertificate", done)


@case
def a_certificate_for_another_key():
    with Sandbox() as sandbox:
        certificate = forge.Box(plain(Subscriber(sandbox).old)).fields[0x85]
    desk = Desk()
    box = desk.box()
    box.fields[0x85] = certificate
    box.save()
    found, _ = desk.list()
    same(found[PLAIN]["certificateFits"], False)
    within("is for another key", desk.kep("list", desk.keys).stdout)
    done, report = desk.verify(box.where)
    same((done.returncode, done.word, report["whole"]),
         (5, "keyMismatch", False), done)
    same(only(report)["certificateFits"], False)
    within("another key", desk.kep("show", box.where).stdout)
    # One that is none at all.
    box.fields[0x85] = b"\x30\x03abc"
    box.save()
    done, report = desk.verify(box.where)
    same(report["whole"], False, done)
    true(done.returncode == 5, done)


@case_of_each([
    ("CryptoPro-XchB", "1.2.643.2.2.36.1", "1.2.643.7.1.1.6.1"),
    ("CryptoPro-B", "1.2.643.2.2.35.2", "1.2.643.7.1.1.6.1"),
    ("CryptoPro-C", "1.2.643.2.2.35.3", "1.2.643.7.1.1.6.1"),
    ("TC26-256-A", "1.2.643.7.1.2.1.1.1", "1.2.643.7.1.1.6.1"),
    ("TC26-256-C", "1.2.643.7.1.2.1.1.3", "1.2.643.7.1.1.6.1"),
    ("TC26-256-D", "1.2.643.7.1.2.1.1.4", "1.2.643.7.1.1.6.1"),
    ("TC26-512-B", "1.2.643.7.1.2.1.2.2", "1.2.643.7.1.1.6.2"),
    ("TC26-512-C", "1.2.643.7.1.2.1.2.3", "1.2.643.7.1.1.6.2"),
    ("1.2.643.9.9", "1.2.643.9.9", "1.2.643.7.1.1.6.1")])
def refused_by_its_name(name, curve, algorithm):
    desk = Desk()
    base = WIDE if "512" in name else PLAIN
    where = desk.box(base).curve(curve, algorithm).save().where
    found, problems = desk.list()
    same((problems, found[base]["supported"]), ({}, False))
    same((found[base]["curve"], found[base]["curveOid"]),
         (None if name == curve else name, curve))
    done, report = desk.verify(where, "--pin-file", desk.pin("qwerty123"))
    same((done.returncode, done.word), (5, "keyUnsupported"), done)
    within("(%s)" % name, done.json["message"], done)
    within("Use the program that made the key.", done.json["message"], done)
    same(only(report)["opens"], {"first": None, "reserve": None}, done)
    same((report["headerChecksum"], report["maskChecksums"]["first"]),
         (True, None if name == curve else True), done)
    within(name, desk.kep("show", where).stdout)
    done = desk.kep("export", where, desk.base + "/x.pfx", "--json",
                    "--pfx-pin-file", desk.pin("x"))
    same(done.word, "keyUnsupported", done)
    within(name, done.json["message"], done)
    done = desk.kep("password", where, "--json", "--new-pin-file",
                    desk.pin("x"))
    same(done.word, "keyUnsupported", done)
    # A copy needs no arithmetic.
    os.mkdir(desk.base + "/to")
    done = desk.kep("backup", where, "--to", desk.base + "/to", "--json")
    same(done.word, "backedUp", done)
    same(done.json["containers"][0]["verified"], False, done)


@case
def keys_of_2001_are_read_and_not_renewed():
    desk = Desk(RETIRED, SECRET)
    in_order(desk, desk.keys + "/" + RETIRED)
    in_order(desk, desk.keys + "/" + SECRET, "--pin-file", desk.pin("secret"))
    within("cannot be renewed", desk.kep("list", desk.keys).stdout)
    within("продлить нельзя", desk.kep("list", desk.keys,
                                       env=RUSSIAN).stdout)
    done = desk.kep("password", desk.keys + "/" + SECRET, "--json",
                    "--pin-file", desk.pin("secret"), "--new-pin-file",
                    desk.pin("another"))
    same(done.word, "passwordSet", done)
    in_order(desk, desk.keys + "/" + SECRET, "--pin-file", desk.pin("another"))
    ok("tests/witness/witness", desk.keys + "/" + SECRET, "another")


@case
def a_key_that_may_not_be_copied():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        box = forge.Box(plain(person.old)).flags(0x20).save()
        person.before = tree(person.old_folder)
        done = person.kep("verify", person.old, "--json")
        same(done.word, "inOrder", done)
        key = only(done.json["report"])
        same((key["exportable"], key["flags"]), (False, ["exchange"]), done)
        within("may not be copied", person.kep("list", box.where).stdout)
        for words in (("backup", person.old, "--to", person.backup),
                      ("backup", person.old, "--archive",
                       person.base + "/archive", "--passphrase-file",
                       write(person.base + "/phrase", "a long passphrase")),
                      ("export", person.old, person.base + "/pfx",
                       "--pfx-pin-file", write(person.base + "/pin", "pin"))):
            done = person.kep(*words, "--json")
            same((done.returncode, done.word), (5, "keyNotExportable"), done)
            within("may not be copied", done.json["message"], done)
        same((os.listdir(person.backup), os.path.exists(
            person.base + "/archive"), os.path.exists(person.base + "/pfx")),
            ([], False, False))
        # It signs all the same, and its password can be changed.
        done = person.renew()
        same(done.word, "renewed", done)
        done = person.kep("password", person.old, "--json", "--new-pin-file",
                          write(person.base + "/pin2", "new one"))
        same(done.word, "passwordSet", done)
        same(forge.Box(box.where).fields[0x30], box.fields[0x30])


@case
def flags_are_named():
    desk = Desk()
    where = desk.box().flags(0xFC).save().where
    found, _ = desk.list()
    same(found[PLAIN]["flags"], ["exportable", "exchange", "userProtect",
                                 "ephemeral", "nonCachable", "dhAllowed"])
    done = desk.kep("show", where)
    for word in ("asked at each use", "for one use", "Diffie-Hellman"):
        within(word, re.sub(r"\s+", " ", done.stdout), done)


@case_of_each([("tokens", b"\xff" * 500), ("zeros", bytes(77))])
def padding_of(_, padding):
    desk = Desk()
    box = desk.box()
    for name in FILES:
        box.write(name, box.read(name) + padding)
    in_order(desk, box.where)
    # What is neither is damage.
    box.write("header.key", box.read("header.key") + b"x")
    _, report = desk.verify(box.where)
    same(report["whole"], False)


@case
def chains_in_headers():
    desk = Desk()
    with Sandbox() as sandbox:
        certificate = forge.Box(plain(Subscriber(sandbox).old)).fields[0x85]
    box = desk.box()
    others = box.fields[0xAC]

    def chain(count):
        one = forge.element(0x30, certificate)
        box.fields[0xAC] = others + forge.element(0x30, forge.oid(
            "1.2.643.2.2.37.3.1") + forge.element(0x04, forge.element(
                0x31, one * count)))
        box.save()
        return len(box.read("header.key"))

    chain(3)
    report = in_order(desk, box.where)
    same(len(report["chain"]), 3)
    size = chain(35)
    true(50000 < size < 65536, size)
    in_order(desk, box.where)
    chain(100)
    done, report = desk.verify(box.where)
    same(done.returncode, 5, done)
    _, problems = desk.list()
    same(list(problems), [PLAIN])


# --- damage -----------------------------------------------------------------

RESERVE = "its reserve copy has been used"


@case_of_each([(name,) for name in ("masks.key", "primary.key")])
def the_reserve_copy_serves_for(name):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        box = forge.Box(plain(person.old)).damage(
            name, 5 if name == "masks.key" else -1)
        person.before = tree(person.old_folder)
        done = person.kep("verify", person.old, "--json")
        same((done.returncode, done.word), (5, "containerFlawed"), done)
        report = done.json["report"]
        same((only(report)["opens"], report["whole"]),
             ({"first": False, "reserve": True}, False), done)
        within("damaged; reserve copy: in order",
               person.kep("show", person.old).stdout)
        # Whatever uses it tells.
        done = person.kep("backup", person.old, "--to", person.backup,
                          "--json")
        same((done.word, done.json["containers"][0]["fromReserve"]),
             ("backedUp", True), done)
        within(RESERVE, re.sub(r"\s+", " ", done.stderr), done)
        done = person.kep("export", person.old, person.base + "/pfx", "--json",
                          "--pfx-pin-file", write(person.base + "/pin", "pin"))
        same((done.word, done.json["fromReserve"]), ("exported", True), done)
        within(RESERVE, re.sub(r"\s+", " ", done.stderr), done)
        with open(person.base + "/own.cer", "wb") as file:
            file.write(box.fields[0x85])
        done = person.kep("install", person.base + "/own.cer", person.old,
                          "--roots", person.sandbox.dir + "/ca/root.pem",
                          "--json")
        within(RESERVE, re.sub(r"\s+", " ", done.stderr), done)
        shutil.rmtree(person.backup)
        os.mkdir(person.backup)
        person.before = tree(person.old_folder)
        done = person.renew()
        person.check_renewed(done)
        within(RESERVE, re.sub(r"\s+", " ", done.stderr), done)
        # Both are good again afterwards.
        done = person.kep("password", person.old, "--json", "--new-pin-file",
                          write(person.base + "/pin2", "new one"))
        same((done.word, done.json["fromReserve"]), ("passwordSet", True),
             done)
        within("was damaged", done.stderr, done)
        done = person.kep("verify", person.old, "--json", "--pin-file",
                          person.base + "/pin2")
        same(done.word, "inOrder", done)
        ok("tests/witness/witness", box.where, "new one")


# (file, its byte, outcome, what of the report is false)
DAMAGES = [
    ("header.key", -1, "containerDamaged", "headerChecksum"),
    ("header.key", 70, "containerDamaged", "headerChecksum"),
    ("header.key", 0, "containerDamaged", None),
    ("masks.key", -1, "containerFlawed", "first"),
    ("masks2.key", -1, "containerFlawed", "reserve"),
    ("masks2.key", 10, "containerFlawed", None),
    ("primary2.key", 10, "containerFlawed", None),
    ("primary2.key", 0, "containerFlawed", None),
]


@case_of_each([("%s_at_%d" % row[:2], *row) for row in DAMAGES])
def damage_of(_, name, at, word, where):
    desk = Desk(LOCKED)
    box = desk.box().damage(name, at)
    done, report = desk.verify(box.where)
    same((done.returncode, done.word, report["whole"]), (5, word, False), done)
    if where in ("first", "reserve"):
        same(report["maskChecksums"],
             {"first": where != "first", "reserve": where != "reserve"}, done)
    elif where:
        same(report[where], False, done)
    # The other container is listed.
    found, problems = desk.list()
    true(LOCKED in found)
    same(set(found) | set(problems), {PLAIN, LOCKED})


@case
def both_pairs_are_damaged():
    desk = Desk()
    box = desk.box().damage("primary.key").damage("primary2.key")
    done, report = desk.verify(box.where)
    same((done.returncode, done.word), (5, "containerDamaged"), done)
    same(only(report)["opens"], {"first": False, "reserve": False}, done)
    done = desk.kep("password", box.where, "--json", "--new-pin-file",
                    desk.pin("new"))
    same(done.word, "containerDamaged", done)


@case_of_each([(name,) for name in FILES])
def a_file_is_missing(name):
    desk = Desk()
    where = desk.put(PLAIN)
    os.unlink(os.path.join(where, name))
    done, report = desk.verify(where)
    same(done.returncode, 5, done)
    if name == "header.key":
        true(done.word in ("notContainer", "containerDamaged"), done)
        return
    same(done.word, "containerFlawed", done)
    gone = [one for one in report["files"] if one["outcome"]]
    same([(one["file"], one["size"], one["outcome"]) for one in gone],
         [(name, None, "containerNotFound")], done)
    within("missing", desk.kep("show", where).stdout)


@case
def one_bad_one_hides_none_of_hundreds():
    desk = Desk()
    count = 300
    for at in range(count):
        desk.put(PLAIN, "good%04d.000" % at)
    os.mkdir(desk.keys + "/bad00000.000")
    desk.box(under="bad00001.000").damage("header.key", 0)
    desk.box(under="bad00002.000").write("header.key", bytes(1 << 20))
    desk.put(PLAIN, "bad00003.000")
    os.unlink(desk.keys + "/bad00003.000/header.key")
    os.mkfifo(desk.keys + "/bad00003.000/header.key")
    desk.put(PLAIN, "bad00004.000")
    os.unlink(desk.keys + "/bad00004.000/header.key")
    os.symlink("/dev/zero", desk.keys + "/bad00004.000/header.key")
    found, problems = desk.list()
    same(sorted(found), ["good%04d.000" % at for at in range(count)])
    same(sorted(problems), ["bad%05d.000" % at for at in range(5)])
    done = desk.kep("list", desk.keys)
    same((done.returncode, done.stdout.count("good")), (0, count), done.args)
    same(done.stdout.count("Cannot be used:"), 5)
    # A place that is none is a failure, and hides no other.
    done = desk.kep("list", "--json", desk.base + "/none", desk.keys)
    same(done.returncode, 5, done)
    same(len(json.loads(done.stdout)["containers"]), count)


@case
def places_that_are_none():
    desk = Desk()
    file = write(desk.base + "/file", "x")
    for where, words in ((desk.base + "/none", ("containerNotFound",)),
                         (desk.keys, ("notContainer",)), (file, None),
                         ("/dev/null", ("containerNotFound", "notContainer")),
                         ("/" + "x" * 5000, None),
                         ("usb:stick", ("locationUnknown",))):
        for command in ("show", "verify", "password"):
            done = desk.kep(command, where, "--json")
            true(done.returncode in (2, 5), done)
            true(words is None or done.word in words, done)
    done = desk.kep("list", desk.keys)
    same((done.returncode, done.stdout), (0, ""), done)
    within("No containers were found", done.stderr, done)


# --- passwords --------------------------------------------------------------


def opens(where, *password):
    return run("tests/witness/witness", where, *password).returncode == 0


@case_of_each([(PLAIN, None), (LOCKED, "qwerty123"), (WIDE, "qwerty123"),
               (RETIRED, None), (SECRET, "secret")])
def set_changed_removed(name, first):
    desk = Desk()
    where = desk.put(name)
    scalar = json.loads(ok("tests/witness/witness", where,
                           *([first] if first else [])).stdout)["keys"]
    now = first
    for then in ("one", "two words", "x" * 256, "", "again", None):
        before = tree(where)
        done = desk.kep("password", where, "--json", "--new-pin-file",
                        desk.pin(then or ""), *(
                            ["--pin-file", desk.pin(now)] if now else []))
        same((done.returncode, done.word), (
            0, "passwordSet" if then else "passwordRemoved"), done)
        same((done.json["hasPassword"], done.json["fromReserve"]),
             (bool(then), False), done)
        after = tree(where)
        # Every key is masked and encrypted anew, in both pairs.
        for file in FILES:
            same(before[file] == after[file], file == "name.key" or
                 file == "header.key" and not (now or then), file)
        in_order(desk, where, *(["--pin-file", desk.pin(then)] if then
                                else []))
        said = json.loads(ok("tests/witness/witness", where,
                             *([then] if then else [])).stdout)
        same(said["keys"][0]["scalar"], scalar[0]["scalar"])
        same(said["password"], bool(then))
        if now and then:
            done = desk.kep("verify", where, "--json", "--pin-file",
                            desk.pin(now))
            same((done.returncode, done.word), (5, "passwordWrong"), done)
        now = then


@case
def passwords_that_are_not_right():
    desk = Desk(LOCKED)
    where = desk.keys + "/" + LOCKED
    before = tree(where)
    new = desk.pin("new one")
    for words, word in (
            (["--new-pin-file", new], "passwordNeeded"),
            (["--pin-file", desk.pin("qwerty124"), "--new-pin-file", new],
             "passwordWrong"),
            (["--pin-file", desk.pin(""), "--new-pin-file", new],
             "passwordWrong"),
            (["--pin-file", desk.pin("qwerty123")], "answerNeeded"),
            (["--pin-file", desk.pin("qwerty123"), "--new-pin-file",
              desk.base + "/none"], "containerNotFound"),
            (["--pin-file", desk.base + "/none", "--new-pin-file", new],
             "containerNotFound"),
            (["--pin-file", desk.pin("qwerty123"), "--new-pin-file",
              desk.pin("x" * 257)], "configuration"),
            (["--pin-file", desk.pin("qwerty123"), "--new-pin-file",
              desk.pin("по-русски")], "configuration"),
            (["--pin-file", desk.pin("qwerty123"), "--new-pin-file",
              desk.pin("two\nlines\n")], "configuration")):
        done = desk.kep("password", where, "--json", *words)
        true(done.returncode in (2, 5), done)
        same(done.word, word, done)
        same(tree(where), before, done)
    done = desk.kep("password", where, "--new-pin-file", new)
    within("give the password in a file: --pin-file.",
           re.sub(r"\s+", " ", done.stderr), done)
    done = desk.kep("verify", where, "--json")
    same((done.returncode, done.word), (5, "passwordNeeded"), done)
    same(done.json["report"], None, done)
    for command in ("show", "verify"):
        done = desk.kep(command, where, "--json", "--pin-file", new)
        same((done.returncode, done.word), (5, "passwordWrong"), done)


@case
def a_password_from_a_descriptor():
    desk = Desk(LOCKED)
    where = desk.keys + "/" + LOCKED
    with open(desk.pin("qwerty123\n")) as old, open(desk.pin("new")) as new:
        done = desk.kep("password", where, "--json", "--pin-fd", old.fileno(),
                        "--new-pin-fd", new.fileno(),
                        pass_fds=(old.fileno(), new.fileno()))
    same(done.word, "passwordSet", done)
    true(opens(where, "new") and not opens(where, "qwerty123"))


@case
def a_folder_that_cannot_be_written():
    desk = Desk(PLAIN)
    where = desk.keys + "/" + PLAIN
    before = tree(where)
    if os.getuid() == 0:
        harness.skip("root may write everywhere")
    os.chmod(where, 0o500)
    done = desk.kep("password", where, "--json", "--new-pin-file",
                    desk.pin("x"))
    os.chmod(where, 0o700)
    same((done.returncode, done.word), (5, "noAccess"), done)
    same(tree(where), before)


harness.main(jobs=2)
