#!/usr/bin/python3
"""kep-sandbox: signing in by SMS, sessions, the list of certificates."""

import re
import time

import harness
from enrollment import (PERSON, Client, Subscriber, database,
                        make_authority)
from harness import Sandbox, case, folder, same, true, within

PHONE, OTHER, UNKNOWN = "79001234567", "79009999999", "79005555555"
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


def wrong(code):
    return "%06d" % ((int(code) + 1) % 1000000)


def seconds(text):
    return time.mktime(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")) - \
        time.timezone


# rule_15
@case
def a_code_comes_by_sms_and_opens_a_session():
    with Sandbox() as sandbox:
        sandbox.issue(PHONE, "file:" + folder())
        client = Client(sandbox)
        challenge = client.good("requestCode", {"phone": PHONE}).json
        same(challenge["phoneTail"], "4567")
        same((challenge["resendAfter"], challenge["resendsLeft"]), (60, 1))
        true(1100 < seconds(challenge["expiresAt"]) - time.time() <= 1200)
        text = sandbox.messages(PHONE)[0]
        within("Код для входа", text)
        same(len(re.findall(r"\d{6,}", text)), 1, text)
        pair = client.good("signIn", {"code": sandbox.code(PHONE)},
                           id=challenge["challengeId"]).json
        true(TIME.match(pair["expiresAt"]))
        client.good("listCertificates", sid=pair["sid"])
        # A challenge is good for one session.
        client.refused(410, "challengeGone", "signIn",
                       {"code": sandbox.code(PHONE)},
                       id=challenge["challengeId"])
        client.refused(410, "challengeGone", "resendCode",
                       id=challenge["challengeId"])


@case
def an_unknown_phone_is_answered_like_a_known_one():
    with Sandbox("--resend-after", 0) as sandbox:
        sandbox.issue(PHONE, "file:" + folder())
        client = Client(sandbox)
        answers = [client.good("requestCode", {"phone": phone})
                   for phone in (PHONE, UNKNOWN)]
        same(*[sorted(answer.json) for answer in answers])
        same(*[sorted(answer.headers.keys()) for answer in answers])
        same(answers[1]["phoneTail"], "5555")
        same(sandbox.messages(UNKNOWN), [])
        challenge = answers[1]["challengeId"]
        client.good("resendCode", {}, id=challenge)
        same(sandbox.messages(UNKNOWN), [])
        for left in (4, 3, 2, 1):
            answer = client.refused(422, "codeInvalid", "signIn",
                                    {"code": "123456"}, id=challenge)
            same(answer["attemptsLeft"], left)
        client.refused(423, "attemptsExceeded", "signIn", {"code": "123456"},
                       id=challenge)


@case
def wrong_codes_use_the_attempts_up():
    with Sandbox() as sandbox:
        sandbox.issue(PHONE, "file:" + folder())
        client = Client(sandbox)
        challenge = client.good("requestCode", {"phone": PHONE})["challengeId"]
        code = sandbox.code(PHONE)
        for left in (4, 3, 2, 1):
            answer = client.refused(422, "codeInvalid", "signIn",
                                    {"code": wrong(code)}, id=challenge)
            same(answer["attemptsLeft"], left)
        for given in (wrong(code), code):
            client.refused(423, "attemptsExceeded", "signIn", {"code": given},
                           id=challenge)


@case
def the_last_attempt_may_be_right():
    with Sandbox() as sandbox:
        sandbox.issue(PHONE, "file:" + folder())
        client = Client(sandbox)
        challenge = client.good("requestCode", {"phone": PHONE})["challengeId"]
        code = sandbox.code(PHONE)
        for _ in range(4):
            client.refused(422, "codeInvalid", "signIn", {"code": wrong(code)},
                           id=challenge)
        client.good("signIn", {"code": code}, id=challenge)


@case
def a_code_is_over_after_its_time():
    with Sandbox("--code-life", 3) as sandbox:
        sandbox.issue(PHONE, "file:" + folder())
        client = Client(sandbox)
        challenge = client.good("requestCode", {"phone": PHONE})["challengeId"]
        code = sandbox.code(PHONE)
        time.sleep(3.1)
        client.refused(410, "codeExpired", "signIn", {"code": code},
                       id=challenge)


# rule_18
@case
def a_code_is_sent_again_once_and_not_too_early():
    with Sandbox("--resend-after", 5) as sandbox:
        sandbox.issue(PHONE, "file:" + folder())
        client = Client(sandbox)
        challenge = client.good("requestCode", {"phone": PHONE})["challengeId"]
        first = sandbox.code(PHONE)
        answer = client.refused(429, "resendTooEarly", "resendCode",
                                id=challenge)
        true(1 <= int(answer.headers["Retry-After"]) <= 5)
        same(len(sandbox.messages(PHONE)), 1)
        time.sleep(5.1)
        answer = client.good("resendCode", id=challenge)
        same((answer["challengeId"], answer["resendsLeft"]), (challenge, 0))
        second = sandbox.code(PHONE, 1)
        if first != second:
            client.refused(422, "codeInvalid", "signIn", {"code": first},
                           id=challenge)
        client.refused(423, "resendsExhausted", "resendCode", id=challenge)
        client.good("signIn", {"code": second}, id=challenge)


@case
def a_challenge_that_never_was_is_gone():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        for operation, body in (("signIn", {"code": "123456"}),
                                ("resendCode", {})):
            client.refused(410, "challengeGone", operation, body, id="0" * 32)


@case
def a_session_is_needed_and_ends():
    with Sandbox("--session-life", 3600) as sandbox:
        sandbox.issue(PHONE, "file:" + folder())
        client = Client(sandbox)
        client.refused(401, "unauthorized", "listCertificates")
        for value in ("", "auth.sid", "auth.sid " + "0" * 64,
                      "auth.sid " + "0" * 63, "Bearer " + "0" * 64,
                      "auth.sid " + "Z" * 64, "auth.sid " + "0" * 4000):
            client.refused(401, "unauthorized", "listCertificates",
                           headers={"Authorization": value})
        client.sign_in(PHONE)
        client.good("listCertificates")
        sandbox.age(3600)
        client.refused(401, "unauthorized", "listCertificates")


@case
def a_session_is_refreshed():
    with Sandbox() as sandbox:
        sandbox.issue(PHONE, "file:" + folder())
        client = Client(sandbox)
        old = client.sign_in(PHONE).json
        token = {"refreshToken": old["refreshToken"]}
        client.good("refreshSession", token)  # an answer that gets lost
        new = client.good("refreshSession", token).json
        client.good("listCertificates", sid=old["sid"])
        client.good("listCertificates", sid=new["sid"])
        client.refused(401, "unauthorized", "listCertificates",
                       sid=old["sid"])
        client.refused(401, "unauthorized", "refreshSession", token)
        client.refused(401, "unauthorized", "refreshSession",
                       {"refreshToken": "0" * 64})
        with database(sandbox) as db:
            stored = repr(db.execute("SELECT * FROM sessions").fetchall())
        true(new["sid"] not in stored and
             bytes.fromhex(new["sid"]) not in stored.encode())


@case
def certificates_are_listed_with_what_is_in_them():
    with Sandbox() as sandbox:
        first = Subscriber(sandbox, PHONE)
        second = Subscriber(sandbox, PHONE, days=20)
        Subscriber(sandbox, OTHER)
        client = Client(sandbox)
        client.sign_in(PHONE)
        listed = client.good("listCertificates")["certificates"]
        same([one["thumbprint"] for one in listed],
             [second.thumbprint, first.thumbprint])
        same(listed[0]["subject"], PERSON)
        same((listed[0]["state"], listed[0]["renewal"]),
             ("Valid", {"available": True, "mode": "express"}))
        within("Песочница", listed[0]["issuer"])
        same(listed[0]["keyNotAfter"], listed[0]["notAfter"])


# rule_10, rule_93, rule_94
@case
def obstacles_are_named():
    with Sandbox() as sandbox:
        words = {"revoked": "revoked", "subject-changed": "subjectChanged",
                 "daughter-organisation": "daughterOrganisation",
                 "form-exists": "formExistsAtServiceCentre",
                 "other-centre": "otherCentre", "kind-changed": "kindChanged"}
        wanted = {}
        for word, reason in words.items():
            subscriber = Subscriber(sandbox, PHONE)
            sandbox.set(subscriber.thumbprint, word)
            wanted[subscriber.thumbprint] = reason
        for options, reason in ((["--days", "-1"], "expired"),
                                (["--days", "30", "--key-days", "-1"],
                                 "keyPeriodOver"),
                                (["--days", "62"], "notDueYet")):
            _, thumbprint = sandbox.issue(PHONE, "file:" + folder(), *options)
            wanted[thumbprint] = reason
        client = Client(sandbox)
        client.sign_in(PHONE)
        listed = client.good("listCertificates")["certificates"]
        same({one["thumbprint"]: one["renewal"] for one in listed},
             {thumbprint: {"available": False, "reason": reason}
              for thumbprint, reason in wanted.items()})
        states = {wanted[one["thumbprint"]]: one["state"] for one in listed}
        same((states["revoked"], states["expired"], states["kindChanged"]),
             ("Revoke", "Expired", "Valid"))
        for thumbprint, reason in wanted.items():
            answer = client.refused(409, "renewalNotAvailable", "openForm", {
                "externalId": thumbprint, "oldThumbprint": thumbprint,
                "mode": "express"})
            same(answer["target"], reason)


# rule_6
@case
def region_and_issuer_together_go_another_way():
    with Sandbox() as sandbox:
        make_authority(sandbox, "elsewhere", "ФГУП ЦентрИнформ")
        wanted = {}
        for region, signed_by, another in (
                ("78 г. Санкт-Петербург", "elsewhere", True),
                ("47 Ленинградская область", "elsewhere", True),
                ("66 Свердловская область", "elsewhere", False),
                ("78 г. Санкт-Петербург", "issuing", False)):
            subscriber = Subscriber(
                sandbox, PHONE, signed_by=signed_by,
                subject=dict(PERSON, stateOrProvinceName=region))
            wanted[subscriber.thumbprint] = (
                {"available": False, "reason": "otherCentre"} if another
                else {"available": True, "mode": "express"})
        client = Client(sandbox)
        client.sign_in(PHONE)
        listed = client.good("listCertificates")["certificates"]
        same({one["thumbprint"]: one["renewal"] for one in listed}, wanted)


# rule_1, rule_2, rule_3
@case
def the_window_has_an_edge():
    with Sandbox("--window", 60) as sandbox:
        renewable = {days: sandbox.issue(PHONE, "file:" + folder(), "--days",
                                         days)[1] for days in (60, 61, 62)}
        # A key that ends before its certificate is what counts.
        for days in (161, 162):
            renewable[days] = sandbox.issue(
                PHONE, "file:" + folder(), "--days", 300,
                "--key-days", days - 100)[1]
        client = Client(sandbox)
        client.sign_in(PHONE)
        time.sleep(1.1)  # 61 days less a second: 60 full days are left
        listed = {one["thumbprint"]: one["renewal"]["available"]
                  for one in client.good("listCertificates")["certificates"]}
        same({days: listed[thumbprint]
              for days, thumbprint in renewable.items()},
             {60: True, 61: True, 62: False, 161: True, 162: False})
        # An unscheduled replacement does not wait for the window.
        body = {"externalId": "a", "oldThumbprint": renewable[62],
                "mode": "express"}
        same(client.refused(409, "renewalNotAvailable", "openForm",
                            body)["target"], "notDueYet")
        sandbox.set(renewable[62], "replacement")
        client.good("openForm", body)


@case
def obstacles_and_ways_are_taken_back():
    with Sandbox() as sandbox:
        subscriber = Subscriber(sandbox, PHONE)
        client = Client(sandbox)
        client.sign_in(PHONE)
        for words, wanted in (
                (["normal"], {"available": True, "mode": "normal"}),
                (["paper"], {"available": True, "mode": "paper"}),
                (["kind-changed"], {"available": False,
                                    "reason": "kindChanged"}),
                (["available"], {"available": True, "mode": "express"}),
                (["kind-changed", "available", "express"],
                 {"available": True, "mode": "express"})):
            sandbox.set(subscriber.thumbprint, *words)
            same(client.good("listCertificates")["certificates"][0]["renewal"],
                 wanted)


harness.main()
