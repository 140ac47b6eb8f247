#!/usr/bin/python3
"""kep-sandbox: its commands, TLS, and what it makes of bad requests."""

import concurrent.futures
import json
import os
import socket
import sqlite3
import ssl
import subprocess
import time

import contract
import harness
from enrollment import Client, Renewal, Subscriber
from harness import Sandbox, case, folder, ok, run, same, true, within

PHONE = "79001234567"
MIB = 1024 * 1024


# --- the commands -----------------------------------------------------------


@case
def it_says_what_it_can_do():
    for words in ([], ["serve"], ["issue"], ["set"]):
        done = ok("kep-sandbox", *words, "--help")
        within("usage: kep-sandbox", done.stdout)
        same(done.stderr, "")
    within("kep-sandbox ", ok("kep-sandbox", "--version").stdout)
    help = ok("kep-sandbox", "serve", "--help").stdout
    for kind in ("drop-after", "bad-utf8", "no-chain"):
        within(" " + kind, help)


@case
def wrong_usage_is_status_2():
    place = folder()
    for words in ([], ["nothing"], ["serve"], ["serve", "--dir"],
                  ["serve", "--dir", place, "more"],
                  ["serve", "--dir", place, "--port", "65536"],
                  ["serve", "--dir", place, "--port", "-1"],
                  ["serve", "--dir", place, "--port", "1x"],
                  ["serve", "--dir", place, "--latency", ""],
                  ["serve", "--dir", place, "--latency", "9" * 30],
                  ["serve", "--dir", place, "--tls", "good"],
                  ["serve", "--dir", place, "--tls", "bad"],
                  ["serve", "--dir", place, "--fault", "drop"],
                  ["serve", "--dir", place, "--fault", "none=drop"],
                  ["serve", "--dir", place, "--fault", "readForm=nothing"],
                  ["serve", "--dir", place, "--fault", "readForm=drop*0"],
                  ["serve", "--dir", place, "--fault", "readForm=status"],
                  ["serve", "--dir", place, "--fault", "readForm=status:200"],
                  ["serve", "--dir", place, "--fault", "readForm=status:418"],
                  ["serve", "--dir", place, "--fault", "*=other-key"],
                  ["serve", "--dir", place, "--what"],
                  ["issue", "--dir", place],
                  ["set", "--dir", place], ["set", "revoked"],
                  ["set", "--dir", place, "--form", "0" * 32],
                  ["set", "--dir", place, "--form", "0" * 32, "revoked"],
                  ["set", "--dir", place, "--form", "0" * 32, "nothing"],
                  ["set", "--dir", place, "--form", "0" * 32, "--thumbprint",
                   "0" * 40, "unpaid"]):
        done = run("kep-sandbox", *words)
        same((done.returncode, done.stdout), (2, ""), done)
        true(done.stderr, done)


@case
def what_cannot_be_done_is_status_1():
    place = folder()
    file = os.path.join(place, "file")
    open(file, "w").close()
    for words in (["serve", "--dir", file], ["serve", "--dir", "/proc/none"],
                  ["serve", "--dir", place, "--log", place],
                  ["set", "--dir", place, "--thumbprint", "0" * 40, "unpaid"],
                  ["set", "--dir", place, "--thumbprint", "0" * 40, "revoked"],
                  ["set", "--dir", place, "--thumbprint", "' OR 1", "unpaid"],
                  ["set", "--dir", place, "--form", "0" * 32, "paid"]):
        done = run("kep-sandbox", *words)
        same((done.returncode, done.stdout), (1, ""), done)
        true(done.stderr, done)


@case
def a_port_is_used_once():
    with Sandbox() as sandbox:
        same(sandbox.url, "https://127.0.0.1:%d" % sandbox.port)
        with open(os.path.join(sandbox.dir, "url")) as file:
            same(file.read(), sandbox.url + "\n")
        done = run("kep-sandbox", "serve", "--dir", folder(), "--port",
                   sandbox.port)
        same(done.returncode, 1, done)


@case
def whoever_is_first_makes_what_is_missing():
    place = os.path.join(folder(), "state")

    def issue(phone):
        return run("kep-sandbox", "issue", "--dir", place, "--phone", phone,
                   "--to", "file:" + folder())

    phones = ["7900000000%d" % i for i in range(4)]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        started = pool.submit(Sandbox(dir=place).start)
        for done in pool.map(issue, phones):
            same(done.returncode, 0, done)
        sandbox = started.result()
    with sandbox:
        for phone in phones:
            client = Client(sandbox)
            client.sign_in(phone)
            same(len(client.good("listCertificates")["certificates"]), 1)


@case
def everything_is_kept_over_a_restart():
    with Sandbox("--issue-after", 1) as sandbox:
        subscriber = Subscriber(sandbox, PHONE)
        client = Client(sandbox)
        client.sign_in(PHONE)
        renewal = Renewal(client, subscriber)
        renewal.go("issuing")
        with open(sandbox.ca) as file:
            authority = file.read()
        sandbox.restart("--issue-after", 1)
        with open(sandbox.ca) as file:
            same(file.read(), authority)
        renewal.client = Client(sandbox, client.sid)
        harness.wait_until(lambda: renewal.read()["status"] == "issued")
        renewal.step("reportInstalled", {})


@case
def it_ends_at_once_and_cleanly():
    for number in ("TERM", "INT"):
        with Sandbox("--fault", "requestCode=slow:30") as sandbox:
            client = Client(sandbox)
            with concurrent.futures.ThreadPoolExecutor() as pool:
                pending = pool.submit(client.call, "requestCode",
                                      {"phone": PHONE})
                time.sleep(0.3)
                begun = time.monotonic()
                subprocess.run(["kill", "-" + number,
                                str(sandbox.process.pid)], check=True)
                same(sandbox.process.wait(10), 0)
                true(time.monotonic() - begun < 5)
                pending.exception()


@case
def nothing_of_it_is_for_others():
    with Sandbox() as sandbox:
        sandbox.issue(PHONE, "file:" + folder())
        Client(sandbox).sign_in(PHONE)
        for place, _, names in os.walk(sandbox.dir):
            for name in names:
                mode = os.stat(os.path.join(place, name)).st_mode & 0o777
                same(mode & 0o077, 0, name)
        same(os.stat(sandbox.log).st_mode & 0o777, 0o600)


@case
def the_log_has_no_session():
    with Sandbox() as sandbox:
        sandbox.issue(PHONE, "file:" + folder())
        client = Client(sandbox)
        client.sign_in(PHONE)
        client.good("listCertificates")
        exchange = contract.read(sandbox.log)[-1]
        same(exchange["operation"], "listCertificates")
        true(client.sid not in json.dumps(exchange))


@case
def the_database_is_sound():
    with Sandbox() as sandbox:
        subscriber = Subscriber(sandbox, PHONE)
        client = Client(sandbox)
        client.sign_in(PHONE)
        Renewal(client, subscriber).go("installed")
        db = sqlite3.connect(os.path.join(sandbox.dir, "sandbox.db"))
        for check in ("integrity_check", "foreign_key_check"):
            rows = db.execute("PRAGMA " + check).fetchall()
            true(rows in ([], [("ok",)]), rows)
        db.close()


# --- TLS --------------------------------------------------------------------


def handshake(sandbox, name, version=None):
    context = ssl.create_default_context(cafile=sandbox.ca)
    if version:
        context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", sandbox.port), 10) as plain:
        with context.wrap_socket(plain, server_hostname=name) as secure:
            return secure.version()


@case
def tls_is_of_two_names_and_two_versions():
    with Sandbox() as sandbox:
        same(handshake(sandbox, "127.0.0.1"), "TLSv1.3")
        same(handshake(sandbox, "localhost", ssl.TLSVersion.TLSv1_2),
             "TLSv1.2")
        for name in ("elsewhere.invalid", "127.0.0.2"):
            try:
                handshake(sandbox, name)
            except ssl.SSLCertVerificationError:
                continue
            raise AssertionError("good for " + name)
        # From this machine alone.
        with socket.socket() as other:
            other.settimeout(2)
            addresses = [line.split()[3].split("/")[0] for line in ok(
                "ip", "-o", "-4", "addr").stdout.splitlines()] \
                if os.path.exists("/sbin/ip") else []
            for address in addresses:
                if not address.startswith("127."):
                    true(other.connect_ex((address, sandbox.port)) != 0)


@case
def bad_server_certificates():
    for word, why in (("untrusted", "unable to get|self-signed|verify"),
                      ("expired", "expired"), ("other-name", "mismatch")):
        with Sandbox("--tls", word) as sandbox:
            try:
                handshake(sandbox, "localhost")
            except ssl.SSLCertVerificationError as error:
                harness.note("%s: %s" % (word, error))
                true(any(one in str(error) for one in why.split("|")), error)
                continue
            raise AssertionError(word + " was believed")


# --- requests that are none of the contract ---------------------------------

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
        same(os.path.exists(os.path.join(sandbox.dir, "sms")), False)


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
        for data in ("x", [], 7, None, {"title": ""}, {"title": 7},
                     {"title": "a\nb"}, {"title": "\u001b[31m"},
                     {"title": "x" * 513}, {"nothing": "x"},
                     {"title": {"a": "b"}}, {"title": "\u007f"}):
            same(client.refused(400, "badRequest", "changeData",
                                {"data": data}, id=form["id"],
                                etag=form["etag"])["target"], "data")
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
def what_is_no_http():
    with Sandbox() as sandbox:
        for data in (b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 1000,
                     os.urandom(1000)):
            with socket.create_connection(("127.0.0.1", sandbox.port),
                                          10) as plain:
                plain.sendall(data)
                plain.shutdown(socket.SHUT_WR)
                try:
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
    with Sandbox("--fault", "requestCode=slow:1") as sandbox:
        def ask(_):
            client = Client(sandbox)
            answer = client.call("requestCode", {"phone": PHONE})
            client.close()
            return answer

        with concurrent.futures.ThreadPoolExecutor(26) as pool:
            answers = list(pool.map(ask, range(26)))
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
def latency_is_before_each_answer():
    with Sandbox("--latency", 300) as sandbox:
        client = Client(sandbox)
        client.good("requestCode", {"phone": PHONE})
        begun = time.monotonic()
        client.good("requestCode", {"phone": PHONE})
        true(0.3 <= time.monotonic() - begun < 3)


harness.main()
