#!/usr/bin/python3
"""What kep batch promises to have written before it goes on: the calls of a
whole run are played again on a disk that keeps only what was flushed, and at
each moment from which there is no way back the journal that such a disk would
have is asked. Several jobs share commits, so each row is looked at. TAP."""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile

import durable
import harness
from harness import Sandbox, case, folder, program, run, same, skip, true

ROWS, JOBS = 8, 4
FILES = ("header.key", "masks.key", "masks2.key", "name.key", "primary.key",
         "primary2.key")


def trace(sandbox, base):
    """Renews ROWS; the path of what strace wrote."""
    log = os.path.join(base, "calls")
    if run("strace", "-o", os.devnull, "true").returncode != 0:
        skip("strace may not trace here")
    for name in ("old", "new", "backup"):
        os.mkdir(os.path.join(base, name))
    done = harness.ok("kep-sandbox", "issue", "--dir", sandbox.dir, "--to",
                      "file:" + os.path.join(base, "old"), "--phone",
                      "79120000000", "--count", str(ROWS))
    with open(os.path.join(base, "plan.csv"), "w", encoding="utf-8") as plan:
        plan.write("container,to,phone,backup\n")
        for i, place in enumerate(done.stdout.splitlines()[1::2]):
            plan.write("%s,file:%s/new,%d,file:%s/backup\n"
                       % (place, base, 79120000000 + i, base))
    env = {**os.environ, "HOME": base, "XDG_STATE_HOME": "", "LANG": "C.UTF-8",
           "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": "",
           "ASAN_OPTIONS": "detect_leaks=0"}  # which cannot be traced
    subprocess.run(
        ["strace", *durable.OPTIONS, "-o", log, program("kep"),
         "batch", base + "/plan.csv", "--server", sandbox.url, "--server-ca",
         sandbox.ca, "--accept-data", "--entropy", "system", "--jobs",
         str(JOBS), "--codes", os.path.join(sandbox.dir, "sms")],
        env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, check=True, timeout=harness.TIMEOUT)
    return log


class Journal:
    """As it would be after the power failed now."""

    def __init__(self, disk, path):
        self.disk, self.path = disk, path

    def row(self, column, value):
        place = tempfile.mkdtemp(dir=folder("journal"))
        copy = os.path.join(place, "journal.db")
        for tail in ("", "-wal"):
            with open(copy + tail, "wb") as out:
                out.write(self.disk.content(self.path + tail) or b"")
        database = sqlite3.connect(copy)
        database.row_factory = sqlite3.Row
        try:
            found = database.execute("SELECT * FROM renewal WHERE %s = ?"
                                     % column, (value,)).fetchall()
        except sqlite3.OperationalError:
            found = []  # not even the table was flushed
        finally:
            database.close()
            shutil.rmtree(place)
        return dict(found[0]) if found else {}


class Watch:
    """Looks at each call; counts what was proven of how many rows."""

    def __init__(self, base, disk):
        self.base = os.path.realpath(base)
        self.disk = disk
        self.journal = Journal(
            self.disk, self.base + "/.local/state/kep/journal.db")
        self.expected = {}  # thread: proofs that its next call is waited for
        self.proven = {}

    def prove(self, what, holds, row):
        true(holds, (what, row))
        path = self.journal.path
        while path != self.base:
            true(self.disk.is_named(path), path)
            path = os.path.dirname(path)
        self.proven[what] = self.proven.get(what, 0) + 1

    def await_call(self, thread, proof, *arguments):
        self.expected.setdefault(thread, []).append((proof, arguments))

    # --- the moments ---------------------------------------------------------

    def statement(self, old):
        row = self.journal.row("old_container", "file:" + old)
        self.prove("consent before the signed statement goes off",
                   row.get("statement_consent")
                   and row.get("statement_consent_version")
                   and row.get("statement_consent_at"), row)

    def key(self, name):
        row = self.journal.row("folder", name)
        self.prove("consent to the issue and the folder before the key",
                   row.get("release_consent") and row.get("release_consent_at"),
                   row)

    def container(self, place):
        """All of it, and its name."""
        for name in FILES:
            path = os.path.join(place, name)
            true(self.disk.content(path) and self.disk.is_safe(path)
                 and self.disk.is_named(path), path)
        true(self.disk.is_named(place), place)

    def request(self, place):
        self.container(place)
        row = self.journal.row("folder", os.path.basename(place))
        self.prove("the new key before its request goes off",
                   row.get("new_container") == "file:" + place
                   and row.get("new_point"), row)

    def report(self, place):
        name = os.path.basename(place)
        self.container(place)
        self.container(os.path.join(self.base, "backup", name))
        row = self.journal.row("folder", name)
        true(row.get("new_certificate"), row)
        true(self.disk.is_safe(row["new_certificate"])
             and self.disk.is_named(row["new_certificate"]), row)
        self.prove("certificate and copy before the server is told",
                   row.get("new_thumbprint"), row)

    # --- the calls -----------------------------------------------------------

    def look(self, call):
        """Before what it does is done."""
        if call.name in ("sendto", "sendmsg"):
            for proof, arguments in self.expected.pop(call.thread, []):
                proof(*arguments)
        elif call.name == "mkdirat":
            folder_, name = os.path.split(call.path(0, 1))
            if folder_ == self.base + "/new":
                self.key(name.removeprefix(".kep-"))

    def note(self, call):
        """What the thread's next call to the server depends on."""
        if call.name == "openat" and call.path(0, 1).endswith("/primary.key"):
            old = os.path.dirname(call.path(0, 1))
            if os.path.dirname(old) == self.base + "/old":
                self.await_call(call.thread, self.statement, old)
        elif call.name == "renameat2":
            place = call.path(2, 3)
            if os.path.dirname(place) == self.base + "/new":
                self.await_call(call.thread, self.request, place)
        elif call.name == "renameat":
            place = os.path.dirname(call.path(2, 3))
            if os.path.dirname(place) == self.base + "/new":
                self.await_call(call.thread, self.report, place)

    def watch(self, log):
        for call in durable.Trace(log):
            self.look(call)
            self.disk.take(call)
            self.note(call)


def watched(disk):
    """A run that was looked at."""
    base = folder("centre")
    with Sandbox("--issue-after", "1") as sandbox:
        log = trace(sandbox, base)
    watch = Watch(base, disk)
    watch.watch(log)
    return watch


@case
def what_cannot_be_taken_back_is_on_the_disk_before():
    watch = watched(durable.Disk())
    same(watch.proven, {
        "consent before the signed statement goes off": ROWS,
        "consent to the issue and the folder before the key": ROWS,
        "the new key before its request goes off": ROWS,
        "certificate and copy before the server is told": ROWS})
    database = sqlite3.connect(watch.journal.path)
    folders = [row[0] for row in database.execute(
        "SELECT folder FROM renewal")]
    database.close()
    same(len(folders), ROWS)
    for name in folders:
        same(watch.journal.row("folder", name).get("step"), "done", name)


class Forgetful(durable.Disk):
    """Keeps each flush but those of one kind of file, once it had some."""

    def __init__(self, pattern, kept):
        super().__init__()
        self.pattern, self.kept = pattern, kept

    def _fsync(self, call):
        if re.search(self.pattern, call.fd()):
            self.kept -= 1
            if self.kept < 0:
                return
        super()._fsync(call)

    _fdatasync = _fsync


@harness.case_of_each([("journal.db-wal$", 12), ("header.key$", 3),
                       ("/new$", 2), (r"[.]cer[.]", 0), ("/archive$", 1),
                       ("/backup$", 1)])
def a_flush_that_is_missing_is_found_out(pattern, kept):
    try:
        watch = watched(Forgetful(pattern, kept))
    except AssertionError:
        return
    true(False, watch.proven)


harness.main(jobs=4)
