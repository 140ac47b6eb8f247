#!/usr/bin/python3
"""That kep leaves no key, no password and no code in its memory: images of
it are searched at the end of each operation, and on its way."""

import ctypes
import json
import os
import re
import shutil
import signal
import sys
import time
from ctypes import c_size_t as size_t
from concurrent.futures import ThreadPoolExecutor

import contract
import core
import forge
import harness
import talk
from harness import Sandbox, case, case_of_each, folder, ok, same, skip, true
from subscriber import PRIVATE, Subscriber, plain, write
from talk import ENTER, Talk

OLD, NEW = "Old-pass-word 7361", "New-pass-word 9920"
PHRASE = "a phrase that seals 4402"
PIECE = 8  # bytes of a number that are looked for: a limb of it

MAY = core.may()
if not MAY:
    core.become_able()


def may_look():
    if not MAY:
        skip("the memory of a process cannot be read here (ptrace)")
    if "asan" in harness.OUT:
        skip("the sanitizer keeps what is freed")


def keys_of(name, where, *password):
    """All that is secret in a container: the scalars, the same masked, the
    keys that the password gives."""
    said = json.loads(ok("tests/witness/witness", plain(where),
                         *password).stdout)
    found = {}
    for at, key in enumerate(said["keys"]):
        for word in ("scalar", "masked", "masked2"):
            found.update(number("%s %s %d" % (name, word, at), key[word]))
    for word in ("storage", "storage2"):
        found.update(number("%s %s" % (name, word), said[word]))
    return found


def scalars(secrets):
    return {name: secret for name, secret in secrets.items()
            if " scalar " in name}


def number(name, digits):
    """Every piece of a number, in both orders of its bytes."""
    value = bytes.fromhex(digits)
    found = {}
    for at in range(0, len(value), PIECE):
        piece = value[at:at + PIECE]
        found["%s[%d]" % (name, at)] = piece
        found["%s[%d] reversed" % (name, at)] = piece[::-1]
    return found


def password(name, text):
    """As it was typed, in the four bytes a character of containers, and in
    the two of PFX files."""
    return {name: text.encode(), name + " cells": text.encode("utf-32le"),
            name + " wide": text.encode("utf-16le"),
            name + " turned": text.encode("utf-16be")}


GCRYPT = ctypes.CDLL("libgcrypt.so.20")
STRIBOG512, GOSTR3411_CP, PBKDF2 = 310, 311, 34


def gcrypt_hash(kind, data):
    out = ctypes.create_string_buffer(32)
    GCRYPT.gcry_md_hash_buffer(kind, out, data, size_t(len(data)))
    return out.raw


def file_keys(path, text):
    """What a password makes of the salts in a PFX file: the keys of the key
    bags, by libgcrypt."""
    with open(path, "rb") as file:
        data = file.read()
    found = {}
    own = re.search(rb"\x01\x0c\x01\x50\x30.\x04\x10(.{16})\x02\x02(..)", data,
                    re.S)
    if own:
        key = text.encode("utf-16le")
        for turn in range(1, int.from_bytes(own[2], "big") + 1):
            key = gcrypt_hash(GOSTR3411_CP, key + own[1] +
                              turn.to_bytes(2, "big"))
        found.update(number("file key", key.hex()))
    for at in re.finditer(rb"\x01\x05\x0c\x30.\x04(.)", data, re.S):
        size = at[1][0]
        salt = data[at.end():at.end() + size]
        rounds = data[at.end() + size + 2:at.end() + size + 4]
        key = ctypes.create_string_buffer(32)
        same(GCRYPT.gcry_kdf_derive(
            text.encode(), size_t(len(text.encode())), PBKDF2, STRIBOG512,
            salt, size_t(len(salt)), size_t(int.from_bytes(rounds, "big")),
            size_t(32), key), 0)
        found.update(number("file key %d" % len(found), key.raw.hex()))
    true(found, "no key of the file is known")
    return found


def tokens(sandbox):
    """What stands for the person until it ends: sessions."""
    found = {}
    for one in contract.read(sandbox.log):
        for word, value in re.findall(r'"(sid|refreshToken)":\s*"([^"]+)"',
                                      one.get("responseBody") or ""):
            found["%s %d" % (word, len(found))] = value.encode()
    true(found, "there was no session")
    return found


def codes(sandbox, phone):
    return {"code %d" % at: re.search(r"\b\d{6}\b", text)[0].encode()
            for at, text in enumerate(sandbox.messages(phone))}


def clean(into, name, secrets):
    same(core.find(os.path.join(into, name), secrets), [], name)


def only_locked(into, name, secrets):
    """Open keys: in locked memory, and once in the number of GnuTLS's key,
    which is in no memory of ours. Returns whether they are there."""
    found = core.find(os.path.join(into, name), secrets)
    for secret in secrets:
        loose = [one for one in found if one.startswith(secret + " at ") and
                 "(locked)" not in one]
        true(len(loose) <= 1, (name, found))
    return bool(found)


class Watched:
    """A subscriber whose renewals are looked at. Old and new container have
    a password each."""

    def __init__(self, sandbox, algorithm):
        may_look()
        self.sandbox = sandbox
        base = folder("passwords")
        self.old_pin = write(base + "/old", OLD + "\n")
        self.new_pin = write(base + "/new", NEW + "\n")
        self.person = Subscriber(sandbox, "--algorithm", algorithm,
                                 "--password-file", self.old_pin)
        self.algorithm = algorithm
        self.old = keys_of("old", self.person.old, OLD)
        self.passwords = {**password("old password", OLD),
                          **password("new password", NEW)}

    def renew(self, *more):
        return ["renew", self.person.old, "--to", "file:" + self.person.new,
                "--backup", "file:" + self.person.backup, "--json",
                "--old-pin-file", self.old_pin, "--pin-file", self.new_pin,
                "--algorithm", self.algorithm, *self.person.server(), *more]

    def run(self, *words, wanted="renewed"):
        """Run kep to its end: where the images are."""
        into = folder("core")
        done = core.run(into, "kep", *words, env=self.person.env(),
                        cwd=self.person.base)
        said = json.loads(done.stdout)
        said = (said.get("renewals") or [said])[-1]
        same(said["outcome"], wanted, done)
        return into, said

    def new(self, where):
        return keys_of("new", where, NEW)

    def secrets(self, more=()):
        return {**self.old, **dict(more), **self.passwords,
                **codes(self.sandbox, self.person.phone)}


# --- renewals ---------------------------------------------------------------


@case_of_each([("gost2012-256",), ("gost2012-512",)])
def a_renewal(algorithm):
    with Sandbox() as sandbox:
        watched = Watched(sandbox, algorithm)
        into, said = watched.run(*watched.renew())
        new = watched.new(said["new"]["container"])
        # It waits for the first code, then for the second.
        clean(into, "child-1", watched.secrets(new))
        # The search does find what is there.
        true(only_locked(into, "child-2", scalars(watched.old)), "old key")
        true(only_locked(into, "child-2", scalars(new)), "new key")
        clean(into, "child-2", {**password("old password", OLD), **{
            name: secret for name, secret in {**watched.old, **new}.items()
            if " scalar " not in name}})
        clean(into, "end", {**watched.secrets(new), **tokens(sandbox)})


@case
def a_renewal_in_two_runs():
    with Sandbox("--issue-after", "3") as sandbox:
        watched = Watched(sandbox, "gost2012-256")
        first, _ = watched.run(*watched.renew("--wait", "0"),
                               wanted="waiting")
        second, said = watched.run(
            "resume", "--json", "--old-pin-file", watched.old_pin,
            "--pin-file", watched.new_pin, *watched.person.server())
        new = watched.new(said["new"]["container"])
        for into in (first, second):
            clean(into, "end", {**watched.secrets(new), **tokens(sandbox)})


@case
def a_renewal_that_waits_and_is_ended():
    with Sandbox("--issue-after", "600") as sandbox:
        watched = Watched(sandbox, "gost2012-256")
        into = folder("core")
        with ThreadPoolExecutor() as pool:
            done = pool.submit(
                core.run, into, "kep", *watched.renew(),
                env=watched.person.env(), cwd=watched.person.base)
            harness.wait_until(lambda: awaits_issue(watched),
                               what="waiting")
            with open(os.path.join(into, "pid")) as file:
                pid = int(file.read())
            os.kill(pid, signal.SIGUSR1)
            harness.wait_until(lambda: os.path.exists(
                os.path.join(into, "signal-1.json")), what="an image")
            os.kill(pid, signal.SIGTERM)
            done = done.result()
        same(json.loads(done.stdout)["outcome"], "interrupted", done)
        made, = watched.person.containers()
        new = watched.new("file:%s/%s" % (watched.person.new, made))
        # The old key has nothing to sign any more; the new one is open.
        clean(into, "signal-1", {**watched.old,
                                 **password("old password", OLD)})
        true(only_locked(into, "signal-1", scalars(new)), "new key")
        clean(into, "end", {**watched.secrets(new), **tokens(sandbox)})


def awaits_issue(watched):
    """It sleeps since it confirmed its request: the journal is at rest."""
    with open(watched.sandbox.log) as file:
        return "confirmRequest" in file.read() and time.time() - \
            os.path.getmtime(watched.person.state("journal.db-wal")) > 0.5


@case
def a_password_that_is_wrong():
    with Sandbox() as sandbox:
        watched = Watched(sandbox, "gost2012-256")
        wrong = write(folder("wrong") + "/file", "Not-that-password 3350")
        into, _ = watched.run(*watched.renew("--old-pin-file", wrong),
                              wanted="passwordWrong")
        clean(into, "end", {
            **watched.secrets(), **tokens(sandbox),
            **password("wrong password", "Not-that-password 3350")})


@case
def passwords_that_are_typed():
    with Sandbox() as sandbox:
        watched = Watched(sandbox, "gost2012-256")
        into = folder("core")
        words = [word for word in watched.renew("--entropy", "system")
                 if word not in ("--old-pin-file", "--pin-file", "--json",
                                 watched.old_pin, watched.new_pin)]
        with Talk(sys.executable, core.__file__, into, harness.program("kep"),
                  *words, env=watched.person.env(TERM="xterm")) as at:
            status = talk.answer(at, [
                ("Password of the old container",
                 ["Mistyped-Q 2711" + ENTER, OLD + ENTER]),
                ("Password of the new container", NEW + ENTER),
                ("once more", NEW + ENTER)])
            same(status, 0, at.shown)
        made, = watched.person.containers()
        new = watched.new("file:%s/%s" % (watched.person.new, made))
        clean(into, "end", {**watched.secrets(new), **tokens(sandbox),
                            **password("mistyped", "Mistyped-Q 2711")})


@case
def a_certificate_that_is_installed():
    with Sandbox() as sandbox:
        watched = Watched(sandbox, "gost2012-256")
        person, into = watched.person, folder("core")
        box = forge.Box(plain(person.old))
        certificate = person.base + "/certificate.cer"
        with open(certificate, "wb") as file:
            file.write(box.fields.pop(0x85))
        box.save()
        done = core.run(into, "kep", "install", certificate, person.old,
                        "--pin-file", watched.old_pin, "--roots",
                        sandbox.dir + "/ca/issuing.pem", env=person.env(),
                        cwd=person.base)
        same(done.returncode, 0, done)
        clean(into, "end", {**watched.old, **password("old password", OLD)})


# --- containers -------------------------------------------------------------

LOCKED = "qwerty123"


# In words: the containers' password is LOCKED, the new one NEW, the phrase
# of the archive PHRASE.
ARCHIVE = ["--archive", "{base}/archive", "--passphrase-file", "{phrase}"]
PFX = ["{base}/pfx", "--pfx-pin-file", "{phrase}"]

OWNER = [word for data in ("SN=Иванова", "G=Анна", "SNILS=11223344595",
                           "INN=500100732259")
         for word in ("--subject", data)] + ["--output", "{base}/request"]

# What has to be there before a command, by its name.
BEFORE = {
    "restore": ["backup", "{container}", *ARCHIVE],
    "import": ["export", "{container}", *PFX, "--pin-file", "{pin}"],
    "import_tc26": ["export", "{container}", *PFX, "--pin-file", "{pin}",
                    "--format", "tc26"],
}


@case_of_each([
    ("list", ["list", "{base}", "--json"]),
    ("show", ["show", "{container}", "--json", "--pin-file", "{pin}"]),
    ("verify", ["verify", "{container}", "--pin-file", "{pin}"]),
    ("password", ["password", "{container}", "--pin-file", "{pin}",
                  "--new-pin-file", "{new}"], NEW),
    ("no_password", ["password", "{container}", "--pin-file", "{pin}",
                     "--new-pin-file", "{empty}"], None),
    ("backup", ["backup", "{container}", "--to", "{to}", "--pin-file",
                "{pin}"]),
    ("archive", ["backup", "{container}", *ARCHIVE, "--pin-file", "{pin}"]),
    ("restore", ["restore", "{base}/archive", "--passphrase-file", "{phrase}",
                 "--to", "{to}", "--pin-file", "{pin}"]),
    ("export", ["export", "{container}", *PFX, "--pin-file", "{pin}"]),
    ("export_tc26", ["export", "{container}", *PFX, "--pin-file", "{pin}",
                     "--format", "tc26"]),
    ("import", ["import", *PFX, "--to", "{to}", "--pin-file", "{new}"]),
    ("import_tc26", ["import", *PFX, "--to", "{to}", "--pin-file", "{new}"]),
    ("request", ["request", "--to", "{to}", "--pin-file", "{new}", *OWNER]),
    ("request_again", ["request", "{container}", "--pin-file", "{pin}",
                       *OWNER]),
    ("import_of_a_plain_key", ["import", "{base}/plain", "--to", "{to}",
                               "--pin-file", "{new}"]),
])
def a_command(name, words, becomes=LOCKED):
    may_look()
    base, into = folder("base"), folder("core")
    container = os.path.join(base, "abcd1234.000")
    shutil.copytree(os.path.join(
        harness.ROOT, "tests/data/synthetic-2012-256-password-qwerty123"),
        container)
    places = {"base": base, "container": container, "to": folder("to")}
    for file, text in (("pin", LOCKED), ("new", NEW), ("empty", ""),
                       ("phrase", PHRASE)):
        places[file] = write(os.path.join(base, file), text)
    secrets = {**keys_of("before", "file:" + container, LOCKED),
               **password("passphrase", PHRASE),
               **password("password", LOCKED), **password("new", NEW)}
    if name in BEFORE:
        ok("kep", *[word.format(**places) for word in BEFORE[name]],
           env={"HOME": base})
    with open(base + "/plain", "wb") as file:
        scalar = json.loads(ok("tests/witness/witness", container,
                               LOCKED).stdout)["keys"][0]["scalar"]
        file.write(bytes.fromhex(PRIVATE[32] + scalar))
    done = core.run(into, "kep", *[word.format(**places) for word in words],
                    env={"HOME": base})
    same(done.returncode, 0, done)
    secrets.update(keys_of("after", "file:" + container,
                           *([becomes] if becomes else [])))
    makes = name.startswith("import") or name == "request"
    for made in os.listdir(places["to"]) if makes else []:
        secrets.update(keys_of("made", "file:%s/%s" % (places["to"], made),
                               NEW))
    if PFX[0] in words:
        secrets.update(file_keys(places["base"] + "/pfx", PHRASE))
    clean(into, "end", secrets)


harness.main(jobs=2)
