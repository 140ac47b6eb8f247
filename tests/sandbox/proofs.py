#!/usr/bin/python3
"""kep-sandbox: signatures, requests and codes, good ones and bad ones."""

import base64
import json
import time

import enrollment
import harness
from enrollment import (EXTENSIONS, PERSON, Renewal, Subscriber, again, begin,
                        database, make_request)
from harness import Sandbox, case, same, within

PHONE, OTHER = "79001234567", "79009999999"
CMS = {"cms": base64.b64encode(b"no signature").decode()}


@case
def signatures_of_the_statement_that_prove_nothing():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        statement = renewal.statement()
        stranger = Subscriber(sandbox, OTHER)
        good = base64.b64decode(subscriber.sign(statement))
        rows = [(CMS["cms"], "cmsUnreadable"),
                (base64.b64encode(good[:-20]).decode(), "cmsUnreadable"),
                (base64.b64encode(good[:-1] + bytes([good[-1] ^ 1])).decode(),
                 "signatureInvalid"),
                (subscriber.sign(statement + b"\n"), "contentMismatch"),
                (stranger.sign(statement), "signerMismatch")]
        for cms, code in rows:
            client.refused(422, code, "sendStatementSignature", {"cms": cms},
                           id=renewal.id, etag=renewal.form["etag"])
        for cms in ("====", "AAAAA", "AA=A", "яя"):
            client.refused(400, "badRequest", "sendStatementSignature",
                           {"cms": cms}, id=renewal.id,
                           etag=renewal.form["etag"])
        sandbox.set(subscriber.thumbprint, "revoked")
        client.refused(422, "signerRevoked", "sendStatementSignature",
                       renewal.signature(), id=renewal.id,
                       etag=renewal.form["etag"])


# rule_43
@case
def certificates_that_can_no_longer_sign():
    period = ("2.5.29.16 = ASN1:SEQUENCE:period\n[period]\n"
              "from = IMPLICIT:0,GENERALIZEDTIME:20200101000000Z\n"
              "to = IMPLICIT:1,GENERALIZEDTIME:20210101000000Z\n[x2]\n")
    for named, extra, code in (
            ({"began": "-100d", "days": 10}, "", "signerExpired"),
            ({"signed_by": "stranger"}, "", "signerChainInvalid"),
            ({}, period, "signerKeyPeriodOver")):
        with Sandbox() as sandbox:
            client, subscriber = begin(sandbox)
            renewal = Renewal(client, subscriber)
            thumbprint = subscriber.thumbprint
            # The same key gets another certificate behind the form's back.
            kept = enrollment.EXTENSIONS
            try:
                enrollment.EXTENSIONS = kept + extra
                subscriber.certify(**named)
            finally:
                enrollment.EXTENSIONS = kept
            with database(sandbox) as db:
                db.execute("UPDATE certificates SET der = ? WHERE"
                           " thumbprint = ?", (subscriber.der, thumbprint))
            client.refused(422, code, "sendStatementSignature",
                           renewal.signature(), id=renewal.id,
                           etag=renewal.form["etag"])


# rule_41, rule_42
@case
def a_request_of_another_owner_is_refused():
    """One difference is enough, even where the form's data had it."""
    for change, target in (
            ({"surname": "Иная", "commonName": "Иная Вера Ильинична"},
             "fullName"),
            ({"snils": "11223344595"}, "snils"),
            ({"inn": "500100732259"}, "inn")):
        with Sandbox() as sandbox:
            client, subscriber = begin(sandbox)
            renewal = Renewal(client, subscriber)
            renewal.go("releaseConfirmed")
            other = dict(PERSON, **change)
            with database(sandbox) as db:
                db.execute("UPDATE forms SET data = ?",
                           (json.dumps(other, ensure_ascii=False),))
            key = subscriber.new_key()
            answer = client.refused(
                422, "requestSubjectMismatch", "sendRequest",
                {"cms": subscriber.request(key, other)}, id=renewal.id,
                etag=renewal.form["etag"])
            same(answer["target"], target)


@case
def another_good_signature_is_the_same_content():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        etag = renewal.form["etag"]
        renewal.step("sendStatementSignature", renewal.signature())
        again(renewal, "sendStatementSignature", renewal.signature(), etag)
        renewal.step("submitForm", {})
        again(renewal, "sendStatementSignature", renewal.signature(), etag)


@case
def requests_that_cannot_be_certified():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("releaseConfirmed")
        key = subscriber.new_key()
        der = make_request(key, PERSON)
        broken = der[:-1] + bytes([der[-1] ^ 1])

        def other(**words):
            return subscriber.request(key, dict(PERSON, **words))

        rows = [
            (CMS["cms"], "cmsUnreadable", None),
            (subscriber.sign(der), "cmsUnreadable", None),
            (subscriber.sign(b"no request", True), "requestUnreadable", None),
            (subscriber.sign(broken, True), "requestSignatureInvalid", None),
            (subscriber.request(subscriber.key), "sameKey", None),
            (subscriber.request(subscriber.new_key(
                "b", parameters="B")), "requestKeyUnsupported", None),
            (other(surname="Иная", commonName="Иная Вера Ильинична"),
             "requestSubjectMismatch", "fullName"),
            (other(snils="96152503607"), "requestSubjectMismatch", "snils"),
            (other(inn="977810560758"), "requestSubjectMismatch", "inn"),
            (other(emailAddress="b@example.com"), "requestSubjectMismatch",
             "emailAddress"),
            (other(title="Директор"), "requestSubjectMismatch", "title"),
            (subscriber.request(key, extensions=EXTENSIONS.replace(
                "1.2.643.100.113.1", "1.2.3.4")), "requestExtensionsInvalid",
             None),
            (Subscriber(sandbox, OTHER).request(key), "signerMismatch", None),
        ]
        for cms, code, target in rows:
            answer = client.refused(422, code, "sendRequest", {"cms": cms},
                                    id=renewal.id, etag=renewal.form["etag"])
            same(answer.json.get("target"), target)
        same(renewal.read()["status"], "releaseConfirmed")
        renewal.step("sendRequest", {"cms": subscriber.request(key)})


# rule_72
@case
def one_form_one_key():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("awaitingConfirmation")
        sent = len(sandbox.messages(PHONE))
        # Signed anew it is other bytes, but the same key: nothing is sent.
        again(renewal, "sendRequest", renewal.request(), "0-0")
        same(len(sandbox.messages(PHONE)), sent)
        client.refused(409, "keyAlreadyRequested", "sendRequest",
                       {"cms": subscriber.request(subscriber.new_key("b"))},
                       id=renewal.id, etag=renewal.form["etag"])
        renewal.step("confirmRequest", renewal.code(sent - 1))
        renewal.read()
        again(renewal, "sendRequest", renewal.request(), "0-0")


@case
def a_request_is_confirmed_by_code():
    with Sandbox("--resend-after", 0) as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("awaitingConfirmation")
        confirmation = renewal.form["confirmation"]
        same((confirmation["attemptsLeft"], confirmation["resendsLeft"],
              confirmation["phoneTail"]), (5, 1, "4567"))
        within("Код подтверждения запроса", sandbox.messages(PHONE)[-1])
        first = sandbox.code(PHONE)
        bad = {"code": "%06d" % ((int(first) + 1) % 1000000)}
        answer = client.refused(422, "codeInvalid", "confirmRequest", bad,
                                id=renewal.id, etag=renewal.form["etag"])
        same(answer["attemptsLeft"], 4)
        # The etag has not changed by that, the count of attempts has.
        same(renewal.read()["confirmation"]["attemptsLeft"], 4)
        before = len(sandbox.messages(PHONE))
        renewal.form = client.good("resendConfirmation", id=renewal.id).json
        same(renewal.form["confirmation"]["resendsLeft"], 0)
        client.refused(423, "resendsExhausted", "resendConfirmation", {},
                       id=renewal.id)
        second = renewal.code(before)
        for _ in range(4):
            client.refused(422, "codeInvalid", "confirmRequest",
                           {"code": "%06d" % ((int(second["code"]) + 1) %
                                              1000000)}, id=renewal.id,
                           etag=renewal.form["etag"])
        for code in (bad, second):
            client.refused(423, "attemptsExceeded", "confirmRequest", code,
                           id=renewal.id, etag=renewal.form["etag"])
        # A new code for the same key, for the old one can do nothing.
        before = len(sandbox.messages(PHONE))
        renewal.step("sendRequest", renewal.request())
        same(renewal.form["confirmation"]["attemptsLeft"], 5)
        same(renewal.step("confirmRequest",
                          renewal.code(before))["status"], "issuing")


# rule_71
@case
def a_confirmation_code_is_over_after_its_time():
    with Sandbox("--code-life", 6) as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("awaitingConfirmation")
        code = {"code": sandbox.code(PHONE)}
        client.refused(429, "resendTooEarly", "resendConfirmation", {},
                       id=renewal.id)
        time.sleep(6.1)
        client.refused(410, "codeExpired", "confirmRequest", code,
                       id=renewal.id, etag=renewal.form["etag"])
        with database(sandbox) as db:
            db.execute("DELETE FROM challenges")
        client.refused(410, "challengeGone", "resendConfirmation", {},
                       id=renewal.id)


# rule_69
@case
def the_code_goes_to_the_telephone_of_the_statement():
    with Sandbox("--resend-after", 0) as sandbox:
        client, subscriber = begin(sandbox)
        for bad in ("", "7", "89009999999", "7900999999", "790099999990",
                    "7900999999x"):
            same(harness.run("kep-sandbox", "set", "--dir", sandbox.dir,
                             "--thumbprint", subscriber.thumbprint,
                             "statement-phone=" + bad).returncode, 2)
        sandbox.set(subscriber.thumbprint, "statement-phone=" + OTHER)
        renewal = Renewal(client, subscriber)
        same(renewal.form["statementPhoneTail"], OTHER[-4:])
        renewal.go("releaseConfirmed")
        before = len(sandbox.messages(PHONE))
        renewal.step("sendRequest", renewal.request())
        same(renewal.form["confirmation"]["phoneTail"], OTHER[-4:])
        first = sandbox.code(OTHER)
        renewal.form = client.good("resendConfirmation", id=renewal.id).json
        second = sandbox.code(OTHER, 1)
        if first != second:
            client.refused(422, "codeInvalid", "confirmRequest",
                           {"code": first}, id=renewal.id,
                           etag=renewal.form["etag"])
        same(len(sandbox.messages(PHONE)), before)
        same(renewal.step("confirmRequest", {"code": second})["status"],
             "issuing")
        # Whoever signs in is another person's telephone, as before.
        client.sign_in(PHONE)


# rule_72
@case
def a_sign_in_code_confirms_no_request():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("awaitingConfirmation")
        confirmation = {"code": sandbox.code(PHONE)}
        client.refused(410, "challengeGone", "signIn", confirmation,
                       id=renewal.form["confirmation"]["challengeId"])
        # … nor the other way round, even where it is as fresh.
        sent = len(sandbox.messages(PHONE))
        client.good("requestCode", {"phone": PHONE})
        other = {"code": sandbox.code(PHONE, sent)}
        if other != confirmation:
            client.refused(422, "codeInvalid", "confirmRequest", other,
                           id=renewal.id, etag=renewal.form["etag"])
        same(renewal.step("confirmRequest", confirmation)["status"],
             "issuing")


harness.main()
