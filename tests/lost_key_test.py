#!/usr/bin/python3
"""A renewal whose old key is lost or damaged: the certificate alone is named,
and a statement on paper takes the place of its signature. kep may be killed at
any moment, and file and container may be gone by the next."""

import os
import shutil
import sqlite3

import harness
from harness import (Sandbox, case, case_of_each, run, same, skip, true,
                     within)
from subscriber import Subscriber, let_time_pass, openssl, write

PAPER = ("--paper", "--scan")


class Loser(Subscriber):
    """Whose certificate lies in a file, and whose key is nowhere any more;
    scan: of the statement that was signed."""

    def __init__(self, sandbox, *options, keep=False):
        super().__init__(sandbox, *options)
        self.scan = write(os.path.join(self.base, "scan.pdf"), "%PDF-1.7\n...")
        self.file = os.path.join(self.base, "my certificate.cer")
        with open(self.file, "wb") as file:
            file.write(self.der(self.thumbprint))
        if not keep:
            self.lose()

    def lose(self):
        shutil.rmtree(self.old_folder)
        os.mkdir(self.old_folder, 0o700)
        self.before = {}

    def renew(self, *more, container=None, **options):
        return super().renew(*more, container=container or self.file,
                             **options)

    def cancel(self):
        return self.kep("cancel", self.resume("--wait", "0").json["renewal"],
                        *self.server()[:-1], "--json")

    def kept(self):
        """Where the certificate is kept from the beginning on."""
        return self.state("archive", self.thumbprint + ".cer")


def quick():
    return Sandbox("--review-after", "0")


@case_of_each(("awaitIssue", "sendRequest"))
def an_old_key_that_is_lost_while_the_certificate_is_waited_for(step):
    """What a run that was killed has come to the server knows alone."""
    with Sandbox("--issue-after", "1") as centre:
        who = Loser(centre, keep=True)
        done = Subscriber.renew(who, "--wait", "0")
        same(done.word, "waiting", done)
        who.lose()
        journal = sqlite3.connect(who.state("journal.db"))
        with journal:
            journal.execute("UPDATE renewal SET step = ?", (step,))
        journal.close()
        done = who.resume()
        same(done.word, "renewed", done)
        who.check_renewed(done)


# rule_44, rule_94
@case
def the_whole_way_with_the_certificate_alone():
    with Sandbox() as centre:
        who = Loser(centre)
        told = who.kep("status", who.file)
        within("kep renew '%s' --paper" % who.file,
               told.stdout.replace("\n" + 26 * " ", " "), told)
        done = who.renew("--paper")
        same((done.returncode, done.word), (5, "statementToSign"), done)
        # The file is not needed any more.
        os.remove(who.file)
        pdf = who.base + "/statement.pdf"
        done = who.kep("statement", done.json["renewal"], "--output", pdf,
                       "--json")
        same(done.word, "printed", done)
        done = who.resume("--scan", who.scan, "--wait", "0")
        same(done.word, "waiting", done)
        told = who.kep("status", who.kept(), "--json")
        same([(one["file"], one["container"], one["renewal"]["state"])
              for one in told.json["certificates"]],
             [(who.kept(), None, "begun")], told)
        centre.set(done.json["form"], "approved")
        done = who.resume()
        who.check_renewed(done)
        same((done.json["old"]["container"], done.json["old"]["certificate"],
              done.json["old"]["thumbprint"]),
             (None, who.kept(), who.thumbprint), done)
        told = who.kep("status", who.kept(), "--json").json["certificates"]
        same([one["renewal"]["state"] for one in told], ["renewed"], told)
        done = who.renew("--paper", container=who.kept())
        same(done.word, "alreadyRenewed", done)


# rule_94
@case
def without_paper_nothing_is_begun():
    with Sandbox() as centre:
        who = Loser(centre)
        for words in ((), ("--express",), ("--normal",), ("--dry-run",)):
            done = who.renew(*words)
            same((done.returncode, done.word), (5, "keyAbsent"), done)
            within("kep renew --paper", done.json["message"], done)
            within("revoke the certificate", done.json["message"], done)
        same(who.kep("resume", "--json").word, "nothingOpen")
        same(centre.messages(who.phone), [])
        done = who.renew("--paper", "--dry-run")
        same(done.word, "wouldRenew", done)


def pem(who, path):
    done = openssl("x509", "-inform", "DER", "-in", who.file)
    return write(path, done.stdout)


def base64(who, path):
    lines = open(pem(who, path)).read().splitlines()
    return write(path, "".join(lines[1:-1]))


def p7b(who, path):
    """As a centre hands it out, issuers first."""
    ca = os.path.join(who.sandbox.dir, "ca")
    one = pem(who, path + ".pem")
    openssl("crl2pkcs7", "-nocrl", "-certfile", ca + "/root.pem", "-certfile",
            ca + "/issuing.pem", "-certfile", one, "-outform", "DER", "-out",
            path)
    os.remove(one)
    return path


def named(who, path):
    return "file:" + shutil.copy(who.file, path)


@case_of_each([("pem", pem), ("base64", base64), ("p7b", p7b),
               ("as_a_place", named)])
def however_the_file_is_written(_, make):
    with quick() as centre:
        who = Loser(centre)
        path = make(who, os.path.join(who.base, "x"))
        os.remove(who.file)
        who.check_renewed(who.renew(*PAPER, who.scan, container=path))


def several(who, path):
    other = Loser(who.sandbox)
    return write(path, open(pem(who, path)).read()
                 + open(pem(other, path)).read())


def unreadable(who, path):
    os.chmod(who.file, 0)
    return who.file


@case_of_each([
    ("empty", lambda who, path: write(path, ""), "certificateBad"),
    ("text", lambda who, path: write(path, "certificate"), "certificateBad"),
    ("cut", lambda who, path: shutil.copy(write(
        path, open(pem(who, path)).read()[:700]), path + "x"),
     "certificateBad"),
    ("several", several, "certificateBad"),
    ("large", lambda who, path: write(path, "x" * 2000000), "tooLarge"),
    ("absent", lambda who, path: path, "containerNotFound"),
    ("folder", lambda who, path: who.base, "notContainer"),
    ("unreadable", unreadable, "noAccess")])
def a_file_that_is_no_certificate(name, make, word):
    if name == "unreadable" and os.getuid() == 0:
        skip("root may read everything")
    with Sandbox() as centre:
        who = Loser(centre)
        done = who.renew("--paper", container=make(
            who, os.path.join(who.base, "x")))
        same((done.returncode, done.word), (5, word), done)
        same(centre.messages(who.phone), [])


@case
def others_certificates_are_not_renewed():
    with Sandbox() as centre:
        who = Loser(centre)
        for file in ("root.pem", "issuing.pem"):
            done = who.renew("--paper", "--force", container=os.path.join(
                centre.dir, "ca", file))
            same(done.word, "unknownCertificate", done)
        other = Loser(centre)
        done = who.renew("--paper", container=other.file)
        same(done.word, "unknownCertificate", done)
        same(who.containers(), [])


@case
def when_it_is_due_and_when_it_is_over():
    with quick() as centre:
        who = Loser(centre, "--days", "100")
        done = who.renew("--paper")
        same((done.returncode, done.word), (0, "notDue"), done)
        done = who.renew("--paper", "--force")
        same(done.word, "notDue", done)  # says the centre
        centre.set(who.thumbprint, "replacement")
        who.check_renewed(who.renew("--force", *PAPER, who.scan))
        who = Loser(centre, "--days", "-1")
        done = who.renew()
        same(done.word, "expired", done)
        done = who.renew("--paper")
        same(done.word, "paperRefused", done)
        centre.set(who.thumbprint, "paper")
        who.check_renewed(who.renew(*PAPER, who.scan))
        who = Loser(centre)
        centre.set(who.thumbprint, "revoked")
        done = who.renew("--paper")
        same(done.word, "revoked", done)


@case_of_each([("header.key", True), ("primary.key", False),
               ("masks.key", False)])
def a_damaged_container(file, whole):
    """What cannot be read of it, the file says."""
    with quick() as centre:
        who = Loser(centre, keep=True)
        path = os.path.join(who.old_folder, os.listdir(who.old_folder)[0])
        for one in (file, file.replace(".", "2.")):
            if os.path.exists(os.path.join(path, one)):
                write(os.path.join(path, one), "damaged")
        who.check_old = lambda: None
        if whole:
            done = who.renew("--paper", container=who.old)
            same((done.returncode, done.word), (5, "containerDamaged"), done)
            within("kep renew --paper", done.json["message"], done)
            who.check_renewed(who.renew(*PAPER, who.scan))
            return
        done = who.renew("--express", container=who.old)
        same((done.returncode, done.word), (5, "containerDamaged"), done)
        # What is open is signed with the key: paper is another application.
        for container in (who.old, who.file):
            done = who.renew("--paper", container=container)
            same((done.returncode, done.word), (5, "openWithKey"), done)
            within("kep cancel", done.json["message"], done)
        done = who.cancel()
        same(done.word, "withdrawn", done)
        who.check_renewed(who.renew(*PAPER, who.scan, container=who.old))


@case
def a_container_that_turns_up_again():
    """Whichever is named, it is the same renewal."""
    with quick() as centre:
        who = Loser(centre, keep=True)
        done = who.renew("--paper")
        same(done.word, "statementToSign", done)
        again = who.renew("--paper", container=who.old)
        same((again.word, again.json["renewal"]),
             (done.word, done.json["renewal"]), again)
        same(again.json["old"]["container"], who.old, again)
        who.lose()
        who.check_renewed(who.renew(*PAPER, who.scan))


@case
def its_drive_is_mounted_elsewhere_now():
    with Sandbox("--issue-after", "1000") as centre:
        who = Loser(centre, keep=True)
        done = who.renew("--express", "--wait", "0", container=who.old)
        same(done.word, "waiting", done)
        moved = shutil.move(who.old_folder, who.base + "/elsewhere")
        os.mkdir(who.old_folder)
        who.before = {}
        centre.restart("--issue-after", "0")
        let_time_pass(who.home)
        place = "file:" + os.path.join(
            os.path.realpath(moved), os.path.basename(who.old))
        done = who.renew(container=place)
        same(done.json["old"]["container"], place, done)
        who.check_renewed(done)


@case
def it_is_cancelled():
    with Sandbox() as centre:
        who = Loser(centre)
        done = who.renew("--paper")
        same(done.word, "statementToSign", done)
        done = who.cancel()
        same(done.word, "withdrawn", done)
        told = who.kep("status", who.file, "--json").json["certificates"]
        same([one["renewal"]["state"] for one in told], ["due"], told)
        same(who.renew("--paper").word, "statementToSign")


@case
def several_at_once_and_a_plan():
    """Resumed side by side; no part of a plan."""
    with quick() as centre:
        who = Loser(centre)
        done = who.renew("--paper")
        same(done.word, "statementToSign", done)
        centre.set(done.json["form"], "approved")
        done = who.kep("resume", "--jobs", "2", *who.server())
        same(done.returncode, 0, done)
        same(len(who.containers()), 1)
        other = Loser(centre)
        plan = write(other.base + "/plan.csv", "container,to,phone\n%s,%s,%s\n"
                     % (other.file, other.new, other.phone))
        done = other.kep("batch", plan, "--dry-run", *other.server()[:4])
        within("This is a certificate without its key",
               " ".join(done.stdout.split()), done)
        done = other.kep("batch", plan, *other.server())
        same(done.returncode, 5, done)
        same((other.containers(), centre.messages(other.phone)), ([], []))


# --- killed ------------------------------------------------------------------


def killed(who, call, number):
    """False once it came to its end."""
    done = run("strace", "-o", os.path.join(who.base, "trace"), "-e",
               "trace=" + call, "-e", "inject=%s:signal=KILL:when=%d"
               % (call, number), "--", harness.program("kep"), "renew",
               who.file, "--to", "file:" + who.new, "--backup", "file:"
               + who.backup, *PAPER, who.scan, *who.server(), "--json",
               # Who is traced cannot look for leaks.
               env=who.env(ASAN_OPTIONS="detect_leaks=0"))
    true(done.returncode in (0, -9), done)
    return done.returncode == -9


@case_of_each([("fsync", 1, 1), ("fdatasync", 1, 1), ("sendto", 1, 3),
               ("sendto", 2, 3), ("sendto", 3, 3), ("renameat2", 1, 1),
               ("rename", 1, 1)])
def killed_at(call, number, step):
    """The next run goes on from wherever it was, with one key for one form,
    from either command, and without the file once it was begun."""
    if run("strace", "-o", "/dev/null", "true").returncode != 0:
        skip("processes cannot be traced here")
    with quick() as centre:
        first = number
        while True:
            who = Loser(centre)
            more = killed(who, call, number)
            begun = who.kep("resume", *PAPER[1:], who.scan, *who.server(),
                            "--json")
            if begun.word == "nothingOpen":
                done = who.renew(*PAPER, who.scan)
            else:
                os.remove(who.file)
                done = begun
                done.json = begun.json["renewals"][-1]
                done.word = done.json["outcome"]
            if done.word != "alreadyRenewed":
                who.check_renewed(done)
            same((len(who.containers()), len(who.containers(who.backup))),
                 (1, 1), (call, number))
            if not more:
                break
            number += step
        true(number > first, "nothing was killed")


harness.main(jobs=4)
