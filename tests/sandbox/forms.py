#!/usr/bin/python3
"""kep-sandbox: forms, from the opening to the certificate."""

import base64
import calendar
import os
import re
import time

import harness
from enrollment import (CONFIG, PERSON, Client, Renewal, Subscriber, again,
                        begin, card, database, make_request)
from harness import Sandbox, case, folder, same, true, within

PHONE, OTHER = "79001234567", "79009999999"

# Every state, and what is allowed in it beside readForm.
CANCEL = {"cancelForm"}
SCAN = {"sendDocument"}
STATEMENT = {"readStatement"}
STATES = {
    "created": {"changeData"} | CANCEL | SCAN,
    "validationError": {"changeData"} | CANCEL | SCAN,
    "dataConfirmed": {"sendStatementSignature"} | CANCEL | STATEMENT | SCAN,
    "statementSigned": {"submitForm", "sendStatementSignature"} | CANCEL |
    STATEMENT | SCAN,
    "paperStatement": CANCEL | STATEMENT | SCAN,
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
PDF = b"%PDF-1.7\n..."
BODIES = {"changeData": {},
          "sendDocument": ("passport", PDF),
          "sendUnsignedRequest": {"request": CMS["cms"]},
          "sendStatementSignature": CMS, "submitForm": {},
          "giveConsent": {"textVersion": "release-1", "accepted": True},
          "sendRequest": CMS, "confirmRequest": {"code": "123456"},
          "resendConfirmation": {}, "reportInstalled": {}, "cancelForm": {},
          "readStatement": None, "readCertificate": None}


# rule_49, rule_92
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


# rule_35, rule_49
@case
def a_normal_renewal_waits_for_an_operator():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber, "normal")
        same((renewal.form["status"], renewal.form["data"],
              renewal.form["missing"]), ("created", PERSON, []))
        client.refused(409, "wrongState", "readStatement", id=renewal.id)
        renewal.step("changeData", {"data": {
            "emailAddress": "new@example.com", "title": "Директор",
            "organizationalUnitName": "Дирекция",
            "surname": PERSON["surname"]}, "esia": {
                "documentNumber": "654321"}})
        same((renewal.form["status"], renewal.form["data"]["title"],
              renewal.form["data"]["organizationalUnitName"],
              renewal.form["esia"]["documentNumber"]),
             ("dataConfirmed", "Директор", "Дирекция", "654321"))
        text = renewal.statement().decode()
        for line in ("Электронная почта: new@example.com",
                     "Должность: Директор", "СНИЛС: " + card(PERSON["snils"]),
                     renewal.id, subscriber.thumbprint,
                     "Заявление на изготовление квалифицированного "
                     "сертификата", renewal.form["consent"]["statement"]
                     ["text"]):
            within(line, text)
        written = re.search(r"Время составления: (.+) МСК\n", text).group(1)
        written = time.strptime(written, "%d.%m.%Y %H:%M")
        true(0 <= time.time() + 3 * 3600 - calendar.timegm(written) < 120,
             written)
        renewal.step("sendStatementSignature", renewal.signature())
        renewal.step("submitForm", {})
        same(renewal.form["status"], "submitted")
        true(renewal.form["pollAfter"] > 0)
        same(renewal.read()["status"], "submitted")
        sandbox.set(renewal.id, "approved")
        same(renewal.read()["status"], "approved")
        subscriber.subject = dict(PERSON, emailAddress="new@example.com",
                                  title="Директор",
                                  organizationalUnitName="Дирекция")
        renewal.consent()
        renewal.step("sendRequest", renewal.request())
        same(renewal.form["status"], "awaitingConfirmation")


ORGANISATION = ("organizationName", "ogrn", "ogrnip", "innle")


def check_fixed(client, renewal, words):
    """None of them is the person's to change."""
    for word in words:
        answer = client.refused(
            403, "forbidden", "changeData", {"data": {word: "1" * 13}},
            id=renewal.id, etag=renewal.form["etag"])
        same(answer["target"], "data." + word)
        true(word not in renewal.form["editable"], word)


# rule_32
@case
def the_organisation_is_the_service_centres_on_paper_too():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber, "paper")
        check_fixed(client, renewal, ORGANISATION)
        same(renewal.read()["status"], "created")


# rule_32
@case
def data_are_checked():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber, "normal")
        check_fixed(client, renewal, ("commonName", "surname", "givenName",
                                      "snils", "inn", "countryName"))
        check_fixed(client, renewal, ORGANISATION)
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
    with Sandbox("--review-after", 2) as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber, "normal")
        renewal.step("changeData", {})
        renewal.step("sendStatementSignature", renewal.signature())
        same(renewal.step("submitForm", {})["status"], "submitted")
        time.sleep(2.1)
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
        same(renewal.form["status"], "created")
        same(renewal.step("changeData", {})["status"], "paperStatement")
        within(card(PERSON["snils"]), renewal.statement().decode())
        sandbox.set(renewal.id, "approved")
        same(renewal.read()["status"], "approved")


@case
def numbers_are_checked_by_their_digits():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        sandbox.set(subscriber.thumbprint, "subject-changed")
        sandbox.set(subscriber.thumbprint, "paper")
        renewal = Renewal(client, subscriber, "paper")
        within("snils", renewal.form["editable"])
        right = {}
        for word, wrong, good, message in (
                ("snils", "96152503607", PERSON["snils"], "Контрольное число"),
                ("inn", "500100732258", "500100732259", "Контрольное число"),
                ("snils", "00000000000", PERSON["snils"], "не бывает"),
                ("emailAddress", "vera@localhost", "vera@example.ru",
                 "не бывает")):
            renewal.step("changeData", {"data": {**right, word: wrong}})
            same(renewal.form["status"], "validationError", (word, wrong))
            same([(one["code"], one["target"])
                  for one in renewal.form["errors"]],
                 [("invalid", "data." + word)])
            within(message, renewal.form["errors"][0]["message"])
            right[word] = good
        renewal.step("changeData", {"data": right})
        same((renewal.form["status"], renewal.form["errors"]),
             ("paperStatement", []))


# rule_34, rule_44, rule_45
@case
def another_owner_goes_by_paper():
    """The data, the statement, its scan, an operator, the bare request."""
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        sandbox.set(subscriber.thumbprint, "subject-changed")
        sandbox.set(subscriber.thumbprint, "paper")
        renewal = Renewal(client, subscriber, "paper")
        owner = dict(PERSON, surname="Новая", commonName="Новая Вера Ильинична")
        # Check digits, and what is no address.
        for word, bad in (("snils", "96152503607"), ("inn", "977810560758"),
                          ("emailAddress", "vera@"), ("snils", "1"),
                          ("surname", "Н" * 200)):
            renewal.step("changeData", {"data": {word: bad}})
            same((renewal.form["status"],
                  [one["target"] for one in renewal.form["errors"]]),
                 ("validationError", ["data." + word]))
            renewal.form["etag"] = renewal.read()["etag"]
            client.good("changeData", {"data": {word: PERSON[word]}},
                        id=renewal.id, etag=renewal.form["etag"])
            client.good("cancelForm", {}, id=renewal.id,
                        etag=renewal.read()["etag"])
            renewal = Renewal(client, subscriber, "paper")
        renewal.step("changeData", {"data": {
            word: owner[word] for word in ("surname", "commonName")}})
        same(renewal.form["status"], "paperStatement")
        within("Новая", renewal.statement().decode())
        client.refused(409, "wrongState", "sendStatementSignature",
                       renewal.signature(), id=renewal.id,
                       etag=renewal.form["etag"])
        client.refused(409, "wrongState", "submitForm", {}, id=renewal.id,
                       etag=renewal.form["etag"])
        for content in (b"GIF89a", b"%PDF-", b"<html>", b"\0" * 9):
            client.refused(422, "documentUnreadable", "sendDocument",
                           ("statement", content), id=renewal.id,
                           etag=renewal.form["etag"])
        etag, scan = renewal.form["etag"], ("statement", PDF)
        renewal.step("sendDocument", scan)
        again(renewal, "sendDocument", scan, etag)
        same((renewal.form["status"],
              [one["kind"] for one in renewal.form["documents"]]),
             ("submitted", ["passport", "snils", "statement"]))
        sandbox.set(renewal.id, "approved")
        renewal.read()
        renewal.consent()
        subscriber.subject = owner
        client.refused(409, "wrongState", "sendRequest", renewal.request(),
                       id=renewal.id, etag=renewal.form["etag"])
        for bad in (b"no request", make_request(renewal.key, PERSON)):
            answer = client.call("sendUnsignedRequest", {
                "request": base64.b64encode(bad).decode()}, id=renewal.id,
                                 etag=renewal.form["etag"])
            same(answer.status, 422, answer)
        sent = len(sandbox.messages(PHONE))
        renewal.step("sendUnsignedRequest", {"request": base64.b64encode(
            make_request(renewal.key, owner)).decode()})
        renewal.step("confirmRequest", renewal.code(sent))
        same(renewal.read()["status"], "issued")
        der = client.good("readCertificate", id=renewal.id)["certificate"]
        text = harness.ok("openssl", "x509", "-inform", "DER", "-noout",
                          "-text", "-nameopt", "utf8", input=base64.b64decode(
                              der), text=False, env={"OPENSSL_CONF": CONFIG})
        within("Новая".encode(), text.stdout)


# rule_34
@case
def of_another_owner_nothing_is_known():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber, "paper")
        same(renewal.form["missing"], [])
        renewal.step("changeData", {"data": {"snils": "11223344595"}})
        same((renewal.form["status"], renewal.form["esia"]),
             ("validationError", {}))
        same({one["kind"]: one["state"] for one in renewal.form["documents"]},
             {"passport": "wanted", "snils": "wanted"})


# rule_43, rule_45
@case
def an_expired_one_goes_by_paper_where_the_centre_allows_it():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox, days=1, began="-3d")
        body = {"externalId": "a", "mode": "paper",
                "oldThumbprint": subscriber.thumbprint}
        same(client.refused(409, "renewalNotAvailable", "openForm",
                            body)["target"], "expired")
        sandbox.set(subscriber.thumbprint, "paper")
        same(client.good("openForm", body)["status"], "created")
        one, = client.good("listCertificates")["certificates"]
        same(one["renewal"], {"available": True, "mode": "paper"})


# rule_26, rule_27, rule_28, rule_29, rule_30, rule_31, rule_48
@case
def what_the_register_of_people_wants_is_asked_for():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        same((renewal.form["missing"], renewal.form["editable"]), ([], []))
        same({one["state"] for one in renewal.form["documents"]}, {"former"})
        client.refused(403, "forbidden", "sendDocument", ("passport", PDF),
                       id=renewal.id, etag=renewal.form["etag"])
        client.good("cancelForm", {}, id=renewal.id,
                    etag=renewal.form["etag"])

        sandbox.set(subscriber.thumbprint, "no-esia")
        client.refused(403, "forbidden", "openForm", {
            "externalId": "b", "mode": "express",
            "oldThumbprint": subscriber.thumbprint})
        renewal = Renewal(client, subscriber, "normal")
        words = ["birthDate", "birthPlace", "sex", "documentType",
                 "documentNumber", "documentIssued", "documentIssuer"]
        same(renewal.form["missing"], ["esia." + word for word in words])
        renewal.step("changeData", {})
        same(renewal.form["status"], "validationError")
        same({(one["code"], one["target"]) for one in renewal.form["errors"]},
             {("missing", "esia." + word) for word in words})
        good = {"birthDate": "1980-02-29", "birthPlace": "Минск",
                "sex": "male", "documentType": "other",
                "documentNumber": "AB 12", "documentIssued": "2019-01-31",
                "documentIssuer": "МВД", "citizenship": "BLR"}
        for word, value in (("birthDate", "1981-02-29"), ("sex", "man"),
                            ("birthDate", "29.02.1980"), ("sex", ""),
                            ("birthDate", "2099-01-01"),
                            ("documentType", "paper"), ("citizenship", ""),
                            ("citizenship", "Беларусь"),
                            ("birthPlace", "\u202eМинск"),
                            ("documentIssued", "1970-01-01"),
                            ("documentIssuerCode", "123-456")):
            renewal.step("changeData", {"esia": dict(good, **{word: value})})
            same(renewal.form["status"], "validationError", (word, value))
            within("esia." + word,
                   [one["target"] for one in renewal.form["errors"]])
            good.setdefault("documentIssuerCode", "")
        renewal.step("changeData", {"esia": good})
        same((renewal.form["status"], renewal.form["errors"]),
             ("dataConfirmed", []))
        same(renewal.form["esia"]["citizenship"], "BLR")


# rule_46
@case
def a_document_that_is_wanted_is_handed_in():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        sandbox.set(subscriber.thumbprint, "wants-passport")
        renewal = Renewal(client, subscriber, "normal")
        same((renewal.form["status"], renewal.form["errors"][0]["code"]),
             ("validationError", "notConfirmed"))
        within({"kind": "passport", "state": "wanted"},
               [{word: one[word] for word in ("kind", "state")}
                for one in renewal.form["documents"]])
        same(renewal.step("changeData", {})["status"], "validationError")
        renewal.step("sendDocument", ("passport", PDF))
        same(renewal.step("changeData", {})["status"], "dataConfirmed")


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
def every_change_needs_the_latest_etag():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        form = client.open(subscriber.thumbprint).json
        for operation, state in (("changeData", "created"),
                                 ("sendStatementSignature", "dataConfirmed"),
                                 ("submitForm", "statementSigned"),
                                 ("giveConsent", "approved"),
                                 ("sendDocument", "dataConfirmed"),
                                 ("sendRequest", "releaseConfirmed"),
                                 ("sendUnsignedRequest", "releaseConfirmed"),
                                 ("confirmRequest", "awaitingConfirmation"),
                                 ("reportInstalled", "issued"),
                                 ("cancelForm", "created")):
            with database(sandbox) as db:
                db.execute("UPDATE forms SET status = ?", (state,))
            for etag in ("0-0", form["etag"] + "0", form["etag"][:-1]):
                client.refused(412, "etagMismatch", operation,
                               BODIES[operation], id=form["id"], etag=etag)
            client.refused(400, "badRequest", operation, BODIES[operation],
                           id=form["id"])


# rule_95
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


# rule_51
@case
def consent_is_to_the_text_that_was_shown():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        same({word: one["text"] for word, one in
              renewal.form["consent"].items()},
             {"statement": "Подтверждаю свое согласие на выпуск сертификата "
                           "квалифицированной электронной подписи с "
                           "указанными данными",
              "release": "Я подтверждаю свое согласие на выпуск сертификата "
                         "электронной подписи с указанными данными"})
        renewal.go("approved")
        for body in ({"textVersion": "release-0", "accepted": True},
                     {"textVersion": "release-1", "accepted": False},
                     {"textVersion": "release-1", "accepted": "true"}):
            client.refused(400, "badRequest", "giveConsent", body,
                           id=renewal.id, etag=renewal.form["etag"])
        same(renewal.consent()["status"], "releaseConfirmed")


@case
def what_is_not_there():
    with Sandbox() as sandbox:
        client, _ = begin(sandbox)
        for operation, body in BODIES.items():
            client.refused(404, "notFound", operation, body, id="0" * 32,
                           etag="0-0")
        client.refused(404, "notFound", "readForm", id="0" * 32)


harness.main()
