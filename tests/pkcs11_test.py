#!/usr/bin/python3
"""Keys inside of tokens, reached through the tests' own PKCS#11 module.
OpenSSL's GOST engine verifies what is signed."""

import base64
import json
import os
import re
import signal

import contract
import harness
from harness import Sandbox, case, case_of_each, folder, same, true, within
from subscriber import kep, openssl, write
from token_module import MODULE, PIN, SERIALS, Tokens
from token_owner import HERE, THERE, Owner, check_ended


def cms_of(sandbox, operation):
    """What the latest such request sent, as a file."""
    body = json.loads([one for one in contract.read(sandbox.log)
                       if one["operation"] == operation][-1]["requestBody"])
    path = os.path.join(folder("cms"), operation)
    with open(path, "wb") as file:
        file.write(base64.b64decode(body["cms"], validate=True))
    return path


def check_signed(person):
    """What was sent is what OpenSSL verifies: the statement and the request
    under the old certificate, the request by its own key."""
    base = folder("signed")
    for name in ("root.pem", "issuing.pem"):
        with open(os.path.join(person.sandbox.dir, "ca", name),
                  encoding="ascii") as one:
            with open(os.path.join(base, "ca.pem"), "a",
                      encoding="ascii") as out:
                out.write(one.read())
    trusted = ["-CAfile", os.path.join(base, "ca.pem"), "-purpose", "any"]
    request = os.path.join(base, "request.der")
    statement = os.path.join(base, "statement")
    with open(statement, "w", encoding="utf-8", newline="") as out:
        out.write([one for one in contract.read(person.sandbox.log) if
                   one["operation"] == "readStatement"][-1]["responseBody"])
    openssl("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in",
            cms_of(person.sandbox, "sendStatementSignature"), "-content",
            statement, "-out", os.devnull, *trusted)
    openssl("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in",
            cms_of(person.sandbox, "sendRequest"), "-out", request, *trusted)
    said = openssl("req", "-inform", "DER", "-in", request, "-verify",
                   "-noout", "-text")
    within("verify OK", said.stderr + said.stdout, said)
    return said.stdout


# --- renewals ---------------------------------------------------------------


@case_of_each([("256", "gost2012-256", "256"), ("512", "gost2012-512", "512"),
               ("reversed", "gost2012-256", "256", "reversed"),
               ("reversed_512", "gost2012-512", "512", "reversed"),
               ("octet_string", "gost2012-256", "256", "octetString"),
               ("pin_at_each_use", "gost2012-256", "256",
                "alwaysAuthenticate")])
def onto_a_token(_, algorithm, bits, *settings):
    with Sandbox("--issue-after", "1") as sandbox:
        person = Owner(sandbox, settings=settings)
        done = person.onto(HERE, "--algorithm", algorithm)
        same((done.returncode, done.word), (0, "renewed"), done)
        new = done.json["new"]
        true(new["container"].startswith(HERE + ";id="), done)
        same(done.json["backup"], None, done)
        within(bits + " bit", check_signed(person))
        person.check_old()
        check_ended(person.tokens)
        same(len(person.tokens.calls("C_GenerateKeyPair")), 1)
        keys = person.keys(HERE)
        same([(one["container"], one["inside"], one["exportable"],
               one["certificate"]["thumbprint"], one["certificateFits"])
              for one in keys],
             [(new["container"], True, False, new["thumbprint"], True)])
        same(person.keys(THERE), [])
        done = person.kep("verify", new["container"], "--pin-file",
                          person.pin, "--json")
        same((done.returncode, done.word), (0, "inOrder"), done)


@case_of_each([("onto_the_same", HERE, HERE), ("onto_another", HERE, THERE),
               ("to_a_folder", HERE, None)])
def from_a_token(_, old, new):
    with Sandbox("--issue-after", "1") as sandbox:
        person = Owner(sandbox, to=old)
        before = person.keys(old)
        person.tokens.forget()
        done = person.onto(new or "file:" + person.new)
        same((done.returncode, done.word), (0, "renewed"), done)
        check_signed(person)
        check_ended(person.tokens)
        # The old key and its certificate are where they were.
        within(before[0], person.keys(old))
        same(len(person.keys(new)) if new else len(person.containers()),
             2 if new == old else 1)


@case
def killed_in_the_middle():
    """At whatever call: the key that is on the token is found again, and no
    second one is made."""
    with Sandbox("--issue-after", "0") as sandbox:
        for call, time in (("C_GenerateKeyPair", 1), ("C_FindObjects", 4),
                           ("C_Sign", 1), ("C_Sign", 2),
                           ("C_CreateObject", 1)):
            person = Owner(sandbox)
            person.tokens.set("kill %s %d" % (call, time))
            done = person.onto()
            same(done.returncode, -signal.SIGKILL, done)
            person.tokens.set()
            done = person.resume("--pin-file", person.pin, "--no-backup")
            same(done.word, "renewed", done)
            same((call, len(person.keys(HERE))), (call, 1))
            same(len(person.tokens.calls("C_GenerateKeyPair")),
                 2 if call == "C_GenerateKeyPair" else 1, call)


@case
def pulled_out_in_the_middle():
    """At whatever call: it stops cleanly and goes on from there."""
    with Sandbox("--issue-after", "0") as sandbox:
        for call, time in (("C_GenerateKeyPair", 1), ("C_Sign", 1),
                           ("C_Sign", 2), ("C_CreateObject", 1),
                           ("C_Login", 1), ("C_FindObjects", 4)):
            person = Owner(sandbox)
            person.tokens.set("fail %s 0x32 %d" % (call, time))
            done = person.onto()
            same((call, done.returncode, done.word), (call, 5, "tokenGone"),
                 done)
            person.tokens.set("absent 0")
            done = person.resume("--pin-file", person.pin, "--no-backup")
            true(done.word in ("noToken", "keyLost"), done)
            person.tokens.set()
            done = person.resume("--pin-file", person.pin, "--no-backup")
            same((call, done.word), (call, "renewed"), done)
            same(len(person.keys(HERE)), 1, call)


@case
def no_copy_is_promised():
    with Sandbox("--issue-after", "0") as sandbox:
        person = Owner(sandbox)
        done = person.onto(backup="file:" + person.backup)
        same((done.returncode, done.word), (5, "keyStays"), done)
        same(person.tokens.calls("C_GenerateKeyPair"), [])
        same(person.tokens.calls("C_Login"), [])


@case
def no_copy_is_urged():
    """Neither of the new key nor of the old one, which is kept for old
    documents."""
    with Sandbox("--issue-after", "0") as sandbox:
        person = Owner(sandbox, to=HERE)
        same(person.onto(THERE).word, "renewed")
        told = person.kep("status", HERE, THERE)
        same(told.stdout.count("Thumbprint:"), 2, told)
        true("kep backup" not in told.stdout, told)
        same(re.findall("Keep: +(.*)\\n", told.stdout),
             ["For reading old documents: never delete it."], told)


# --- PINs -------------------------------------------------------------------


@case
def a_wrong_pin_is_sent_once():
    with Sandbox("--issue-after", "0") as sandbox:
        person = Owner(sandbox)
        write(person.pin, "87654321\n")
        done = person.onto()
        same((done.returncode, done.word), (5, "pinWrong"), done)
        same(len(person.tokens.calls("C_Login")), 1)
        same(person.tokens.calls("C_GenerateKeyPair"), [])
        # What follows goes on with the right one.
        write(person.pin, PIN)
        done = person.resume("--pin-file", person.pin, "--no-backup")
        same(done.word, "renewed", done)


@case_of_each([("no_pin", None, "", "pinNeeded"),
               ("an_empty_one", "", "", "pinLength"),
               ("a_short_one", "12345\n", "", "pinLength"),
               ("a_long_one", "1" * 33, "", "pinLength"),
               ("the_last_try", PIN, "flags 0x20000", "pinLast"),
               ("one_for_the_reader", PIN, "pad", "pinAtReader"),
               ("a_locked_one", PIN, "flags 0x40000", "pinBlocked")])
def no_try_is_spent(_, pin, setting, word):
    with Sandbox("--issue-after", "0") as sandbox:
        person = Owner(sandbox, settings=(setting,))
        options = []
        if pin is not None:
            options = ["--pin-file", write(person.pin, pin)]
        done = person.renew(*options, to=HERE, backup=None)
        same((done.returncode, done.word), (5, word), done)
        same(person.tokens.calls("C_Login"), [])
        same(person.tokens.calls("C_GenerateKeyPair"), [])
        check_ended(person.tokens)


class Changer:
    """Who changes the PIN of the first token."""

    def __init__(self, *settings):
        self.tokens = Tokens(*settings)
        self.base = folder("changer")

    def pin(self, place, old, new, *more):
        words = []
        for option, text in (("--pin-file", old), ("--new-pin-file", new)):
            if text is not None:
                words += [option, write(os.path.join(
                    self.base, option.strip("-")), text)]
        return kep("pin", place, "--json", "--pkcs11-module", MODULE, *words,
                   *more, env={**self.tokens.env, "HOME": self.base})

    def check_pin(self, pin):
        self.tokens.tool("--login", "--pin", pin, "--list-objects")


@case
def a_pin_is_changed():
    changer = Changer()
    done = changer.pin(HERE, PIN, "Другой-pin\n")
    same((done.returncode, done.word), (2, "configuration"), done)
    changer.check_pin(PIN)
    changer.tokens.forget()
    done = changer.pin(HERE + ";id=%01", PIN + "\n", "another-one\n")
    same((done.returncode, done.word, done.json["location"]),
         (0, "pinChanged", HERE), done)
    check_ended(changer.tokens)
    changer.check_pin("another-one")
    true("user PIN to be changed" not in changer.tokens.tool(
        "--list-token-slots").stdout.split("Slot 1")[0])
    done = changer.pin("pkcs11:token=first", "another-one", PIN)
    same((done.word, "Everybody knows" in done.json["message"]),
         ("configuration", True), done)
    done = changer.pin("pkcs11:token=first", "another-one", "a-third-one")
    same(done.word, "pinChanged", done)
    changer.check_pin("a-third-one")


@case_of_each([
    ("wrong", "wrong-one", "another-one", "", 5, "pinWrong", 1),
    ("no_old", None, "another-one", "", 5, "pinNeeded", 0),
    ("no_new", PIN, None, "", 2, "answerNeeded", 1),
    ("short", PIN, "12345", "", 5, "newPinLength", 0),
    ("long", PIN, "1" * 33, "", 5, "newPinLength", 0),
    ("empty", PIN, "", "", 5, "newPinLength", 0),
    ("last", PIN, "another-one", "flags 0x20000", 5, "pinLast", 0),
    ("locked", PIN, "another-one", "flags 0x40000", 5, "pinBlocked", 0),
    ("absent", PIN, "another-one", "absent 0", 5, "noToken", 0),
    ("refused", PIN, "another-one", "fail C_SetPIN 0x54", 5, "tokenRefused",
     1),
    ("weak", PIN, "another-one", "fail C_SetPIN 0x1b8", 5, "pinWeak", 1),
    ("invalid", PIN, "another-one", "fail C_SetPIN 0xa1", 5, "pinWeak", 1),
    ("inappropriate", PIN, "another-one", "fail C_SetPIN 0x8000000a", 5,
     "pinWeak", 1),
    ("used_before", PIN, "another-one", "fail C_SetPIN 0x8000000b", 5,
     "pinWeak", 1),
    ("rejected", PIN, "another-one", "fail C_SetPIN 0x200", 5, "cancelled",
     1),
    ("gone", PIN, "another-one", "fail C_SetPIN 0x32", 5, "tokenGone", 1)])
def a_pin_is_not_changed(_, old, new, setting, status, word, logins):
    changer = Changer(setting)
    done = changer.pin(HERE, old, new)
    same((done.returncode, done.word), (status, word), done)
    same(changer.tokens.calls("C_Login").count("C_Login"), logins)
    if word != "pinWrong":
        check_ended(changer.tokens)
    changer.tokens.set()
    changer.check_pin(PIN)


@case
def a_pin_that_must_be_changed_first():
    changer = Changer("fail C_Login 0xa3")
    pin = write(os.path.join(changer.base, "pin"), PIN)
    done = kep("verify", HERE + ";id=a", "--json", "--pin-file", pin,
               "--pkcs11-module", MODULE,
               env={**changer.tokens.env, "HOME": changer.base})
    same(done.word, "containerNotFound", done)
    done = kep("request", "--to", HERE, "--json", "--pin-file", pin,
               "--output", changer.base + "/request", "--subject",
               "SN=Примеров", "--subject", "GN=Алексей", "--subject",
               "SNILS=11223344595", "--subject", "INN=500100732259",
               "--pkcs11-module", MODULE,
               env={**changer.tokens.env, "HOME": changer.base})
    same((done.returncode, done.word), (5, "pinChange"), done)
    done = changer.pin(HERE, PIN, "another-one")
    same((done.returncode, done.word), (0, "pinChanged"), done)
    changer.tokens.set()
    changer.check_pin("another-one")


@case_of_each([
    ("done", "87654321", "another-one", "", "pinChanged"),
    ("own", "87654321", "another-one", "", "adminPinChanged"),
    ("wrong", "wrong-one", "another-one", "", "adminPinWrong"),
    ("nobody", None, "another-one", "", "adminPinNeeded"),
    ("no_new", "87654321", None, "", "answerNeeded"),
    ("short", "87654321", "12345", "", "newPinLength"),
    ("own_short", "87654321", "12345", "", "newPinLength"),
    ("short_old", "1234", "another-one", "", "adminPinLength"),
    ("last", "87654321", "another-one", "flags 0x200000", "adminPinLast"),
    ("locked", "87654321", "another-one", "flags 0x400000",
     "adminPinBlocked"),
    ("expired", "87654321", "another-one", "fail C_Login 0xa3",
     "adminPinChange"),
    ("by_user", "87654321", "another-one", "fail C_InitPIN 0x1b",
     "pinByUser"),
    ("refused", "87654321", "another-one", "fail C_InitPIN 0x54",
     "tokenRefused"),
    ("own_refused", "87654321", "another-one", "fail C_SetPIN 0x1b",
     "tokenRefused"),
    ("weak", "87654321", "another-one", "fail C_InitPIN 0x1b8", "pinWeak"),
    ("own_weak", "87654321", "another-one", "fail C_SetPIN 0x8000000a",
     "pinWeak"),
    ("gone", "87654321", "another-one", "fail C_InitPIN 0x32", "tokenGone")])
def by_the_administrator(name, pin, new, setting, word):
    changer = Changer()
    for _ in range(5):
        changer.tokens.tool("--login", "--pin", "00000000", "--list-objects",
                            check=False)
    changer.tokens.set(setting)
    changer.tokens.forget()
    words = ["--admin" if name.startswith("own") else "--unblock"]
    for option, text in (("--admin-pin-file", pin), ("--new-pin-file", new)):
        if text is not None:
            words += [option, write(os.path.join(changer.base, option), text)]
    done = kep("pin", HERE, "--json", "--pkcs11-module", MODULE, *words,
               env={**changer.tokens.env, "HOME": changer.base})
    same(done.word, word, done)
    same(done.returncode, 0 if word.endswith("Changed")
         else 2 if word == "answerNeeded" else 5)
    if pin == "87654321" and setting == "" and new is not None:
        check_ended(changer.tokens)
    changer.tokens.set()
    if word == "pinChanged":
        changer.check_pin("another-one")
    else:
        within("PIN is locked", changer.tokens.tool("-L").stdout.lower()
               .replace("pin locked", "PIN is locked"))


@case
def the_policy_of_a_token_is_its_administrators():
    changer = Changer("fail C_SetPIN 0x1b")
    done = changer.pin(HERE, PIN, "another-one")
    same((done.returncode, done.word), (5, "pinByAdministrator"), done)


@case
def what_has_no_pin():
    changer = Changer()
    for place, word in ((changer.base, "noPin"), ("local:", "noPin"),
                        ("usb:", "locationUnknown")):
        done = changer.pin(place, PIN, "another-one")
        same(done.word, word, done)


# --- tokens and modules -----------------------------------------------------


@case
def places_that_cannot_be():
    with Sandbox() as sandbox:
        person = Owner(sandbox)
        text = write(os.path.join(person.base, "text.so"), "no library\n")
        broken = ["absent 0", "absent 1"]
        for place, word, settings in (
                ("pkcs11:", "tokenSeveral", []),
                ("pkcs11:serial=12345678", "noToken", []),
                ("pkcs11:token=third", "noToken", []),
                (HERE, "noToken", broken), ("pkcs11:", "noToken", broken),
                (HERE, "readOnly", ["fail C_OpenSession 0xe2"]),
                (HERE, "tokenBusy", ["fail C_OpenSession 0xb1"]),
                (HERE, "tokenUnknown", ["fail C_GetTokenInfo 0xe1"]),
                (HERE, "keyNotInside", ["noMechanisms"]),
                (HERE, "tokenAnswer", ["slots 65"]),
                (HERE, "tokenAnswer", ["slots 0xffffffffffffffff"]),
                (HERE, "noToken", ["garbage"]),
                (HERE, "tokenSeveral", ["serial 48e243b5"]),
                ("pkcs11:serial=1;id=", "locationUnknown", []),
                ("pkcs11:serial=1/x", "locationUnknown", []),
                (HERE + ";id=%01", "locationUnknown", []),
                (HERE + "?pin-value=12345678", "locationUnknown", []),
                (HERE + "?module-path=/none.so", "moduleMissing", []),
                (HERE + "?module-path=" + text, "moduleBad", []),
                (HERE + "?module-path=" + person.base, "moduleBad", []),
                (HERE + "?module-path=/lib/x86_64-linux-gnu/libc.so.6",
                 "moduleBad", []),
                (HERE, "moduleBad", ["fail C_Initialize 0x5"])):
            if "libc.so" in place and not os.path.exists(
                    place.split("=")[-1]):
                continue
            person.tokens.set(*settings)
            person.tokens.forget()
            done = person.renew("--dry-run", to=place, backup=None)
            same((place, settings, done.word), (place, settings, word), done)
            if not settings or "fail" not in settings[0]:
                check_ended(person.tokens)


@case
def a_module_must_be_there():
    person = folder("home")
    env = {"HOME": person, "XDG_CONFIG_HOME": None}
    if any(map(os.path.exists, ("/usr/lib/librtpkcs11ecp.so",
                                "/opt/aktivco"))):
        harness.skip("a module of Rutoken's is installed")
    done = kep("list", HERE, env=env)
    same(done.returncode, 5, done)
    within("module", done.stdout, done)
    for path, word in (("/none.so", "moduleMissing"),
                       ("none.so", "moduleMissing")):
        done = kep("verify", HERE + ";id=a", "--pkcs11-module", path, "--json",
                   env=env)
        same(done.word, word, done)


@case
def a_module_may_be_named_by_a_relative_path():
    tokens = Tokens()
    done = kep("list", HERE, "--json", "--pkcs11-module", "module.so",
               env={**tokens.env, "HOME": folder()},
               cwd=os.path.dirname(MODULE))
    same((done.returncode, done.json["tokens"][0]["location"],
          done.json["containers"], done.json["problems"]), (0, HERE, [], []),
         done)


@case
def tokens_are_listed():
    """Without a login, whatever state they are in."""
    tokens, place, ours = with_key()
    done = ours("list", "--json")
    first = {"location": HERE, "model": "Rutoken ECP", "firmware": "30.02",
             "label": "first", "serial": SERIALS[0],
             "reader": "Aktiv Rutoken ECP 00 00", "memory": 131072,
             "memoryFree": 65536, "makesKeys": True,
             "pin": {"blocked": False, "lastTry": False, "triesLow": False,
                     "triesLeft": None, "factory": True}}
    same(done.json["tokens"][0], first, done)
    same([one["location"] for one in done.json["tokens"]], [HERE, THERE])
    same([one["container"] for one in done.json["containers"]], [place], done)
    same(ours("list", THERE, "--json").json["containers"], [])
    for setting, pin in (
            ("flags 0x10000", {"triesLow": True}),
            ("flags 0x30000", {"triesLow": True, "lastTry": True,
                               "triesLeft": 1}),
            ("flags 0x40000", {"triesLow": True, "blocked": True,
                               "triesLeft": 0})):
        tokens.set(setting)
        done = ours("list", HERE, "--json")
        same(done.json["tokens"], [{**first, "pin": {**first["pin"], **pin}}],
             done)
        within("PIN:", ours("list", HERE).stdout)
    same(tokens.calls("C_Login"), [])
    tokens.set("absent 0")
    done = ours("list", "--json")
    same([one["location"] for one in done.json["tokens"]], [THERE], done)
    tokens.set("absent 0", "absent 1")
    done = ours("list", "--json")
    same((done.returncode, done.json["tokens"], done.json["problems"]),
         (0, [], []), done)
    tokens.set("fail C_GetTokenInfo 0xe1")
    done = ours("list", "--json")
    same([one["outcome"] for one in done.json["problems"]],
         ["tokenUnknown"] * 2, done)


@case
def two_of_one_number():
    """As a card shows itself that has several PINs: each can be used, under
    the place by which it is listed."""
    with Sandbox("--issue-after", "0") as sandbox:
        person = Owner(sandbox, settings=("serial 48e243b5",))
        done = person.kep("list", "--json")
        places = [one["location"] for one in done.json["tokens"]]
        same([place.split(";")[-1] for place in places],
             ["token=first", "token=second"], done)
        same(done.json["problems"], [], done)
        for place in places:
            done = person.onto(place)
            same(done.word, "renewed", done)
            new = done.json["new"]["container"]
            true(new.startswith(place + ";id="), done)
            same([one["container"] for one in person.keys(place)], [new])
            done = person.kep("verify", new, "--pin-file", person.pin,
                              "--json")
            same(done.word, "inOrder", done)
            person = Owner(sandbox, settings=("serial 48e243b5",))
        done = person.onto("pkcs11:serial=48e243b5")
        same(done.word, "tokenSeveral", done)


# --- what is on a token -----------------------------------------------------


def with_key(*settings):
    """Tokens with one key made by pkcs11-tool: its place, and kep."""
    tokens = Tokens()
    tokens.tool("--login", "--pin", PIN, "--slot", "0", "--keypairgen",
                "--key-type", "GOSTR3410-2012-256:B", "--id", "0102",
                "--label", "by another program")
    tokens.set(*settings)
    tokens.forget()

    def ours(*words, **options):
        return kep(*words, "--pkcs11-module", MODULE,
                   env={**tokens.env, "HOME": folder()}, **options)
    return tokens, HERE + ";id=%01%02", ours


@case
def keys_of_other_programs():
    tokens, place, ours = with_key()
    done = ours("list", HERE, "--json")
    same([(one["container"], one["name"], one["curve"], one["algorithm"])
          for one in done.json["containers"]],
         [(place, "by another program", "CryptoPro-A", "gost2012-256")], done)
    same(tokens.calls("C_Login"), [])
    pin = write(os.path.join(folder(), "pin"), PIN)
    done = ours("verify", place, "--json", "--pin-file", pin)
    same(done.word, "inOrder", done)
    check_ended(tokens)


@case
def what_cannot_be_done():
    tokens, place, ours = with_key()
    pin = write(os.path.join(folder(), "pin"), PIN)
    to = folder()
    for words, word in (
            (("backup", place, "--to", to), "keyStays"),
            (("backup", place, "--archive", to + "/a", "--passphrase-file",
              write(to + "/p", "long enough")), "keyStays"),
            (("export", place, to + "/k.pfx", "--pfx-pin-file", pin),
             "keyStays"),
            (("password", place, "--pin-file", pin, "--new-pin-file", pin),
             "pinInstead")):
        done = ours(*words, "--json")
        same((words[0], done.returncode), (words[0], 5), done)
        within(word, done.stdout, done)
        same(" ".join(done.stderr.split()).count(done.json["message"]), 1, done)
    same(sorted(os.listdir(to)), ["p"])
    check_ended(tokens)
    same(tokens.calls("C_Login"), [])


@case_of_each([
    ("a_huge_point", "size 0x11 4294967295"),
    ("an_endless_point", "size 0x11 0xfffffffffffffffe"),
    ("a_short_point", "value 0x11 00"), ("no_point", "value 0x11"),
    ("a_bad_curve", "value 0x250 0607"),
    ("another_curve", "value 0x250 06072a850302022303"),
    ("a_huge_curve", "size 0x250 70000"), ("a_bad_type", "value 0x100 01"),
    ("a_huge_type", "size 0x100 70000"), ("a_huge_label", "size 0x3 70000"),
    ("a_strange_label", "value 0x3 1b5b324a"),
    ("a_huge_id", "size 0x102 70000"), ("no_id", "value 0x102"),
    ("endless", "endless"), ("too_many_at_once", "keepMany"),
    ("strange_strings", "garbage"),
    ("failing", "fail C_GetAttributeValue 0x30"),
    ("failing_to_find", "fail C_FindObjects 0x30")])
def nonsense_does_no_harm(_, *settings):
    tokens, place, ours = with_key(*settings)
    pin = write(os.path.join(folder(), "pin"), PIN)
    for words in (("list", HERE), ("show", place), ("verify", place),
                  ("status", HERE)):
        more = ("--pin-file", pin) if words[0] == "verify" else ()
        for json_too in ((), ("--json",)):
            done = ours(*words, *more, *json_too)
            true(done.returncode in (0, 1, 2, 5), done)
    # Nothing was lost.
    tokens.set()
    same(ours("verify", place, "--pin-file", pin, "--json").word, "inOrder")


harness.main(jobs=2)
