#!/usr/bin/python3
"""Batches with tokens, which are virtual ones in the readers of a real pcscd:
keys inside of them, one job at a time for each, one that is plugged in later,
and a wrong PIN, which costs one try however many rows there are."""

import glob
import json
import os
import re
import time

import harness
from centre import Centre, ends, most_at_once, with_events
from harness import (TIMEOUT, Sandbox, case, case_of_each, read_line, run,
                     same, true, wait_until, within)
from subscriber import write
from talk import Talk
from tokens import Desk, Holder, Token

SERIAL, OTHER = "48e243b5", "0000beef"
PIN = "12345678"
GATED = r"""#!/bin/sh
cd '%s' && touch asked || exit 1
until [ -e gate ]; do sleep 0.1; done
grep -oh '\<[0-9]\{6\}\>' "$(ls '%s'/sms/*$KEP_PHONE_TAIL/* | tail -n 1)"
"""


def at(serial=SERIAL, slot=None):
    return "rutoken:%s%s" % (serial, "/" + slot if slot else "")


class Room(Centre):
    """A service centre with a desk; its rows have no copy."""

    def __init__(self, sandbox, desk):
        super().__init__(sandbox)
        self.desk = desk
        self.pin = write(os.path.join(self.base, "pin"), PIN + "\n")

    def env(self, env=None):
        return super().env({**self.desk.env, **(env or {})})

    def client(self, number, *options, to=None, **values):
        row = super().client(number, *options)
        row.update({"backup": "", **values})
        if to is not None:
            row["to"] = to
        return row

    def old_on(self, token, row, serial=SERIAL):
        """Its old container is on that token."""
        token.put("0A00", row["container"][len("file:"):])
        row["container"] = at(serial, "0A00")

    def plan(self, words=("container", "to", "phone", "backup", "pin_file",
                          "old_pin_file", "backup_pin_file", "on_token"),
             **options):
        for row in self.rows:
            row.setdefault("pin_file", self.pin)
        return super().plan(words, **options)

    def start(self, *words, gated=False):
        """gated: codes come once there is the file "gate"; "asked" is there
        when one is wanted."""
        return super().start(*words, *(["--code-command", write(
            self.path("code"), GATED % (self.base, self.sandbox.dir), 0o700)]
            if gated else []))

    def resume(self, *words):
        """As a timer does, with nothing but what the renewals remember."""
        return with_events(run("kep", "resume", "--jobs", "4", "--codes",
                               os.path.join(self.sandbox.dir, "sms"), *words,
                               cwd=self.base, env=self.env()))


def clean(token, tries=10):
    same(token.number("tries", 2), tries)
    true(not token.ask("formatted")[0])


def heard(process):
    """The next event of a batch that goes on."""
    line = read_line(process)
    true(line, "the batch says nothing more")
    return json.loads(line)


def keys(token):
    return [line for line in token.dump() if line.startswith("key ")]


@case
def keys_are_made_inside_of_tokens():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        token.insert()
        room = Room(sandbox, desk)
        room.client(1, to=at(), on_token="yes")
        room.client(2, on_token="no")
        done = room.run(room.plan(), "--on-token")
        same((done.returncode, ends(done)),
             (0, {2: "renewed", 3: "renewed"}), done)
        same((token.slots(), len(os.listdir(room.path("new")))), ([], 1))
        true(keys(token))
        clean(token)
        done = run("kep", "verify", at(slot="key-ff"), "--pin-file", room.pin,
                   env=room.env())
        same(done.returncode, 0, done)


@case
def what_cannot_be_made_inside_is_told_before_anything_starts():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        lite = Token(desk, 1, dialect="lite", serial=OTHER)
        token.insert()
        lite.insert()
        room = Room(sandbox, desk)
        room.client(1, to=at(), on_token="yes")
        row = room.client(2, on_token="yes")
        for to in (at(OTHER), room.path("new")):
            row["to"] = to
            done = room.run(room.plan(("on_token", "container", "to",
                                       "phone")))
            same(done.returncode, 2, done)
            said = re.sub(r"\s+", " ", done.stderr)
            within(":3:1: ", said, done)
            within("inside of this medium", said, done)
        same((keys(token), token.slots(), lite.slots()), ([], [], []))
        same(os.listdir(room.path("new")), [])


@case
def a_full_token_is_told_before_anything_starts():
    """But what was begun may have taken its last place."""
    with Desk() as desk, Sandbox("--issue-after", "2") as sandbox:
        token = Token(desk, dialect="s")
        token.insert()
        room = Room(sandbox, desk)
        row = room.client(1, to=at())
        for number in range(0x0A, 0x10):
            token.put("%02X00" % number, row["container"][len("file:"):])
        done = room.run(room.plan(), "--wait", "0")
        same(ends(done), {2: "waiting"}, done)
        done = room.run(room.plan())
        same((ends(done), len(token.slots())), ({2: "renewed"}, 7), done)
        before = room.calls()
        room.client(2, to=at())
        room.rows = room.rows[1:]
        done = room.run(room.plan())
        same((done.returncode, done.events), (2, []), done)
        within(":2:%d: %s: All" % (len(room.rows[0]["container"]) + 2, at()),
               done.stderr)
        same(room.calls(), before)


# --- one job at a time ------------------------------------------------------


def order(done):
    """The lines of the rows, in the order of their ends."""
    return [one["line"] for one in done.events
            if one["event"] == "row" and one.get("outcome")]


@case
def copies_onto_one_token_are_made_one_after_the_other():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect="lite")
        other = Token(desk, 1, serial=OTHER)
        token.insert()
        other.insert()
        token.fault("slow", value=30, times=100000)
        room = Room(sandbox, desk)
        for number in (1, 2):
            room.client(number, backup=at(), backup_pin_file=room.pin)
        room.client(3, to=at(OTHER))
        room.client(4)
        done = room.run(room.plan())
        same((done.returncode, set(ends(done).values())), (0, {"renewed"}),
             done)
        same((token.slots(), other.slots()), (["0A00", "0B00"], ["0A00"]))
        same(most_at_once(done, {2, 3}), 1)
        true(most_at_once(done, {2, 3, 4, 5}) > 1, done)
        # Nobody waits for a token that they do not need.
        true(order(done)[-1] in (2, 3), done)
        names = sorted(token.content(slot)["name.key"]
                       for slot in token.slots())
        found = []
        for path in glob.glob(room.path("new/*/name.key")):
            with open(path, "rb") as file:
                found.append(file.read())
        true(set(names) < set(found), found)
        same(len(set(names)), 2)
        clean(token)
        clean(other)


@case
def renewals_of_one_token_are_gone_on_with_one_after_the_other():
    with Desk() as desk, Sandbox("--issue-after", "3") as sandbox:
        token = Token(desk, dialect="lite")
        token.insert()
        room = Room(sandbox, desk)
        rows = [room.client(number, to=at()) for number in (1, 2)]
        done = room.run(room.plan())
        same((done.returncode, done.events), (2, []), done)
        within("one token cannot serve two renewals", done.stderr)
        same(token.slots(), [])
        # Two plans: their keys are on it already, their certificates not.
        for row in rows:
            room.rows = [row]
            done = room.run(room.plan(), "--wait", "0")
            same(list(ends(done).values()), ["waiting"], done)
        token.fault("slow", value=10, times=100000)
        done = room.resume("--pin-file", room.pin)
        same((done.returncode, list(ends(done).values())),
             (0, ["renewed", "renewed"]), done)
        same(most_at_once(done, {1, 2}), 1)
        same(token.slots(), ["0A00", "0B00"])
        clean(token)


@case
def what_is_found_for_one_token_is_renewed_one_after_the_other():
    """A plan that somebody has written may not name it twice; here nobody
    has."""
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect="lite")
        token.insert()
        token.fault("slow", value=10, times=100000)
        room = Room(sandbox, desk)
        for _ in range(2):
            room.client(1)
        words = ["--to", at(), "--phone", "79110000001", "--pin-file",
                 room.pin]
        done = room.run("--from-status", room.path("old"), *words)
        same((done.returncode, list(ends(done).values())),
             (0, ["renewed", "renewed"]), done)
        same(most_at_once(done, {1, 2}), 1)
        same(token.slots(), ["0A00", "0B00"])
        clean(token)


# --- plugged in later -------------------------------------------------------


def until(process, **values):
    """The next event of a batch that is as they say."""
    while True:
        event = heard(process)
        if all(event.get(name) == values[name] for name in values):
            return event


@case
def a_token_is_waited_for():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk)
        later = Token(desk, 1, dialect="lite", serial=OTHER)
        token.insert()
        room = Room(sandbox, desk)
        room.client(1, to=at(OTHER))
        room.client(2, to=at())
        room.client(3)
        process = room.start(room.plan())
        events = [heard(process)]
        while sum(one.get("outcome") == "renewed" for one in events) < 2:
            events.append(heard(process))
        needs = [one for one in events if one.get("state") == "needs"]
        same([one["line"] for one in needs], [2])
        within("not plugged in: " + at(OTHER), needs[0]["message"])
        # Until it is there the server is not asked for anything.
        calls = room.calls()
        time.sleep(5)
        same(room.calls(), calls)
        later.insert()
        rest, errors = process.communicate(timeout=TIMEOUT)
        same(process.returncode, 0, errors)
        events += [json.loads(line) for line in rest.splitlines()]
        same([one["line"] for one in events if one.get("outcome") == "renewed"
              and one["event"] == "row"][-1], 2)
        same((token.slots(), later.slots()), (["0A00"], ["0A00"]))
        clean(token)
        clean(later)


@case
def a_token_in_use_is_not_taken_for_one_that_is_missing():
    """It is in use when the rows go on that have asked for their codes: by
    then the batch knows whose it is."""
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        later = Token(desk, 1, dialect="lite", serial=OTHER)
        token.insert()
        room = Room(sandbox, desk)
        room.client(1, to=at(OTHER))
        room.client(2, to=at())
        process, needs = room.start(room.plan(), gated=True), {}
        wait_until(lambda: os.path.exists(room.path("asked")))
        with Holder(desk):
            write(room.path("gate"), "open")
            while len(needs) < 2:
                event = heard(process)
                if event.get("state") == "needs":
                    needs[event["line"]] = event["message"]
        within("not plugged in: " + at(OTHER), needs[2])
        within("in use by another program", needs[3])
        later.insert()
        _, errors = process.communicate(timeout=TIMEOUT)
        same(process.returncode, 0, errors)
        same((token.slots(), later.slots()), (["0A00"], ["0A00"]))


@case
def a_person_is_told_which_tokens_are_waited_for():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect="lite")
        room = Room(sandbox, desk)
        room.client(1, to=at())
        room.client(2)
        words = room.words(room.plan(("container", "to", "phone", "label",
                                      "pin_file")), "--accept-data")
        with Talk(*words, env=room.env({"TERM": "xterm"}),
                  cwd=room.base) as terminal:
            terminal.expect("Договор № 1: This token is not plugged in: %s. "
                            "As soon as that is put right the renewal goes on "
                            "by itself." % at())
            # It is looked for again and again, and does not seem to be there.
            terminal.expect("1 waiting for a person 1 renewed")
            before, begun = len(terminal.shown), time.monotonic()
            while time.monotonic() < begun + 7:
                terminal.listen(0.5)
            within("waiting for a person", terminal.shown[before:])
            true("at work" not in terminal.shown[before:], terminal.shown)
            token.insert()
            same(terminal.end(), 0, terminal.shown)
        same(terminal.shown.count("not plugged in"), 1, terminal.shown)
        same(token.slots(), ["0A00"])
        clean(token)


@case_of_each([("notDue", "99", 0, 0, 1), ("subjectChanged", "9", 1, 1, 2)])
def what_comes_later_is_left_out_as_well(word, days, *codes):
    with Desk() as desk, Sandbox() as sandbox:
        token, room = Token(desk), Room(sandbox, desk)
        row = room.client(1, "--days", days, old_pin_file=room.pin)
        if codes[0]:
            sandbox.set(room.thumbprints()[-1], "subject-changed")
        token.insert()
        room.old_on(token, row)
        for before, count in zip((0, *codes), codes):
            token.remove()
            process = room.start(room.plan(), *["--force"][:count - codes[0]])
            until(process, state="needs")
            token.insert()
            same(until(process, outcome=word)["state"],
                 "failed" if count > before else "excluded")
            process.communicate(timeout=TIMEOUT)
            same(len(sandbox.messages(row["phone"])), count)


@case
def another_token_that_is_missing_is_told_as_well():
    """The one that was told of is back, but the one with the old key has been
    pulled out meanwhile."""
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        old = Token(desk, 1, dialect="lite", serial=OTHER)
        room = Room(sandbox, desk)
        room.old_on(old, room.client(1, to=at(), old_pin_file=room.pin), OTHER)
        old.insert()
        process = room.start(room.plan())
        within(at(), until(process, state="needs")["message"])
        old.remove()
        token.insert()
        within(at(OTHER), until(process, state="needs")["message"])
        old.insert()
        same(until(process, state="done")["outcome"], "renewed")
        same(process.communicate(timeout=TIMEOUT)[1], "")
        same((token.slots(), process.returncode), (["0A00"], 0))
        clean(token)
        clean(old)


@case
def the_old_token_is_left_alone_while_the_new_one_is_missing():
    with Desk() as desk, Sandbox() as sandbox:
        old = Token(desk)
        new = Token(desk, 1, dialect="lite", serial=OTHER)
        room = Room(sandbox, desk)
        room.old_on(old, room.client(1, to=at(OTHER), old_pin_file=room.pin))
        old.insert()
        process = room.start(room.plan())
        within(at(OTHER), until(process, state="needs")["message"])
        entered, sent = old.number("verifications", 2), old.number("count")
        time.sleep(8)
        # Its number alone is asked for, at two or three looks.
        true(old.number("count") - sent <= 3, old.number("count") - sent)
        same(old.number("verifications", 2), entered)
        new.insert()
        same(until(process, state="done")["outcome"], "renewed")
        same(process.communicate(timeout=TIMEOUT)[1], "")
        clean(old)
        clean(new)


@case
def the_old_token_may_be_away_when_its_key_has_signed():
    with Desk() as desk, Sandbox("--issue-after", "6") as sandbox:
        old = Token(desk)
        room = Room(sandbox, desk)
        room.old_on(old, room.client(1, old_pin_file=room.pin, pin_file=""))
        old.insert()
        done = room.run(room.plan(), "--wait", "0")
        same(list(ends(done).values()), ["waiting"], done)
        # The file of its key will be less protected than the token is.
        within("1 old container is protected by", done.stderr)
        old.remove()
        done = room.run(room.plan())
        same((list(ends(done).values()), done.returncode), (["renewed"], 0),
             done)
        same([one for one in done.events if one.get("state") == "needs"], [])
        clean(old)


@case_of_each([("keys", 3), ("header", 8)])
def a_copy_that_was_begun_is_made_where_it_was_begun(_, writes):
    """The token is pulled out while the copy is put on it, behind one of
    somebody else that was never finished either."""
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk, dialect="lite")
        token.insert()
        room = Room(sandbox, desk)
        other = room.client(1)["container"][len("file:"):]
        token.put("0A00", other)
        token.tell("folder", token.home() + "/0B00", 2)
        with open(os.path.join(other, "name.key"), "rb") as file:
            token.tell("file", token.home() + "/0B00/0B06", 0, 2,
                       file.read().hex())
        with open(os.path.join(other, "masks.key"), "rb") as file:
            token.tell("file", token.home() + "/0B00/0B01", 2, 2,
                       file.read().hex())
        room.rows.clear()
        room.client(2, backup=at(), backup_pin_file=room.pin)
        token.fault("absent", pattern="00D6", skip=writes)
        process = room.start(room.plan())
        until(process, state="needs")
        token.put_back()
        same(until(process, state="done")["backupContainer"], at(slot="0C00"))
        same(process.communicate(timeout=TIMEOUT)[1], "")
        same(token.slots(), ["0A00", "0B00", "0C00"])


# --- PINs -------------------------------------------------------------------


@case
def a_pin_that_no_file_gives_is_missed_before_anybody_is_sent_a_code():
    """Wherever the token stands in its row, and whether it is there."""
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        token.insert()
        room = Room(sandbox, desk)
        row = room.client(1, to=at(), pin_file="")
        token.put("0A00", row["container"][len("file:"):])
        room.client(2, backup=at(), pin_file="")
        room.client(3, pin_file="")["container"] = at(slot="0A00")
        room.client(4, pin_file="")["container"] = at(OTHER, "0A00")
        # The old key signs before that for the new one is read.
        room.client(5, to=at())["container"] = at(slot="0A00")
        room.client(6, pin_file="")
        for number, row in enumerate(room.rows[:5], 1):
            room.rows = [row]
            done = room.run(room.plan())
            same((done.returncode, ends(done)), (5, {2: "pinNeeded"}), done)
        same((room.calls(), token.slots()), (0, ["0A00"]))


@case
def a_wrong_pin_costs_one_try_however_many_rows_there_are():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect="lite")
        token.insert()
        room = Room(sandbox, desk)
        wrong = write(os.path.join(room.base, "wrong"), "87654321\n")
        for number in (1, 2, 3):
            room.client(number, backup=at(), backup_pin_file=wrong)
        room.client(4)
        done = room.run(room.plan())
        same((done.returncode, sorted(ends(done).values())),
             (5, ["pinWrong"] * 3 + ["renewed"]), done)
        same(token.slots(), [])
        clean(token, 9)
        for row in room.rows[:3]:
            row["backup_pin_file"] = room.pin
        done = room.run(room.plan())
        same((done.returncode, sorted(ends(done).values())),
             (0, ["alreadyRenewed"] + ["renewed"] * 3), done)
        same(len(token.slots()), 3)
        clean(token)


@case
def what_waits_goes_on_with_the_pins_that_it_remembers():
    """Those of the old token, of the new one, and of that of the copy."""
    with Desk() as desk, Sandbox("--issue-after", "2") as sandbox:
        token = Token(desk)
        other = Token(desk, 1, dialect="lite", serial=OTHER)
        token.insert()
        other.insert()
        room = Room(sandbox, desk)
        room.old_on(token, room.client(1, to=at(), old_pin_file=room.pin,
                                       backup=at(OTHER),
                                       backup_pin_file="pin"))
        room.client(2, pin_file="", backup=at(OTHER), backup_pin_file="pin")
        done = room.run(room.plan(), "--wait", "0")
        same(set(ends(done).values()), {"waiting"}, done)
        done = room.resume()
        same((done.returncode, set(ends(done).values())), (0, {"renewed"}),
             done)
        same((token.slots(), other.slots()),
             (["0A00", "0B00"], ["0A00", "0B00"]))
        clean(token)
        clean(other)


@case
def a_wrong_pin_that_is_remembered_is_not_sent_by_every_resume():
    """A timer would spend all tries but one in a night."""
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        other = Token(desk, 1, dialect="lite", serial=OTHER)
        token.insert()
        other.insert()
        room = Room(sandbox, desk)
        wrong = write(os.path.join(room.base, "wrong"), "87654321\n")
        room.old_on(other, room.client(1, to=at(), pin_file=wrong,
                                       old_pin_file=room.pin), OTHER)
        room.client(2, pin_file="", backup=at(OTHER), backup_pin_file=wrong)
        done = room.run(room.plan(), "--jobs", "1")
        same(ends(done), {2: "pinWrong", 3: "renewed"}, done)
        for _ in range(3):
            done = room.resume()
            same(list(ends(done).values()), ["pinNeeded"], done)
        clean(token, 9)
        # The one of the old token was right, and is remembered.
        done = room.resume("--pin-file", room.pin)
        same(list(ends(done).values()), ["renewed"], done)
        clean(token)
        clean(other)


@case
def the_last_try_is_not_spent_on_a_batch():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk)
        token.tell("set", 2, 1)
        token.insert()
        room = Room(sandbox, desk)
        room.client(1, to=at())
        done = room.run(room.plan())
        same(list(ends(done).values()), ["pinLast"], done)
        clean(token, 1)


@case
def a_pin_that_was_not_answered_is_not_sent_again():
    """The token is pulled out while it looks at the PIN of the plan, which it
    has never seen before."""
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect="lite")
        token.insert()
        # The first three ask how many tries are left.
        token.fault("absent", pattern="00200002", skip=3)
        room = Room(sandbox, desk)
        room.client(1, to=at())
        process = room.start(room.plan())
        events = [heard(process)]
        while events[-1].get("state") != "needs":
            events.append(heard(process))
        within("goes on by itself", events[-1]["message"])
        same(token.number("struck"), 1)
        token.put_back()
        rest, errors = process.communicate(timeout=TIMEOUT)
        same(process.returncode, 5, errors)
        end = [json.loads(line) for line in rest.splitlines()][-2]
        same(end["outcome"], "pinUnanswered", rest)
        within("has not been sent again", end["message"])
        same(token.slots(), [])
        clean(token)
        # Run again it is sent once more, as that is somebody's word.
        done = room.run(room.plan())
        same((done.returncode, ends(done)), (0, {2: "renewed"}), done)
        clean(token)


if __name__ == "__main__":
    harness.main(jobs=4)
