#!/usr/bin/python3
"""kep batch: plans are checked whole before anything starts, what happens is
told, and what it came to is reported. TAP."""

import contextlib
import csv
import glob
import html.parser
import json
import os
import re
import shutil
import signal
import subprocess

import harness
from centre import WORDS, Centre, ask, ends
from harness import (Mount, Sandbox, case, case_of_each, ok, run, same, true,
                     within)
from subscriber import write

class Page(html.parser.HTMLParser):
    """Well-formed, and nothing in it that acts."""

    def __init__(self, path):
        super().__init__()
        self.open, self.text = [], ""
        with open(path, encoding="utf-8") as file:
            self.feed(file.read())
        same(self.open, [])

    def handle_starttag(self, tag, attrs):
        true(tag not in ("script", "img", "iframe", "link", "a"), tag)
        true(not any(name.startswith("on") for name, _ in attrs), attrs)
        if tag not in ("meta", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        same(self.open.pop(), tag)

    def handle_data(self, data):
        self.text += data


def opened(pid):
    """What a process has open, in one text."""
    found = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            found.append(os.readlink(f"/proc/{pid}/fd/{number}"))
        except FileNotFoundError:
            pass
    return " ".join(found)


# --- runs -------------------------------------------------------------------


@case
def good_rows_are_renewed_and_bad_ones_reported():
    with Sandbox() as sandbox:
        centre = Centre(sandbox).clients(5, first=1)
        centre.client(6, state="unpaid")
        centre.client(7, days=200)
        centre.client(8, "--name", "Кириллов Кирилл <b>&amp;")
        plan = centre.plan(delimiter=";")
        done = centre.run(plan, "--report", centre.path("reports"))
        same(done.returncode, 5, done)
        same(ends(done), {2: "renewed", 3: "renewed", 4: "renewed",
                          5: "renewed", 6: "renewed", 7: "paymentRequired",
                          8: "notDue", 9: "renewed"}, done)
        same(done.events[0]["event"], "begin")
        same(done.events[0]["rows"], 8)
        same(done.events[-1]["event"], "end")
        same(done.events[-1]["outcome"], "paymentRequired")
        same(done.events[-1]["states"]["done"], 6)
        same(len(os.listdir(centre.path("new"))), 6)
        same(sorted(os.listdir(centre.path("new"))),
             sorted(os.listdir(centre.path("backup"))))
        check_report(centre, done)
        check_events(done.events)

        # Again: what is done is not done twice, what failed is tried.
        done = centre.run(plan)
        same(ends(done)[2], "alreadyRenewed", done)
        same(ends(done)[7], "paymentRequired", done)
        same(len(os.listdir(centre.path("new"))), 6)


def check_events(events):
    """Each kind of line has always the same words; what is known is there."""
    words = {}
    for one in events:
        kind = (one["event"], "outcome" in one)
        same(list(one), words.setdefault(kind, list(one)))
        if one["event"] == "row" and one["state"] in ("running", "waiting"):
            same(len(one["renewal"]), 32, one)
        if one["event"] == "row" and one["state"] == "waiting":
            true(one["message"].endswith("goes on by itself."), one)
        if one["event"] == "row" and one["state"] == "excluded":
            same((one["renewal"], one["seconds"]), (None, None), one)


def check_report(centre, done):
    files = glob.glob(centre.path("reports/batch-*"))
    same(sorted(name.rsplit(".", 1)[1] for name in files),
         ["csv", "html", "json"])
    base = files[0].rsplit(".", 1)[0]
    with open(base + ".csv", encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file, delimiter=";"))
    same([row["line"] for row in table], [str(n) for n in range(2, 10)])
    same(table[0]["outcome"], "renewed")
    same(table[0]["label"], "Договор № 1")
    true(os.path.isdir(table[0]["new_container"].removeprefix("file:")))
    same(table[5]["outcome"], "paymentRequired")
    within("has not been paid", table[5]["message"])
    within("Pay the invoice", table[5]["advice"])
    with open(base + ".json", encoding="utf-8") as file:
        report = json.load(file)
    same([row["outcome"] for row in report["results"]],
         [row["outcome"] for row in table])
    same(report["states"], done.events[-1]["states"])
    ok("jq", "-e", ".results | all(.outcome == \"renewed\" or .advice)",
       base + ".json")
    page = Page(base + ".html")
    within("Pay the invoice", page.text)
    within("Кириллов Кирилл <b>&amp;", page.text)
    within(base + ".html", done.stderr)


@case
def a_report_that_has_no_place_keeps_no_row_back():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(9)
        write(centre.path("reports"), "")
        done = centre.run(centre.plan(), "--report", centre.path("reports"))
        same((done.returncode, ends(done)), (1, {2: "renewed"}), done)
        within("Not a directory", done.stderr)
        # It is told before the first row, too, while it can be put right.
        same(done.stderr.count("cannot be written: --report"), 1, done)
        centre.client(10)
        done = centre.run(
            centre.plan(), "--report", centre.path("reports"),
            "--deploy-command", "rm '%s'" % centre.path("reports"))
        same(done.returncode, 0, done)
        same(len(os.listdir(centre.path("reports"))), 3, done)


@case
def the_table_at_the_end_names_those_that_need_attention():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        for number in range(8):
            centre.client(number, state="unpaid" if number < 7 else None)
        centre.rows.append({**centre.rows[0], "container": "/nowhere/x.000",
                            "label": ""})
        done = centre.run(centre.plan(), "--progress", "never")
        said = re.sub(r"\s+", " ", done.stdout)
        within("Lines: 2 Договор № 0, 3 Договор № 1, 4 Договор № 2, "
               "5 Договор № 3, 6 Договор № 4 …", said, done)
        within("Check the name, and that the drive is plugged in. Lines: 10 "
               "/nowhere/x.000", said, done)
        same(said.count("Lines:"), 2, done)


@case
def the_table_at_the_end_tells_what_is_the_same_of_each_row():
    with Sandbox() as sandbox:
        centre = Centre(sandbox).clients(2)
        done = centre.run(centre.plan(), "--progress", "never",
                          "--deploy-command", "false")
        said = re.sub(r"\s+", " ", done.stdout)
        same((done.returncode, said.count("The certificate itself is renewed, "
                                          "installed and usable.")),
             (1, 1), done)
        within(" 2 A command", said, done)


@case
def what_is_due_in_a_place_is_a_plan_too():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(20)
        centre.client(20)
        centre.client(20, days=300)
        words = ["--from-status", centre.path("old"), "--to",
                 "file:" + centre.path("new"), "--phone", "79110000020"]
        done = centre.batch(*words, "--dry-run")
        same(done.returncode, 0, done)
        same(done.stdout.count("days left"), 2, done)
        status = run("kep", "status", "--json", centre.path("old"),
                     env={"HOME": centre.path("home")}).stdout
        piped = centre.batch("-", *words[2:], "--dry-run", input=status)
        same(piped.stdout.count("days left"), 2, piped)
        done = centre.run(*words)
        same((done.returncode, sorted(ends(done).values())),
             (0, ["renewed", "renewed"]), done)
        # Nothing is left: what was renewed is no longer due.
        done = centre.run(*words)
        same((done.returncode, done.events), (0, []), done)
        same(len(os.listdir(centre.path("new"))), 2)
        status = run("kep", "status", "--due", "--json", centre.path("old"),
                     env={"HOME": centre.path("home")}).stdout
        done = centre.run("-", *words[2:], input=status)
        same((done.returncode, done.events), (0, []), done)
        within("No certificate has to be renewed", done.stderr, done)
        # Of several places it is said which one cannot be read.
        done = centre.run("--from-status", centre.path("old"),
                          centre.path("gone"), *words[2:])
        same((done.returncode, done.stdout), (5, ""), done)
        within(centre.path("gone"), "".join(done.stderr.split()), done)


@case
def a_server_that_asks_for_long_peace_stops_the_batch_and_fails_no_row():
    fault = "listCertificates=retry-after:3600*1"
    with Sandbox("--fault", fault) as sandbox:
        centre = Centre(sandbox).clients(4, first=27)
        told = centre.path("told")
        command = centre.path("failed")
        write(command, "#!/bin/sh\necho >>%s\n" % told)
        os.chmod(command, 0o700)
        done = centre.run(centre.plan(), "--failed-command", command)
        same((done.returncode, ends(done)), (1, {}), done)
        true(not os.path.exists(told), done)
        waiting = [one for one in done.events if one.get("state") == "waiting"]
        true(waiting and all(one["until"] for one in waiting), done)
        end = done.events[-1]
        same((end["event"], end["outcome"]), ("end", "serverBusy"), done)
        within("left for later", end["message"], done)
        # Before that hour is over the same command does not ask again for
        # those that were begun, however many were by then.
        begun = {one["line"] for one in waiting}
        centre.rows = [row for line, row in enumerate(centre.rows, 2)
                       if line in begun]
        calls = centre.calls()
        done = centre.run(centre.plan(), "--failed-command", command)
        same((done.returncode, set(ends(done).values())), (3, {"waiting"}),
             done)
        same(centre.calls(), calls)
        true(not os.path.exists(told), done)


@case
def a_server_that_asks_for_a_little_peace_gets_it_without_any_wait():
    """More often than one call is tried: --wait is about the certification
    centre."""
    fault = "listCertificates=retry-after:3*6"
    with Sandbox("--issue-after", "0", "--fault", fault) as sandbox:
        centre = Centre(sandbox)
        centre.client(91)
        done = centre.run(centre.plan(), "--wait", "0")
        same((done.returncode, set(ends(done).values())), (3, {"waiting"}),
             done)
        same(ask(sandbox, "SELECT DISTINCT status FROM forms"), ["issuing"])


@case
def the_last_line_agrees_with_the_exit_status():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(24)
        write(centre.path("file"), "no folder")
        done = centre.run(centre.plan(), "--report", centre.path("file/in"))
        same((done.returncode, ends(done)), (1, {2: "renewed"}), done)
        end = done.events[-1]
        same((end["event"], end["outcome"]), ("end", "reportUnwritable"), done)
        within("report could not be written", end["message"], done)
        same(sum(one["event"] == "end" for one in done.events), 1, done)
        done = centre.run(centre.plan(), "--report", centre.path("reports"))
        end = done.events[-1]
        same((done.returncode, end["event"], end["outcome"]),
             (0, "end", "done"), done)


@case
def what_cannot_be_read_in_a_place_is_told():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(25)
        torn = centre.client(26)["container"][len("file:"):]
        os.truncate(os.path.join(torn, "header.key"), 40)
        os.mkdir(centre.path("old/bad.000"))
        write(centre.path("old/alone.cer"), "no certificate")
        words = ["--to", "file:" + centre.path("new"), "--phone",
                 "79110000025"]
        status = run("kep", "status", "--due", "--json", centre.path("old"),
                     env={"HOME": centre.path("home")}).stdout
        for first, input in ((["-"], status),
                             (["--from-status", centre.path("old")], "")):
            done = centre.batch(*first, *words, "--dry-run", "--json",
                                input=input)
            same(done.returncode, 5, done)
            rows = json.loads(done.stdout)["rows"]
            same(sorted(row["reason"] or "due" for row in rows),
                 ["containerDamaged", "due", "notContainer"], done)
        done = centre.run("--from-status", centre.path("old"), *words,
                          "--report", centre.path("report"))
        same((done.returncode, sorted(ends(done).values())),
             (5, ["containerDamaged", "notContainer", "renewed"]), done)
        table = glob.glob(centre.path("report/*.csv"))
        with open(table[0], encoding="utf-8-sig") as file:
            said = file.read()
        within("bad.000", said)
        within(os.path.basename(torn), said)
        # Alone they are no reason to say that nothing is due, either.
        done = centre.run("--from-status", centre.path("old"), *words)
        same((done.returncode, sorted(ends(done).values())),
             (5, ["containerDamaged", "notContainer"]), done)


@case
def of_copies_that_are_found_one_is_renewed():
    """In a plan that somebody has written they are a mistake; here nobody
    could mend it."""
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(27)
        name, = os.listdir(centre.path("old"))
        shutil.copytree(centre.path("old/" + name),
                        centre.path("stick/copy0001.000"))
        places = [centre.path("old"), centre.path("old/" + name),
                  centre.path("stick")]
        words = ["--to", "file:" + centre.path("new"), "--phone",
                 "79110000027"]
        status = run("kep", "status", "--json", *places,
                     env={"HOME": centre.path("home")}).stdout
        for first, input in ((["-"], status),
                             (["--from-status", *places], "")):
            done = centre.batch(*first, *words, "--dry-run", "--json",
                                input=input)
            rows = json.loads(done.stdout)["rows"]
            same([os.path.basename(row["container"]) for row in rows], [name],
                 done)
            done = centre.batch(*first, *words, "--dry-run", input=input)
            same(done.stdout.strip().splitlines()[0],
                 "Due; the numbers are lines of the plan:" if input else
                 "Due:", done)
        # What is not given is no column of a plan that nobody has written.
        done = centre.batch("--from-status", *places, "--dry-run", "--json")
        same([(one["line"], one["message"]) for one in
              json.loads(done.stdout)["complaints"]],
             [(0, "Give --%s: each renewal needs it." % one)
              for one in ("phone", "to")], done)
        done = centre.run("--from-status", *places, *words)
        same((done.returncode, list(ends(done).values())), (0, ["renewed"]),
             done)
        same(len(os.listdir(centre.path("new"))), 1)


@case
def a_plan_is_no_place_to_look_in():
    """Nor is a certificate that lies by itself: nothing is due in either."""
    centre = Centre(None)
    plan, other = (write(centre.path(name), "container,to,phone\n")
                   for name in ("plan.csv", "ivanov.cer"))
    words = ["--from-status", "--dry-run", "--to", "file:/", "--phone",
             "79110000025"]
    for places, blamed in (([plan], [plan]), ([centre.path("old")], []),
                           ([centre.path("old"), other, plan],
                            [other, plan])):
        done = run("kep", "batch", *places, *words, "--json",
                   env=centre.env())
        found = json.loads(done.stdout)
        same((done.returncode, found["outcome"]),
             (2, "planWrong") if blamed else (0, "nothingDue"), done)
        same([one["message"].split(" is a file.")[0] for one in
              found.get("complaints", [])], blamed, done)
        done = run("kep", "batch", *places, *words, env=centre.env())
        same(len(re.findall("--from-status: .* is a file",
                            " ".join(done.stderr.split()))) > 0,
             bool(blamed), done)


@case
def options_say_what_the_plan_does_not():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(30)
        plan = centre.plan(("container",))
        done = centre.run(plan)
        same(done.returncode, 2, done)
        for word in ("to", "phone"):
            within('plan.csv:1:1: "%s" is missing' % word, done.stderr)
        done = centre.run(plan, "--to", centre.path("new"), "--phone",
                          "+7 911 000-00-30", "--express")
        same((done.returncode, ends(done)), (0, {2: "renewed"}), done)


@case
def each_row_goes_the_way_that_it_names():
    with Sandbox("--review-after", "0") as sandbox:
        centre = Centre(sandbox)
        for number, mode in enumerate(("express", "normal", "")):
            centre.client(35 + number)["mode"] = mode
        done = centre.run(centre.plan((*WORDS, "mode")), "--express")
        same(set(ends(done).values()), {"renewed"}, done)
        same(ask(sandbox, "SELECT mode FROM forms ORDER BY phone"),
             ["express", "normal", "express"])


@case
def before_the_window_a_row_is_renewed_where_asked_and_once():
    with Sandbox() as sandbox:
        centre = Centre(sandbox).clients(2, first=75, days=200)
        plan = centre.plan()
        same(set(ends(centre.run(plan)).values()), {"notDue"})
        for thumbprint in ask(sandbox, "SELECT thumbprint FROM certificates"):
            sandbox.set(thumbprint, "replacement")
        for outcome in "renewed", "alreadyRenewed":
            done = centre.run(plan, "--force")
            same(ends(done), {2: outcome, 3: outcome}, done)
            same(len(os.listdir(centre.path("new"))), 2)


@case
def a_plan_that_changes_meanwhile_is_told():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(90)
        plan = centre.plan()
        command = write(centre.path("add.sh"), "#!/bin/sh\necho >>'%s'\n" %
                        plan, 0o700)
        done = centre.run(plan, "--deploy-command", command)
        same((done.returncode, ends(done)), (0, {2: "renewed"}), done)
        within("The plan was changed while the batch ran", done.stderr)
        true("was changed" not in centre.run(plan).stderr)


# --- before -----------------------------------------------------------------


@case
def a_dry_run_tells_what_is_due_and_why_not():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(40)
        centre.client(41, days=100)
        centre.rows.append({**centre.rows[0], "container": "/nowhere/x.000"})
        before = centre.calls()
        done = centre.batch(centre.plan(), "--dry-run")
        same(done.returncode, 5, done)
        due, others = done.stdout.split("Not to be renewed now:")
        within("Договор № 40", due)
        within("too early", re.sub(r"\s+", " ", others))
        within("no such file, folder or container",
               re.sub(r"\s+", " ", others))
        # In one log, too, what sums it up stands last.
        kep, *words = centre.words(centre.plan(), "--dry-run")
        log = run("sh", "-c", 'exec "$@" 2>&1', "sh", harness.program(kep),
                  *words, cwd=centre.base, env=centre.env()).stdout
        true(log.index("too early") < log.index("Nothing has been sent"), log)
        found = json.loads(
            centre.batch(centre.plan(), "--dry-run", "--json").stdout)
        same([(row["line"], row["due"], row["reason"]) for row in
              found["rows"]], [(2, True, None), (3, False, "notDue"),
                               (4, False, "containerNotFound")])
        # Not everything is ready.
        within("1 row cannot be renewed as it is", found["message"])
        rows = centre.rows
        # The status is that of the run: somebody has to look after the third.
        for some, status, outcome, says in (
                (rows, 5, "rowsNotReady", "1 row cannot"),
                (rows[1:], 5, "rowsNotReady", "1 row cannot"),
                (rows[2:], 5, "rowsNotReady", "Not everything is ready"),
                (rows[1:2], 0, "nothingDue", "No certificate has to be"),
                (rows[:2], 0, "wouldRenew", "Everything is ready")):
            centre.rows = some
            done = centre.batch(centre.plan(), "--dry-run", "--json")
            found = json.loads(done.stdout)
            same((done.returncode, found["outcome"]), (status, outcome), done)
            within(says, found["message"])
            done = centre.batch(centre.plan(), "--dry-run")
            same(done.returncode, status, done)
            within(says, " ".join(done.stderr.split()))
            same("cannot be renewed" in done.stderr, status != 0, done)
        same(centre.calls(), before)
        same(os.listdir(centre.path("new")), [])
        true(not os.path.exists(centre.path("home/.local")))


@case
def the_help_names_the_columns():
    """As the complaint of another one does, in the language of who reads."""
    centre = Centre(None)
    plan = write(centre.path("plan.csv"), "x\n")
    for language in ("en", "ru"):
        env = centre.env({"LANGUAGE": language})
        said = [" ".join((done.stdout + done.stderr).split()) for done in
                (run("kep", "batch", "--help", env=env),
                 run("kep", "batch", plan, env=env))]
        for word in (*WORDS, "mode", "name", "pin_file", "old_pin_file",
                     "backup_pin_file", "algorithm", "on_token"):
            for text in said:
                true(re.search(" %s[,.; ]" % word, text), (word, text))


@case
def what_cannot_be_read_or_called_is_named():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(45)
        done = centre.run(centre.path("none.csv"), "--json")
        same((done.returncode, json.loads(done.stdout)["outcome"]),
             (2, "planUnreadable"), done)
        within(centre.path("none.csv") + ": No such file",
               json.loads(done.stdout)["message"])
        # Nor is one that a person gives up to type.
        with subprocess.Popen(
                [harness.program("kep"), *centre.words("-", "--json")[1:]],
                env={**os.environ, "LANG": "C.UTF-8", "XDG_STATE_HOME": "",
                     "HOME": centre.path("old")}, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                text=True) as process:
            harness.wait_until(lambda: os.path.exists(
                centre.path("old/.local/state/kep/journal.db")))
            process.send_signal(signal.SIGINT)
            process.wait(harness.TIMEOUT)
            said = process.stdout.read()
        same((process.returncode, json.loads(said)["outcome"]),
             (-signal.SIGINT, "interrupted"))
        for server, ca, says in (
                ("http://127.0.0.1:1", sandbox.ca, "begins with https://"),
                (sandbox.url.replace("https", "ftp"), sandbox.ca,
                 "begins with https://"),
                (sandbox.url.replace("//", "//name:word@"), sandbox.ca,
                 "no @ in it"),
                (sandbox.url, centre.plan(), centre.plan())):
            done = run("kep", "batch", centre.plan(), "--accept-data",
                       "--codes", centre.base, "--server", server,
                       "--server-ca", ca, "--json", cwd=centre.base,
                       env=centre.env())
            # Nothing has begun: it is one answer, and no events.
            found = json.loads(done.stdout)
            same((done.returncode, found["outcome"]), (2, "configuration"),
                 done)
            within(says, found["message"])
            true("name:word" not in done.stdout + done.stderr, done)
        same(os.listdir(centre.path("new")), [])


@case
def nothing_is_started_with_a_plan_that_is_wrong():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(50)
        with open(centre.plan(), encoding="utf-8") as file:
            good = file.read()
        row = good.splitlines()[1]
        before = centre.calls()
        for text, place, says in (
                (good + row + "\n", "3:1", "line 2 already"),
                (good + row.replace("7911", "8x"), "3:", "telephone"),
                (good.replace(",phone", "").replace(
                    "," + centre.rows[0]["phone"], ""), "1:1",
                 '"phone" is missing in all rows'),
                (good + "x,rutoken:48e243b5,79110000051,,\n"
                 "y,rutoken:48E243B5,79110000052,,\n", "4:3",
                 "This token is used in line 3 already"),
                (good + "x,y\n", "3:4", "only 2 values"),
                ("\ufeff" + (good + row + "\n").replace("\n", "\r\n"), "3:1",
                 "line 2 already"),
                ("PK\3\4\0", "1:1", "save the table as CSV in UTF-8"),
                ("\0".join("container"), "1:1", "UTF-16"),
                (good + '"' + row, "3:", "quotation marks"),
                (good.replace("label", "lable"), "1:20", '"lable"'),
                (good + "x,/nowhere/new,79110000051,,\n", "3:3",
                 "/nowhere/new"),
                ("", "", "no rows")):
            path = write(centre.path("bad.csv"), text)
            done = centre.run(path)
            same(done.returncode, 2, (text, done))
            said = re.sub(r"\s+", " ", done.stderr)
            within("bad.csv:" + place, said)
            within(says, said)
            within("Nothing has been started", said)
            done = centre.run(path, "--json")
            found = json.loads(done.stdout)
            same(found["outcome"], "planWrong", done)
            within(says, " ".join(one["message"] for one in
                                  found["complaints"]))
        same(centre.calls(), before)
        same(os.listdir(centre.path("new")), [])


@case
def a_gigabyte_is_not_read():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        path = write(centre.path("bad.csv"), "container,to,phone\n")
        os.truncate(path, 2 ** 30)
        done = centre.run(path)
        same(done.returncode, 2, done)
        said = re.sub(r"\s+", " ", done.stderr)
        within("The file is larger than 32 MB", said)
        within("Nothing has been started", said)


@case
def byte_order_marks_and_line_ends_of_windows_are_taken():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(55)
        with open(centre.plan(delimiter=";"), encoding="utf-8") as file:
            text = file.read()
        path = write(centre.path("windows.csv"),
                     "\ufeff" + text.replace("\n", "\r\n"))
        done = centre.run(path)
        same((done.returncode, ends(done)), (0, {2: "renewed"}), done)


@case
def one_certificate_is_renewed_once():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        row = centre.client(60)
        shutil.copytree(row["container"].removeprefix("file:"),
                        centre.path("old/copy.000"))
        centre.rows.append({**row, "container": centre.path("old/copy.000")})
        done = centre.run(centre.plan())
        same(done.returncode, 2, done)
        within("plan.csv:3:1: The certificate in this container is the same",
               re.sub(r"\s+", " ", done.stderr))


@case
def rows_that_are_left_out_need_no_place():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        with_owner, copy = centre.path("with-its-owner"), centre.path("copy")
        for drive in (with_owner, copy):
            os.mkdir(drive)
        centre.client(65).update(to=with_owner, backup=copy)
        done = centre.run(centre.plan())
        same((done.returncode, ends(done)), (0, {2: "renewed"}), done)
        for drive in (with_owner, copy):
            shutil.rmtree(drive)
        centre.client(66, days=200).update(to=with_owner)
        centre.client(67)
        done = centre.batch(centre.plan(), "--dry-run")
        same(done.returncode, 0, done)
        done = centre.run(centre.plan())
        same((done.returncode, ends(done)),
             (0, {2: "alreadyRenewed", 3: "notDue", 4: "renewed"}), done)
        centre.client(68).update(to=with_owner)
        done = centre.run(centre.plan())
        same(done.returncode, 2, done)
        within("plan.csv:5:", done.stderr)


@case
def a_password_that_no_file_gives_is_told_before_anything_starts():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.locked(80)
        centre.client(81)
        plan = centre.plan()
        done = centre.batch(plan, "--dry-run", "--json")
        same((done.returncode, [(row["due"], row["reason"]) for row in
                                json.loads(done.stdout)["rows"]]),
             (5, [(False, "passwordNeeded"), (True, None)]), done)
        done = centre.run(plan)
        same((done.returncode, ends(done)),
             (5, {2: "passwordNeeded", 3: "renewed"}), done)
        same(sandbox.messages(centre.rows[0]["phone"]), [])
        # Once it is begun it is gone on with, and then done.
        done = centre.run(plan, "--old-pin-file", centre.secret, "--wait", "0")
        same(ends(done)[3], "alreadyRenewed", done)
        for word in ("renewed", "alreadyRenewed"):
            done = centre.run(plan)
            same((done.returncode, ends(done)[2]), (0, word), done)


@case
def a_key_that_will_be_less_protected_is_told_before():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(85)
        for i, file in enumerate((None, centre.secret)):
            centre.locked(86 + i).update(old_pin_file=centre.secret,
                                         pin_file=file or "")
        plan = centre.plan([*WORDS, "old_pin_file", "pin_file"])
        done = centre.batch(plan, "--dry-run", "--json")
        same((done.returncode, [row["losesPassword"] for row in
                                json.loads(done.stdout)["rows"]]),
             (0, [False, True, False]), done)
        done = centre.batch(plan, "--dry-run")
        same(done.stdout.count("will have no password"), 1, done)
        done = centre.run(plan, "--wait", "0")
        within("1 old container is protected by a password", done.stderr)
        # Their new ones are there.
        done = centre.run(plan)
        same((done.returncode, "protected" in done.stderr), (0, False), done)


@case
def a_password_that_is_wrong_is_told_before_anything_starts():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        bad = [write(centre.path("bad%d" % i), text) for i, text in
               enumerate(("wrong\n", "Correct\n", "correct \n", ""))]
        for i, file in enumerate([centre.secret, *bad]):
            centre.locked(85 + i).update(old_pin_file=file)
        centre.client(90)
        centre.locked(91, days=200)
        plan = centre.plan([*WORDS, "old_pin_file"])
        default = ["--old-pin-file", bad[0]]
        done = centre.batch(plan, "--dry-run", "--json", *default)
        same((done.returncode, [row["reason"] for row in
                                json.loads(done.stdout)["rows"]]),
             (5, [None, *["passwordWrong"] * len(bad), None, "notDue"]), done)
        done = centre.batch(plan, "--dry-run", *default)
        within("does not open the container", done.stdout)
        done = centre.run(plan, *default)
        wanted = {2: "renewed", **dict.fromkeys(range(3, 7), "passwordWrong"),
                  7: "renewed", 8: "notDue"}
        same((done.returncode, ends(done)), (5, wanted), done)
        same([one["line"] for one in done.events
              if one.get("state") == "excluded"], [3, 4, 5, 6, 8], done)
        for row in centre.rows[1:5]:
            same(sandbox.messages(row["phone"]), [])
        # What was renewed needs none, and what was corrected is renewed.
        centre.rows[0]["old_pin_file"] = bad[0]
        centre.rows[1]["old_pin_file"] = centre.secret
        done = centre.run(centre.plan([*WORDS, "old_pin_file"]), *default)
        wanted.update({2: "alreadyRenewed", 3: "renewed", 7: "alreadyRenewed"})
        same((done.returncode, ends(done)), (5, wanted), done)


@case
def what_is_no_password_is_a_mistake_of_the_plan():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        two = write(centre.path("two"), "correct\nsecond\n")
        centre.locked(92).update(old_pin_file=two)
        plan = centre.plan(["old_pin_file", *WORDS])
        for options in ["--dry-run"], ["--accept-data"]:
            done = centre.batch(plan, *options)
            same(done.returncode, 2, done)
            within("plan.csv:2:1: The settings cannot be used. old_pin_file "
                   + two + ": there is more than one line",
                   re.sub(r"\s+", " ", done.stderr))
        same(centre.calls(), 0)
        # What was renewed is not tried.
        write(two, "correct\n")
        for word in ("renewed", "alreadyRenewed"):
            done = centre.run(plan)
            same((done.returncode, ends(done)), (0, {2: word}), done)
            write(two, "correct\nsecond\n")


@case
def what_no_new_container_can_have_is_a_mistake_of_the_plan():
    """Otherwise each owner is sent a code first, and signs."""
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        new = centre.path("new password")
        centre.client(94).update(pin_file=new)
        centre.client(95, days=200).update(pin_file=new)
        plan = centre.plan(["pin_file", *WORDS])
        for text, why in (("Пароль\n", "only Latin letters"),
                          ("x" * 257 + "\n", "longer than 256"),
                          ("one\ntwo\n", "more than one line")):
            write(new, text)
            for options in ["--dry-run"], ["--accept-data"]:
                done = centre.batch(plan, *options)
                same((done.returncode, done.stderr.count("plan.csv:")), (2, 1),
                     done)
                within("plan.csv:2:1: The settings cannot be used. pin_file "
                       + new, re.sub(r"\s+", " ", done.stderr))
                within(why, re.sub(r"\s+", " ", done.stderr))
        same(centre.calls(), 0)
        # What was renewed needs it no more.
        write(new, "good\n")
        for word in ("renewed", "alreadyRenewed"):
            done = centre.run(plan)
            same(ends(done), {2: word, 3: "notDue"}, done)
            write(new, "Пароль\n")


@case
def a_password_that_a_pipe_gives_is_left_to_the_renewal():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.locked(93)
        out, into = os.pipe()
        os.write(into, b"correct\n")
        os.close(into)
        done = centre.run(centre.plan(), "--old-pin-file", "/dev/fd/%d" % out,
                          pass_fds=[out])
        os.close(out)
        same((done.returncode, ends(done)), (0, {2: "renewed"}), done)


@case_of_each(["file", "read-only", "fine"])
def a_dry_run_says_whether_the_journal_has_a_place(kind):
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(94)
        state, plan = centre.path("state"), centre.plan()
        env = {"XDG_STATE_HOME": state}
        if kind == "file":
            write(state, "")
        else:
            os.mkdir(state)
        with (Mount(state, "ro") if kind == "read-only"
              else contextlib.nullcontext()):
            done = centre.batch(plan, "--dry-run", "--json", env=env)
            same((done.returncode, json.loads(done.stdout)["outcome"]),
                 (0, "wouldRenew") if kind == "fine" else
                 (5, "stateUnwritable"), done)
            if os.path.isdir(state):
                same(os.listdir(state), [])
            then = centre.run(plan, env=env)
            same(then.returncode, done.returncode, then)
        if kind != "fine":
            within("journal of renewals cannot be written", then.stderr)
            same(centre.calls(), 0)


@case
def what_is_missing_is_told_before_anything_starts():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(70)
        plan = centre.plan()
        for words, status, says in (
                ([plan], 5, "accepted them before"),
                ([], 2, "Name one plan"),
                ([plan, plan], 2, "Name one plan"),
                ([centre.path("none.csv")], 2, "No such file"),
                ([centre.path("old")], 2, "cannot be read")):
            done = centre.batch(*words)
            same(done.returncode, status, done)
            within(says, re.sub(r"\s+", " ", done.stderr))
        done = run("kep", "batch", plan, "--accept-data", "--codes", "/x",
                   env={"HOME": centre.path("home"), "LANGUAGE": "en",
                        "LANG": "C.UTF-8"})
        same(done.returncode, 2, done)
        within("--server", done.stderr)


@case
def what_options_name_is_looked_at_before_anything_starts():
    with Sandbox("--issue-after", "0") as sandbox:
        centre = Centre(sandbox)
        centre.client(1)
        plan = centre.plan()
        plain = write(centre.path("plain.txt"), "no certificate\n")
        gone, pipe = centre.path("gone"), centre.path("pipe")
        os.mkfifo(pipe)
        for option, value, why in (
                ("--codes", gone, "No such file or directory"),
                ("--codes", "/dev/null", "neither a folder nor a file"),
                ("--codes", pipe, "neither a folder nor a file"),
                ("--code-command", gone + " -x", "not found"),
                ("--code-command", plain, "may not be run"),
                ("--code-command", "kep-no-such-tool", "not found"),
                ("--code-command", " ", "The command is empty"),
                ("--code-command", "'sh", "quotation mark in the command is"
                 " not closed"),
                ("--deploy-command", gone + " -x", "not found"),
                ("--failed-command", "'sh", "not closed"),
                ("--server-ca", gone, "No such file or directory"),
                ("--entropy", gone, "No such file or directory"),
                ("--roots", gone, "no such file"),
                ("--roots", plain, "certificate")):
            words = centre.words(plan)
            if option.startswith("--code"):
                words = words[:-2]
            for then in "--accept-data", "--dry-run":
                done = run(*words, then, option, value, cwd=centre.base,
                           env=centre.env())
                same(done.returncode, 2, done)
                within(option, done.stderr, done)
                within(why, " ".join(done.stderr.split()), done)
                same(done.stdout, "", done)
        same(centre.calls(), 0)
        for place, status in ((plain, 2), (plain + "/in", 2),
                              (gone + "/deep", 0), ("near", 0)):
            done = centre.batch(plan, "--dry-run", "--report", place)
            same(done.returncode, status, done)
            same("--report" in done.stderr, status != 0, done)
            true(not os.path.isdir(centre.path(place)), place)
        # What would be renewed is told without a server, too.
        done = run("kep", "batch", plan, "--dry-run", cwd=centre.base,
                   env=centre.env())
        same(done.returncode, 0, done)
        # A program is found as a shell finds it.
        done = run(*centre.words(plan)[:-2], "--accept-data",
                   "--code-command", "sh -c 'exit 1'", cwd=centre.base,
                   env=centre.env())
        same(done.returncode, 5, done)
        true(centre.calls() > 0)


@case
def a_pipe_that_nobody_writes_can_be_left():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        os.mkfifo(centre.path("pipe.csv"))
        kep = centre.start(centre.path("pipe.csv"))
        harness.wait_until(lambda: "pipe.csv" in opened(kep.pid))
        kep.terminate()
        try:
            same(kep.wait(harness.TIMEOUT), -signal.SIGTERM)
        finally:
            harness.kill(kep)


harness.main(jobs=4)
