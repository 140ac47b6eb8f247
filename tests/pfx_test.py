#!/usr/bin/python3
"""kep export and kep import: keys into PFX files and out of them, held against
OpenSSL; passwords, damage, and what is refused."""

import json
import os
import shutil
import stat

import harness
from harness import (Sandbox, case, case_of_each, folder, run, same, true,
                     within)
from subscriber import Subscriber, at_home, kep, openssl, tree, write

DATA = os.path.join(harness.ROOT, "tests/data")
PLAIN = "synthetic-2012-256-nopassword"
LOCKED = "synthetic-2012-512A-password-qwerty123"
OLD = "synthetic-2001-nopassword"


class Desk:
    """A home, containers, an empty folder, passwords, a place for a file."""

    def __init__(self):
        self.base = folder("desk")
        self.home, self.to = (os.path.join(self.base, name)
                              for name in ("home", "to"))
        os.mkdir(self.home)
        os.mkdir(self.to)
        for name in (PLAIN, LOCKED, OLD):
            shutil.copytree(os.path.join(DATA, name), self.container(name))
        self.file = os.path.join(self.base, "key.pfx")
        self.pin = write(self.base + "/pin", "qwerty123\n")
        self.word = write(self.base + "/word", "Пароль 1\n")
        self.wrong = write(self.base + "/wrong", "Пароль 2\n")

    def container(self, name):
        return os.path.join(self.base, name)

    def kep(self, *words, **options):
        return kep(*words, env=at_home(self.home), cwd=self.base, **options)

    def export(self, container, *words, file=None, pin=None):
        return self.kep("export", container, file or self.file, "--json",
                        "--pfx-pin-file", pin or self.word, *words)

    def take(self, *words, file=None, pin=None):
        return self.kep("import", file or self.file, "--to", self.to, "--json",
                        "--pfx-pin-file", pin or self.word, *words)

    def places(self, done):
        return [one["container"] for one in done.json["containers"]]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def fingerprint(container):
    """The public key's beginning, as header.key says it."""
    data = read(os.path.join(container, "header.key"))
    at = data.index(b"\x8a\x08")
    return data[at + 2:at + 10]


# --- there and back -----------------------------------------------------------


@case_of_each([(PLAIN + "-cryptopro", PLAIN, "cryptopro"),
               (PLAIN + "-tc26", PLAIN, "tc26"),
               (LOCKED + "-cryptopro", LOCKED, "cryptopro"),
               (LOCKED + "-tc26", LOCKED, "tc26"),
               (OLD + "-cryptopro", OLD, "cryptopro")])
def there_and_back(_, name, form):
    desk = Desk()
    done = desk.export(desk.container(name), "--format", form, "--pin-file",
                       desk.pin)
    same((done.returncode, done.word), (0, "exported"), done)
    same(done.json["format"], form, done)
    same(stat.S_IMODE(os.stat(desk.file).st_mode), 0o600)
    done = desk.take("--pin-file", desk.pin)
    same((done.returncode, done.word), (0, "imported"), done)
    place, = desk.places(done)
    same(fingerprint(place[len("file:"):]), fingerprint(desk.container(name)))
    done = run("kep", "verify", place, "--pin-file", desk.pin, "--json")
    same(done.returncode, 0, done)
    report = json.loads(done.stdout)["report"]
    same(report["name"], "testcont", done)
    true(report["whole"] and report["hasPassword"], done)


@case
def certificate_and_chain_go_along():
    with Sandbox() as sandbox:
        desk = Desk()
        where, thumbprint = sandbox.issue("79001234567", "file:" + desk.base)
        chain = os.path.join(sandbox.dir, "ca", "issuing.pem")
        done = desk.export(where, "--chain", chain)
        same(done.word, "exported", done)
        same(done.json["keys"][0]["thumbprint"], thumbprint, done)
        same(done.json["certificates"], 1, done)
        done = desk.take()
        same(done.json["containers"][0]["thumbprint"], thumbprint, done)
        place, = desk.places(done)
        done = desk.kep("show", place, "--json")
        same(len(done.json["chain"]), 1, done)
        # From the container's header now; and OpenSSL signs with it.
        done = desk.export(place, "--format", "tc26", "--overwrite")
        same(done.json["certificates"], 1, done)
        openssl("pkcs12", "-in", desk.file, "-passin", "file:" + desk.word,
                "-nodes", "-nocerts", "-out", desk.base + "/key.pem")
        openssl("pkcs12", "-in", desk.file, "-passin", "file:" + desk.word,
                "-nokeys", "-clcerts", "-out", desk.base + "/own.pem")
        text = write(desk.base + "/text", "text")
        openssl("cms", "-sign", "-binary", "-in", text, "-signer",
                desk.base + "/own.pem", "-inkey", desk.base + "/key.pem",
                "-outform", "DER", "-out", desk.base + "/signed")


@case
def a_plain_key_is_taken_and_never_written():
    desk = Desk()
    desk.export(desk.container(PLAIN), "--format", "tc26")
    key = desk.base + "/key.pem"
    openssl("pkcs12", "-in", desk.file, "-passin", "file:" + desk.word,
            "-nodes", "-nocerts", "-out", key)
    done = desk.kep("import", key, "--to", desk.to, "--json")
    same((done.returncode, done.word), (0, "imported"), done)
    place, = desk.places(done)
    same(fingerprint(place[len("file:"):]), fingerprint(desk.container(PLAIN)))
    true(b"PRIVATE KEY" not in read(desk.file))


@case
def a_key_is_chosen_by_its_name():
    desk = Desk()
    desk.export(desk.container(PLAIN))
    same(desk.take("--name", "testcont").word, "imported")
    done = desk.take("--name", "other")
    same((done.returncode, done.word), (5, "pfxNoKey"), done)
    same(len(os.listdir(desk.to)), 1)


# --- what is refused ----------------------------------------------------------


@case
def nothing_is_overwritten():
    desk = Desk()
    write(desk.file, "mine")
    done = desk.export(desk.container(PLAIN))
    same((done.returncode, done.word), (5, "fileExists"), done)
    same(read(desk.file), b"mine")
    done = desk.export(desk.container(PLAIN), "--overwrite")
    same((done.returncode, done.word), (0, "exported"), done)
    same(desk.take().word, "imported")
    same(desk.take().word, "imported")
    same(len(os.listdir(desk.to)), 2)


@case
def passwords_are_told_apart():
    desk = Desk()
    locked = desk.container(LOCKED)
    same(desk.export(locked).word, "passwordNeeded")
    done = desk.export(locked, "--pin-file", desk.wrong)
    same((done.returncode, done.word), (5, "passwordWrong"), done)
    done = desk.kep("export", desk.container(PLAIN), desk.file, "--json")
    same((done.returncode, done.word), (2, "answerNeeded"), done)
    within("--pfx-pin-file", done.json["message"], done)
    true(not os.path.exists(desk.file))
    desk.export(desk.container(PLAIN))
    done = desk.take(pin=desk.wrong)
    same((done.returncode, done.word), (5, "pfxPasswordWrong"), done)
    done = desk.kep("import", desk.file, "--to", desk.to, "--json")
    same((done.returncode, done.word), (5, "pfxPasswordNeeded"), done)
    same(os.listdir(desk.to), [])


@case
def damage_is_told():
    desk = Desk()
    desk.export(desk.container(PLAIN))
    whole = read(desk.file)
    for at in (30, 300, len(whole) - 5):
        changed = bytearray(whole)
        changed[at] ^= 1
        with open(desk.file, "wb") as file:
            file.write(changed)
        done = desk.take()
        true(done.word in ("pfxDamaged", "pfxPasswordWrong"), done)
        same(done.returncode, 5, done)
    with open(desk.file, "wb") as file:
        file.write(whole[:-1])
    same(desk.take().word, "pfxDamaged")
    same(os.listdir(desk.to), [])


@case_of_each([("text", b"text\n"), ("nothing", b""),
               ("zeros", bytes(5000))])
def no_pfx(_, content):
    desk = Desk()
    with open(desk.file, "wb") as file:
        file.write(content)
    done = desk.take()
    same((done.returncode, done.word), (5, "notPfx"), done)


@case
def strange_files():
    desk = Desk()
    same(desk.take(file=desk.base + "/none").word, "containerNotFound")
    same(desk.take(file=desk.to).word, "notPfx")
    os.mkfifo(desk.base + "/fifo")
    same(desk.take(file=desk.base + "/fifo").word, "notPfx")
    with open(desk.file, "wb") as file:
        file.truncate(2 * 1024 * 1024)
    same(desk.take().word, "tooLarge")
    same(os.listdir(desk.to), [])


@case
def wrong_options():
    desk = Desk()
    plain = desk.container(PLAIN)
    done = desk.export(plain, "--format", "pkcs8")
    same((done.returncode, done.word), (2, "usage"), done)
    # Elsewhere that is standard output; here a key would lie about.
    done = desk.export(plain, "--overwrite", file="-")
    same((done.returncode, done.word), (2, "usage"), done)
    true(not os.path.lexists("-"), os.listdir())
    done = desk.export(plain, file=desk.base + "/none/key.pfx")
    same(done.word, "containerNotFound", done)
    done = desk.export(plain, "--chain", desk.word)
    same(done.word, "certificateBad", done)
    desk.export(plain)
    done = desk.kep("import", desk.file, "--json", "--pfx-pin-file", desk.word)
    same((done.returncode, done.word), (2, "answerNeeded"), done)
    within("--to", done.json["message"], done)
    done = desk.take("--pin-file", desk.wrong)
    same((done.returncode, done.word), (2, "configuration"), done)
    same(os.listdir(desk.to), [])


@case
def a_key_that_may_not_be_copied_is_not_exported():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox, "--days", "20")
        done = person.renew("--non-exportable", backup=None)
        same(done.word, "renewed", done)
        file = person.home + "/key.pfx"
        pin = write(person.home + "/word", "word\n")
        done = person.kep("export", done.json["new"]["container"], file,
                          "--json", "--pfx-pin-file", pin)
        same((done.returncode, done.word), (5, "keyNotExportable"), done)
        true(not os.path.exists(file))


@case
def containers_stay_as_they_are():
    desk = Desk()
    before = tree(desk.container(PLAIN))
    desk.export(desk.container(PLAIN))
    same(tree(desk.container(PLAIN)), before)


harness.main()
