"""How many calls a PKCS#11 module gets for each thing that kep does through
it, and how many may: beside those of OpenSC's pkcs11-tool for the same, where
it can do that.

    with Sandbox() as sandbox:
        person = Person(sandbox)
        for row in ROWS:
            ours, theirs = measure(person, row)

Both are counted on the tests' own module, whose objects are as those of a
Rutoken; what a call costs is the module's affair, and starting one
(C_Initialize) costs most."""

import os

from harness import folder, same
from subscriber import write
from token_module import MODULE, PIN
from token_owner import HERE, Owner

KEYS = 5


class Person(Owner):
    """Whose token has five keys with their certificates."""

    def __init__(self, sandbox):
        super().__init__(sandbox, settings=("absent 1",))
        for number in range(KEYS):
            sandbox.issue("7914000000%d" % number,
                          HERE + "?module-path=" + MODULE, "--password-file",
                          self.pin, env=self.tokens.env)
        self.place = self.keys(HERE)[0]["container"]
        self.id = self.place.split("id=")[1].encode("ascii").hex()
        self.files = folder("files")
        self.digest = write(self.file("digest"), "0123456789abcdef" * 2)

    def file(self, name):
        return os.path.join(self.files, name)

    def count(self, do):
        """(calls, how often the module was started)"""
        self.tokens.forget()
        do()
        return (len(self.tokens.calls()),
                len(self.tokens.calls("C_Initialize")))

    def ours(self, words):
        done = self.kep(*words)
        same(done.returncode, 0, done)

    def theirs(self, *commands):
        for words in commands:
            self.tokens.tool(*words)


def signing(one, number):
    return ("--login", "--pin", PIN, "--sign", "-m", "GOSTR3410", "--id",
            number, "-i", one.digest, "-o", one.file("signature"))


def certificate(one):
    """One that the token has."""
    return ("--read-object", "--type", "cert", "--id", one.id, "-o",
            one.file("certificate"))


# What is done, how many calls there may be, the words of it, and
# what pkcs11-tool is told for the same.
ROWS = (
    ("list, five certificates", 100,
     lambda one: ["list", HERE],
     lambda one: [("--list-token-slots",), ("--list-objects",)]),
    ("status, five certificates", 100,
     lambda one: ["status", HERE],
     lambda one: [("--list-objects", "--type", "cert")]),
    ("show one key", 20,
     lambda one: ["show", one.place],
     lambda one: [certificate(one)]),
    ("verify one key", 40,
     lambda one: ["verify", one.place, "--pin-file", one.pin],
     lambda one: [certificate(one), signing(one, one.id)]),
    ("renew onto the token", 110,
     lambda one: ["renew", one.old, "--to", HERE, "--no-backup", "--pin-file",
                  one.pin, *one.server()],
     lambda one: [("--login", "--pin", PIN, "--keypairgen", "--key-type",
                   "GOSTR3410-2012-256:B", "--id", "0102"),
                  signing(one, "0102"),
                  ("--login", "--pin", PIN, "--write-object",
                   one.file("certificate"), "--type", "cert", "--id",
                   "0102")]),
)


def measure(one, row):
    """Of each (calls, starts)."""
    ours = one.count(lambda: one.ours(row[2](one)))
    return ours, one.count(lambda: one.theirs(*row[3](one)))
