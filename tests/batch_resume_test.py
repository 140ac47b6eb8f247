#!/usr/bin/python3
"""kep resume --jobs: what a batch left behind is gone on with as fast as the
batch was, also when its plan is gone. TAP."""

import csv
import glob
import json
import os
import re
import shutil

import contract
import harness
from centre import Centre, ask, ends, installed, most_at_once, with_events
from harness import Sandbox, case, same, true, within
from subscriber import write

ROWS = 12


def resume(centre, *words, codes=True):
    given = ["--codes", os.path.join(centre.sandbox.dir, "sms")] if codes \
        else []
    return with_events(harness.run("kep", "resume", "--jobs", "4", *given,
                                   *words, cwd=centre.base, env=centre.env()))


@case
def what_a_killed_batch_left_is_gone_on_with_without_its_plan():
    with Sandbox("--issue-after", "2", "--latency", "30") as sandbox:
        centre = Centre(sandbox).clients(ROWS)
        plan = centre.plan()
        process = centre.start(plan)
        harness.wait_until(lambda: len(os.listdir(centre.path("new"))) >= 5)
        harness.kill(process)
        os.remove(plan)
        begun = ask(sandbox, "SELECT count(*) FROM forms")[0]
        done = resume(centre, "--accept-data", "--json", "--report",
                      centre.path("reports"))
        same(done.returncode, 0, done)
        same(set(ends(done).values()), {"renewed"}, done)
        true(len(ends(done)) >= begun - 1 > 3, done)
        true(most_at_once(done) > 1, done)
        same(installed(sandbox), len(ends(done)))
        # They are known by what the plan called them.
        within("Договор № ", done.events[1]["label"])
        reports = glob.glob(centre.path("reports/batch-*.json"))
        same(len(reports), 1)
        with open(reports[0], encoding="utf-8") as file:
            same({row["outcome"] for row in json.load(file)["results"]},
                 {"renewed"})


@case
def what_waits_is_waited_for():
    with Sandbox("--issue-after", "3") as sandbox:
        centre = Centre(sandbox).clients(ROWS)
        done = centre.run(centre.plan(), "--wait", "0")
        same(set(ends(done).values()), {"waiting"}, done)
        # They are none that failed, in no form in which that is said.
        sandbox.restart("--issue-after", "600")
        for done in (centre.run(centre.plan(), "--wait", "0"),
                     resume(centre, "--wait", "0", "--report",
                            centre.path("waits"))):
            same((done.returncode, {one["state"] for one in done.events
                                    if one.get("outcome") == "waiting" and
                                    one["event"] == "row"},
                  done.events[-1]["states"]["waiting"],
                  done.events[-1]["states"]["failed"],
                  done.events[-1]["outcomes"]),
                 (3, {"waiting"}, ROWS, 0,
                  [{"outcome": "waiting", "state": "waiting",
                    "count": ROWS}]), done)
        page, = glob.glob(centre.path("waits/*.html"))
        with open(page, encoding="utf-8") as file:
            said = file.read()
        true("ttention" not in said, said)
        same(said.count("Waiting for the certification centre"), 2)
        within("(%d)" % ROWS, said)
        sandbox.restart("--issue-after", "3")
        # Of the old ones nothing more is needed but what the journal has.
        done = resume(centre, codes=False)
        same((done.returncode, list(ends(done).values())),
             (0, ["renewed"] * ROWS), done)
        same(installed(sandbox), ROWS)
        done = resume(centre)
        same((done.returncode, done.events), (0, []), done)
        within("no unfinished renewal", done.stderr)


@case
def each_goes_on_at_its_own_server():
    with Sandbox("--issue-after", "3") as one:
        with Sandbox("--issue-after", "3") as other:
            centre = Centre(one).clients(3)
            same(set(ends(centre.run(centre.plan(), "--wait", "0")).values()),
                 {"waiting"})
            centre.sandbox, centre.rows = other, []
            centre.clients(3, first=3)
            same(set(ends(centre.run(centre.plan(), "--wait", "0")).values()),
                 {"waiting"})
            done = resume(centre, codes=False)
            same((done.returncode, list(ends(done).values())),
                 (0, ["renewed"] * 6), done)
            same((installed(one), installed(other)), (3, 3))


@case
def rows_of_one_telephone_that_need_no_code_do_not_wait():
    """Each has its session yet; the certificates are slow to come."""
    with Sandbox("--issue-after", "3") as sandbox:
        centre = Centre(sandbox).clients(4, phone="79110000000")
        done = centre.run(centre.plan(), "--wait", "0")
        same(set(ends(done).values()), {"waiting"}, done)
        sandbox.restart("--issue-after", "1", "--fault",
                        "readCertificate=slow:4")
        done = resume(centre)
        same((done.returncode, set(ends(done).values())), (0, {"renewed"}),
             done)
        same(most_at_once(done), 4, done)


@case
def rows_of_one_telephone_that_need_a_code_take_turns():
    """The sessions are gone: a code is used before another is asked for."""
    with Sandbox("--issue-after", "3", "--latency", "50") as sandbox:
        centre = Centre(sandbox).clients(6, phone="79110000000")
        done = centre.run(centre.plan(), "--wait", "0")
        same(set(ends(done).values()), {"waiting"}, done)
        sessions = glob.glob(centre.path("home/.local/state/kep/session-*"))
        same(len(sessions), 6)
        for path in sessions:
            os.remove(path)
        sandbox.restart("--issue-after", "1", "--latency", "50")
        done = resume(centre)
        same((done.returncode, set(ends(done).values())), (0, {"renewed"}),
             done)
        made = [one["operation"] for one in contract.read(sandbox.log)
                if one["operation"] in ("requestCode", "signIn")]
        same(made, 6 * ["requestCode", "signIn"])
        same([one for one in contract.read(sandbox.log)
              if 400 <= one["status"] < 500], [])


@case
def one_that_cannot_go_on_holds_up_no_other():
    with Sandbox("--issue-after", "3") as sandbox:
        centre = Centre(sandbox).clients(4)
        done = centre.run(centre.plan(), "--wait", "0")
        same(set(ends(done).values()), {"waiting"}, done)
        # Its new key is lost: what is issued has no place to go.
        lost = sorted(os.listdir(centre.path("new")))[0]
        shutil.rmtree(centre.path("new/" + lost))
        done = resume(centre)
        same(sorted(ends(done).values())[1:], ["renewed"] * 3, done)
        same(sorted(ends(done).values())[0], "keyLost", done)
        same(done.returncode, 5)


@case
def the_table_at_the_end_is_of_renewals():
    """There is no plan to look into for a line; and what is known of the only
    one that failed is worth more than what is known of its kind."""
    with Sandbox("--issue-after", "3") as sandbox:
        centre = Centre(sandbox).clients(4)
        done = centre.run(centre.plan(), "--wait", "0")
        same(set(ends(done).values()), {"waiting"}, done)
        ids = {row["label"]: row["renewal"][:8] for row in done.events
               if row.get("outcome") and row["event"] == "row"}
        lost = centre.rows[2]["label"]
        of_lost, = [row for row in done.events if row.get("label") == lost
                    and row.get("newContainer")]
        shutil.rmtree(of_lost["newContainer"].removeprefix("file:"))
        done = resume(centre, "--progress", "never")
        same(done.returncode, 5, done)
        failed, renewed = re.sub(r"\s+", " ", done.stdout).split(
            " 3 The certificate has been renewed")
        within(of_lost["newContainer"], failed)
        within("Renewals: %s %s" % (ids.pop(lost), lost), failed)
        for label, number in ids.items():
            within("%s %s" % (number, label), renewed)
        true("Lines:" not in done.stdout, done)


@case
def what_there_is_only_once_is_for_one_renewal():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        for words in (("--pin-fd", "0"), ("--old-pin-fd", "0"),
                      ("--backup-pin-fd", "0"), ("--changes", "/dev/null"),
                      ("--scan", "/dev/null")):
            done = resume(centre, *words)
            same((done.returncode, done.stdout), (2, ""), done)
            within("With --jobs", done.stderr)


@case
def a_report_is_not_passed_over_in_silence():
    centre = Centre(None)
    for words in ([], ["0123abcd"], ["0123abcd", "--jobs", "4"]):
        done = harness.run("kep", "resume", "--report", centre.path("reports"),
                           *words, "--json", cwd=centre.base, env=centre.env())
        same((done.returncode, json.loads(done.stdout)["outcome"]),
             (2, "usage"), done)
        within("add --jobs", done.stderr)


def check_table(centre, count):
    """The report written last is one that a spreadsheet reads."""
    path = max(glob.glob(centre.path("reports/*.csv")))
    with open(path, encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    same([(row["line"], row["outcome"]) for row in table],
         [(str(number + 1), "waiting") for number in range(count)], path)


def check_page(centre, *parts):
    """And so is the page: it speaks of lines only where there are some."""
    path = max(glob.glob(centre.path("reports/*.html")))
    with open(path, encoding="utf-8") as file:
        page = file.read()
    for part in parts:
        true(re.search(part, page), (part, page))


@case
def a_report_without_a_table_to_begin_with_has_commas():
    with Sandbox("--issue-after", "1000") as sandbox:
        centre = Centre(sandbox).clients(2)
        words = ["--wait", "0", "--report", centre.path("reports")]
        path = write(centre.path("plan.json"), "".join(
            json.dumps(row) + "\n" for row in centre.rows))
        found = ["--from-status", centre.path("old"), "--to",
                 centre.path("new"), "--phone", centre.rows[0]["phone"]]
        for plan, parts in (
                ([path], (">Line<", "2</td><td>Rows of the plan")),
                (found, (">No.<", "2</td><td>Renewals in all"))):
            done = centre.run(*plan, *words)
            same(done.returncode, 3, done)
            check_table(centre, 2)
            check_page(centre, *parts)
            shutil.rmtree(centre.path("reports"))
        done = resume(centre, *words)
        same(done.returncode, 3, done)
        check_table(centre, 2)
        check_page(centre, ">No.<", "Renewals in all",
                   "<td class=n>[0-9a-f]{8}</td>")


harness.main(jobs=4)
