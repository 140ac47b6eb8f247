#!/usr/bin/python3
"""A plan that is run again: when its old containers are not there any more, and
when the centre has said no. TAP."""

import contextlib
import json
import os
import re
import shutil
import time

import harness
from centre import Centre, ends, journal_of
from harness import Sandbox, case, run, same, within
from subscriber import write


def remove(row):
    shutil.rmtree(row["container"].removeprefix("file:"))


def foreseen(centre):
    """The reasons by lines, "due" where there is none."""
    done = centre.batch(centre.plan(), "--dry-run", "--json")
    return {row["line"]: row["reason"] or "due"
            for row in json.loads(done.stdout)["rows"]}


def check(centre, status, wanted):
    """What is foreseen is what comes."""
    same(foreseen(centre), {line: word if word != "renewed" else "due"
                            for line, word in wanted.items()})
    done = centre.run(centre.plan())
    same((done.returncode, ends(done)), (status, wanted), done)
    return done


@case
def what_was_renewed_is_told_as_that_when_its_container_is_gone():
    with Sandbox() as sandbox:
        centre = Centre(sandbox).clients(2)
        first = {row["line"]: row for row in check(
            centre, 0, {2: "renewed", 3: "renewed"}).events
            if row.get("outcome") == "renewed" and "line" in row}
        remove(centre.rows[0])
        calls = centre.calls()
        # The folder of the new one is with its owner.
        shutil.move(centre.path("new"), centre.path("away"))
        done = check(centre, 0, {2: "alreadyRenewed", 3: "alreadyRenewed"})
        same(centre.calls(), calls)
        again, = (row for row in done.events if row.get("line") == 2)
        for word in ("state", "newContainer", "newNotAfter", "renewal",
                     "backupContainer"):
            same(again[word], first[2][word])
        shutil.move(centre.path("away"), centre.path("new"))
        # The same telephone may be written otherwise.
        row = centre.rows[0]
        row["phone"] = "+%s (%s) %s-%s" % re.match(
            r"(.)(...)(...)(.*)", row["phone"]).groups()
        check(centre, 0, {2: "alreadyRenewed", 3: "alreadyRenewed"})


@case
def what_was_renewed_and_is_due_again_is_missed():
    """A drive that is not plugged in may have another by now."""
    with Sandbox() as sandbox:
        centre = Centre(sandbox).clients(1)
        check(centre, 0, {2: "renewed"})
        remove(centre.rows[0])
        check(centre, 0, {2: "alreadyRenewed"})
        with contextlib.closing(journal_of(centre)) as journal, journal:
            journal.execute("UPDATE renewal SET new_not_after = ?",
                            [int(time.time()) + 30 * 24 * 60 * 60])
        check(centre, 5, {2: "containerNotFound"})


@case
def a_row_of_the_journal_without_its_new_container_is_told_of():
    with Sandbox() as sandbox:
        centre = Centre(sandbox).clients(1)
        check(centre, 0, {2: "renewed"})
        with contextlib.closing(journal_of(centre)) as journal, journal:
            journal.execute("UPDATE renewal SET new_container = NULL")
        words = centre.words()[2:]
        done = run("kep", "renew", centre.rows[0]["container"], *words,
                   "--phone", centre.rows[0]["phone"], "--to",
                   centre.path("new"), "--no-backup", "--accept-data",
                   "--json", env=centre.env())
        told = json.loads(done.stdout)
        same((told["outcome"], "null" in told["message"]),
             ("alreadyRenewed", False), done)


@case
def what_was_not_renewed_is_missed():
    """Somebody else's drive that is mounted at the same place, a renewal that
    is open and wants the old key, and a container that never was."""
    with Sandbox() as sandbox:
        centre = Centre(sandbox).clients(2)
        centre.client(2, state="unpaid")
        centre.run(centre.plan())
        for row in centre.rows[1:]:
            remove(row)
        centre.rows[1]["phone"] = "79110009999"
        centre.rows.append({**centre.rows[0],
                            "container": centre.path("old/never.000")})
        done = check(centre, 5, {2: "alreadyRenewed",
                                 3: "containerNotFound",
                                 4: "containerNotFound",
                                 5: "containerNotFound"})
        same(sorted(row["line"] for row in done.events
                    if row.get("state") == "excluded"), [3, 4, 5])


@case
def what_the_centre_excluded_costs_no_code_each_night():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        row = centre.client(1, state="subject-changed")
        excluded, = centre.thumbprints()[-1:]
        centre.client(2)
        plan = centre.plan()
        note = centre.path("note")
        command = ["--failed-command", write(
            note + ".sh", "#!/bin/sh\necho $KEP_OUTCOME >>'%s'\n" % note,
            0o700)]
        for night in range(3):
            done = centre.run(plan, *command)
            same((done.returncode, ends(done)[2]), (5, "subjectChanged"), done)
            same(done.events[-1]["states"]["excluded"], min(night, 1), done)
            same(len(sandbox.messages(row["phone"])), 1)
        with open(note, encoding="utf-8") as file:
            same(file.read(), "subjectChanged\n")
        said = next(one for one in done.events if one.get("line") == 2 and
                    one.get("outcome"))
        within("So the certification centre said on ", said["message"])
        within("So the certification centre said on ",
               " ".join(centre.batch(plan, "--dry-run").stdout.split()))
        # Whoever has seen to it asks again.
        sandbox.set(excluded, "available")
        for words in (), ("--window", "3650"):
            same(ends(centre.run(plan, *words))[2], "subjectChanged")
        done = centre.run(plan, "--force")
        same((done.returncode, ends(done)[2]), (0, "renewed"), done)


@case
def what_has_been_signed_is_gone_on_with():
    """The old container may be with its owner while the certificate is waited
    for, whose own is kept; where that is not, it is still needed."""
    with Sandbox("--issue-after", "1") as sandbox:
        centre = Centre(sandbox).clients(2)
        done = centre.run(centre.plan(), "--wait", "0")
        same(ends(done), {2: "waiting", 3: "waiting"}, done)
        archive = centre.path("home/.local/state/kep/archive")
        kept = sorted(os.listdir(archive))
        same(len(kept), 2)
        for row in centre.rows:
            shutil.move(row["container"].removeprefix("file:"),
                        row["container"].removeprefix("file:") + ".away")
        os.rename(os.path.join(archive, kept[0]), centre.path("kept"))
        same(foreseen(centre), {2: "due", 3: "due"})
        done = centre.run(centre.plan())
        same((sorted(ends(done).values()), done.returncode),
             (["containerNotFound", "renewed"], 5), done)
        os.rename(centre.path("kept"), os.path.join(archive, kept[0]))
        done = centre.run(centre.plan())
        same((sorted(ends(done).values()), done.returncode),
             (["alreadyRenewed", "renewed"], 0), done)


@case
def what_is_in_its_place_now_counts():
    with Sandbox() as sandbox:
        centre = Centre(sandbox).clients(1)
        check(centre, 0, {2: "renewed"})
        old = centre.rows[0]
        remove(old)
        centre.client(0)
        shutil.move(centre.rows.pop()["container"].removeprefix("file:"),
                    old["container"].removeprefix("file:"))
        check(centre, 0, {2: "renewed"})
        check(centre, 0, {2: "alreadyRenewed"})


harness.main(jobs=3)
