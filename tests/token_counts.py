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
import os
import re
import time

import harness
from harness import ok, run, same, true
from subscriber import Subscriber, openssl, write
from tokens import Desk, Token

PIN = "12345678"
SERIAL = "48e243b5"
SLOTS = ["%02X00" % number for number in range(0x0A, 0x0F)]  # five
SAMPLE = os.path.join(harness.ROOT, "tests/data/synthetic-2012-256-nopassword")
KINDS = (("ECP", {"dialect": "ecp"}), ("Lite", {"dialect": "lite"}),
         ("S", {"dialect": "s"}), ("ECP SC, T=0", {"dialect": "ecp", "t0": 1}))

FIRM = {"CN": "ООО «Торговый дом «Уральские строительные материалы»",
        "O": "ООО «Торговый дом «Уральские строительные материалы»",
        "SN": "Иванова", "G": "Анна Петровна", "T": "Генеральный директор",
        "INNLE": "6663003127", "OGRN": "1026605606620",
        "INN": "500100732259", "SNILS": "112-233-445 95",
        "S": "66 Свердловская область", "L": "г. Екатеринбург",
        "STREET": "ул. Малышева, д. 51, оф. 12", "E": "ivanova@example.com"}
LONG = {"CN": "ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ «ТОРГОВЫЙ ДОМ"
              " «УРАЛЬСКИЕ СТРОИТЕЛЬНЫЕ МАТЕРИАЛЫ»",
        "STREET": "ул. 40-летия Комсомола, д. 38, лит. Н, корп. 2,"
                  " помещ. 1204"}


# Of the means that the centre signs with, and of its own, their conformity.
TOOLS = "3014" + "".join("0c03" + b"-A-".hex() for _ in range(4))


def certify(authority, request):
    """By GnuTLS: OpenSSL names parameters with a signature, which RFC 9215
    does not and a list therefore reads whole."""
    pem = request + ".crt"
    template = write(request + ".cfg", "expiration_days = 300\nserial = 0x%s\n"
                     "honor_crq_extensions\n"
                     "add_extension = 1.2.643.100.112 0x%s\n"
                     % ("12" * 16, TOOLS))
    ok("certtool", "--generate-certificate", "--load-request", request,
       "--load-ca-certificate", authority + "pem", "--load-ca-privkey",
       authority + "key", "--template", template, "--outfile", pem)
    return pem


def name_size(pem):
    """Bytes of the owner's name in a certificate, its head and all."""
    found = re.findall(r"d=2 +hl=(\d) +l= *(\d+) cons: SEQUENCE",
                       openssl("asn1parse", "-in", pem).stdout)
    return sum(map(int, found[3]))  # algorithm, issuer and validity come first


# Commands, exchanges (the same but over T=0), milliseconds.
Count = collections.namedtuple("Count", "commands exchanges spent")


class Person(Subscriber):
    """Their old container is on a disk. what: the folder of the one that is in
    five places of a token, as a method of this."""

    def __init__(self, sandbox, desk, setup, what):
        super().__init__(sandbox)
        self.desk = desk
        self.pin = write(os.path.join(self.base, "pin"), PIN)
        self.token = Token(desk, **setup)
        where = what(self)
        for slot in SLOTS:
            self.token.put(slot, where)
        self.token.insert()

    def bare(self):
        """Without a certificate."""
        return SAMPLE

    def own(self):
        return self.old.removeprefix("file:")

    def of(self, firm, least, most):
        """Of a firm, whose name as the owner's has least to most bytes."""
        request = os.path.join(self.base, "request.pem")
        given = [word for pair in firm.items()
                 for word in ("--subject", "%s=%s" % pair)]
        where = self.kep("request", "--to", "file:" + self.new, "--output",
                         request, "--json", *given).json["container"]
        pem = certify(os.path.join(self.sandbox.dir, "ca", "issuing."), request)
        same(self.kep("install", pem, where, "--json").word, "installed")
        size = name_size(pem)
        true(least <= size <= most, size)
        return where.removeprefix("file:")

    def firm(self):
        """With its address, by the short name that its charter has."""
        return self.of(FIRM, 477, 732)

    def long_firm(self):
        """By the whole name, of an address with all its parts."""
        return self.of({**FIRM, **LONG}, 733, 988)

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
# what the containers are, and the words of it. doc/performance.md counts why a
# longer owner takes more.
ROWS = (
    ("list, five containers", 40, 62, Person.bare,
     lambda one: ["list", "rutoken:"]),
    ("list, five with certificates", 40, 60, Person.own,
     lambda one: ["list", "rutoken:"]),
    ("list, five of firms", 44, 64, Person.firm,
     lambda one: ["list", "rutoken:"]),
    ("list, five of firms with long names", 49, 69, Person.long_firm,
     lambda one: ["list", "rutoken:"]),
    ("status, five with certificates", 80, 96, Person.own,
     lambda one: ["status", "rutoken:"]),
    ("show one container", 16, 20, Person.own,
     lambda one: ["show", PLACE]),
    ("verify one container", 25, 31, Person.own,
     lambda one: ["verify", PLACE, "--pin-file", one.pin]),
    ("renew from the token to a disk", 40, 48, Person.own,
     lambda one: ["renew", PLACE, "--to", "file:" + one.new, "--no-backup",
                  "--old-pin-file", one.pin, *one.server()]),
    ("renew from a disk to the token", 115, 140, Person.own,
     lambda one: ["renew", one.old, "--to", "rutoken:", "--no-backup",
                  "--pin-file", one.pin, *one.server()]),
)


def measure(sandbox, row, kind):
    """With a token and a person for this alone."""
    with Desk() as desk:
        one = Person(sandbox, desk, kind[1], row[3])
        return one.count(*row[4](one))
