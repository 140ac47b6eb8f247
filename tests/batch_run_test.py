#!/usr/bin/python3
"""How kep batch runs: killed, stopped, gone on with, many at a time, codes
from a person, a server that asks for patience. TAP."""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import time

import contract
import harness
from harness import Sandbox, case, folder, program, same, true, wait_until
from talk import PATIENCE, Talk

SECONDS = 120  # a batch on a loaded machine


class Centre:
    """A service centre, its clients and a plan that names them all."""

    def __init__(self, sandbox, rows, first=79120000000):
        self.sandbox = sandbox
        self.base = folder("centre")
        for name in ("old", "new", "backup"):
            os.mkdir(os.path.join(self.base, name))
        self.plan = os.path.join(self.base, "plan.csv")
        self.places, self.rows = [], []
        self.add(rows, first)

    def add(self, rows, first):
        """More clients, with the telephones from first on."""
        done = harness.ok(
            "kep-sandbox", "issue", "--dir", self.sandbox.dir, "--to",
            "file:" + os.path.join(self.base, "old"), "--phone", str(first),
            "--count", str(rows))
        self.places += done.stdout.splitlines()[1::2]
        self.rows += [str(first + i) for i in range(rows)]
        self.write()

    def write(self):
        with open(self.plan, "w", encoding="utf-8") as plan:
            plan.write("container,to,phone,backup,label\n")
            for i, (place, phone) in enumerate(zip(self.places, self.rows)):
                plan.write("%s,new,%s,backup,Row %d\n" % (place, phone, i))

    def env(self):
        return {**os.environ, "HOME": self.base, "LANG": "C.UTF-8",
                "LANGUAGE": "en", "XDG_STATE_HOME": "", "XDG_CONFIG_HOME": "",
                "XDG_DATA_HOME": "", "TERM": "xterm"}

    def words(self, *options):
        return [program("kep"), "batch", self.plan, "--server",
                self.sandbox.url, "--server-ca", self.sandbox.ca,
                "--accept-data", "--entropy", "system", *options]

    def codes(self):
        return ["--codes", os.path.join(self.sandbox.dir, "sms")]

    def start(self, *options):
        return subprocess.Popen(
            self.words(*self.codes(), *options), env=self.env(),
            cwd=self.base, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True)

    def run(self, *options):
        """(status, events)"""
        process = self.start(*options)
        out, said = process.communicate(timeout=SECONDS)
        events = [json.loads(line) for line in out.splitlines()]
        return process.returncode, events

    def journal(self, question):
        database = sqlite3.connect(os.path.join(
            self.base, ".local/state/kep/journal.db"), timeout=30)
        try:
            return database.execute(question).fetchall()
        finally:
            database.close()

    def made(self, place):
        return [name for name in os.listdir(os.path.join(self.base, place))
                if not name.startswith(".")]

    def check(self):
        """Each row once: in the journal, at the sandbox, on the disk."""
        wanted = len(self.rows)
        same(self.journal(
            "SELECT count(*), count(DISTINCT old_thumbprint),"
            " count(DISTINCT new_thumbprint), count(DISTINCT new_point)"
            " FROM renewal WHERE step = 'done'"), [(wanted,) * 4])
        same(self.journal("SELECT count(*) FROM renewal"), [(wanted,)])
        same((len(self.made("new")), len(self.made("backup"))),
             (wanted, wanted))
        database = sqlite3.connect(os.path.join(self.sandbox.dir,
                                                "sandbox.db"), timeout=30)
        same(database.execute(
            "SELECT count(*), count(DISTINCT thumbprint), count(DISTINCT"
            " certificate) FROM forms WHERE status = 'installed'").fetchall(),
            [(wanted,) * 3])
        same(database.execute("SELECT count(*) FROM forms").fetchall(),
             [(wanted,)])
        database.close()
        old = [path for path in os.listdir(os.path.join(self.base, "old"))]
        same(len(old), wanted)


def ends(events):
    """{line: outcome} of the rows that are over."""
    return {one["line"]: one["outcome"] for one in events
            if one["event"] == "row" and one.get("outcome")}


# --- killed and stopped ------------------------------------------------------


@case
def killed_at_random_it_renews_each_once():
    with Sandbox("--issue-after", "1") as sandbox:
        centre = Centre(sandbox, 30)
        for _ in range(6):
            process = centre.start("--jobs", "5")
            time.sleep(random.uniform(0.1, 1.2))
            harness.kill(process)
        status, events = centre.run("--jobs", "5")
        same(status, 0, events[-3:])
        same(len(ends(events)), 30)
        centre.check()


@case
def what_waits_goes_on_whatever_is_in_its_old_place_now():
    with Sandbox("--issue-after", "4") as sandbox:
        centre = Centre(sandbox, 1)
        process = centre.start()
        wait_until(lambda: centre.made("new") and centre.journal(
            "SELECT 1 FROM renewal WHERE outcome = 'waiting'"), SECONDS,
            "waiting")
        (old,) = centre.places
        centre.add(1, 79130000000)
        for one, other in ((old, "away"), (centre.places[1], old)):
            os.rename(one.removeprefix("file:"), os.path.join(
                centre.base, other.removeprefix("file:")))
        out, _ = process.communicate(timeout=SECONDS)
        same(process.returncode, 0, out)
        same(centre.journal("SELECT step FROM renewal"), [("done",)])


@case
def stopped_by_a_signal_it_goes_on_where_it_was():
    with Sandbox("--issue-after", "2", "--latency", "20") as sandbox:
        centre = Centre(sandbox, 12)
        process = centre.start("--jobs", "3")
        wait_until(lambda: len(centre.made("new")) >= 3, SECONDS, "some keys")
        process.send_signal(signal.SIGTERM)
        out, said = process.communicate(timeout=SECONDS)
        same((process.returncode, said), (-signal.SIGTERM, ""), out)
        last = json.loads(out.splitlines()[-1])
        same((last["event"], last["outcome"]), ("end", "interrupted"))
        true(len(ends(map(json.loads, out.splitlines()))) < 12, out)
        before = centre.made("new")
        status, events = centre.run("--jobs", "3")
        same(status, 0, events[-3:])
        true(set(before) <= set(centre.made("new")))
        centre.check()


@case
def a_row_done_is_not_done_again_and_more_can_be_added():
    with Sandbox("--issue-after", "0") as sandbox:
        centre = Centre(sandbox, 4)
        same(centre.run()[0], 0)
        calls = len(contract.read(sandbox.log))
        status, events = centre.run()
        same((status, set(ends(events).values())), (0, {"alreadyRenewed"}))
        same(len(contract.read(sandbox.log)), calls)
        centre.add(3, 79129000000)
        status, events = centre.run()
        same(sorted(ends(events).values()),
             ["alreadyRenewed"] * 4 + ["renewed"] * 3)
        same(status, 0)
        centre.check()


@case
def what_still_waits_is_left_for_the_next_run():
    with Sandbox("--issue-after", "4") as sandbox:
        centre = Centre(sandbox, 3)
        status, events = centre.run("--wait", "0")
        same((status, set(ends(events).values())), (3, {"waiting"}))
        status, events = centre.run()
        same((status, set(ends(events).values())), (0, {"renewed"}))
        centre.check()


# --- many at a time ----------------------------------------------------------


@case
def with_few_files_there_are_fewer_jobs():
    """No row fails for want of files; a limit that may be raised is."""
    with Sandbox("--issue-after", "1") as sandbox:
        centre = Centre(sandbox, 6)
        for first, limit, jobs in ((79121000000, "-n 40", 2),
                                   (79122000000, "-n 20", 1),
                                   (79123000000, "-S -n 20", 8)):
            centre.add(6, first)
            words = centre.words(*centre.codes())
            done = harness.run("sh", "-c", 'ulimit %s; exec "$@"' % limit,
                               "sh", *words, env=centre.env(), cwd=centre.base)
            events = [json.loads(line) for line in done.stdout.splitlines()]
            same(done.returncode, 0, done)
            same(events[0]["jobs"], jobs)
            same("open files" in done.stderr, jobs < 8, done)
        centre.check()


@case
def a_row_that_waits_gives_its_job_to_another():
    with Sandbox("--issue-after", "6") as sandbox:
        centre = Centre(sandbox, 10)
        status, events = centre.run("--jobs", "2")
        waiting, most = set(), 0
        for one in events:
            if one["event"] == "row" and one["state"] == "waiting":
                waiting.add(one["line"])
            elif one["event"] == "row":
                waiting.discard(one["line"])
            most = max(most, len(waiting))
        same(status, 0)
        true(most > 2, events)
        centre.check()


@case
def rows_of_one_telephone_take_turns_at_its_codes_alone():
    with Sandbox("--issue-after", "1", "--latency", "50") as sandbox:
        centre = Centre(sandbox, 1)
        for _ in range(3):
            centre.add(1, 79120000000)
        centre.rows[1:3] = "8 (912) 000-00-00", "+7 912 0000000"
        centre.write()
        status, events = centre.run("--jobs", "4")
        same((status, set(ends(events).values())), (0, {"renewed"}))
        centre.check()
        made = [one["operation"] for one in contract.read(sandbox.log)]
        # A code is used before another is asked for, for either purpose.
        used = {"requestCode": "signIn", "sendRequest": "confirmRequest"}
        codes = [one for one in made if one in {*used, *used.values()}]
        same([used.get(one) for one in codes[::2]], codes[1::2])
        # The rest of one row goes on beside the codes of another.
        true(made.index("submitForm") > made.index("signIn",
             made.index("signIn") + 1), made)


@case
def what_the_server_asks_of_one_holds_for_all():
    fault = "listCertificates=retry-after:3*1"
    with Sandbox("--issue-after", "0", "--fault", fault) as sandbox:
        centre = Centre(sandbox, 8)
        status, events = centre.run("--jobs", "4")
        same((status, set(ends(events).values())), (0, {"renewed"}))
        true(any(one["event"] == "pause" for one in events), events)
        centre.check()
        log = contract.read(sandbox.log)
        refused = [i for i, one in enumerate(log) if one["status"] == 429
                   or one["status"] == 503]
        same(len(refused), 1)
        # Those that were under way may still be answered, no more.
        true(len(log) - refused[0] > 20)


@case
def a_server_that_is_not_there_keeps_nothing_from_going_on_later():
    with Sandbox("--issue-after", "0") as sandbox:
        centre = Centre(sandbox, 3)
        url = sandbox.url
        sandbox.stop()
        process = centre.start("--jobs", "2")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SECONDS)
        same(process.returncode, -signal.SIGINT)
        same(centre.made("new"), [])
        sandbox.start()
        same(sandbox.url, url)
        same(centre.run()[0], 0)
        centre.check()


@case
def a_server_that_is_not_trusted_stops_all_of_it():
    with Sandbox("--tls", "untrusted", check=False) as sandbox:
        centre = Centre(sandbox, 40)
        status, events = centre.run("--jobs", "2")
        same(events[-1]["outcome"], "serverUntrusted")
        true(len(ends(events)) <= 2, events)
        true(status != 0)


@case
def a_token_that_is_not_there_is_waited_for_and_holds_up_nobody():
    with Sandbox("--issue-after", "0") as sandbox:
        centre = Centre(sandbox, 2)
        centre.places.insert(0, "rutoken:48e243b5/0A00")
        centre.rows.insert(0, "79120009999")
        centre.write()
        status, events = centre.run("--wait", "8", "--jobs", "1")
        of_token = [one for one in events
                    if one["event"] == "row" and one["line"] == 2]
        same([one["state"] for one in of_token], ["needs", "failed"], events)
        true(of_token[-1]["outcome"] in ("noService", "noReader", "noToken"),
             events)
        true(of_token[0]["message"], events)
        same({ends(events)[line] for line in (3, 4)}, {"renewed"})
        same(status, 5)


# --- codes -------------------------------------------------------------------

QUESTION = re.compile(r"(Row \d+)\. (C\w+)( code)? from the message to the "
                      r"telephone ending in (\d{4})")


@case
def a_person_is_asked_for_one_code_after_the_other():
    with Sandbox("--issue-after", "1") as sandbox:
        centre = Centre(sandbox, 3)
        tails = {phone[-4:]: phone for phone in centre.rows}
        answered = []
        with Talk(*centre.words("--jobs", "3"), env=centre.env(),
                  cwd=centre.base) as at:
            end = time.monotonic() + PATIENCE
            while len(answered) < 6 and time.monotonic() < end:
                at.listen(0.2)
                asked = QUESTION.findall(at.flat())
                new = [one for one in asked if one not in answered]
                if not new:
                    continue
                # Nobody is asked something else before the answer.
                same(len(set(new)), 1, at.shown)
                row, kind, _, tail = new[0]
                phone = tails[tail]
                same("Row %d" % centre.rows.index(phone), row)
                at.type(sandbox.code(
                    phone, after=0 if kind == "Code" else 1) + "\r")
                answered.append(new[0])
            same(len(answered), 6, at.shown)
            same(at.end(), 0, at.shown)
        centre.check()


@case
def codes_come_from_a_command():
    with Sandbox("--issue-after", "0") as sandbox:
        centre = Centre(sandbox, 4)
        tool = os.path.join(centre.base, "code")
        # The tail tells whose it is; the telephones here differ in it.
        with open(tool, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nexec cat \"%s\"/sms/*$KEP_PHONE_TAIL/"
                       "$(ls \"%s\"/sms/*$KEP_PHONE_TAIL | tail -n 1)"
                       " | grep -o '\\<[0-9]\\{6\\}\\>'\n"
                       % (sandbox.dir, sandbox.dir))
        os.chmod(tool, 0o755)
        process = subprocess.run(
            centre.words("--code-command", tool, "--jobs", "3"),
            env=centre.env(), cwd=centre.base, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=SECONDS)
        same(process.returncode, 0, process)
        centre.check()


harness.main(jobs=4)
