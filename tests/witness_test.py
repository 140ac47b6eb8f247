#!/usr/bin/python3
"""The containers of whole renewals by the word of a second reader, which
shares nothing with kep (tests/witness), and of OpenSSL."""

import json
import os

import harness
from harness import Sandbox, case, folder, ok, run, same, within
from subscriber import FILES, PRIVATE, Subscriber, openssl, plain, write

PASSWORD = "pass-word 1"


def witness(where, *password):
    """What the second reader finds in a container, both copies opened."""
    found = json.loads(ok("tests/witness/witness", where, *password).stdout)
    same(len(found["keys"]), 1)
    return found


def check_key(key, certificate):
    """OpenSSL signs with the scalar and verifies with the certificate."""
    base = folder("key")
    scalar = bytes.fromhex(key["scalar"])
    for name, data in (("key", bytes.fromhex(PRIVATE[len(scalar)]) + scalar),
                       ("certificate", certificate)):
        with open(os.path.join(base, name), "wb") as file:
            file.write(data)
    text = write(base + "/text", "what is signed\n")
    openssl("x509", "-inform", "DER", "-in", base + "/certificate", "-pubkey",
            "-noout", "-out", base + "/public")
    digest = "-md_gost12_%d" % (8 * len(scalar))
    openssl("dgst", digest, "-keyform", "DER", "-sign", base + "/key", "-out",
            base + "/signature", text)
    said = openssl("dgst", digest, "-verify", base + "/public", "-signature",
                   base + "/signature", text).stdout
    within("Verified OK", said)


def check_container(where, *password):
    """The scalar of a container that holds its certificate."""
    found = witness(where, *password)
    same(found["password"], bool(password))
    same(found["reserve"], True)
    check_key(found["keys"][0], bytes.fromhex(
        found["keys"][0]["certificate"]))
    return found["keys"][0]["scalar"]


@case
def what_a_renewal_writes():
    with Sandbox() as sandbox:
        password = write(folder("password") + "/file", PASSWORD)
        for algorithm, old, new in (("gost2012-256", [], []),
                                    ("gost2012-512", [], [PASSWORD]),
                                    ("gost2012-256", [PASSWORD], [PASSWORD]),
                                    ("gost2012-512", [PASSWORD], [])):
            person = Subscriber(
                sandbox, "--algorithm", algorithm,
                *(["--password-file", password] if old else []))
            done = person.renew(
                "--algorithm", algorithm,
                *(["--old-pin-file", password] if old else []),
                *(["--pin-file", password] if new else []))
            person.check_renewed(done)
            before = check_container(plain(person.old), *old)
            after = check_container(plain(done.json["new"]["container"]),
                                    *new)
            copy = check_container(plain(done.json["backup"]["container"]),
                                   *new)
            same(before != after, True)
            same(copy, after)
            same(len(after), len(before))


@case
def what_is_no_container():
    with Sandbox() as sandbox:
        where = plain(Subscriber(sandbox).old)
    check_container(where)
    for name in FILES:
        path = os.path.join(where, name)
        with open(path, "rb+") as file:
            whole = file.read()
            file.seek(0)
            file.write(whole[:2] + bytes([whole[2] ^ 1]) + whole[3:])
        done = run("tests/witness/witness", where)
        same((done.returncode, done.stdout), (1, ""), done)
        with open(path, "wb") as file:
            file.write(whole)
    check_container(where)


harness.main(jobs=2)
