#!/usr/bin/python3
"""kep on somebody else's PKCS#11 module, OpenSC's, with a virtual Rutoken ECP
in a real pcscd: what is there is listed, its key signs, and what the module
does not do is refused."""

import base64
import json
import os

import harness
from accredited import answer
from harness import Sandbox, case, folder, ok, same, true, within
from opensc import USER, forgiving, initialize, module
from subscriber import Subscriber, kep, openssl, write
from talk import ENTER, Talk
from tokens import Desk, Token

PLACE = "pkcs11:?module-path="
SUBJECT = [word for one in ("SN=Примеров", "GN=Алексей", "SNILS=11223344595",
                            "INN=500100732259") for word in ("--subject", one)]
# Before the point of a key: it is of 2012, on CryptoPro-A.
OF_2012 = ("3066301f06082a85030701010101301306072a850302022301"
           "06082a85030701010202" "0343000440")


class Owner:
    """Who has a token that OpenSC has formatted, with a key where key is."""

    def __init__(self, desk, key=True):
        self.desk, self.home = desk, folder("home")
        self.token = Token(desk, serial="48E243B5")
        self.token.insert()
        initialize(desk)
        if key:
            ok("pkcs11-tool", "--module", module(), "--login", "--pin", USER,
               "--keypairgen", "--key-type", "GOSTR3410:A", "--id", "02",
               "--label", "a key", env=desk.env)
        self.place = "pkcs11:serial=0000000048e243b5?module-path=" + module()
        self.key = self.place.replace("?", ";id=%02?")

    def kep(self, *words, pin=None):
        if pin is not None:
            words += ("--pin-file", write(self.home + "/pin", pin))
        return kep(*words, "--json", env={**self.desk.env, "HOME": self.home,
                                          **forgiving(self.home)})


@case
def its_key_signs():
    with Desk() as desk:
        owner = Owner(desk)
        done = owner.kep("list", PLACE + module())
        same([(one["location"], one["pin"]["blocked"], one["pin"]["lastTry"])
              for one in done.json["tokens"]], [(owner.place, False, False)],
             done)
        same([(one["container"], one["name"], one["algorithm"], one["curve"],
               one["inside"]) for one in done.json["containers"]],
             [(owner.key, "a key", "gost2012-256", "CryptoPro-A", True)], done)
        done = owner.kep("verify", owner.key, pin=USER)
        same((done.returncode, done.word), (0, "inOrder"), done)
        same(done.json["report"]["keys"][0]["opens"]["first"], True, done)


@case
def its_pin_is_not_spent():
    with Desk() as desk:
        owner = Owner(desk)
        full = owner.token.number("tries", 2)
        for pin, word, left in ((None, "pinNeeded", full),
                                ("1", "pinLength", full),
                                ("wrong-one", "pinWrong", full - 1),
                                (USER, "inOrder", full)):
            done = owner.kep("verify", owner.key, pin=pin)
            same((pin, done.word), (pin, word), done)
            same(owner.token.number("tries", 2), left, done)


@case
def no_new_key_is_made():
    """OpenSC knows the old parameters only: that is said, and nothing is
    left behind."""
    with Desk() as desk:
        owner = Owner(desk, key=False)
        for algorithm in ("gost2012-256", "gost2012-512"):
            done = owner.kep(
                "request", "--to", owner.place, "--algorithm", algorithm,
                *SUBJECT, "--output", owner.home + "/request", pin=USER)
            same((done.returncode, done.word), (5, "keyNotInside"), done)
        same(owner.kep("list", owner.place).json["containers"], [])


def certify(owner):
    """A certificate for the key on the token, as a centre would make it: that
    of a request for another key, with this one put in."""
    base = owner.home
    def path(name):
        return os.path.join(base, name)
    ok("kep-sandbox", "issue", "--dir", path("sandbox"), "--to", folder(),
       "--phone", "79000000001")
    done = owner.kep("request", "--to", "file:" + folder(), "--output",
                     path("request"), "--entropy", "system", *SUBJECT)
    same(done.word, "requested", done)
    ok("pkcs15-tool", "--read-public-key", "02", "-o", path("old.pem"),
       env=owner.desk.env)
    with open(path("old.pem"), encoding="ascii") as file:
        point = base64.b64decode("".join(file.read().split("\n")[1:-2]))[-64:]
    with open(path("key.der"), "wb") as file:
        file.write(bytes.fromhex(OF_2012) + point)
    openssl("pkey", "-pubin", "-inform", "DER", "-in", path("key.der"), "-out",
            path("key.pem"))
    return answer(path("sandbox"), path("request"), path("new.pem"),
                  "-force_pubkey", path("key.pem"))


@case
def a_certificate_that_it_hides_is_not_there():
    """OpenSC writes one for a key of 2012 and does not show it: that is said,
    and the key is none the worse."""
    with Desk() as desk:
        owner = Owner(desk)
        done = owner.kep("install", certify(owner), owner.key, pin=USER)
        same((done.returncode, done.word), (5, "tokenRefused"), done)
        same(owner.kep("verify", owner.key, pin=USER).word, "inOrder")
        one, = owner.kep("list", owner.place).json["containers"]
        same(one["certificate"], None, one)


@case
def a_key_is_removed():
    with Desk() as desk:
        owner = Owner(desk)
        done = owner.kep("remove", owner.key, "--force", pin=USER)
        same(done.word, "removed", done)
        same(owner.kep("list", owner.place).json["containers"], [])
        said = ok("pkcs11-tool", "--module", module(), "--login", "--pin", USER,
                  "--list-objects", env=desk.env).stdout
        true("Key Object" not in said, said)


@case
def what_is_not_there():
    with Desk() as desk:
        home = folder()
        token = Token(desk)

        def listed():
            done = kep("list", PLACE + module(), "--json",
                       env={**desk.env, "HOME": home})
            same(done.json["containers"], [], done)
            return [one["outcome"] for one in done.json["problems"]]
        same(listed(), ["noToken"])
        # As the vendor formats it, OpenSC finds nothing on it.
        token.insert()
        true(listed()[0] in ("tokenUnknown", "noToken"))
        token.remove()
        same(listed(), ["noToken"])
    # No service at all.
    done = kep("verify", PLACE + module(), "--json",
               env={"HOME": home, "PCSCLITE_CSOCK_NAME": home + "/none"})
    within(done.word, ("noToken", "moduleBad"), done)


@case
def both_ways_to_one_token():
    """The module looks at the token and offers it, and its place over PC/SC is
    used, in the same run."""
    with Desk() as desk, Sandbox("--issue-after", "0") as sandbox:
        token = Token(desk, serial="48E243B5")
        token.insert()
        initialize(desk)
        person = Subscriber(sandbox)
        config = os.path.join(person.home, ".config/kep")
        os.makedirs(config, 0o700)
        write(config + "/config.json", json.dumps({"pkcs11Module": module()}))
        with Talk("kep", "renew", person.old, *person.server(), "--entropy",
                  "system", "--no-backup", cwd=person.base,
                  env=person.env(TERM="xterm", **desk.env)) as at:
            at.expect("Place of the new key: a number of the list, or a "
                      "folder")
            at.type("rutoken:" + ENTER)
            at.expect("PIN of the token")
            at.type(USER + ENTER)
            same(at.end(), 0, at.shown)
        same(token.slots(), ["0A00"])


harness.main(jobs=2)
