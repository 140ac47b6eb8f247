#!/usr/bin/python3
"""kep-sandbox: what operators, invoices and time do to a form."""

import base64
import time

import harness
from enrollment import PERSON, Renewal, begin, database
from harness import Sandbox, case, same, true, within

PHONE = "79001234567"
CMS = {"cms": base64.b64encode(b"no signature").decode()}
CONSENT = {"textVersion": "release-1", "accepted": True}


# rule_53
@case
def an_unpaid_invoice_stands_before_the_consent():
    with Sandbox() as sandbox:
        client, subscriber = begin(sandbox, subject=dict(
            PERSON, commonName="ООО «Пример»", organizationName="Пример"))
        sandbox.set(subscriber.thumbprint, "unpaid")
        renewal = Renewal(client, subscriber)
        renewal.step("sendStatementSignature", renewal.signature())
        renewal.step("submitForm", {})
        same(renewal.form["status"], "paymentRequired")
        within("Оплатите счет на выпуск сертификата (%s)" %
               PERSON["commonName"], renewal.form["invoice"]["message"])
        client.refused(402, "paymentRequired", "giveConsent",
                       CONSENT, id=renewal.id,
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
                       CONSENT, id=renewal.id,
                       etag=renewal.form["etag"])


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
    with Sandbox("--issue-after", 6) as sandbox:
        client, subscriber = begin(sandbox)
        renewal = Renewal(client, subscriber)
        renewal.go("issuing")
        true(renewal.form["pollAfter"] <= 6)
        same(renewal.read()["status"], "issuing")
        client.refused(409, "wrongState", "readCertificate", id=renewal.id)
        time.sleep(6.1)
        client.good("readCertificate", id=renewal.id)
        same(renewal.read()["status"], "issued")


harness.main()
