#!/usr/bin/python3
"""The codes of a batch whose telephones meet: rows that sign in by different
ones have one telephone of the statement, which gets the codes that confirm.
TAP."""

import contextlib
import glob
import os
import re
import time

import contract
import harness
from centre import Centre, ask, ends, journal_of, moment, with_events
from harness import Sandbox, case, case_of_each, program, same, true, within
from subscriber import write
from talk import PATIENCE, Talk

ROWS = 6
CROWD = 30
QUESTION = re.compile(r"(Договор № \d+)\. (C\w+)( code)? from the message to "
                      r"the telephone ending in (\d{4})")


def meeting(sandbox, rows=ROWS):
    """Clients whose statements all name the telephone of the first."""
    centre = Centre(sandbox)
    for number in range(rows):
        row = centre.client(number)
        mine = ask(sandbox, "SELECT thumbprint FROM certificates"
                   " WHERE phone = '%s'" % row["phone"])[0]
        sandbox.set(mine, "statement-phone=" + centre.rows[0]["phone"])
    return centre


def check(sandbox, centre):
    """Each is renewed, and no code was ever sent for another's."""
    same(ask(sandbox, "SELECT count(*) FROM forms WHERE status ="
             " 'installed'"), [len(centre.rows)])
    same(len(os.listdir(centre.path("new"))), len(centre.rows))
    same([one for one in contract.read(sandbox.log)
          if 400 <= one["status"] < 500], [])
    # One after the other: each code is used before the next one is sent.
    same(ask(sandbox, "SELECT count(DISTINCT phone) FROM challenges"
             " WHERE form != ''"), [1])


@case
def codes_come_from_a_folder():
    with Sandbox("--issue-after", "0", "--latency", "30") as sandbox:
        centre = meeting(sandbox)
        done = centre.batch(centre.plan(), "--accept-data", "--jobs", "6",
                            timeout=PATIENCE * 6)
        same(ends(done), {line: "renewed" for line in range(2, 2 + ROWS)},
             done)
        check(sandbox, centre)


@case
def nobody_is_sent_a_second_code():
    """However many press upon the telephone, whoever has it keeps it until
    its code is used. Another code would not come for a minute."""
    with Sandbox("--issue-after", "0") as sandbox:
        centre = meeting(sandbox, CROWD)
        done = centre.batch(centre.plan(), "--accept-data", "--jobs",
                            "20", timeout=PATIENCE * 6)
        same(ends(done), {line: "renewed" for line in range(2, 2 + CROWD)},
             done)
        check(sandbox, centre)


@case
def codes_come_from_a_command():
    with Sandbox("--issue-after", "0", "--latency", "30") as sandbox:
        centre = meeting(sandbox)
        # The newest of whoever has that end, as a gateway's tool knows it.
        tool = write(centre.path("code.sh"), "#!/bin/sh\n"
                     "sleep 0.1\ncd '%s'/sms/*$KEP_PHONE_TAIL && "
                     "grep -oh '\\<[0-9]\\{6\\}\\>' $(ls | tail -n 1)\n"
                     % sandbox.dir, 0o700)
        words = centre.words(centre.plan())[:-2]
        done = harness.run(*words, "--code-command", tool, "--accept-data",
                           "--jobs", "6", env=centre.env(), cwd=centre.base,
                           timeout=PATIENCE * 6)
        same(done.returncode, 0, done)
        check(sandbox, centre)


@case
def who_signs_in_again_keeps_the_telephone_of_the_statement():
    """The session ends while the request is confirmed. Until the code for
    another has come, no other row has one sent to that telephone."""
    fault = "confirmRequest=status:401*1,refreshSession=status:401*1," \
            "requestCode=slow:3"
    with Sandbox("--issue-after", "0", "--fault", fault) as sandbox:
        centre = meeting(sandbox, 3)
        done = centre.batch(centre.plan(), "--accept-data", "--jobs", "3")
        same(ends(done), {line: "renewed" for line in (2, 3, 4)}, done)
        made = contract.read(sandbox.log)
        same(sum(one["operation"] == "requestCode" for one in made), 4)
        codes = [(one["operation"], one["status"]) for one in made
                 if one["operation"] in ("sendRequest", "confirmRequest")]
        same(codes, [("sendRequest", 200), ("confirmRequest", 401),
                     ("confirmRequest", 200)] +
             2 * [("sendRequest", 200), ("confirmRequest", 200)])


def fetch(centre, script, plan, jobs):
    """A batch of a plan, or without one of what was begun, whose codes come
    from a script; code prints the right one there."""
    tool = write(centre.path("code.sh"), "#!/bin/sh\n"
                 "code() { grep -oh '\\<[0-9]\\{6\\}\\>' \"$(ls "
                 "'%s'/sms/*$KEP_PHONE_TAIL/* | tail -n 1)\"; }\n%s\n"
                 % (centre.sandbox.dir, script), 0o700)
    words = ["kep", "resume"]
    if plan:
        words = [*centre.words(plan)[:-2], "--accept-data"]
    return with_events(harness.run(
        *words, "--code-command", tool, "--jobs", str(jobs),
        env=centre.env(), cwd=centre.base, timeout=PATIENCE * 6))


def messages(sandbox):
    """How many were sent, to all telephones."""
    return len(glob.glob(os.path.join(sandbox.dir, "sms", "*", "*.txt")))


def stopped(sandbox, done, outcome, left):
    """After three rows, whatever the number of jobs."""
    end = done.events[-1]
    same((messages(sandbox), done.returncode), (3, 5), done)
    same(sorted(ends(done).values()), 3 * [outcome], done)
    same((end["outcome"], end["states"]["failed"], end["states"]["queued"]),
         (outcome, 3, left), done)
    within("Three times in a row there was no right code", end["message"],
           done)


@case_of_each(("exit 1", "echo 12345", "echo Доступ запрещён", "kill -9 $$",
               ":"))
def a_command_that_fails_for_every_row_stops_the_batch(script):
    """Not each owner gets an SMS for nothing."""
    with Sandbox() as sandbox:
        centre = Centre(sandbox).clients(9)
        done = fetch(centre, script, centre.plan(), 8)
        stopped(sandbox, done, "codeCommand", 6)


@case
def the_same_plan_goes_on_when_the_command_is_put_right():
    with Sandbox("--issue-after", "0", "--resend-after", "0") as sandbox:
        centre = Centre(sandbox).clients(9)
        plan = centre.plan()
        done = fetch(centre, "exit 1", plan, 4)
        stopped(sandbox, done, "codeCommand", 6)
        # Those that were begun by themselves, as a timer goes on with them.
        done = fetch(centre, "exit 1", None, 1)
        same((done.returncode, messages(sandbox)), (5, 6), done)
        done = fetch(centre, "code", plan, 4)
        same(ends(done), {line: "renewed" for line in range(2, 11)}, done)


@case
def who_is_at_work_then_is_sent_no_further_code_and_has_not_failed():
    """The first one has signed in when the others find no code."""
    with Sandbox("--fault", "listCertificates=slow:4*1") as sandbox:
        centre = Centre(sandbox).clients(8)
        done = fetch(centre, "test $KEP_PHONE_TAIL = 0000 && code && exit\n"
                     "sleep 1\nexit 1", centre.plan(), 4)
        same((done.returncode, done.events[-1]["outcome"]),
             (5, "codeCommand"), done)
        ended = ends(done)
        same((2 in ended, set(ended.values())), (False, {"codeCommand"}),
             done)
        same(ask(sandbox, "SELECT count(*) FROM challenges WHERE form != ''"),
             [0])
        with contextlib.closing(journal_of(centre)) as journal:
            same(journal.execute("SELECT outcome FROM renewal WHERE phone"
                                 " LIKE '%0000'").fetchall(),
                 [("interrupted",)])


@case_of_each(("3", "1 2 4 5 7 8"))
def failures_with_a_code_in_between_stop_nothing(rows):
    with Sandbox("--issue-after", "0") as sandbox:
        centre = Centre(sandbox).clients(10)
        bad = [int(one) for one in rows.split()]
        done = fetch(centre, "case $KEP_PHONE_TAIL in\n%s) exit 1;;\nesac\n"
                     "code" % "|".join("%04d" % one for one in bad),
                     centre.plan(), 1)
        same((done.returncode, ends(done)),
             (5, {2 + one: "codeCommand" if one in bad else "renewed"
                  for one in range(10)}), done)
        same(done.events[-1]["states"]["queued"], 0, done)


@case_of_each(("1", "4"))
def telephones_that_are_off_keep_nobody_back_in_the_next_run(jobs):
    """Three owners who are away, and the first of the plan."""
    with Sandbox("--issue-after", "0", "--resend-after", "0") as sandbox:
        centre = Centre(sandbox).clients(7)
        # In the next run they are not quicker than the others are.
        away = ("case $KEP_PHONE_TAIL in 000[0-2])\n"
                "while [ -e next ] && [ \"$(ls confirm.* | wc -l)\" != 4 ]\n"
                "do sleep 0.1; done\nexit 1;;\nesac\n"
                "touch $KEP_CODE_PURPOSE.$KEP_PHONE_TAIL\ncode")
        done = fetch(centre, away, centre.plan(), jobs)
        stopped(sandbox, done, "codeCommand", 4)
        write(centre.path("next"), "")
        done = fetch(centre, away, centre.plan(), jobs)
        # The others have confirmed by then; what came first is tried last.
        same(ask(sandbox, "SELECT count(*) FROM challenges WHERE form != ''"),
             [4])
        same({line: word for line, word in ends(done).items() if line < 5},
             {line: "codeCommand" for line in (2, 3, 4)}, done)


@case_of_each(("wrong", "none"))
def codes_that_are_wrong_or_do_not_come_stop_the_batch(what):
    """A command gives the same one to all; nothing comes into the folder."""
    with Sandbox("--code-life", "2" if what == "none" else "60") as sandbox:
        centre = Centre(sandbox).clients(5)
        if what == "wrong":
            done = fetch(centre, "echo 000000", centre.plan(), 4)
        else:
            os.mkdir(centre.path("sms"))
            done = with_events(harness.run(
                *centre.words(centre.plan())[:-1], centre.path("sms"),
                "--accept-data", "--jobs", "4", env=centre.env(),
                cwd=centre.base))
        stopped(sandbox, done, "codeInvalid" if what == "wrong"
                else "codeNotReceived", 2)


@case
def codes_that_only_sign_in_stop_the_batch():
    """Each owner would be sent two for nothing."""
    with Sandbox() as sandbox:
        centre = Centre(sandbox).clients(6)
        done = fetch(centre, "test $KEP_CODE_PURPOSE = sign-in && code",
                     centre.plan(), 1)
        same(sorted(ends(done).values()), 3 * ["codeCommand"], done)
        same((done.events[-1]["outcome"], messages(sandbox)),
             ("codeCommand", 6), done)


@case
def one_row_counts_once_however_often_its_code_is_over():
    with Sandbox("--issue-after", "0", "--fault",
                 "confirmRequest=status:410*3") as sandbox:
        centre = Centre(sandbox).clients(3)
        done = fetch(centre, "code", centre.plan(), 1)
        same(ends(done), {2: "codeExpired", 3: "renewed", 4: "renewed"}, done)


@case
def a_command_that_breaks_on_the_way_is_found_out_by_those_at_work():
    """Nobody is begun with then: at most each job has sent one in vain."""
    with Sandbox("--issue-after", "0") as sandbox:
        centre = Centre(sandbox).clients(16)
        broken = centre.path("broken")
        done = fetch(centre, "test -e '%s' && sleep 1 && exit 1\n"
                     "test $KEP_CODE_PURPOSE = confirm && : >'%s'\ncode"
                     % (broken, broken), centre.plan(), 6)
        same((done.returncode, done.events[-1]["outcome"]),
             (5, "codeCommand"), done)
        vain = sum(one != "renewed" for one in ends(done).values())
        true(3 <= vain <= 6, (vain, done))
        true(done.events[-1]["states"]["queued"] >= 4, done)


SLOW = 15  # seconds that one code takes to be sent, and nothing else does


@case_of_each(("folder", "command"))
def telephones_that_only_end_alike(way):
    """They are two for whoever knows all of their numbers. A command is told
    the end, and would take one's code for the other's."""
    with Sandbox("--issue-after", "0", "--fault",
                 "requestCode=slow:%d*1" % SLOW) as sandbox:
        centre = Centre(sandbox)
        for number in range(3):
            centre.client(number, phone="79%d0001234" % (11 + number))
        tool = write(centre.path("code.sh"), "#!/bin/sh\n"
                     "cd '%s'/sms && grep -oh '\\<[0-9]\\{6\\}\\>' "
                     "\"$(ls -t *$KEP_PHONE_TAIL/* | head -n 1)\"\n"
                     % sandbox.dir, 0o700)
        words = centre.words(centre.plan())[1:]
        if way == "command":
            words = words[:-2] + ["--code-command", tool]
        done = with_events(harness.run(
            "kep", *words, "--accept-data", "--jobs", "3", cwd=centre.base,
            env=centre.env()))
        same(ends(done), {line: "renewed" for line in (2, 3, 4)}, done)
        first = min(moment(one) for one in done.events
                    if one["event"] == "row" and one.get("outcome"))
        waited = first - moment(done.events[0])
        true(waited < SLOW - 3 if way == "folder" else waited >= SLOW - 1,
             done)


@case
def codes_come_from_a_person():
    with Sandbox("--issue-after", "0", "--latency", "30") as sandbox:
        centre = meeting(sandbox)
        shared = centre.rows[0]["phone"]
        words = centre.words(centre.plan())[:-2]
        answered = set()
        with Talk(*words, "--accept-data", "--jobs", "6", env=centre.env(),
                  cwd=centre.base) as at:
            end = time.monotonic() + PATIENCE
            while len(answered) < 2 * ROWS and time.monotonic() < end:
                at.listen(0.1)
                new = [one for one in QUESTION.findall(at.flat())
                       if one not in answered]
                if not new:
                    continue
                same(len(set(new)), 1, at.shown)
                _, kind, _, tail = new[0]
                answered.add(new[0])
                # Whoever looks at that telephone sees the newest message.
                phone = shared if kind != "Code" else shared[:-4] + tail
                at.type(sandbox.code(phone, len(sandbox.messages(phone)) - 1)
                        + "\r")
            same(at.end(), 0, at.shown)
        check(sandbox, centre)


@case
def no_code_runs_out_before_its_turn():
    """Only so many are on their way as one person enters in time, however
    many jobs there are."""
    with Sandbox("--issue-after", "0", "--code-life", "14") as sandbox:
        centre = Centre(sandbox).clients(14)
        phones = {row["phone"][-4:]: row["phone"] for row in centre.rows}
        words = centre.words(centre.plan())[:-2]
        with Talk(*words, "--accept-data", "--jobs", "20", env=centre.env(),
                  cwd=centre.base) as at:
            for _ in range(2 * len(phones)):
                if at.expect_or_end("another SMS. Code (") is None:
                    break
                tail = QUESTION.findall(at.said())[-1][3]
                time.sleep(1.5)
                at.type(sandbox.code(phones[tail]) + "\r")
            same(at.end(), 0, at.said()[-600:])


@case
def a_wrong_code_is_told_before_it_is_asked_again():
    """In its row's turn, whatever was asked in between."""
    with Sandbox("--issue-after", "0") as sandbox:
        centre = Centre(sandbox).clients(2)
        words = centre.words(centre.plan())[:-2]
        wrong = None
        with Talk(*words, "--accept-data", "--jobs", "3", env=centre.env(),
                  cwd=centre.base) as at:
            for _ in range(5):
                at.expect("another SMS. Code (")
                label, kind, _, tail = QUESTION.findall(at.said())[-1]
                row = next(one for one in centre.rows
                           if one["phone"].endswith(tail))
                if wrong is None:
                    wrong = label
                    at.type("000000\r")
                    continue
                if label == wrong and kind == "Code":
                    true("%s. The code is wrong. 4 attempts are left." % label
                         in at.said(), at.shown)
                at.type(sandbox.code(row["phone"]) + "\r")
            same(at.end(), 0, at.shown)
        same(at.said().count("The code is wrong."), 1, at.shown)


@case
def a_terminal_that_is_gone_interrupts():
    """Also where nobody is told of it by a signal: what was asked is no
    failure of a row."""
    with Sandbox() as sandbox:
        centre = Centre(sandbox).clients(3)
        with Talk("env", "--ignore-signal=HUP", program("kep"),
                  *centre.words(centre.plan())[1:-2], "--accept-data",
                  "--jobs", "3", env=centre.env(), cwd=centre.base) as at:
            at.expect("another SMS. Code (")
            same(at.hang_up(), 1)
        with contextlib.closing(journal_of(centre)) as journal:
            same(set(journal.execute("SELECT outcome FROM renewal")),
                 {("interrupted",)})


harness.main(jobs=4)
