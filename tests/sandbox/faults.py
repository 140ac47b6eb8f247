#!/usr/bin/python3
"""kep-sandbox serve --fault: every kind of fault is as it is described."""

import base64
import http.client
import os
import re
import time

import harness
from enrollment import CONFIG, PERSON, Client, Renewal, Subscriber
from harness import Sandbox, case, folder, run, same, true, within

PHONE = "79001234567"


def listing(*faults):
    """A sandbox with faults and a client that has signed in."""
    sandbox = Sandbox(*[word for fault in faults
                        for word in ("--fault", fault)]).start()
    Subscriber(sandbox, PHONE)
    client = Client(sandbox)
    client.sign_in(PHONE)
    return sandbox, client


def breaks(client, operation, *words, **named):
    try:
        answer = client.call(operation, *words, **named)
    except (http.client.HTTPException, OSError) as error:
        client.close()
        return error
    raise AssertionError("answered: %r" % answer)


@case
def dropped_before_and_after():
    sandbox, client = listing("openForm=drop-after*1,listCertificates=drop*2")
    with sandbox:
        for _ in range(2):
            breaks(client, "listCertificates")
        thumbprint = client.good("listCertificates")["certificates"][0][
            "thumbprint"]
        body = {"externalId": "one", "oldThumbprint": thumbprint,
                "mode": "express"}
        breaks(client, "openForm", body)
        # It has been done: the same form is found again.
        same(client.good("openForm", body).status, 200)
    sandbox, client = listing("openForm=drop*1")
    with sandbox:
        breaks(client, "openForm", body)
        same(client.call("openForm", dict(
            body, oldThumbprint=client.good("listCertificates")[
                "certificates"][0]["thumbprint"])).status, 201)


@case
def statuses_of_the_contract():
    wanted = {400: "badRequest", 401: "unauthorized", 402: "paymentRequired",
              403: "forbidden", 404: "notFound", 409: "wrongState",
              410: "codeExpired", 412: "etagMismatch", 413: "payloadTooLarge",
              422: "codeInvalid", 423: "attemptsExceeded",
              426: "clientOutdated",
              429: "tooManyRequests", 500: "internal", 503: "unavailable"}
    sandbox = Sandbox("--fault", ",".join(
        "listCertificates=status:%d*1" % status for status in wanted),
        check=False).start()
    with sandbox:
        client = Client(sandbox)
        for status, code in wanted.items():
            answer = client.refused(status, code, "listCertificates")
            same(answer.headers["Retry-After"],
                 "1" if status in (429, 503) else None)
    with Sandbox("--fault", "listCertificates=retry-after:77") as sandbox:
        answer = Client(sandbox).refused(503, "unavailable",
                                         "listCertificates")
        same(answer.headers["Retry-After"], "77")


# rule_19
@case
def a_newer_program_may_be_demanded():
    with Sandbox("--fault", "requestCode=status:426*1") as sandbox:
        client = Client(sandbox)
        client.refused(426, "clientOutdated", "requestCode",
                       {"phone": "79001234567"})
        client.good("requestCode", {"phone": "79001234567"})


@case
def answers_that_come_late():
    sandbox, client = listing("listCertificates=slow:1*1")
    with sandbox:
        begun = time.monotonic()
        client.good("listCertificates")
        true(time.monotonic() - begun >= 1)


@case
def answers_that_are_no_json():
    sandbox, client = listing(
        "listCertificates=html*1,listCertificates=empty*1,"
        "listCertificates=redirect*1,listCertificates=deep*1")
    with sandbox:
        answer = client.call("listCertificates")
        same((answer.status, answer.headers["Content-Type"]),
             (200, "text/html; charset=utf-8"))
        answer = client.call("listCertificates")
        same((answer.status, answer.body), (200, b""))
        answer = client.call("listCertificates")
        same((answer.status, answer.headers["Location"][:26]),
             (302, "https://elsewhere.invalid/"))
        answer = client.call("listCertificates")
        same((answer.status, answer.body.count(b"{"),
              answer.body.count(b"}")), (200, 100000, 100000))
        client.good("listCertificates")


@case
def answers_that_do_not_end_well():
    sandbox, client = listing("listCertificates=truncated*1,"
                              "listCertificates=huge*1")
    with sandbox:
        error = breaks(client, "listCertificates")
        true(isinstance(error, http.client.IncompleteRead), error)
        same(error.partial[:16], b'{"certificates":')
        answer = client.call("listCertificates")
        same((answer.status, len(answer.body)), (200, 100000000))


@case
def answers_of_wrong_types():
    sandbox, client = listing("listCertificates=wrong-types*1,"
                              "openForm=wrong-types*1,"
                              "readForm=wrong-types*1")
    with sandbox:
        same(client.call("listCertificates").json, {"certificates": "list"})
        thumbprint = client.good("listCertificates")["certificates"][0][
            "thumbprint"]
        body = {"externalId": "a", "oldThumbprint": thumbprint,
                "mode": "express"}
        form = client.call("openForm", body).json
        same((form["id"], form["final"], form["data"]["snils"]), (7, [], 7))


@case
def texts_that_attack_a_terminal():
    sandbox, client = listing("listCertificates=bad-utf8*1,"
                              "listCertificates=escape*1,"
                              "readForm=escape*1,readStatement=escape*1,"
                              "readStatement=bad-utf8*1")
    with sandbox:
        answer = client.call("listCertificates")
        within(b"\xc3\x28\xff\xfe", answer.body)
        try:
            answer.body.decode()
        except UnicodeDecodeError:
            pass
        else:
            raise AssertionError("it is UTF-8")
        subject = client.call("listCertificates")["certificates"][0]["subject"]
        true(subject["commonName"].startswith("\x1b[2J\x1b]0;"))
        within("\u202e", subject["commonName"])
        same(subject["snils"], PERSON["snils"])
        answer = client.call("readForm", id="0" * 32)
        within("\x1b[31m", answer["message"])
        form = client.open(client.good("listCertificates")["certificates"][0][
            "thumbprint"]).json
        within(b"\x1b[2J", client.call("readStatement", id=form["id"]).body)
        within(b"\xff", client.call("readStatement", id=form["id"]).body)


@case
def ids_that_lead_out_of_a_folder():
    sandbox, client = listing("listCertificates=path*1,openForm=path*1,"
                              "readForm=path*1")
    with sandbox:
        first = client.call("listCertificates")["certificates"][0]
        same((first["thumbprint"], first["serialNumber"]),
             ("../../../../etc/passwd",) * 2)
        thumbprint = client.good("listCertificates")["certificates"][0][
            "thumbprint"]
        form = client.call("openForm", {"externalId": "a", "mode": "express",
                                        "oldThumbprint": thumbprint}).json
        same(form["id"], "../../../../etc/passwd")
        same(client.call("readForm", id="0" * 32)["traceId"],
             "../../../../etc/passwd")


@case
def a_star_is_every_operation():
    with Sandbox("--fault", "*=status:503*2") as sandbox:
        client = Client(sandbox)
        client.refused(503, "unavailable", "requestCode", {"phone": PHONE})
        client.refused(503, "unavailable", "listCertificates")
        client.good("requestCode", {"phone": PHONE})


def certificate_text(answer, i=None):
    der = answer["certificate"] if i is None else answer["chain"][i]
    name = os.path.join(folder(), "c.der")
    with open(name, "wb") as file:
        file.write(base64.b64decode(der))
    done = run("openssl", "x509", "-inform", "DER", "-in", name, "-noout",
               "-text", "-nameopt", "utf8", "-pubkey", "-checkend", "0",
               env={"OPENSSL_CONF": CONFIG})
    return done.stdout


@case
def certificates_with_flaws():
    kinds = ["other-key", "other-person", "other-ca", "expired-certificate",
             "not-yet-valid", "no-profile", "garbage-certificate", "no-chain"]
    with Sandbox("--fault", ",".join("readCertificate=%s*1" % kind
                                     for kind in kinds)) as sandbox:
        subscriber = Subscriber(sandbox, PHONE)
        client = Client(sandbox)
        client.sign_in(PHONE)
        renewal = Renewal(client, subscriber)
        renewal.go("issued")
        answers = {kind: client.call("readCertificate", id=renewal.id).json
                   for kind in kinds}
        good = client.good("readCertificate", id=renewal.id).json
        same(client.good("readCertificate", id=renewal.id).json, good)
    texts = {kind: certificate_text(answer)
             for kind, answer in answers.items()}
    right = certificate_text(good)
    key = re.search(r"X:[0-9A-F]+\s+Y:[0-9A-F]+", right).group()
    true(key not in texts["other-key"])
    for kind in ("other-person", "other-ca", "no-profile", "no-chain"):
        within(key, texts[kind], kind)
    within(PERSON["snils"], right)
    true(PERSON["snils"] not in texts["other-person"])
    authority = [line for line in right.splitlines() if "Issuer:" in line]
    true(authority[0] not in texts["other-ca"])
    within("Certificate will expire", texts["expired-certificate"])
    within("Certificate will not expire", texts["not-yet-valid"])
    within("Class of Signing Tool", right)
    true("Class of Signing Tool" not in texts["no-profile"])
    same(texts["garbage-certificate"], "")
    same((answers["no-chain"]["chain"], len(good["chain"])), ([], 2))


harness.main()
