#!/usr/bin/python3
"""kep-sandbox: forms, from the opening to the certificate."""

import base64
import os
import subprocess
import time
import uuid

import harness
from enrollment import (CONFIG, EXTENSIONS, PERSON, Client, Renewal,
                        Subscriber, database, make_request)
from harness import Sandbox, case, folder, same, true, within

PHONE, OTHER = "79001234567", "79009999999"

# Every state, and what is allowed in it beside readForm.
CANCEL = {"cancelForm"}
STATEMENT = {"readStatement"}
STATES = {
    "created": {"changeData"} | CANCEL,
    "validationError": {"changeData"} | CANCEL,
    "dataConfirmed": {"sendStatementSignature"} | CANCEL | STATEMENT,
    "statementSigned": {"submitForm", "sendStatementSignature"} | CANCEL |
    STATEMENT,
    "paperStatement": CANCEL | STATEMENT,
    "submitted": {"sendStatementSignature"} | CANCEL | STATEMENT,
    "approved": {"giveConsent", "sendStatementSignature"} | CANCEL | STATEMENT,
    "paymentRequired": {"giveConsent", "sendStatementSignature"} | CANCEL |
    STATEMENT,
    "releaseConfirmed": {"sendRequest", "sendStatementSignature"} | CANCEL |
    STATEMENT,
    "awaitingConfirmation": {"sendRequest", "confirmRequest",
                             "resendConfirmation", "sendStatementSignature"} |
    CANCEL | STATEMENT,
    "issuing": {"sendRequest", "sendStatementSignature"} | CANCEL | STATEMENT,
    "issued": {"readCertificate", "reportInstalled", "sendRequest",
               "sendStatementSignature"} | STATEMENT,
    "installed": {"readCertificate", "sendRequest", "sendStatementSignature"} |
    STATEMENT,
    "rejected": STATEMENT,
    "issueFailed": STATEMENT,
    "cancelled": STATEMENT,
    "formExpired": STATEMENT,
}
FINAL = {"installed", "rejected", "issueFailed", "cancelled", "formExpired"}
CMS = {"cms": base64.b64encode(b"no signature").decode()}
BODIES = {"changeData": {}, "sendStatementSignature": CMS, "submitForm": {},
          "giveConsent": {"textVersion": "release-1", "accepted": True},
          "sendRequest": CMS, "confirmRequest": {"code": "123456"},
          "resendConfirmation": {}, "reportInstalled": {}, "cancelForm": {},
          "readStatement": None, "readCertificate": None}


def begin(sandbox, phone=PHONE, **named):
    subscriber = Subscriber(sandbox, phone, **named)
    client = Client(sandbox)
    client.sign_in(phone)
    return client, subscriber


def again(renewal, operation, body, etag):
    """The same once more, with the etag of before: the form as it is."""
    answer = renewal.client.good(operation, body, id=renewal.id, etag=etag)
    same(answer.json, renewal.form, operation)


@case
def an_express_renewal_from_end_to_end():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        form = renewal.form
        same((form["status"], form["mode"], form["final"]),
             ("dataConfirmed", "express", False))
        same((form["data"], form["statementPhoneTail"]), (PERSON, "4567"))
        within("согласие", form["consent"]["release"]["text"])
        steps = [("sendStatementSignature", renewal.signature),
                 ("submitForm", dict),
                 ("giveConsent", lambda: BODIES["giveConsent"]),
                 ("sendRequest", renewal.request),
                 ("confirmRequest", lambda: renewal.code(1)),
                 (None, None), ("reportInstalled", dict)]
        seen = [form["status"]]
        for operation, make in steps:
            if operation is None:
                renewal.read()
            else:
                body, etag = make(), renewal.form["etag"]
                renewal.step(operation, body)
                if operation != "confirmRequest":  # it is issued meanwhile
                    again(renewal, operation, body, etag)
                client.good(operation, body, id=renewal.id, etag=etag)
            seen.append(renewal.form["status"])
        same(seen, ["dataConfirmed", "statementSigned", "approved",
                    "releaseConfirmed", "awaitingConfirmation", "issuing",
                    "issued", "installed"])
        true(renewal.form["final"])
        client.refused(409, "wrongState", "confirmRequest",
                       {"code": "000000"}, id=renewal.id,
                       etag=renewal.form["etag"])
        same(len(client.good("listCertificates")["certificates"]), 2)


@case
def the_certificate_is_for_the_key_and_of_the_authority():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("issued")
        answer = client.good("readCertificate", id=renewal.id).json
        place = folder()
        names = []
        for i, der in enumerate([answer["certificate"]] + answer["chain"]):
            names.append(os.path.join(place, "%d.der" % i))
            with open(names[-1], "wb") as file:
                file.write(base64.b64decode(der))
        env = {"OPENSSL_CONF": CONFIG}
        pem = [harness.ok("openssl", "x509", "-inform", "DER", "-in", name,
                          env=env).stdout for name in names]
        with open(os.path.join(sandbox.dir, "ca", "root.pem")) as file:
            same(pem[-1], file.read())
        files = []
        for i, text in enumerate(pem):
            files.append(os.path.join(place, "%d.pem" % i))
            with open(files[-1], "w") as file:
                file.write(text)
        harness.ok("openssl", "verify", "-CAfile", files[2], "-untrusted",
                   files[1], files[0], env=env)
        key = harness.ok("openssl", "pkey", "-in", renewal.key, "-pubout",
                         env=env).stdout
        same(harness.ok("openssl", "x509", "-in", files[0], "-noout",
                        "-pubkey", env=env).stdout, key)
        within(PERSON["commonName"], answer["receipt"]["text"])


@case
def a_normal_renewal_waits_for_an_operator():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber, "normal")
        same(renewal.form["status"], "created")
        client.refused(409, "wrongState", "readStatement", id=renewal.id)
        renewal.step("changeData", {"data": {
            "emailAddress": "new@example.com", "title": "Директор",
            "surname": PERSON["surname"]}})
        same((renewal.form["status"], renewal.form["data"]["title"]),
             ("dataConfirmed", "Директор"))
        text = renewal.statement().decode()
        for line in ("Электронная почта: new@example.com",
                     "Должность: Директор", "СНИЛС: " + PERSON["snils"],
                     renewal.id, subscriber.thumbprint,
                     "Заявление на изготовление квалифицированного "
                     "сертификата", renewal.form["consent"]["statement"]
                     ["text"]):
            within(line, text)
        renewal.step("sendStatementSignature", renewal.signature())
        renewal.step("submitForm", {})
        same(renewal.form["status"], "submitted")
        true(renewal.form["pollAfter"] > 0)
        same(renewal.read()["status"], "submitted")
        sandbox.set(renewal.id, "approved")
        same(renewal.read()["status"], "approved")
        subscriber.subject = dict(PERSON, emailAddress="new@example.com",
                                  title="Директор")
        renewal.consent()
        renewal.step("sendRequest", renewal.request())
        same(renewal.form["status"], "awaitingConfirmation")


@case
def data_are_checked():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber, "normal")
        for word in ("commonName", "surname", "snils", "inn", "ogrn",
                     "organizationName", "countryName"):
            answer = client.refused(
                403, "forbidden", "changeData", {"data": {word: "1" * 13}},
                id=renewal.id, etag=renewal.form["etag"])
            same(answer["target"], "data." + word)
        same(renewal.read()["status"], "created")
        renewal.step("changeData", {"data": {"title": "x" * 500}})
        same((renewal.form["status"], renewal.form["reason"]["code"]),
             ("validationError", "validationError"))
        renewal.step("changeData", {"data": {"title": "Бухгалтер"}})
        same(renewal.form["status"], "dataConfirmed")
        again(renewal, "changeData", {"data": {"title": "Бухгалтер"}}, "0-0")
        client.refused(409, "wrongState", "changeData",
                       {"data": {"title": "Директор"}}, id=renewal.id,
                       etag=renewal.form["etag"])


@case
def a_review_ends_by_itself_where_that_is_set():
    with Sandbox("--review-after", 1) as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber, "normal")
        renewal.step("changeData", {})
        renewal.step("sendStatementSignature", renewal.signature())
        same(renewal.step("submitForm", {})["status"], "submitted")
        time.sleep(1.1)
        same(renewal.read()["status"], "approved")


@case
def a_paper_renewal_has_a_statement_to_print():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        sandbox.set(subscriber.thumbprint, "paper")
        for mode in ("express", "normal"):
            answer = client.refused(403, "forbidden", "openForm", {
                "externalId": "a", "oldThumbprint": subscriber.thumbprint,
                "mode": mode})
            same(answer["target"], "mode")
        renewal = Renewal(client, subscriber, "paper")
        same(renewal.form["status"], "paperStatement")
        within(PERSON["snils"], renewal.statement().decode())
        sandbox.set(renewal.id, "approved")
        same(renewal.read()["status"], "approved")


@case
def an_external_id_names_one_form():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        other = Subscriber(sandbox, OTHER)
        body = {"externalId": "x" * 256, "mode": "express",
                "oldThumbprint": subscriber.thumbprint}
        first, second = [client.good("openForm", body) for _ in range(2)]
        same((first.status, second.status), (201, 200))
        same(first.json, second.json)
        answer = client.refused(409, "formExists", "openForm",
                                dict(body, mode="normal"))
        same(answer["target"], "externalId")
        answer = client.refused(409, "formExists", "openForm",
                                dict(body, externalId="y"))
        same(answer["target"], "oldThumbprint")
        for thumbprint in (other.thumbprint, "0" * 40):
            answer = client.refused(
                409, "renewalNotAvailable", "openForm",
                dict(body, externalId="z", oldThumbprint=thumbprint))
            same(answer["target"], "unknownCertificate")
        stranger = Client(sandbox)
        stranger.sign_in(OTHER)
        stranger.refused(404, "notFound", "readForm", id=first["id"])
        # The same externalId of another subscriber is another form.
        true(stranger.open(other.thumbprint, external="x" * 256)["id"] !=
             first["id"])
        client.good("cancelForm", {}, id=first["id"], etag=first["etag"])
        same(client.good("openForm", dict(body, externalId="y")).status, 201)


@case
def polling_costs_little():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        form = client.open(subscriber.thumbprint)
        same(form.headers["ETag"], '"%s"' % form["etag"])
        answer = client.call("readForm", id=form["id"], known=form["etag"])
        same((answer.status, answer.body), (304, b""))
        same(answer.headers["ETag"], form.headers["ETag"])
        for known in ("0-0", form["etag"] + "0"):
            same(client.call("readForm", id=form["id"], known=known).status,
                 200)


@case
def an_etag_is_needed_and_must_be_the_latest():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        form = client.open(subscriber.thumbprint)
        for etag, headers, status, code in (
                (None, {}, 400, "badRequest"),
                ("0-0", {}, 412, "etagMismatch"),
                (None, {"If-Match": form["etag"]}, 412, "etagMismatch"),
                (None, {"If-Match": "*"}, 412, "etagMismatch")):
            answer = client.refused(status, code, "cancelForm", {},
                                    id=form["id"], etag=etag, headers=headers)
            same(answer["target"], "If-Match")


@case
def every_operation_in_every_wrong_state_is_refused():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("issued")
        with database(sandbox) as db:
            db.execute("DELETE FROM effects")
        for state, allowed in STATES.items():
            with database(sandbox) as db:
                db.execute("UPDATE forms SET status = ?, final = ?,"
                           " reason = 'x', fate = 'review', mode = 'normal',"
                           " unpaid = ?", (state, state in FINAL,
                                           state == "paymentRequired"))
                if state == "issuing":
                    db.execute("UPDATE forms SET fate = '', changed = ?",
                               (int(time.time()) + 1000,))
            form = client.good("readForm", id=renewal.id).json
            same((form["status"], form["final"]), (state, state in FINAL))
            for operation, body in BODIES.items():
                if operation in allowed:
                    continue
                client.refused(409, "wrongState", operation, body,
                               id=renewal.id, etag=form["etag"])
            same(client.good("readForm", id=renewal.id).json, form, state)


@case
def an_unpaid_invoice_stands_before_the_consent():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        sandbox.set(subscriber.thumbprint, "unpaid")
        renewal = Renewal(client, subscriber)
        renewal.step("sendStatementSignature", renewal.signature())
        renewal.step("submitForm", {})
        same(renewal.form["status"], "paymentRequired")
        within("Оплатите счет на выпуск сертификата (%s)" %
               PERSON["commonName"], renewal.form["invoice"]["message"])
        client.refused(402, "paymentRequired", "giveConsent",
                       BODIES["giveConsent"], id=renewal.id,
                       etag=renewal.form["etag"])
        client.refused(409, "wrongState", "sendRequest", CMS, id=renewal.id,
                       etag=renewal.form["etag"])
        sandbox.set(renewal.id, "paid")
        same(renewal.read()["status"], "approved")
        same(renewal.consent()["status"], "releaseConfirmed")


@case
def it_becomes_unpaid_while_it_is_open():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("approved")
        sandbox.set(subscriber.thumbprint, "unpaid")
        client.refused(402, "paymentRequired", "giveConsent",
                       BODIES["giveConsent"], id=renewal.id,
                       etag=renewal.form["etag"])


@case
def consent_is_to_the_text_that_was_shown():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("approved")
        for body in ({"textVersion": "release-0", "accepted": True},
                     {"textVersion": "release-1", "accepted": False},
                     {"textVersion": "release-1", "accepted": "true"}):
            client.refused(400, "badRequest", "giveConsent", body,
                           id=renewal.id, etag=renewal.form["etag"])
        same(renewal.consent()["status"], "releaseConfirmed")


@case
def fates_that_an_operator_orders():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        for word, upto, status in (
                ("rejected", "statementSigned", "rejected"),
                ("expired-form", "approved", "formExpired"),
                ("cancelled", "releaseConfirmed", "cancelled"),
                ("issue-failed", "awaitingConfirmation", "issueFailed")):
            renewal = Renewal(client, subscriber)
            renewal.go(upto)
            sandbox.set(renewal.id, word)
            if upto == "statementSigned":
                renewal.step("submitForm", {})
            elif upto == "awaitingConfirmation":
                sent = len(sandbox.messages(PHONE))
                renewal.step("confirmRequest", renewal.code(sent - 1))
            renewal.read()
            same((renewal.form["status"], renewal.form["reason"]["code"],
                  renewal.form["final"]), (status, status, True))
            true(renewal.form["reason"]["message"])
        # A review that was ordered for the certificate is of the next form.
        sandbox.set(subscriber.thumbprint, "review")
        renewal = Renewal(client, subscriber)
        renewal.go("statementSigned")
        same(renewal.step("submitForm", {})["status"], "submitted")
        sandbox.set(subscriber.thumbprint, "approved")
        same(renewal.read()["status"], "approved")
        client.good("cancelForm", {}, id=renewal.id,
                    etag=renewal.form["etag"])
        sandbox.set(subscriber.thumbprint, "validation-error")
        renewal = Renewal(client, subscriber, "normal")
        same(renewal.form["status"], "validationError")
        same(renewal.step("changeData", {})["status"], "dataConfirmed")


@case
def a_form_is_over_after_its_time():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        with database(sandbox) as db:
            db.execute("UPDATE forms SET expires = 1")
        same(renewal.read()["status"], "formExpired")
        same(Renewal(client, subscriber).form["status"], "dataConfirmed")


@case
def issuing_takes_its_time():
    with Sandbox("--issue-after", 1) as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("issuing")
        true(renewal.form["pollAfter"] <= 1)
        same(renewal.read()["status"], "issuing")
        client.refused(409, "wrongState", "readCertificate", id=renewal.id)
        time.sleep(1.1)
        client.good("readCertificate", id=renewal.id)
        same(renewal.read()["status"], "issued")


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
        for cms in ("====", "AAAAA", "AA=A"):
            client.refused(400, "badRequest", "sendStatementSignature",
                           {"cms": cms}, id=renewal.id,
                           etag=renewal.form["etag"])
        sandbox.set(subscriber.thumbprint, "revoked")
        client.refused(422, "signerRevoked", "sendStatementSignature",
                       renewal.signature(), id=renewal.id,
                       etag=renewal.form["etag"])


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
            import enrollment
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


@case
def a_confirmation_code_is_over_after_its_time():
    with Sandbox("--code-life", 1) as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("awaitingConfirmation")
        code = {"code": sandbox.code(PHONE)}
        client.refused(429, "resendTooEarly", "resendConfirmation", {},
                       id=renewal.id)
        time.sleep(1.1)
        client.refused(410, "codeExpired", "confirmRequest", code,
                       id=renewal.id, etag=renewal.form["etag"])
        with database(sandbox) as db:
            db.execute("DELETE FROM challenges")
        client.refused(410, "challengeGone", "resendConfirmation", {},
                       id=renewal.id)


@case
def a_sign_in_code_confirms_no_request():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("awaitingConfirmation")
        client.refused(410, "challengeGone", "signIn",
                       {"code": sandbox.code(PHONE)},
                       id=renewal.form["confirmation"]["challengeId"])


@case
def what_is_not_there():
    with Sandbox() as sandbox:
        client, _ = begin(sandbox)
        for operation, body in BODIES.items():
            client.refused(404, "notFound", operation, body, id="0" * 32,
                           etag="0-0")
        client.refused(404, "notFound", "readForm", id="0" * 32)


harness.main()
