#!/usr/bin/python3
"""The tests' own PKCS#11 module is what it says it is, in the opinion of
OpenSC's pkcs11-tool and of OpenSSL."""

import os
import re

import harness
from harness import case, case_of_each, folder, ok, same, true, within
from subscriber import OPENSSL
from token_module import LABELS, PIN, SERIALS, TRIES, Tokens

# Their keys' parameters, and OpenSSL's head of a public key with them.
HEADS = {
    "GOSTR3410-2012-256:B": ("GOSTR3410", 32, "3066301f06082a8503070101010130"
                             "1306072a85030202230106082a850307010102020343000"
                             "440"),
    "GOSTR3410-2012-512:A": ("0xD4321006", 64,
                             "3081a0301706082a85030701010102300b06092a8503070"
                             "102010201038184000481" "80"),
}


def login(*words):
    return ("--login", "--pin", PIN) + words


@case
def its_tokens_are_listed():
    said = Tokens().tool("--list-token-slots").stdout
    for label, serial in zip(LABELS, SERIALS):
        within(label, said)
        within(serial, said)
    same(len(re.findall("user PIN to be changed", said)), 2, said)


@case_of_each(HEADS)
def a_key_signs(kind):
    tokens, base = Tokens(), folder()
    mechanism, size, head = HEADS[kind]
    tokens.tool(*login("--keypairgen", "--key-type", kind, "--id", "0102"))
    listed = tokens.tool("--list-objects").stdout
    point = re.search(r"VALUE: +((?:[0-9a-f]+\s+)+)", listed).group(1)
    point = re.sub(r"\s", "", point)
    same(len(point), 4 * size, listed)
    paths = {name: os.path.join(base, name)
             for name in ("public", "digest", "signature")}
    with open(paths["public"], "wb") as file:
        file.write(bytes.fromhex(head + point))
    with open(paths["digest"], "wb") as file:
        file.write(os.urandom(size))
    tokens.tool(*login("--sign", "--mechanism", mechanism, "--id", "0102",
                       "--input-file", paths["digest"], "--output-file",
                       paths["signature"]))
    ok("openssl", "pkeyutl", "-engine", "gost", "-verify", "-pubin",
       "-inkey", paths["public"], "-keyform", "DER", "-in", paths["digest"],
       "-sigfile", paths["signature"], env=OPENSSL)


@case
def its_private_keys_are_seen_after_a_login():
    tokens = Tokens()
    tokens.tool(*login("--keypairgen", "--key-type", "GOSTR3410-2012-256:B"))
    true("Private Key" not in tokens.tool("--list-objects").stdout)
    within("Private Key", tokens.tool(*login("--list-objects")).stdout)
    other = tokens.tool(*login("--slot", "1", "--list-objects")).stdout
    true("Key Object" not in other, other)


@case
def its_pin_is_counted():
    tokens = Tokens()
    for left in range(TRIES - 1, -1, -1):
        done = tokens.tool("--login", "--pin", "wrong-one", "--list-objects",
                           check=False)
        within("CKR_PIN_INCORRECT" if left else "CKR_PIN_LOCKED", done.stderr)
        said = tokens.tool("--list-token-slots").stdout
        within({1: "final user PIN try", 0: "user PIN locked"}.get(
            left, "user PIN count low"), said)
    done = tokens.tool(*login("--list-objects"), check=False)
    within("CKR_PIN_LOCKED", done.stderr)


@case
def its_pin_is_changed():
    tokens = Tokens()
    tokens.tool("--change-pin", "--pin", PIN, "--new-pin", "another-one")
    true("user PIN to be changed" not in
         tokens.tool("--list-token-slots").stdout.split("Slot 1")[0])
    done = tokens.tool(*login("--list-objects"), check=False)
    within("CKR_PIN_INCORRECT", done.stderr)
    tokens.tool("--login", "--pin", "another-one", "--list-objects")
    done = tokens.tool("--change-pin", "--pin", "another-one", "--new-pin",
                       "short", check=False)
    within("CKR_PIN_LEN_RANGE", done.stderr)


@case
def it_is_strict():
    tokens = Tokens()
    for words, code in (
            (("--keypairgen", "--key-type", "GOSTR3410-2012-256:B"),
             "CKR_USER_NOT_LOGGED_IN"),
            (login("--keypairgen", "--key-type", "GOSTR3410-2012-256:D"),
             "CKR_ATTRIBUTE_VALUE_INVALID"),
            (login("--keypairgen", "--key-type", "RSA:2048"), "RSA")):
        done = tokens.tool(*words, check=False)
        true(done.returncode != 0, done)
        within(code, done.stderr, done)
    tokens.set("absent 0")
    said = tokens.tool("--list-token-slots").stdout
    true("first" not in said, said)
    within("second", said)
    tokens.set("fail C_Login 0x30")
    done = tokens.tool(*login("--list-objects"), check=False)
    within("CKR_DEVICE_ERROR", done.stderr)


harness.main()
