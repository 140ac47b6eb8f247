#!/usr/bin/python3
"""What a renewal remembers and what the configuration says. TAP."""

import contextlib
import os
import sqlite3

import contract
import harness
from centre import WORDS, Centre, ends, with_events
from harness import Sandbox, case, case_of_each, same, true, within
from subscriber import Subscriber, configure

STRANGER = "79009999999"
REMEMBERED = ("server", "server_ca", "roots", "phone")


def remembered(home, words=REMEMBERED):
    """Of every renewal in the journal."""
    journal = sqlite3.connect(os.path.join(
        home, ".local/state/kep/journal.db"), timeout=30)
    try:
        return journal.execute("SELECT %s FROM renewal ORDER BY id" %
                               ", ".join(words)).fetchall()
    finally:
        journal.close()


def elsewhere(sandbox):
    """The settings of somebody who goes to another server."""
    return {"server": sandbox.url, "serverCa": sandbox.ca,
            "roots": sandbox.ca, "phone": STRANGER}


def silent(sandbox):
    same(contract.read(sandbox.log), [])


@contextlib.contextmanager
def waiting(issue_after):
    """Somebody whose renewal waits at one server, where it was begun, while
    the configuration names another; and what is remembered of it."""
    with Sandbox("--issue-after", issue_after) as one, Sandbox() as other:
        person = Subscriber(one)
        done = person.renew("--wait", "0")
        same(done.word, "waiting", done)
        true("stays at" not in done.stderr, done)
        # Its roots are none: that of the old certificate's issuer counts.
        kept = [(one.url, one.ca, None, person.phone)]
        same(remembered(person.home), kept)
        configure(person.home, **elsewhere(other))
        person.renewal = done.json["renewal"]
        yield person, other, kept


@case_of_each([
    ("gone_on_with", "9", "waiting", lambda person: (
        "resume", "--wait", "0")),
    ("begun_again", "9", "waiting", lambda person: (
        "renew", person.old, "--to", "file:" + person.new, "--code-command",
        person.code_command(), "--accept-data", "--wait", "0")),
    ("finished", "1", "renewed", lambda person: ("resume",)),
    ("cancelled", "9", "withdrawn", lambda person: (
        "cancel", person.renewal)),
])
def a_renewal_with_an_application_stays_where_it_is(
        _name, issue_after, word, words):
    with waiting(issue_after) as (person, other, kept):
        done = person.kep(*words(person), "--json")
        same(done.json.get("renewals", [done.json])[0]["outcome"], word, done)
        within("stays at " + person.sandbox.url,
               " ".join(done.stderr.split()), done)
        same(remembered(person.home), kept)
        silent(other)


@case
def an_option_takes_it_elsewhere():
    """Also where the configuration says the same."""
    with waiting("2") as (person, other, _):
        done = person.kep("resume", "--json", "--server", other.url,
                          "--server-ca", other.ca, "--roots",
                          person.sandbox.ca, "--phone", STRANGER,
                          "--code-command", "false")
        same(done.word, "codeCommand", done)
        true("stays at" not in done.stderr, done)
        same(remembered(person.home),
             [(other.url, other.ca, person.sandbox.ca, STRANGER)])
        true(contract.read(other.log), done)


@case_of_each([
    ("address", "--server", "http://127.0.0.1"),
    ("root", "--server-ca", "typo.pem"),
])
def a_mistyped_server_is_not_remembered(_name, *words):
    """Nor does anybody have to sign in again for it."""
    with waiting("2") as (person, other, kept):
        for command in ("resume",), ("renew", person.old, "--code-command",
                                     person.code_command()):
            done = person.kep(*command, *words, "--json", "--wait", "0")
            same(done.word, "configuration", done)
            within(words[1], done.stderr, done)
            same(remembered(person.home), kept)
        done = person.kep("resume", "--json", "--no-backup")
        same(done.word, "renewed", done)
        silent(other)


@case
def before_an_application_a_corrected_configuration_counts():
    with Sandbox() as one, Sandbox() as other:
        person = Subscriber(one)
        wrong = {"server": other.url, "serverCa": one.ca, "phone": STRANGER,
                 "codeCommand": person.code_command()}
        configure(person.home, **wrong)
        done = person.kep("renew", person.old, "--to", "file:" + person.new,
                          "--backup", "file:" + person.backup, "--json",
                          "--accept-data")
        same(done.word, "serverUntrusted", done)
        same(remembered(person.home), [(other.url, one.ca, None, STRANGER)])
        configure(person.home, **{**wrong, "server": one.url,
                                  "phone": person.phone})
        done = person.kep("resume", "--accept-data", "--json")
        same(done.word, "renewed", done)
        same(remembered(person.home), [(one.url, one.ca, None, person.phone)])


@case
def the_rows_of_a_batch_stay_where_they_are():
    with Sandbox("--issue-after", "3") as one, Sandbox() as other:
        centre = Centre(one).clients(2)
        done = centre.run(centre.plan(), "--wait", "0")
        same(set(ends(done).values()), {"waiting"}, done)
        kept = remembered(centre.path("home"))
        same(sorted(row[3] for row in kept),
             ["79110000000", "79110000001"])
        configure(centre.path("home"), **elsewhere(other))
        # The plan does not say the telephones: the configuration would.
        plan = centre.plan([word for word in WORDS if word != "phone"])
        for word, *words in (
                ("waiting", "batch", plan, "--accept-data", "--wait", "0"),
                ("waiting", "resume", "--jobs", "2", "--wait", "0"),
                ("renewed", "batch", plan, "--accept-data")):
            done = with_events(harness.run(
                "kep", *words, "--codes", os.path.join(one.dir, "sms"),
                "--json", cwd=centre.base, env=centre.env()))
            same(list(ends(done).values()), [word] * 2, done)
            same(remembered(centre.path("home")), kept)
        silent(other)


@case
def the_telephone_that_a_plan_says_counts():
    with Sandbox("--issue-after", "4") as sandbox:
        centre = Centre(sandbox)
        centre.client(0)
        centre.run(centre.plan(), "--wait", "0")
        # The configuration says the same; the plan says it on purpose.
        configure(centre.path("home"), phone=STRANGER)
        centre.rows[0]["phone"] = STRANGER
        centre.run(centre.plan(), "--wait", "0")
        same(remembered(centre.path("home"), ("phone",)), [(STRANGER,)])


harness.main(jobs=4)
