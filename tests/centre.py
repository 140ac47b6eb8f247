"""A service centre whose clients have their certificates from a sandbox."""

import csv
import json
import os
import sqlite3
import time

import contract
from harness import folder, run, same, start, true
from subscriber import write

WORDS = ("container", "to", "phone", "label", "backup")


class Centre:
    """A service centre with clients on a sandbox."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.base = folder("centre")
        self.rows = []
        self.secret = self.path("secret")
        for name in ("home", "old", "new", "backup"):
            os.mkdir(os.path.join(self.base, name), 0o700)

    def path(self, name):
        return os.path.join(self.base, name)

    def client(self, number, *options, days=20, state=None, phone=None):
        phone = phone or "7911000%04d" % number
        where, thumbprint = self.sandbox.issue(
            phone, "file:" + self.path("old"), "--days", str(days), *options)
        if state:
            self.sandbox.set(thumbprint, state)
        self.rows.append({"container": where, "to": self.path("new"),
                          "phone": phone, "label": "Договор № %d" % number,
                          "backup": self.path("backup")})
        return self.rows[-1]

    def locked(self, number, **options):
        """The same, its container with the password of self.secret."""
        write(self.secret, "correct\n")
        return self.client(number, "--password-file", self.secret, **options)

    def clients(self, count, first=0, **options):
        """As many, with the numbers from first on."""
        for number in range(first, first + count):
            self.client(number, **options)
        return self

    def plan(self, words=WORDS, delimiter=","):
        path = self.path("plan.csv")
        with open(path, "w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, words, delimiter=delimiter,
                                   extrasaction="ignore")
            table.writeheader()
            table.writerows(self.rows)
        return path

    def words(self, *words):
        return ["kep", "batch", *words, "--server", self.sandbox.url,
                "--server-ca", self.sandbox.ca, "--codes",
                os.path.join(self.sandbox.dir, "sms")]

    def env(self, env=None):
        return {"HOME": self.path("home"), "XDG_STATE_HOME": None,
                "XDG_CONFIG_HOME": None, "XDG_DATA_HOME": None,
                "LANG": "C.UTF-8", "LANGUAGE": "en", "LC_ALL": None,
                **(env or {})}

    def batch(self, *words, env=None, **options):
        done = run(*self.words(*words), cwd=self.base, env=self.env(env),
                   **options)
        return with_events(done)

    def start(self, *words):
        """Begun only: what is said comes by communicate()."""
        return start(*self.words(*words, "--accept-data", "--jobs", "4"),
                     cwd=self.base, env=self.env())

    def run(self, *words, **options):
        return self.batch(*words, "--accept-data", "--jobs", "4", **options)

    def thumbprints(self):
        return ask(self.sandbox, "SELECT thumbprint FROM certificates")

    def calls(self):
        return len(contract.read(self.sandbox.log))


def with_events(done):
    """done.events: what a batch said as JSON while it went on; else none."""
    lines = done.stdout.splitlines()
    done.events = [json.loads(line) for line in lines
                   if line.startswith('{"event"')]
    true(len(done.events) in (0, len(lines)), done)
    return done


def moment(event):
    """When it was, in seconds."""
    return time.mktime(time.strptime(event["time"], "%Y-%m-%dT%H:%M:%SZ"))


def ends(done):
    """{line: outcome} of the rows that are over, each told once."""
    found = [(one["line"], one["outcome"]) for one in done.events
             if one["event"] == "row" and one.get("outcome")]
    same(len(found), len(dict(found)), found)
    return dict(found)


def most_at_once(done, lines=None):
    """How many rows were at work at once, of these or of all."""
    running, most = set(), 0
    for one in done.events:
        if one["event"] == "row" and (lines is None or one["line"] in lines):
            (set.add if one["state"] == "running" else set.discard)(
                running, one["line"])
            most = max(most, len(running))
    return most


def ask(sandbox, question):
    """The first column of what the sandbox's database answers."""
    database = sqlite3.connect(os.path.join(sandbox.dir, "sandbox.db"),
                               timeout=30)
    try:
        return [row[0] for row in database.execute(question)]
    finally:
        database.close()


def journal_of(centre):
    return sqlite3.connect(centre.path("home/.local/state/kep/journal.db"))


def installed(sandbox):
    """How many certificates are told to be installed."""
    return ask(sandbox, "SELECT count(DISTINCT certificate) FROM forms"
               " WHERE status = 'installed'")[0]
