#!/usr/bin/python3
"""kep cancel: an application is withdrawn, by its number or by a person."""

import contextlib
import glob
import os
import re
import sqlite3

import harness
from harness import Sandbox, case, case_of_each, folder, same, within
from subscriber import Subscriber, let_time_pass
from talk import ENTER, Talk


def waiting(sandbox):
    """A person whose application waits for an operator: and its number."""
    person = Subscriber(sandbox)
    sandbox.set(person.thumbprint, "normal")
    done = person.renew("--wait", "0")
    same(done.word, "waiting", done)
    return person, done.json["renewal"]


def server(person):
    return [word for word in person.server() if word != "--accept-data"]


def cancel(person, *words):
    return person.kep("cancel", *server(person), "--json", *words)


@case
def one_is_withdrawn_and_another_may_follow():
    with Sandbox() as sandbox:
        person, number = waiting(sandbox)
        before = person.containers(person.new)
        done = cancel(person, number[:8])
        same((done.returncode, done.word, done.json["renewal"]),
             (0, "withdrawn", number), done)
        same(person.containers(person.new), before)
        person.check_old()
        same(cancel(person, number).word, "nothingOpen")
        said = person.kep("status", person.old_folder, "--json")
        same(said.json["certificates"][0]["renewal"]["state"], "due", said)
        sandbox.set(person.thumbprint, "express")
        person.check_renewed(person.renew())


@case_of_each([("empty", ""), ("short", "abc"), ("unknown", "0" * 32),
               ("long", "0" * 4000), ("quotes", "' or 1=1 --"),
               ("escape", "\x1b[2Jabcd"), ("marks", "\u202eabcd"),
               ("percent", "%s%n%s%n"), ("path", "../../journal.db")])
def a_number_that_is_none(_, word):
    with Sandbox() as sandbox:
        person, _ = waiting(sandbox)
        done = cancel(person, word)
        same((done.returncode, done.word), (2, "renewalUnknown"), done)


@case
def who_signs_in_anew_takes_the_code_from_where_a_gateway_puts_it():
    with Sandbox("--resend-after", "0") as sandbox:
        person, number = waiting(sandbox)
        os.remove(glob.glob(person.state("session-*"))[0])
        words = server(person)
        words = words[:words.index("--code-command")]
        done = person.kep("cancel", number, *words, "--json")
        same(done.word, "answerNeeded", done)
        within("--code-command or --codes", done.json["message"])
        done = person.kep("cancel", number, *words, "--json", "--codes",
                          os.path.join(sandbox.dir, "sms"))
        same((done.returncode, done.word), (0, "withdrawn"), done)


@case
def without_a_number_a_person_is_asked():
    with Sandbox() as sandbox:
        person, number = waiting(sandbox)
        done = cancel(person)
        same((done.returncode, done.word), (2, "usage"), done)
        within("kep cancel RENEWAL", done.json["message"])  # nobody to ask
        for typed, status, word in (("n", 5, "begun"), ("y", 0, "due")):
            with Talk("kep", "cancel", *server(person),
                      env=person.env(TERM="xterm", LANG="C.UTF-8")) as at:
                at.expect("Withdraw this application?")
                at.type(typed + ENTER)
                same(at.end(), status, at.shown)
                within(number[:8], at.shown)
            said = person.kep("status", person.old_folder, "--json")
            same(said.json["certificates"][0]["renewal"]["state"], word, said)


@case
def whoever_goes_back_withdraws_another():
    with Sandbox() as sandbox:
        person, first = waiting(sandbox)
        other, thumbprint = sandbox.issue(person.phone, "file:" + folder())
        sandbox.set(thumbprint, "normal")
        done = person.renew("--wait", "0", container=other)
        same(done.word, "waiting", done)
        second = done.json["renewal"]
        with Talk("kep", "cancel", *server(person),
                  env=person.env(TERM="xterm", LANG="C.UTF-8")) as at:
            at.expect("Which application is to be withdrawn?")
            lines = re.findall(r"^ *(\d) +(\w{8}), begun", at.shown, re.M)
            shown = " ".join(at.shown.split())
            for where in (person.old, other):
                told = person.kep("status", where, "--json").json
                names = told["certificates"][0]["subject"]
                within(": %s %s" % (names["surname"], names["givenName"]),
                       shown)
            numbers = {name: number for number, name in lines}
            at.type(numbers[first[:8]] + ENTER)
            for question, typed in (
                    ("Withdraw this application?", "back"),
                    ("withdrawn? [%s]" % numbers[first[:8]],
                     numbers[second[:8]]), ("Withdraw this", "y")):
                at.expect(question)
                at.type(typed + ENTER)
            same(at.end(), 0, at.shown)
        states = [person.kep("status", where, "--json").json["certificates"][0]
                  ["renewal"]["state"] for where in (person.old, other)]
        same(states, ["begun", "due"])


@case
def what_the_centre_knows_no_more_is_ended():
    """Else it would be asked about for ever, and none could follow."""
    with Sandbox() as sandbox:
        person, number = waiting(sandbox)
        database = sqlite3.connect(sandbox.dir + "/sandbox.db", timeout=30)
        with contextlib.closing(database), database:
            database.execute("DELETE FROM forms")
        let_time_pass(person.home)
        same(person.resume().word, "serverRefused")
        done = cancel(person, number)
        same((done.returncode, done.word), (0, "withdrawn"), done)
        within("knows no such application", done.stderr)
        sandbox.set(person.thumbprint, "express")
        person.check_renewed(person.renew())


@case
def there_may_be_nothing_to_withdraw():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        same(cancel(person).word, "nothingOpen")
        person.check_renewed(person.renew())
        done = cancel(person)
        same((done.returncode, done.word), (0, "nothingOpen"), done)


harness.main(jobs=4)
