#!/usr/bin/python3
"""What else is done with a token behind a PKCS#11 module: a certificate by
hand, a key removed, a batch, and what kep doctor finds."""

import json
import os

import harness
from accredited import answer
from harness import Sandbox, case, case_of_each, folder, run, same, true, within
from subscriber import kep, openssl, write
from token_module import MODULE, PIN, Tokens
from token_owner import HERE, THERE, Owner, check_ended

SUBJECT = ("SN=Примеров", "GN=Алексей Викторович", "SNILS=11223344595",
           "INN=500100732259")

class Hand:
    """Who goes to a centre with a file, and has a token."""

    def __init__(self):
        self.tokens, self.home = Tokens(), folder("home")
        self.pin = write(self.home + "/pin", PIN)
        self.sandbox = self.home + "/sandbox"
        harness.ok("kep-sandbox", "issue", "--dir", self.sandbox, "--to",
                   folder("old"), "--phone", "79000000001")

    def kep(self, *words):
        return kep(*words, "--json", "--pkcs11-module", MODULE,
                   env={**self.tokens.env, "HOME": self.home})

    def request(self, name):
        words = [word for one in SUBJECT for word in ("--subject", one)]
        done = self.kep("request", "--to", HERE, "--pin-file", self.pin,
                        "--output", os.path.join(self.home, name), *words)
        same((done.returncode, done.word), (0, "requested"), done)
        return done.json["container"]

    def sign(self, name, days):
        """The centre's answer: a PEM file."""
        return answer(self.sandbox, os.path.join(self.home, name),
                      os.path.join(self.home, "new.pem"), days=days)


@case
def a_certificate_by_hand():
    hand = Hand()
    key = hand.request("request")
    for days in (300, 400):
        pem = hand.sign("request", days)
        done = hand.kep("install", pem, key, "--pin-file", hand.pin)
        same((done.returncode, done.word), (0, "installed"), done)
        # The later one has taken the place of the former.
        one, = hand.kep("list", HERE).json["containers"]
        same((one["certificate"]["thumbprint"], one["certificateFits"]),
             (done.json["certificate"]["thumbprint"], True), done)
        said = hand.tokens.tool("--list-objects", "--type", "cert").stdout
        same(said.count("Certificate Object"), 1, said)
    # What takes the PIN is seen only with it.
    for words, opens in (([], None), (["--pin-file", hand.pin], True)):
        one, = hand.kep("show", key, *words).json["keys"]
        same(one["opens"]["first"], opens, words)
    check_ended(hand.tokens)
    # One of another key is not put beside it.
    other = hand.request("other")
    done = hand.kep("install", hand.sign("other", 300), key, "--pin-file",
                    hand.pin)
    same(done.word, "certificateWrongKey", done)
    same(len(hand.kep("list", HERE).json["containers"]), 2, other)


@case
def a_certificate_of_another_key_is_told_without_the_pin():
    hand = Hand()
    key, _ = hand.request("request"), hand.request("other")
    der = hand.home + "/other.der"
    openssl("x509", "-in", hand.sign("other", 300), "-outform", "DER", "-out",
            der)
    number = key.split("id=")[1].encode("ascii").hex()
    hand.tokens.tool("--login", "--pin", PIN, "--write-object", der, "--type",
                     "cert", "--id", number)
    hand.tokens.forget()
    done = hand.kep("verify", key, "--pin-file", hand.pin)
    report = done.json["report"]
    same((done.returncode, done.word, report["whole"],
          report["keys"][0]["certificateFits"],
          report["keys"][0]["opens"]["first"]),
         (5, "keyMismatch", False, False, None), done)
    same(hand.tokens.calls("C_Login"), [])


# What is called while a certificate is put beside its key.
INSTALLS = ("C_GetTokenInfo", "C_OpenSession", "C_GetSessionInfo", "C_Login",
            "C_FindObjectsInit", "C_FindObjects", "C_FindObjectsFinal",
            "C_GetAttributeValue", "C_CreateObject", "C_DestroyObject")


@case_of_each([(call, call) for call in INSTALLS])
def pulled_out_while_it_is_put_there(_, call):
    """Whenever that is, it is said, and done when the token is back."""
    hand = Hand()
    key = hand.request("request")

    def install(days):
        return hand.kep("install", hand.sign("request", days), key,
                        "--pin-file", hand.pin)
    same(install("300").word, "installed")
    hand.tokens.forget()
    same(install("301").word, "installed")
    times = len(hand.tokens.calls(call))
    true(times > 0, call)
    for nth in range(1, times + 1):
        hand.tokens.set("pull %s %d" % (call, nth))
        done = install(str(301 + nth))
        # What is only cleared away needs no token.
        within(done.word, ("tokenGone", "noToken") + (
            ("installed",) if call == "C_DestroyObject" else ()), done)
        hand.tokens.set()
        one, = hand.kep("list", HERE).json["containers"]
        true(one["certificateFits"], one)
        same(install(str(301 + nth)).word, "installed")
        said = hand.tokens.tool("--list-objects", "--type", "cert").stdout
        same(said.count("Certificate Object"), 1, said)


@case
def certificates_of_authorities():
    """They are none of a key's, and are not in its way."""
    hand = Hand()
    key = hand.request("request")
    pem = hand.sign("request", "300")
    same(hand.kep("install", pem, key, "--pin-file", hand.pin).word,
         "installed")
    before = hand.kep("list", HERE).json["containers"]
    der = os.path.join(hand.home, "authority.der")
    openssl("x509", "-in", hand.sandbox + "/ca/root.pem", "-outform", "DER",
            "-out", der)
    for number in ("aabb", key.split("id=")[1].encode().hex()):
        hand.tokens.tool("--login", "--pin", PIN, "--write-object", der,
                         "--type", "cert", "--id", number)
        done = hand.kep("list", HERE)
        same((done.json["containers"], done.json["problems"]), (before, []),
             done)
    # Also where it is only seen after a login that there is a key.
    hand.tokens.tool("--login", "--pin", PIN, "--delete-object", "--type",
                     "pubkey", "--id", key.split("id=")[1].encode().hex())
    one, = hand.kep("list", HERE).json["containers"]
    same(one["certificate"], before[0]["certificate"], one)
    done = hand.kep("show", HERE + ";id=%aa%bb")
    same(done.word, "containerNotFound", done)


@case
def a_key_is_removed():
    hand = Hand()
    key, other = hand.request("one"), hand.request("another")
    done = hand.kep("remove", key, "--pin-file", hand.pin)
    true(done.returncode != 0, done)
    same(len(hand.kep("list", HERE).json["containers"]), 2)
    hand.tokens.forget()
    done = hand.kep("remove", key, "--pin-file", hand.pin, "--force")
    same(done.returncode, 0, done)
    check_ended(hand.tokens)
    same([one["container"] for one in
          hand.kep("list", HERE).json["containers"]], [other])


@case
def a_batch_onto_tokens():
    """Each with the PIN of its row; two rows onto one token are a mistake."""
    with Sandbox("--issue-after", "0") as sandbox:
        person = Owner(sandbox)
        plan = os.path.join(person.base, "plan.csv")
        rows = ["container,to,phone,pin_file"]
        places = (HERE, THERE, "file:" + person.new)
        for i, to in enumerate(places):
            phone = str(79130000000 + i)
            where, _ = sandbox.issue(phone, "file:" + folder("old"))
            rows.append("%s,%s,%s,%s" % (
                where, to, phone, "" if to == places[2] else person.pin))
        write(plan, "\n".join(rows) + "\n")
        done = run("kep", "batch", plan, "--dry-run", "--pkcs11-module",
                   "/no/such.so", env=person.env(), cwd=person.base)
        same(done.returncode, 2, done)
        within("The PKCS#11 module of the token is not there", done.stderr)
        done = run("kep", "batch", plan, "--server", sandbox.url,
                   "--server-ca", sandbox.ca, "--accept-data", "--jobs", "1",
                   "--codes", os.path.join(sandbox.dir, "sms"),
                   env=person.env(), cwd=person.base)
        same(done.returncode, 0, done)
        for place in (HERE, THERE):
            same([one["certificateFits"] for one in person.keys(place)],
                 [True], done)
        same(len(person.containers()), 1)
        check_ended(person.tokens)
        write(plan, "\n".join(rows + [rows[1]]) + "\n")
        done = run("kep", "batch", plan, "--dry-run", env=person.env(),
                   cwd=person.base)
        same(done.returncode, 2, done)


@case
def the_doctor_looks_at_modules():
    tokens, home = Tokens("absent 1"), folder("home")
    config = home + "/.config/kep"
    os.makedirs(config)

    def found(module, check):
        write(config + "/config.json", json.dumps({"pkcs11Module": module}))
        done = run("kep", "doctor", "--json", env={
            **tokens.env, "HOME": home, "LANG": "C.UTF-8",
            "PCSCLITE_CSOCK_NAME": home + "/none"})
        return [(one["state"], one["message"])
                for one in json.loads(done.stdout)["checks"]
                if one["check"] == check]
    (state, said), = found(MODULE, "pkcs11")
    same(state, "good", said)
    (state, said), = found("/none.so", "pkcs11")
    same(state, "bad", said)
    within("not there", said)
    (state, said), = found("/dev/null", "pkcs11")
    same(state, "bad", said)
    within("does not work", said)
    (state, said), = found(MODULE, "pin")
    within("sold with", said)
    # Where one is named that does not work, the rest is seen all the same.
    write(config + "/config.json", json.dumps({"pkcs11Module": "/dev/null"}))
    done = run("kep", "list", "--json", env={**tokens.env, "HOME": home})
    same([(one["where"], one["outcome"])
          for one in json.loads(done.stdout)["problems"]],
         [("pkcs11:", "moduleBad")], done)
    tokens.set("absent 1", "flags 0x40000")
    (state, said), = found(MODULE, "pin")
    same(state, "bad", said)
    same(tokens.calls("C_Login"), [])


harness.main(jobs=2)
