#!/usr/bin/python3
"""Codes that are wrong, late or missing, and servers that say no: each has
its outcome, and where it is not the end the renewal goes on from it."""

import glob
import json
import os
import re
import shlex
import signal

import contract
import harness
import subscriber
from harness import (Sandbox, case, case_of_each, run, same, skip, start, true,
                     wait_until, within)
from subscriber import Subscriber, tree, write


def requests(sandbox, operation):
    return [json.loads(one["requestBody"] or "{}") for one in contract.read(
        sandbox.log) if one["operation"] == operation]


# --- codes ------------------------------------------------------------------


def giving(person, script):
    """A code command: a shell's script, in which $code is the right one."""
    path = os.path.join(person.base, "give-code")
    write(path, "#!/bin/sh\nn=$(cat '%s/n' 2>/dev/null || echo 0)\n"
          "n=$((n + 1))\necho $n >'%s/n'\ncode=$(%s 2>/dev/null)\n%s\n" % (
              person.base, person.base, person.code_command(), script), 0o700)
    return ["--code-command", shlex.quote(path)]


WRONG = "printf '%06d\\n' $(( (1$code + n) % 1000000 ))"


@case
def a_wrong_code_is_asked_for_again():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        # Of each dialogue the first is wrong: 1 wrong, 2 right, 3 wrong, …
        done = person.renew(*giving(
            person, "[ $((n %% 2)) = 0 ] && echo $code || %s" % WRONG))
        person.check_renewed(done)
        within("4 attempts are left", done.stderr, done)
        same(len(sandbox.messages(person.phone)), 2)


@case_of_each(("sign-in", "confirm"))
def attempts_that_are_used_up_at(purpose):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        bad = giving(person, "[ $KEP_CODE_PURPOSE = %s ] && { %s; exit; }\n"
                     "echo $code" % (purpose, WRONG))
        done = person.renew(*bad)
        same((done.word, done.returncode), ("codeAttempts", 5), done)
        operation = "signIn" if purpose == "sign-in" else "confirmRequest"
        same(len(requests(sandbox, operation)), 5)
        sent = len(sandbox.messages(person.phone))
        done = person.resume()
        person.check_renewed(done)
        true(len(sandbox.messages(person.phone)) > sent)
        # It did not run out.
        same("The code before is no longer good." in done.stderr,
             purpose == "confirm", done)


@case
def the_same_wrong_code_is_not_sent_twice():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--code-command", "echo 000000")
        same(done.word, "codeInvalid", done)
        same(len(requests(sandbox, "signIn")), 1)
        person.check_renewed(person.resume())


@case_of_each(("sign-in", "confirm"))
def a_code_that_comes_too_late_at(purpose):
    with Sandbox("--code-life", "6") as sandbox:
        person = Subscriber(sandbox)
        late = giving(person, "[ $KEP_CODE_PURPOSE = %s ] && sleep 7\n"
                      "echo $code" % purpose)
        done = person.renew(*late)
        same((done.word, done.returncode), ("codeExpired", 5), done)
        # At the confirmation others were sent for the same key first.
        same(len(requests(sandbox, "sendRequest")),
             3 if purpose == "confirm" else 0)
        sandbox.restart("--latency", "0")
        person.check_renewed(person.resume())


@case_of_each((
    ("that_fails", "echo $code; exit 1", "ended with an error"),
    ("that_is_killed", "kill -9 $$", "ended with an error"),
    ("that_says_nothing", "", "printed nothing"),
    ("that_says_less", "echo 12345", "other than six digits"),
    ("that_says_more", "echo 1234567", "other than six digits"),
    ("that_says_two", "echo 123456 654321", "other than six digits"),
    ("that_says_letters", "echo 12345x", "other than six digits"),
    ("that_says_escapes", "printf '\\033[2J123456'", "other than six digits"),
    ("that_never_ends_its_words", "yes 123456", "other than six digits"),
))
def a_code_command(name, script, says):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew(*giving(person, script))
        same((done.word, done.returncode), ("codeCommand", 5), done)
        within(says, done.json["message"], done)
        same(requests(sandbox, "signIn"), [])
        person.check_renewed(person.resume())


@case_of_each((
    ("missing", "/nonexistent/code", "not found"),
    ("missing_in_the_path", "no-such-program-anywhere --now", "not found"),
    ("no_program", "/etc/passwd", "not found"),
    ("a_folder", "/tmp", "not found"),
    ("badly_quoted", "echo '123456", "quotation"),
))
def no_message_is_asked_for_with_a_command_that_is(_, command, says):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        for how in ["--dry-run"], []:
            done = person.renew("--code-command", command, *how)
            same((done.word, done.returncode), ("configuration", 2), done)
            within(says, done.json["message"], done)
        same(requests(sandbox, "requestCode"), [])
        person.check_renewed(person.renew())


@case
def a_command_that_is_no_shells():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--code-command", "echo 123456; true")
        same((done.word, done.returncode), ("codeCommand", 5), done)
        within("other than six digits", done.json["message"], done)
        person.check_renewed(person.resume())


@case
def a_command_that_hangs():
    """Two minutes are given; here it is stopped as a person would."""
    command = "sleep 1000.%d" % os.getpid()
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        kep = start("kep", "renew", person.old, "--to", person.new,
                    *person.server(), "--no-backup", "--json",
                    "--code-command", command, env=person.env())
        wait_until(lambda: run("pgrep", "-fx", command).stdout)
        kep.terminate()
        out, said = kep.communicate(timeout=60)
        same((kep.returncode, json.loads(out)["outcome"]),
             (-signal.SIGTERM, "interrupted"), said)
        same(run("pgrep", "-fx", command).stdout, "")
        done = person.resume()
        person.check_renewed(done, backup=False)


@case
def what_a_code_command_is_told():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew(*giving(
            person, "env | grep '^KEP_\\|SECRET\\|^HOME=' | sort >>'%s/told'\n"
            "echo $code" % person.base), env={"SECRET": "x"})
        person.check_renewed(done)
        with open(person.base + "/told") as file:
            told = file.read()
        tail = person.phone[-4:]
        same(told, "".join(line + "\n" for line in (
            "HOME=" + person.home,
            "KEP_CODE_PURPOSE=sign-in", "KEP_PHONE_TAIL=" + tail,
            "KEP_RENEWAL=" + done.json["renewal"],
            "HOME=" + person.home,
            "KEP_CODE_PURPOSE=confirm", "KEP_FORM=" + done.json["form"],
            "KEP_PHONE_TAIL=" + tail,
            "KEP_RENEWAL=" + done.json["renewal"])))


# --- telephones -------------------------------------------------------------


@case
def telephones():
    with Sandbox() as sandbox:
        person, other = Subscriber(sandbox), Subscriber(sandbox)
        # One that nobody has: the server does not say so.
        done = person.renew("--phone", "79009999999", "--code-command",
                            "echo 123456")
        same((done.word, done.returncode), ("codeInvalid", 5), done)
        same(sandbox.messages("79009999999"), [])
        # Somebody else's.
        done = person.resume("--phone", other.phone, "--code-command",
                             other.code_command())
        same((done.word, done.returncode), ("unknownCertificate", 5), done)
        same(person.containers(), [])
        # It was the end of that renewal, and another one begins.
        same(person.resume().word, "nothingOpen")
        for bad in ("12345", "790000000011", "+7 900 000-00-0x", "", "٧٩٠٠"):
            done = person.renew("--phone", bad)
            same(done.returncode, 2, done)
        phone = person.phone
        written = "+7 (%s) %s-%s-%s" % (phone[1:4], phone[4:7], phone[7:9],
                                        phone[9:])
        person.check_renewed(person.renew("--phone", written))


# --- what the server decides ------------------------------------------------


@case_of_each((
    ("revoked", "revoked"),
    ("subject-changed", "subjectChanged"),
    ("daughter-organisation", "daughterOrganisation"),
    ("form-exists", "formExistsAtServiceCentre"),
    ("other-centre", "otherCentre"),
    ("kind-changed", "kindChanged"),
    ("paper", "paperOnly"),
))
def not_available_because_of(state, word):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        sandbox.set(person.thumbprint, state)
        for _ in range(2):
            done = person.renew()
            same((done.word, done.returncode), (word, 5), done)
            same(requests(sandbox, "openForm"), [])
            same(person.containers(), [])
            same(person.resume().word, "nothingOpen")
        person.check_old()
        if state != "revoked":
            sandbox.set(person.thumbprint, "available")
            person.check_renewed(person.renew())


@case
def what_the_certificate_itself_says():
    with Sandbox() as sandbox:
        for options, word in ((["--days", "-1"], "expired"),
                              (["--key-days", "-1"], "keyPeriodOver")):
            person = Subscriber(sandbox, *options)
            before = tree(person.base)
            for more in ([], ["--force"], ["--dry-run"]):
                done = person.renew(*more)
                same((done.word, done.returncode), (word, 5), done)
            same(tree(person.base), before)
        person = Subscriber(sandbox, "--not-before-days", "1")
        before = tree(person.base)
        done = person.renew(env=faked("-3d"))
        same((done.word, done.returncode), ("notYetValid", 5), done)
        same(tree(person.base), before)
        same(contract.read(sandbox.log), [])


def faked(offset):
    """The environment in which it is another time."""
    said = run("faketime", "-f", "+1m", "sh", "-c", "echo $LD_PRELOAD").stdout
    if not said.strip():
        skip("there is no faketime")
    return {"LD_PRELOAD": said.strip(), "FAKETIME": offset,
            "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@case
def it_ends_while_the_renewal_waits():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox, "--days", "5")
        sandbox.set(person.thumbprint, "review")
        done = person.renew("--wait", "0")
        same(done.word, "waiting", done)
        sandbox.set(done.json["form"], "approved")
        sandbox.env = faked("+10d")
        sandbox.restart()
        # The old key can sign nothing more; no new key is made for nothing.
        done = person.resume(env=sandbox.env)
        same((done.word, done.returncode), ("expired", 5), done)
        same(person.containers(), [])


# Set before it begins, or while a person looks at the form (before), or when
# the request is on its way (after).
BEFORE = (
    ("unpaid", "paymentRequired", "paid"),
    ("rejected", "rejected", None),
    ("cancelled", "formCancelled", None),
    ("expired-form", "formExpired", None),
)
AFTER = (
    ("issue-failed", "issueFailed", None),
    ("cancelled", "formCancelled", None),
    ("expired-form", "formExpired", None),
)


@case_of_each(BEFORE)
def before_the_approval(state, word, remedy):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        sandbox.set(person.thumbprint, state)
        done = person.renew()
        refused(sandbox, person, done, word, remedy, keys=0)


@case_of_each(BEFORE)
def in_between(state, word, remedy):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        sandbox.set(person.thumbprint, "review")
        done = person.renew("--wait", "0")
        same((done.word, done.returncode), ("waiting", 3), done)
        if state == "unpaid":
            sandbox.set(done.json["form"], "approved")
        sandbox.set(done.json["form"], state)
        refused(sandbox, person, person.resume(), word, remedy, keys=0)


@case_of_each(AFTER)
def after_the_request(state, word, remedy):
    with Sandbox("--issue-after", "5") as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--wait", "0")
        same((done.word, done.returncode), ("waiting", 3), done)
        sandbox.set(done.json["form"], state)
        refused(sandbox, person, person.resume(), word, remedy, keys=1)


def refused(sandbox, person, done, word, remedy, keys):
    """The outcome, and what becomes of it."""
    same((done.word, done.returncode), (word, 5), done)
    same(len(person.containers()), keys)
    person.check_old()
    form = done.json["form"]
    if remedy is not None:
        # It stays open, and says so each time.
        same(person.resume().word, word)
        same(len(person.containers()), keys)
        sandbox.set(form, remedy)
        person.check_renewed(person.resume())
        return
    same(person.resume().word, "nothingOpen")
    # Another form, and another key: the one before is kept.
    kept = tree(person.new)
    sandbox.set(person.thumbprint, "available")
    sandbox.restart("--latency", "0")
    done = person.renew()
    same(done.word, "renewed", done)
    true(done.json["form"] != form)
    same(len(person.containers()), keys + 1)
    true(kept.items() <= tree(person.new).items())


@case
def every_outcome_has_the_status_that_is_documented():
    said = []
    for path in glob.glob(os.path.join(harness.ROOT, "client/outcome/*.[ch]")):
        with open(path) as file:
            said += re.findall(r'\{\s*"(\w+)",\s*([A-Z]+),', file.read())
    statuses = dict(DONE=0, LATER=1, USAGE=2, WAIT=3, LOCKED=4, PERSON=5)
    same({word: statuses[status] for word, status in said}, subscriber.STATUS)


@case
def a_mistake_in_a_command_names_its_help():
    env = {"HOME": harness.folder("home"), "LANGUAGE": "en"}
    words = re.findall(r"^  ([a-z]+) {2,}\S",
                       harness.run("kep", "--help", env=env).stdout, re.M)
    true(len(words) > 15, words)
    for command in words:
        done = harness.run("kep", command, "--no-such-option", env=env)
        same((done.returncode, done.stdout), (2, ""), done)
        within("See: kep %s --help" % command, " ".join(done.stderr.split()))
        done = harness.run("kep", command, "--help", env=env)
        same((done.returncode, done.stderr), (0, ""), done)
    # What only the command itself finds out, too; without one there is kep's.
    for words, which in ((["batch"], "kep batch --help"),
                         (["renew", "x", "--express", "--paper"],
                          "kep renew --help"),
                         (["resume", "--report", "/tmp"], "kep resume --help"),
                         (["renwe"], "kep --help"), (["-x"], "kep --help")):
        done = harness.run("kep", *words, env=env)
        same((done.returncode, done.stdout), (2, ""), done)
        true(" ".join(done.stderr.split()).endswith("See: " + which), done)
    done = harness.run("kep", "batch", "--json", env=env)
    same((done.returncode, json.loads(done.stdout)["message"]
          .endswith("See: kep batch --help")), (2, True), done)


@case
def a_proxy_that_leads_nowhere_is_named():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew(env=person.env(
            https_proxy="http://user:Secret-1@127.0.0.1:1"))
        same((done.word, done.returncode), ("unreachable", 1), done)
        within("https_proxy", done.json["message"], done)
        true("Secret-1" not in done.stdout + done.stderr, done)
        person.check_renewed(person.resume())


@case
def data_with_mistakes_are_tried_again_once_they_are_corrected():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        sandbox.set(person.thumbprint, "normal")  # where data can be edited
        sandbox.set(person.thumbprint, "validation-error")
        done = person.renew()
        same((done.word, done.returncode), ("validationError", 5), done)
        # Even if another mode is offered by now, it is the same form.
        sandbox.set(person.thumbprint, "available")
        sandbox.set(person.thumbprint, "express")
        again = person.resume("--wait", "0")
        same((again.word, again.json["form"]),
             ("waiting", done.json["form"]), again)
        sandbox.set(done.json["form"], "approved")
        person.check_renewed(person.resume())
        same(len(requests(sandbox, "changeData")), 1)


@case
def the_reason_is_told():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        sandbox.set(person.thumbprint, "rejected")
        done = person.renew()
        answers = [json.loads(one["responseBody"]) for one in contract.read(
            sandbox.log) if "reason" in one["responseBody"]]
        said = [one["reason"]["message"] for one in answers
                if isinstance(one.get("reason"), dict)]
        within(said[-1].rstrip("."), done.json["message"], done)
        # And whoever asks later; the renewal is due all the same.
        told = person.kep("status", person.old)
        within(said[-1].rstrip("."), " ".join(told.stdout.split()), told)
        within("due. Run: kep renew", " ".join(told.stdout.split()), told)
        told = person.kep("status", person.old, "--json")
        renewal = told.json["certificates"][0]["renewal"]
        same((renewal["state"], renewal["failed"]),
             ("due", {word: done.json[word] for word in
                      ("renewal", "outcome", "message")}), told)
        # Also for those who only look.
        sandbox.set(person.thumbprint, "unpaid")
        person = Subscriber(sandbox)
        sandbox.set(person.thumbprint, "unpaid")
        done = person.renew()
        told = person.kep("status", person.old)
        within("has not been paid", " ".join(told.stdout.split()), told)


harness.main(jobs=12)
