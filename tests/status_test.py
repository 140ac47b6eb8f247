#!/usr/bin/python3
"""kep status --due: what is listed and what is not. TAP."""

import json
import os
import re
import sqlite3

import harness
from harness import Sandbox, case, folder, run, same, true, within
from subscriber import Subscriber, let_time_pass

PHONE = "79120000011"


def status(*options, check=0):
    done = run("kep", "status", *options)
    same(done.returncode, check, done)
    return done


def listed(place, *options):
    return json.loads(status("--json", *options, place).stdout)["certificates"]


def thumbprints(certificates):
    return sorted(one["thumbprint"] for one in certificates)


@case
def only_what_is_due_is_listed():
    place = folder()
    with Sandbox() as sandbox:
        for days in (10, 59, 60, 62, 300):
            sandbox.issue(PHONE, "file:" + place, "--days", str(days))
        every = listed(place)
        same(len(every), 5)
        due = listed(place, "--due")
        # By thumbprint: another day may have begun between the two.
        same(thumbprints(due), thumbprints(one for one in every
                                           if one["daysLeft"] <= 60))
        true(all(one["renewal"]["available"] for one in due), due)
        same(len(listed(place, "--due", "--window", "10")), 1)
        within("No certificate has to be renewed now",
               status("--due", "--window", "0", place).stderr)
        text = re.sub(r"\s+", " ", status("--due", place).stdout)
        same(text.count("due. Run: kep renew"), len(due), text)


@case
def what_cannot_be_read_is_told_with_due_too():
    place = folder()
    with open(os.path.join(place, "a.cer"), "w", encoding="ascii") as file:
        file.write("no certificate")
    found = json.loads(status("--due", "--json", place).stdout)
    same(found["certificates"], [])
    same([one["outcome"] for one in found["problems"]], ["certificateBad"])
    within("a.cer", status("--due", place).stdout)


RUSSIAN = {"LANG": "ru_RU.UTF-8"}


@case
def why_it_stopped_is_said_in_the_language_of_who_looks():
    """A timer knows no language; who reads what came of it does."""
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--normal", "--wait", "0")
        same(done.word, "waiting", done)
        def told(**env):
            said = person.kep("status", person.old, env=env).stdout
            return re.sub(r"\s+", " ", said)
        within("The certification centre has not answered yet", told())
        within("Ответа удостоверяющего центра ещё нет", told(**RUSSIAN))
        sandbox.set(done.json["form"], "rejected")
        let_time_pass(person.home)
        done = person.resume()
        same(done.word, "rejected", done)
        for env, sentence in (({}, "The certification centre rejected"),
                              (RUSSIAN, "Удостоверяющий центр отклонил")):
            within(sentence, told(**env))
            one, = person.kep("status", person.old, "--json",
                              env=env).json["certificates"]
            message = one["renewal"]["failed"]["message"]
            true(message.startswith(sentence), message)
            # The centre's own words are as they are.
            within(done.json["message"].split('"')[1], message)
        # As an earlier kep has left it.
        journal = sqlite3.connect(person.state("journal.db"))
        journal.execute("UPDATE renewal SET reason = NULL, message ="
                        " 'It was\x1b[31m rejected.'")
        journal.commit()
        journal.close()
        within("It was", told(**RUSSIAN))
        for reason in ("", "{", "[]", '{"detail":1}', '{"detail":"\\u0000"}'):
            journal = sqlite3.connect(person.state("journal.db"))
            journal.execute("UPDATE renewal SET reason = ?", (reason,))
            journal.commit()
            journal.close()
            within("The certification centre rejected", told())


# rule_74, rule_76, rule_77
@case
def what_was_asked_for_and_what_came_has_the_words_that_people_know():
    with Sandbox("--issue-after", "1000") as sandbox:
        person = Subscriber(sandbox)

        def told():
            said = person.kep("status", person.old, env=RUSSIAN).stdout
            return re.sub(r"\s+", " ", said)
        same(person.renew("--wait", "0").word, "waiting")
        within("Отправлен запрос на обновление", told())
        true("трёх рабочих дней" not in told(), told())
        journal = sqlite3.connect(person.state("journal.db"))
        journal.execute("UPDATE renewal SET waiting_since = waiting_since -"
                        " 40 * 86400")
        journal.commit()
        journal.close()
        within("трёх рабочих дней", told())
        sandbox.restart("--issue-after", "0", "--fault",
                        "readCertificate=drop*99")
        let_time_pass(person.home)
        true(person.resume().word != "renewed")
        within("Получен новый сертификат", told())
        sandbox.restart("--issue-after", "0")
        done = person.resume(env=RUSSIAN)
        same(done.word, "renewed", done)
        within("установлен и готов к использованию", done.stderr, done)


@case
def a_key_that_waits_for_its_certificate_is_told_from_one_of_no_use():
    with Sandbox("--issue-after", "60") as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--wait", "0")
        same(done.word, "waiting", done)
        new = done.json["new"]["container"]
        problem, = person.kep("status", new, "--json").json["problems"]
        same((problem["where"], problem["outcome"]), (new, "noCertificate"))
        within("Do not delete it", problem["message"])
        within(done.json["renewal"][:8], problem["message"])
        gone = person.kep("cancel", "--json", done.json["renewal"])
        same(gone.word, "withdrawn", gone)
        problem, = person.kep("status", new, "--json").json["problems"]
        same(problem["message"], "There is no certificate in the container.")


@case
def how_long_before_is_in_good_russian():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        for window, days in (("1", "1 день"), ("3", "3 дня"), ("5", "5 дней"),
                             ("21", "21 день")):
            done = person.kep("renew", person.old, "--window", window,
                              "--server", sandbox.url, env=RUSSIAN)
            within("предлагается за %s до этого" % days,
                   " ".join(done.stderr.split()), done)


@case
def an_empty_place_is_told_as_such():
    within("No containers and no certificates were found",
           status("--due", folder()).stderr)


# rule_90
@case
def what_is_over_is_listed_for_old_documents():
    place = folder()
    with Sandbox() as sandbox:
        sandbox.issue(PHONE, "file:" + place, "--days", "30")
    for later, told in (("+0d", False), ("+40d", True)):
        done = run("faketime", "-f", later, harness.program("kep"), "list",
                   place)
        same(done.returncode, 0, done)
        said = re.sub(r"\s+", " ", done.stdout)
        same("For reading old documents" in said, told, done)


harness.main()
