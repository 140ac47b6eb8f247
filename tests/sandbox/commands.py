#!/usr/bin/python3
"""kep-sandbox: its commands, TLS, and what it makes of bad requests."""

import concurrent.futures
import json
import os
import socket
import sqlite3
import ssl
import signal
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
        version = ok("kep-sandbox", *words, "--version").stdout
        true(version.startswith("kep-sandbox "), version)
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
    none = os.path.join(place, "none")
    done = run("kep-sandbox", "set", "--dir", none, "--form", "0" * 32, "paid")
    same((done.returncode, os.path.exists(none)), (1, False), done)
    within("there is no sandbox", done.stderr)
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
                sandbox.process.send_signal(
                    getattr(signal, "SIG" + number))
                same(sandbox.process.wait(harness.TIMEOUT), 0)
                true(time.monotonic() - begun < 25)
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


harness.main()
