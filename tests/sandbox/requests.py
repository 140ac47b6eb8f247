#!/usr/bin/python3
"""kep-sandbox: what it makes of bad requests and of many at once."""

import concurrent.futures
import os
import socket
import ssl
import time

import harness
from enrollment import Client, Renewal, Subscriber, database
from harness import Sandbox, case, same, true

PHONE = "79001234567"
MIB = 1024 * 1024
JSON = {"Content-Type": "application/json"}


@case
def bodies_that_are_refused():
    deep = "[" * 100 + "]" * 100
    rows = [
        "", " ", "null", "7", "[]", "\"x\"", "{", "{}", "{\"phone\":}",
        "{\"phone\":\"79001234567\"", "{\"phone\":\"79001234567\"}}",
        "{\"phone\":\"79001234567\"} x", "{'phone':'79001234567'}",
        "{\"phone\":\"79001234567\",}", "{phone:\"79001234567\"}",
        "/* */{\"phone\":\"79001234567\"}",
        "{\"phone\":\"79001234567\",\"more\":1}", "{\"phone\":79001234567}",
        "{\"phone\":null}", "{\"phone\":[\"79001234567\"]}",
        "{\"phone\":{}}", "{\"phone\":true}", "{\"Phone\":\"79001234567\"}",
        "{\"phone\":\"7900123456\"}", "{\"phone\":\"790012345678\"}",
        "{\"phone\":\"89001234567\"}", "{\"phone\":\"78001234567\"}",
        "{\"phone\":\"+7900123456\"}", "{\"phone\":\"7900123456x\"}",
        "{\"phone\":\"79001234567\\u0000\"}", "{\"phone\":\"\"}",
        "{\"phone\":\"../../../../x\"}", "{\"phone\":%s}" % deep,
        "{\"phone\":\"79001234567\",\"a\":%s}" % ("{\"a\":" * 50 + "1" +
                                                "}" * 50),
        b"{\"phone\":\"7900123456\xff\"}", b"\xff\xfe{\x00}\x00",
        "\ufeff{\"phone\":\"79001234567\"}",
        "{\"phone\":\"7900123456" + "\u0664\"}"]
    with Sandbox() as sandbox:
        client = Client(sandbox)
        for body in rows:
            if isinstance(body, str):
                body = body.encode()
            client.refused(400, "badRequest", "requestCode", body)
        for kind in ("text/plain", "application/jsonx", "application/x", ""):
            answer = client.refused(400, "badRequest", "requestCode",
                                    "{\"phone\":\"79001234567\"}",
                                    headers={"Content-Type": kind})
            same(answer["target"], "Content-Type")
        for kind in ("application/json; charset=utf-8", "Application/JSON"):
            same(client.raw("POST", "/v1/auth/sms",
                            "{\"phone\":\"79001234567\"}",
                            {"Content-Type": kind}).status, 200)
        same(client.refused(400, "badRequest", "requestCode", {})["target"],
             "phone")
        same(os.listdir(os.path.join(sandbox.dir, "sms")), [])


@case
def fields_that_are_refused():
    with Sandbox() as sandbox:
        subscriber = Subscriber(sandbox, PHONE)
        client = Client(sandbox)
        client.sign_in(PHONE)
        form = client.open(subscriber.thumbprint, "normal").json
        opening = {"externalId": "x", "mode": "normal",
                   "oldThumbprint": subscriber.thumbprint}
        rows = [("openForm", "externalId", value) for value in
                ("", "x" * 257, "a-b", "a b", "а", "../x", 7)]
        rows += [("openForm", "mode", value) for value in
                 ("", "Express", "expres", "other", None)]
        rows += [("openForm", "oldThumbprint", value) for value in
                 ("", "0" * 39, "0" * 41, "A" * 40, "g" * 40)]
        for operation, word, value in rows:
            answer = client.refused(400, "badRequest", operation,
                                    dict(opening, **{word: value}))
            same(answer["target"], word)
        for word in opening:
            short = {one: opening[one] for one in opening if one != word}
            same(client.refused(400, "badRequest", "openForm",
                                short)["target"], word)
        for data in ("x", [], 7, None, {"title": 7}, {"birthDate": "x"},
                     {"title": "a\nb"}, {"title": "\u001b[31m"},
                     {"title": "x" * 513}, {"nothing": "x"},
                     {"title": {"a": "b"}}, {"title": "\u007f"}):
            same(client.refused(400, "badRequest", "changeData",
                                {"data": data}, id=form["id"],
                                etag=form["etag"])["target"], "data")
        for esia in ("x", [], None, {"sex": 7}, {"title": "x"},
                     {"birthPlace": "a\nb"}, {"birthPlace": "\u001b[31m"},
                     {"birthPlace": "a\u0000b"}, {"birthPlace": "x" * 513}):
            same(client.refused(400, "badRequest", "changeData",
                                {"esia": esia}, id=form["id"],
                                etag=form["etag"])["target"], "esia")
        for kind, content, headers, target in (
                ("other", b"%PDF-1", {}, "kind"),
                ("passport", b"", {}, "content"),
                ("passport", b"%PDF-1", {"Content-Type": "application/json"},
                 "Content-Type"),
                ("passport", b"%PDF-1", {"Content-Type": "text/plain"},
                 "Content-Type")):
            same(client.refused(400, "badRequest", "sendDocument",
                                (kind, content), id=form["id"],
                                etag=form["etag"], headers=headers)["target"],
                 target)
        for kind in ("", "Passport", "passport/", "passport/x", "../x",
                     "x" * 33, "0" * 32):
            client.refused(404, "notFound", "sendDocument", (kind, b"%PDF-1"),
                           id=form["id"], etag=form["etag"])
        client.refused(400, "badRequest", "changeData", {"title": "x"},
                       id=form["id"], etag=form["etag"])
        for code in ("", "12345", "1234567", "12345x", 123456, "１２３４５６"):
            client.refused(400, "badRequest", "confirmRequest",
                           {"code": code}, id=form["id"], etag=form["etag"])
        for operation in ("submitForm", "reportInstalled", "cancelForm",
                          "resendConfirmation"):
            client.refused(400, "badRequest", operation, {"a": 1},
                           id=form["id"], etag=form["etag"])


@case
def queries_and_bodies_where_there_are_none():
    with Sandbox() as sandbox:
        subscriber = Subscriber(sandbox, PHONE)
        client = Client(sandbox)
        client.sign_in(PHONE)
        form = client.open(subscriber.thumbprint).json
        for query in ("", "?type=", "?type=recallStatement", "?type",
                      "?type=releaseStatement&a=b", "?Type=releaseStatement",
                      "?type=releaseStatement&type=releaseStatement"):
            client.refused(400, "badRequest", "readStatement", id=form["id"],
                           query=query)
        client.good("readStatement", id=form["id"])
        sid = {"Authorization": "auth.sid " + client.sid}
        same(client.raw("GET", "/v1/certificates?a=b", None, sid).status, 400)
        same(client.raw("GET", "/v1/certificates", "{}",
                        dict(sid, **JSON)).status, 400)


@case
def paths_that_lead_nowhere():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        for method, path in (
                ("GET", "/"), ("GET", "/v1"), ("GET", "/v2/certificates"),
                ("GET", "/v1/certificates/"), ("GET", "//v1/certificates"),
                ("GET", "/v1/certificates/../certificates"),
                ("GET", "/v1/auth/sms"), ("PUT", "/v1/certificates"),
                ("DELETE", "/v1/certificates"), ("OPTIONS", "/v1/auth/sms"),
                ("GET", "/v1/certificate-forms/x"),
                ("GET", "/v1/certificate-forms/" + "0" * 31),
                ("GET", "/v1/certificate-forms/" + "0" * 33),
                ("GET", "/v1/certificate-forms/" + "A" * 32),
                ("GET", "/v1/certificate-forms/" + "0" * 32 + "/"),
                ("GET", "/v1/certificate-forms/..%2f..%2f"),
                ("GET", "/" + "x" * 5000)):
            answer = client.raw(method, path)
            same(answer.status, 404, path)
            same(answer["code"], "notFound", path)


@case
def bodies_that_are_too_large():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        client.refused(413, "payloadTooLarge", "requestCode",
                       b" " * (MIB + 1))
        client.refused(400, "badRequest", "requestCode", b" " * MIB)
        try:
            client.call("requestCode", b" " * (20 * MIB))
        except OSError as error:
            harness.note("20 MiB: %s" % error)
        else:
            raise AssertionError("20 MiB were taken")
        client.good("requestCode", {"phone": PHONE})


@case
def scans_at_their_maximum():
    with Sandbox() as sandbox:
        subscriber = Subscriber(sandbox, PHONE)
        client = Client(sandbox)
        client.sign_in(PHONE)
        form = client.open(subscriber.thumbprint, "normal").json
        scan = b"%PDF-1.7".ljust(10 * MIB + 1, b"x")
        client.refused(413, "payloadTooLarge", "sendDocument",
                       ("passport", scan), id=form["id"], etag=form["etag"])
        done = client.good("sendDocument", ("passport", scan[:-1]),
                           id=form["id"], etag=form["etag"])
        same([one["state"] for one in done["documents"]
              if one["kind"] == "passport"], ["received"])
        try:
            client.call("sendDocument", ("passport", scan * 3), id=form["id"],
                        etag=form["etag"])
        except OSError as error:
            harness.note("30 MiB: %s" % error)
        else:
            raise AssertionError("30 MiB were taken")
        with database(sandbox) as db:
            same(db.execute("SELECT length(content) FROM papers WHERE kind ="
                            " 'passport'").fetchall(), [(10 * MIB,)])


@case
def what_is_no_http():
    with Sandbox() as sandbox:
        for data in (b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 1000,
                     os.urandom(1000)):
            with socket.create_connection(("127.0.0.1", sandbox.port),
                                          10) as plain:
                try:
                    plain.sendall(data)
                    plain.shutdown(socket.SHUT_WR)
                    while plain.recv(4096):
                        pass
                except OSError:
                    pass
        context = ssl.create_default_context(cafile=sandbox.ca)
        for data in (b"NONSENSE\r\n\r\n", b"GET /v1/certificates HTTP/1.1\r\n"
                     b"Host: x\r\nAuthorization: " + b"a" * 200000 +
                     b"\r\n\r\n",
                     b"POST /v1/auth/sms HTTP/1.1\r\nHost: x\r\n"
                     b"Content-Length: -5\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", sandbox.port),
                                          10) as plain:
                with context.wrap_socket(plain,
                                         server_hostname="localhost") as own:
                    try:
                        own.sendall(data)
                        answer = own.recv(4096)
                    except OSError:
                        answer = b""
                    true(b" 200 " not in answer, answer)
        Client(sandbox).good("requestCode", {"phone": PHONE})


@case
def twenty_at_once_and_no_more():
    with Sandbox("--fault", "requestCode=slow:2") as sandbox:
        clients = [Client(sandbox) for _ in range(26)]
        for client in clients:  # so that all are connected
            client.call("listCertificates")
        with concurrent.futures.ThreadPoolExecutor(26) as pool:
            answers = list(pool.map(
                lambda client: client.call("requestCode", {"phone": PHONE}),
                clients))
        refused = [one for one in answers if one.status == 429]
        same((len(answers) - len(refused), len(refused)), (20, 6))
        for answer in refused:
            same(answer["code"], "tooManyRequests")
            true(int(answer.headers["Retry-After"]) >= 1)


@case
def many_subscribers_at_once():
    with Sandbox() as sandbox:
        subscribers = [Subscriber(sandbox, "7900000000%d" % i)
                       for i in range(4)]

        def renew(subscriber):
            client = Client(sandbox)
            client.sign_in(subscriber.phone)
            return Renewal(client, subscriber).go("installed")["status"]

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            same(list(pool.map(renew, subscribers)), ["installed"] * 4)


@case
def one_form_is_issued_once_for_many_who_ask():
    with Sandbox("--issue-after", 1) as sandbox:
        subscriber = Subscriber(sandbox, PHONE)
        client = Client(sandbox)
        client.sign_in(PHONE)
        renewal = Renewal(client, subscriber)
        renewal.go("issuing")
        time.sleep(1.1)

        def read(_):
            other = Client(sandbox, client.sid)
            return other.good("readCertificate",
                              id=renewal.id)["certificate"]

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            same(len(set(pool.map(read, range(8)))), 1)
        same(len(client.good("listCertificates")["certificates"]), 2)


@case
def every_answer_has_a_trace_id_of_its_own():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        answers = [client.raw("GET", "/v1/certificates") for _ in range(3)]
        same(len({one.headers["X-Trace-Id"] for one in answers}), 3)
        for answer in answers:
            true(answer.headers["Date"])
            same(answer.headers["Cache-Control"], "no-store")


@case
def its_own_failure_is_no_secret_and_no_detail():
    with Sandbox(quiet=False) as sandbox:
        sandbox.issue(PHONE, "file:" + harness.folder())
        client = Client(sandbox)
        client.sign_in(PHONE)
        with database(sandbox) as db:
            db.execute("ALTER TABLE certificates RENAME TO lost")
        answer = client.refused(500, "internal", "listCertificates")
        true("lost" not in answer["message"] and
             "SQL" not in answer["message"])
        with database(sandbox) as db:
            db.execute("ALTER TABLE lost RENAME TO certificates")
        client.good("listCertificates")


@case
def latency_is_before_each_answer():
    with Sandbox("--latency", 300) as sandbox:
        client = Client(sandbox)
        client.good("requestCode", {"phone": PHONE})
        begun = time.monotonic()
        client.good("requestCode", {"phone": PHONE})
        true(0.3 <= time.monotonic() - begun < 10)


harness.main()
