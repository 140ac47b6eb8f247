#!/usr/bin/python3
"""The support desk: an express renewal with the fewest questions, up to where
the centre decides, and a batch whose codes a person types. TAP."""

import os
import re
import shutil
import sqlite3

import harness
import talk
from harness import Sandbox, case, case_of_each, same, true, within
from subscriber import Subscriber, configure, kep, let_time_pass, write

CODE = re.compile(r"ending in (\d{4}).*minutes left\):")


def whose_code(at):
    """Of the next question for a code: the end of the telephone's number."""
    def asked():
        at.listen(0.1)
        return CODE.search(at.flat())
    found = harness.wait_until(asked, what="a question")
    at.seen = len(at.shown)
    return found[1]


def settings(person):
    """What a desk has in its configuration."""
    configure(person.home, server=person.sandbox.url,
              serverCa=person.sandbox.ca)


def journal(person):
    """All its rows, as they are."""
    found = sqlite3.connect("file:%s?mode=ro" % person.state("journal.db"),
                            uri=True)
    rows = found.execute("SELECT * FROM renewal ORDER BY id").fetchall()
    found.close()
    return rows


@case
def five_answers_and_it_waits_for_the_issue():
    with Sandbox("--issue-after", "1000") as sandbox:
        person = Subscriber(sandbox)
        settings(person)
        with talk.Talk("kep", "renew", person.old, "--express", "--phone",
                       person.phone, env=person.env(TERM="xterm")) as at:
            at.expect("minutes left):")
            at.type(sandbox.code(person.phone) + "\r")
            at.expect("Are all the data right?")
            at.type("y\r")
            for _ in range(2):
                at.expect("Do you agree?")
                at.type("y\r")
            at.expect("minutes left):")
            within("no password, as the old one has none",
                   " ".join(at.shown.split()))
            at.type(sandbox.code(person.phone, after=1) + "\r")
            at.expect("has not answered yet")
            same(at.end(), 3, at.shown)
        # The new key lies where the old one does.
        same(len(person.containers(person.old_folder)), 2)
        sandbox.restart("--issue-after", "0")
        let_time_pass(person.home)
        done = person.resume("--no-backup")
        same(done.word, "renewed", done)


@case
def what_was_named_in_one_folder_is_found_from_another():
    """A timer starts kep resume in a folder of its own."""
    with Sandbox("--issue-after", "1") as sandbox:
        person = Subscriber(sandbox)
        there = {"ca.pem": sandbox.ca,
                 "roots.pem": os.path.join(sandbox.dir, "ca", "root.pem")}
        for name, what in there.items():
            shutil.copy(what, os.path.join(person.base, name))
        write(person.base + "/none", "")
        write(person.base + "/put.sh", "#!/bin/sh\n:>\"$1\"\n", 0o700)
        done = person.kep(
            "renew", person.old, "--express", "--phone", person.phone,
            "--code-command", person.code_command(), "--accept-data",
            "--server", sandbox.url, "--server-ca", "ca.pem", "--roots",
            "roots.pem", "--pin-file", "none", "--backup",
            os.path.basename(person.backup), "--deploy-command",
            "./put.sh '%s/put'" % person.base, "--json")
        same(done.word, "waiting", done)
        let_time_pass(person.home)
        done = kep("resume", "--json", env=person.env(), cwd="/")
        same(done.json["outcome"], "renewed", done)
        within(person.backup, done.json["renewals"][0]["backup"]["container"])
        true(os.path.exists(person.base + "/put"), done)


@case
def all_that_is_missing_is_told_at_once():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        for more, missing in (
                ((), "--server, --phone, --to, --code-command or --codes."),
                (("--express", "--server", sandbox.url, "--codes", "/tmp"),
                 "--phone.")):
            done = person.kep("renew", person.old, *more, "--json")
            same((done.returncode, done.word), (2, "answerNeeded"), done)
            within(": " + missing, done.json["message"])


# rule_95, rule_97
@case
def nothing_is_corrected_and_nothing_passed_over():
    """Corrections lead to another mode, or nothing is begun."""
    with Sandbox("--review-after", "0", client=True) as sandbox:
        person = Subscriber(sandbox)
        changes = write(person.base + "/changes", '{"title":"Кассир"}')
        done = person.renew("--express", "--changes", changes)
        same((done.returncode, done.word), (2, "usage"), done)
        same(sandbox.messages(person.phone), [])
        done = person.renew("--changes", changes)
        person.check_renewed(done)
        shown = person.kep("show", done.json["new"]["container"], "--json")
        same(shown.json["keys"][0]["certificate"]["subject"]["title"],
             "Кассир", shown)
        # One that is open already, and was stopped before the data.
        person = Subscriber(sandbox)
        with talk.Talk("kep", "renew", person.old, *person.server()[:-1],
                       "--express", env=person.env(TERM="xterm")) as at:
            at.expect("Are all the data right?")
            at.type("cancel\r")
            at.end()
        done = person.resume("--changes", changes)
        same((done.returncode, done.word), (2, "usage"), done)
        within("kep cancel", done.json["message"], done)
        same(person.resume("--wait", "0").word, "waiting")


@case
def corrections_that_come_too_late():
    """They are refused before anything is done, and the next run goes on."""
    with Sandbox("--issue-after", "0", client=True) as sandbox:
        people = [Subscriber(sandbox) for _ in range(2)]
        for one in people:
            sandbox.set(one.thumbprint, "normal")
        person, other = people
        other.home = person.home
        changes = write(person.base + "/changes", '{"title":"Кассир"}')
        begun = person.renew("--changes", changes, "--wait", "0")
        same(begun.word, "waiting", begun)
        before = journal(person), sandbox.messages(person.phone)
        write(changes, '{"title":"Бухгалтер"}')
        for words in ((), (begun.json["renewal"],)):
            done = person.resume(*words, "--changes", changes)
            same((done.returncode, done.word), (2, "usage"), done)
            for word in ("handed over already", "nothing has been done",
                         "kep cancel"):
                within(word, done.json["message"], done)
        same((journal(person), sandbox.messages(person.phone)), before)
        # Who repeats the command that began is told.
        done = person.renew("--changes", changes, "--wait", "0")
        same(done.word, "waiting", done)
        within("--changes has not been looked at",
               re.sub(r"\s+", " ", done.stderr), done)
        # With several nobody knows whose they are.
        same(other.renew("--wait", "0").word, "waiting")
        before = journal(person)
        for words in (("--changes", changes), ("--scan", changes)):
            done = person.kep("resume", *person.server(), "--json", *words)
            same((done.returncode, done.word, done.json["renewals"]),
                 (2, "usage", []), done)
            within("for one renewal", done.json["message"], done)
        same(journal(person), before)
        sandbox.set(begun.json["form"], "approved")
        done = person.resume(begun.json["renewal"], "--no-backup")
        same(done.word, "renewed", done)
        shown = person.kep("show", done.json["new"]["container"], "--json")
        same(shown.json["keys"][0]["certificate"]["subject"]["title"],
             "Кассир", shown)


@case
def what_the_old_one_has_is_asked_for():
    with Sandbox("--issue-after", "0") as sandbox:
        base = harness.folder("password")
        person = Subscriber(sandbox, "--password-file",
                            write(base + "/old", "Old-pass 1\n"))
        settings(person)
        with talk.Talk("kep", "renew", person.old, "--express", "--phone",
                       person.phone, "--old-pin-file", base + "/old",
                       "--accept-data", "--no-backup", "--code-command",
                       person.code_command(), "--wait", "600",
                       env=person.env(TERM="xterm")) as at:
            at.expect("Password of the new container")
            at.type("New-pass 1\r")
            at.expect("once more")
            at.type("New-pass 1\r")
            at.expect("ready for use")
            same(at.end(), 0, at.shown)


@case
def what_the_old_one_lacks_is_not_asked_for_later():
    """Not either where an earlier run has signed with it."""
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        settings(person)
        words = ("kep", "renew", person.old, "--express", "--phone",
                 person.phone, "--code-command", person.code_command())
        with talk.Talk(*words, env=person.env(TERM="xterm")) as at:
            at.expect("Are all the data right?")
            at.type("y\r")
            at.expect("Do you agree?")
            at.type("y\r")
            at.expect("Do you agree?")
            at.type("cancel\r")
            same(at.end(), 5, at.shown)
        with talk.Talk(*words, env=person.env(TERM="xterm")) as at:
            at.expect("Do you agree?")
            at.type("y\r")
            at.expect("no password, as the old one has none")
            same(at.end(), 3, at.shown)


@case
def three_wrong_passwords_are_told_once_each():
    with Sandbox() as sandbox:
        base = harness.folder("password")
        person = Subscriber(sandbox, "--password-file",
                            write(base + "/old", "Old-pass 1\n"))
        settings(person)
        with talk.Talk("kep", "renew", person.old, "--express", "--phone",
                       person.phone, "--accept-data", "--code-command",
                       person.code_command(),
                       env=person.env(TERM="xterm")) as at:
            same(talk.answer(at, [("Password of the old container",
                                   ["one\r", "two\r", "three\r"])]), 5,
                 at.shown)
            same(talk.on_one_line(at.shown).count("does not open the "
                                                  "container"), 3, at.shown)


@case
def who_stops_at_one_of_several_has_stopped():
    """And knows whose telephone is asked for before anybody signed in."""
    with Sandbox() as sandbox:
        people = [Subscriber(sandbox) for _ in range(3)]
        settings(people[0])
        for one in people:
            with talk.Talk("kep", "renew", one.old, "--express",
                           env=people[0].env(TERM="xterm")) as at:
                at.expect("Your telephone")
                at.type(one.phone + "\r")
                at.expect("minutes left):")
                at.type("cancel\r")
                at.end()
        with talk.Talk("kep", "resume", env=people[0].env(TERM="xterm")) as at:
            at.expect("Your telephone")
            at.type(talk.CTRL_C)
            at.end()
        true(any(":" + one.old in "".join(at.shown.split())
                 for one in people), at.shown)
        same((at.shown.count("Renewal "), at.shown.count("Interrupted.")),
             (1, 1), at.shown)


@case
def one_that_is_over_is_not_led_to_paper():
    """For which nobody asked: kep renew alone does."""
    with Sandbox() as sandbox:
        person = Subscriber(sandbox, "--days", "-1")
        settings(person)
        with talk.Talk("kep", "renew", person.old, "--express", "--phone",
                       person.phone, env=person.env(TERM="xterm")) as at:
            same(at.end(), 5, at.shown)
            shown = talk.on_one_line(at.shown)
        within("The certificate has expired", shown)
        true("paper?" not in shown, shown)


@case
def where_to_look_for_what_is_due():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        settings(person)
        for words, told in (
                ((), "look what is due in its folder: kep status FOLDER."),
                ((person.old_folder,), "kep list FOLDER those in a folder.")):
            with talk.Talk("kep", "renew", "--express", *words,
                           env=person.env(TERM="xterm")) as at:
                at.end()
            within(told, talk.on_one_line(at.shown), at.shown)


@case_of_each([
    ("express", "If something is wrong, answer no"),
    ("normal", "These can be corrected here"),
])
def nobody_is_told_to_answer_where_nobody_can(mode, sentence):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--" + mode, "--code-command", "false")
        same(done.word, "codeCommand", done)
        done = person.kep("resume", done.json["renewal"], "--json",
                          "--code-command", person.code_command())
        same(done.word, "acceptanceNeeded", done)
        said = " ".join(done.stderr.split())
        within("These data will be in the new certificate", said)
        true(sentence not in said, done)


@case
def a_person_types_the_codes_of_a_batch():
    with Sandbox() as sandbox:
        people = [Subscriber(sandbox) for _ in range(3)]
        settings(people[0])
        plan = write(people[0].base + "/plan.csv",
                     "container,to,phone,label\n" + "".join(
                         "%s,%s,%s,Contract %s\n" % (
                             one.old, one.new, one.phone, one.phone[-4:])
                         for one in people))
        told = {}
        with talk.Talk("kep", "batch", plan, "--accept-data",
                       env=people[0].env(TERM="xterm")) as at:
            for _ in range(2 * len(people)):
                tail = whose_code(at)
                phone = next(one.phone for one in people
                             if one.phone.endswith(tail))
                at.type(sandbox.code(phone, after=told.get(phone, 0)) + "\r")
                told[phone] = len(sandbox.messages(phone))
            same(at.end(), 0, at.shown)
        for one in people:
            same(len(one.containers()), 1)
        within("ready for use", at.shown)
        true("Contract" in at.shown, at.shown)


harness.main(jobs=3)
