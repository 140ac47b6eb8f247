#!/usr/bin/python3
"""kep status --due: what is listed and what is not. TAP."""

import json
import os
import re

import harness
from harness import Sandbox, case, folder, run, same, true, within

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
        text = status("--due", place).stdout
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
