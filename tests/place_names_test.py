#!/usr/bin/python3
"""Folders with names that are no text, that do something to a terminal, or
that a location means something by: what a list shows of them opens them."""

import glob
import json
import os
import sqlite3

import harness
from harness import Sandbox, case_of_each, run, same, true, within
from subscriber import Subscriber, plain, tree

# A folder's name as bytes, and as it is shown; whether it does harm.
NAMES = (
    ("of_windows", "Ключ".encode("cp1251"), "%CA%EB%FE%F7", True),
    ("with_escape", b"a\x1b[31mb", "a%1B[31mb", True),
    ("with_newline", b"a\nb", "a%0Ab", True),
    ("right_to_left", "a\u202ecba".encode(), "a%E2%80%AEcba", True),
    ("like_a_second_key", b"a?signature", "a%3Fsignature"),
    ("with_percent", b"100%", "100%25"),
    ("like_an_escape", b"a%1B", "a%251B"),
    ("of_words", "Мой ключ (новый)?".encode(), "Мой ключ (новый)?"),
)


class Person(Subscriber):
    """Everything they have is in folders of one such name: the old container
    itself, and what containers are kept in."""

    def __init__(self, sandbox, name, shown):
        super().__init__(sandbox)
        own = plain(self.old)
        self.places, self.shown = {}, {}
        for what in ("old_folder", "new", "backup"):
            self.places[what] = os.path.join(
                os.fsencode(self.base), what[:3].encode(), name)
            self.shown[what] = "file:%s/%s/%s" % (self.base, what[:3], shown)
            os.makedirs(self.places[what])
        self.key = os.path.join(self.places["old_folder"], name)
        os.rename(own, self.key)
        self.old = self.shown["old_folder"] + "/" + shown
        self.before = tree(self.places["old_folder"])

    def only(self, place):
        """The one container that is listed in a place: its location."""
        done = self.kep("list", place, "--json")
        said = json.loads(done.stdout)
        same((len(said["containers"]), said["problems"]), (1, []), done)
        within(said["containers"][0]["container"],
               self.kep("list", place).stdout)
        return said["containers"][0]["container"]

    def uses(self, where):
        """All that looks at a container takes it by this name."""
        for words, outcome in ((["show", where], None),
                               (["verify", where], "inOrder"),
                               (["status", where], None)):
            done = self.kep(*words, "--json")
            same((done.returncode, done.word), (0, outcome), done)
            within(where, done.stdout.replace("\\/", "/"), done)

    def write_plainly(self, columns, shown, name):
        """Put name for what is shown of it into the journal."""
        journal = sqlite3.connect(self.state("journal.db"))
        with journal:
            for column in columns:
                (was,), = journal.execute("SELECT %s FROM renewal" % column)
                within(shown, was.encode())
                journal.execute(
                    "UPDATE renewal SET %s = CAST(? AS TEXT)" % column,
                    (was.encode().replace(shown, name),))
        journal.close()


def made(folder):
    """The one container in a folder, by its bytes."""
    found = glob.glob(os.path.join(glob.escape(folder), b"*.[0-9][0-9][0-9]"))
    same(len(found), 1, found)
    return found[0]


@case_of_each(NAMES)
def folder_named(_, name, shown, harmful=False):
    with Sandbox() as sandbox:
        person = Person(sandbox, name, shown)
        # By its path, as a shell completes it, and by what that shows.
        for place in (os.fsdecode(person.places["old_folder"]),
                      person.shown["old_folder"]):
            same(person.only(place), person.old)
        person.uses(person.old)
        copies = person.shown["backup"]
        done = person.kep("backup", person.old, "--to", copies, "--json")
        same(done.word, "backedUp", done)
        copied = person.only(copies)
        person.uses(copied)
        # It is named as the original, unless that does harm.
        same(os.path.basename(copied) == shown, not harmful, copied)
        done = person.renew(to=person.shown["new"], backup=None)
        same(done.word, "renewed", done)
        same(done.json["old"]["container"], person.old)
        same(done.json["new"]["container"], "%s/%s" % (
            person.shown["new"],
            os.path.basename(made(person.places["new"])).decode()))
        same(person.only(person.shown["new"]), done.json["new"]["container"])
        person.uses(done.json["new"]["container"])
        same(tree(person.places["old_folder"]), person.before)


# One that ends like a second key could not be opened then.
@case_of_each([row for row in NAMES if row[0] != "like_a_second_key"])
def earlier_journal(_, name, shown, harmful=False):
    """It has locations as they were before anything in them was escaped."""
    with Sandbox("--issue-after", "2") as sandbox:
        person = Person(sandbox, name, shown)
        done = person.renew("--wait", "0", to=person.shown["new"],
                            backup=person.shown["backup"])
        same(done.word, "waiting", done)
        person.write_plainly(("old_container", "target", "backup",
                              "new_container"), shown.encode(), name)
        done = run("kep", "resume", *person.server(), "--json", "--wait", "60",
                   env=person.env(), text=False)
        same(done.returncode, 0, done)
        true(b'"outcome":"renewed"' in done.stdout, done)
        for what in ("new", "backup"):
            person.uses(person.only(person.shown[what]))
            made(person.places[what])
        same(tree(person.places["old_folder"]), person.before)


harness.main(jobs=4)
