#!/usr/bin/python3
"""Renewals of several servers in one run: what is wrong with one of them is no
matter of the others. TAP."""

import contextlib
import json
import os
import signal
import socket
import time

import contract
import harness
from centre import (Centre, ask, ends, installed, journal_of, moment,
                    with_events)
from harness import Sandbox, case, case_of_each, same, true, within
from subscriber import configure, let_time_pass

ROWS = 6  # of each server; those of the first are older
EARLIER = set(range(ROWS))
LATER = set(range(ROWS, 2 * ROWS))
TRIES = 4  # of one call
# Seconds: less than any of the waits that somebody could be held up for.
AT_ONCE = 20


def begin(centre, sandbox, numbers):
    """Renewals that wait for their certificates at this server."""
    centre.sandbox, centre.rows = sandbox, []
    for each in numbers:
        centre.client(each)
    done = centre.run(centre.plan(), "--wait", "0")
    same(set(ends(done).values()), {"waiting"}, done)


@contextlib.contextmanager
def two():
    """A centre with open renewals at two servers. Nothing more is needed of
    them but the certificates, which are issued by now."""
    with Sandbox("--issue-after", "3600") as one, \
            Sandbox("--issue-after", "3600") as other:
        centre = Centre(one)
        begin(centre, one, EARLIER)
        time.sleep(1)  # the journal has seconds
        begin(centre, other, LATER)
        for sandbox in (one, other):
            sandbox.restart("--issue-after", "0")
        let_time_pass(centre.path("home"))
        yield centre, one, other


def words(*more):
    return ["resume", "--accept-data", "--progress", "never", "--json", *more]


def resume(centre, *more):
    return with_events(harness.run("kep", *words(*more), cwd=centre.base,
                                   env=centre.env()))


def resume_in_turn(centre):
    """What each came to, without any --jobs."""
    done = harness.run("kep", *words(), cwd=centre.base, env=centre.env())
    return json.loads(done.stdout)["renewals"]


def number(event):
    return int(event["label"].split()[-1])


def ended(done, word=None):
    """The numbers of the rows that are over, with this outcome."""
    return {number(one) for one in done.events if one["event"] == "row"
            and one.get("outcome") and word in (None, one["outcome"])}


def seconds_of(done, numbers):
    """From the beginning of the run to the last end of these rows."""
    moments = [moment(one) for one in done.events if one["event"] == "begin"
               or (one["event"] == "row" and one.get("outcome")
                   and number(one) in numbers)]
    return moments[-1] - moments[0]


# --- a server that is busy ---------------------------------------------------


@case_of_each(("1", "2", "4"))
def a_busy_one_is_left_and_the_others_go_on(jobs):
    with two() as (centre, one, other):
        one.restart("--fault", "*=retry-after:3600")
        done = resume(centre, "--jobs", jobs)
        same(ended(done, "renewed"), LATER, done)
        same(ended(done), LATER, done)
        # None of the others has failed: they are left, and it is said why.
        same((done.returncode, done.events[-1]["outcome"]), (1, "serverBusy"),
             done)
        within(one.url, done.events[-1]["message"])
        true(other.url not in done.events[-1]["message"], done)
        true(seconds_of(done, LATER) < AT_ONCE, done)
        same((installed(one), installed(other)), (0, ROWS))
        one.restart("--issue-after", "0")
        let_time_pass(centre.path("home"))
        done = resume(centre, "--jobs", jobs)
        same((done.returncode, ended(done, "renewed")), (0, EARLIER), done)
        same(installed(one), ROWS)


@case
def a_short_pause_of_one_is_none_of_the_others():
    with two() as (centre, one, other):
        one.restart("--issue-after", "0", "--fault",
                    "readForm=retry-after:20*1")
        done = resume(centre, "--jobs", "4")
        same((done.returncode, ended(done, "renewed")),
             (0, EARLIER | LATER), done)
        true(seconds_of(done, EARLIER) >= 20, done)
        true(seconds_of(done, LATER) < AT_ONCE, done)


@case
def all_of_them_are_told():
    with two() as (centre, one, other):
        one.restart("--fault", "*=retry-after:3600")
        other.restart("--fault", "*=retry-after:7200")
        done = resume(centre, "--jobs", "2")
        same((done.returncode, ends(done)), (1, {}), done)
        within(one.url, done.events[-1]["message"])
        within(other.url, done.events[-1]["message"])
        same((installed(one), installed(other)), (0, 0))


@case
def the_worst_row_counts():
    with two() as (centre, one, other):
        one.restart("--fault", "*=retry-after:3600")
        form = ask(other, "SELECT id FROM forms LIMIT 1")[0]
        other.set(form, "issue-failed")
        done = resume(centre, "--jobs", "2")
        same(sorted(ends(done).values()),
             ["issueFailed"] + ["renewed"] * (ROWS - 1), done)
        same((done.returncode, done.events[-1]["outcome"]), (5, "issueFailed"),
             done)
        within(one.url, done.events[-1]["message"])


# --- one that is not there ---------------------------------------------------


@case_of_each(("1", "2", "4"))
def one_that_is_gone_holds_up_no_other(jobs):
    with two() as (centre, one, other):
        one.stop()
        done = resume(centre, "--jobs", jobs, "--wait", "6")
        same((ended(done, "renewed"), ended(done, "unreachable")),
             (LATER, EARLIER), done)
        same((done.returncode, done.events[-1]["outcome"]),
             (1, "unreachable"), done)
        true(seconds_of(done, LATER) < AT_ONCE, done)


@case_of_each(("2", "4"))
def one_that_is_silent_holds_up_no_other(jobs):
    """Its port takes the connection, and then nothing comes."""
    with two() as (centre, one, other):
        port = one.port
        one.stop()
        with socket.socket() as silent:
            silent.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            silent.bind(("127.0.0.1", port))
            silent.listen(16)
            # Where nobody is asked for codes, each job begins rows.
            with harness.start("kep", *words(
                    "--jobs", jobs, "--codes", os.path.join(
                        other.dir, "sms")), cwd=centre.base,
                    env=centre.env()) as process:
                try:
                    harness.wait_until(lambda: installed(other) == ROWS,
                                       AT_ONCE, "the rows of the other")
                finally:
                    process.send_signal(signal.SIGINT)
                    process.communicate(timeout=harness.TIMEOUT)
                same(process.returncode, -signal.SIGINT)
        one.start("--issue-after", "0")
        done = resume(centre, "--jobs", jobs)
        same(done.returncode, 0, done)
        same((installed(one), installed(other)), (ROWS, ROWS))


@case
def one_that_is_not_trusted_is_left_alone():
    with two() as (centre, one, other):
        one.check = False
        one.restart("--tls", "untrusted", "--issue-after", "0")
        done = resume(centre, "--jobs", "2")
        same(ended(done, "renewed"), LATER, done)
        # Those that met it have failed; the rest was spared.
        true(1 <= len(ended(done, "serverUntrusted")) <= 2, done)
        same((done.returncode, done.events[-1]["outcome"]),
             (5, "serverUntrusted"), done)
        within(one.url, done.events[-1]["message"])


@case
def one_after_the_other_they_meet_a_lost_one_once():
    """The others of it are told at once, and those elsewhere go on."""
    for lose, word in ((lambda one: one.restart("--fault", "*=drop"),
                        "unreachable"),
                       (lambda one: one.restart("--tls", "untrusted"),
                        "serverUntrusted")):
        with two() as (centre, one, other):
            one.check = False
            lose(one)
            calls = len(contract.read(one.log))
            found = resume_in_turn(centre)
            same([each["outcome"] for each in found],
                 [word] * ROWS + ["renewed"] * ROWS)
            same([one.url in each["message"] and
                  "not called again" in each["message"]
                  for each in found[:ROWS]], [False] + [True] * (ROWS - 1))
            true(len(contract.read(one.log)) - calls <= TRIES)
            same((installed(one), installed(other)), (0, ROWS))


@case
def one_after_the_other_they_leave_a_busy_one_alone():
    """Who asks one of them to come back later is asked by none of them, and
    each knows when it may."""
    with two() as (centre, one, other):
        one.restart("--fault", "*=retry-after:3600")
        calls = len(contract.read(one.log))
        found = resume_in_turn(centre)
        same([each["outcome"] for each in found],
             ["serverBusy"] * ROWS + ["renewed"] * ROWS)
        same(len(contract.read(one.log)) - calls, 1)
        # Only the one that asked has a number of its request.
        same({each["message"] for each in found[1:ROWS]},
             {"The server is overloaded and asks to come back later. Nothing "
              "is lost. Go on later with: kep resume"})
        same((installed(one), installed(other)), (0, ROWS))
        with contextlib.closing(journal_of(centre)) as journal:
            same(journal.execute("SELECT count(*) FROM renewal WHERE "
                                 "not_before - updated > 3500").fetchone()[0],
                 ROWS)
        # When the moment has come they go on.
        one.restart("--issue-after", "0")
        let_time_pass(centre.path("home"))
        same([each["outcome"] for each in resume_in_turn(centre)],
             ["renewed"] * ROWS)


@case
def what_needs_no_server_is_done_where_it_is_lost():
    """Certificates that have come are copied all the same."""
    with Sandbox("--issue-after", "3600") as sandbox:
        centre = Centre(sandbox)
        begin(centre, sandbox, range(2))
        sandbox.restart("--issue-after", "0")
        let_time_pass(centre.path("home"))
        # There is no place for their copies yet.
        os.rename(centre.path("backup"), centre.path("gone"))
        resume_in_turn(centre)
        os.rename(centre.path("gone"), centre.path("backup"))
        same(os.listdir(centre.path("backup")), [])
        sandbox.stop()
        found = resume_in_turn(centre)
        same([(each["outcome"], "not called again" in each["message"])
              for each in found],
             [("unreachable", False), ("unreachable", True)])
        same(sorted(os.listdir(centre.path("backup"))),
             sorted(os.listdir(centre.path("new"))))


# --- what is none ------------------------------------------------------------

BAD = [(url, "configuration") for url in (
    "", "nonsense", "https://", "http://127.0.0.1:1", "file:///etc/passwd",
    "https://name:word@127.0.0.1:1", "https://127.0.0.1:99999",
    "https://127.0.0.1:1/\r\nX: y", "https://\x1b[2J",
    "https://" + 5000 * "a")]
BAD += [(None, "answerNeeded"), ("https://127.0.0.1:1", "unreachable")]


@case
def a_journal_with_servers_that_are_none():
    with Sandbox("--issue-after", "3600") as sandbox:
        centre = Centre(sandbox)
        begin(centre, sandbox, range(len(BAD) + 4))
        sandbox.restart("--issue-after", "0")
        let_time_pass(centre.path("home"))
        with contextlib.closing(journal_of(centre)) as journal, journal:
            for each, (url, _) in enumerate(BAD):
                journal.execute(
                    "UPDATE renewal SET server = ? WHERE label = ?",
                    (url, "Договор № %d" % each))
        done = resume(centre, "--jobs", "4", "--wait", "0", "--codes",
                      os.path.join(sandbox.dir, "sms"))
        same({number(one): one["outcome"] for one in done.events
              if one["event"] == "row" and one.get("outcome")},
             {**{each: word for each, (_, word) in enumerate(BAD)},
              **{len(BAD) + each: "renewed" for each in range(4)}}, done)
        same(done.returncode, 2, done)
        true("\x1b" not in done.stdout, done)
        true("name:word" not in done.stdout + done.stderr, done)
        # What is wrong is told as of a renewal that goes on alone.
        said = {number(one): one["message"] for one in done.events
                if one["event"] == "row" and one.get("outcome")}
        for url in ("nonsense", "http://127.0.0.1:1"):
            within(url, said[BAD.index((url, "configuration"))])


@case
def a_configured_server_that_is_none_stops_none_of_another():
    with two() as (centre, one, other):
        configure(centre.path("home"), server="http://127.0.0.1:1")
        done = resume(centre, "--jobs", "2")
        same((done.returncode, ended(done, "renewed")),
             (0, EARLIER | LATER), done)
        same((installed(one), installed(other)), (ROWS, ROWS))


# --- rows of a plan ----------------------------------------------------------


@case
def what_a_plan_has_elsewhere_goes_on_there():
    """The configuration names another server by now, and that is busy."""
    with two() as (centre, one, other):
        one.restart("--fault", "*=retry-after:3600")
        centre.sandbox = one
        for each in range(2 * ROWS, 3 * ROWS):
            centre.client(each)
        configure(centre.path("home"), server=one.url, serverCa=one.ca)
        # Those that are new at the busy one come first.
        centre.rows = centre.rows[ROWS:] + centre.rows[:ROWS]
        done = with_events(harness.run(
            "kep", "batch", centre.plan(), "--accept-data", "--jobs", "2",
            "--codes", os.path.join(one.dir, "sms"), "--json",
            cwd=centre.base, env=centre.env()))
        same((ended(done), ended(done, "renewed")), (LATER, LATER), done)
        same((done.returncode, done.events[-1]["outcome"]),
             (1, "serverBusy"), done)
        same(installed(other), ROWS)


harness.main(jobs=4)
