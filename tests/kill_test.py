#!/usr/bin/python3
"""kep killed at its system calls, one after the other, and system calls that
fail. Whenever it was: the next run goes on, there is one new key for a form,
the old container is as it was, and nothing unfinished stays beside the new."""

import json
import os
import signal

import harness
from harness import Sandbox, case_of_each, run, same, skip, true, within
from subscriber import Subscriber, check_manners

# What a run that something failed in may say; each has its own test.
TROUBLE = ("full", "io", "stateUnwritable", "stateDamaged", "internal",
           "memory", "unreachable", "timeout", "serverUntrusted", "noAccess",
           "readOnly", "codeCommand", "containerNotFound", "entropy",
           "interrupted", "containerDamaged", "notContainer", "configuration")


def check_strace():
    done = run("strace", "-o", "/dev/null", "true")
    if done.returncode != 0:
        skip("processes cannot be traced here: " + done.stderr.strip())


def traced(person, inject):
    """A renewal under strace, which injects something; without -f: what kep
    starts is left alone. The JSON of its end, where there is one."""
    done = run("strace", "-o", os.path.join(person.base, "trace"), "-e",
               "trace=" + inject.split(":")[0], "-e", "inject=" + inject,
               "--", harness.program("kep"), "renew", person.old, "--to",
               "file:" + person.new, "--backup", "file:" + person.backup,
               # Who is traced cannot look for leaks.
               *person.server(), "--json", env=person.env(
                   ASAN_OPTIONS="detect_leaks=0"))
    done.json = done.word = None
    if done.stdout.startswith("{") and done.stdout.endswith("}\n"):
        done.json = json.loads(done.stdout)
        done.word = done.json["outcome"]
    return done


def shown(where):
    return [name for name in os.listdir(where) if not name.startswith(".")]


def go_on(person, number):
    """By either command, as people would."""
    done = person.resume() if number % 2 else person.renew()
    if done.word == "nothingOpen":
        done = person.renew()
    if done.word != "alreadyRenewed":
        person.check_renewed(done)
        return
    # It was killed when all was done but the telling.
    new, = person.containers()
    same(person.containers(person.backup), [new])
    told = person.kep("status", person.new, person.backup, "--json")
    same([one["renewal"]["reason"] for one in told.json["certificates"]],
         ["notDue", "notDue"], told)


def kill_at(sandbox, call, number):
    """False once it is not killed any more."""
    person = Subscriber(sandbox)
    done = traced(person, "%s:signal=KILL:when=%d" % (call, number))
    if done.returncode == 0:
        same(done.word, "renewed", done)
        return False
    same(done.returncode, -9, done)
    true(len(shown(person.new)) <= 1, shown(person.new))
    person.check_old()
    go_on(person, number)
    return True


def rows(step):
    """Slices, so that several run side by side."""
    return [(name, call, first, stride * parts)
            for call, stride, parts in step
            for first, name in [(1 + i * stride, "%s_from_%d" % (
                call, 1 + i * stride)) for i in range(parts)]]


@case_of_each(rows((
    ("fsync", 1, 4), ("fdatasync", 1, 3), ("mkdirat", 1, 1),
    ("unlinkat", 1, 1), ("unlink", 1, 1), ("rename", 1, 1),
    ("renameat", 1, 1), ("renameat2", 1, 1), ("ftruncate", 1, 1),
    ("sendto", 2, 3), ("pwrite64", 5, 3), ("write", 4, 2),
    ("mkdir", 7, 1), ("openat", 11, 2))))
def killed_at(name, call, first, step):
    check_strace()
    with Sandbox() as sandbox:
        number = first
        while kill_at(sandbox, call, number):
            number += step
        harness.note("%s: %d" % (call, number))
        true(number > first or first > 1, "nothing was killed")


def fail_at(sandbox, call, error, number):
    person = Subscriber(sandbox)
    done = traced(person, "%s:error=%s:when=%d" % (call, error, number))
    with open(os.path.join(person.base, "trace")) as file:
        injected = "(INJECTED)" in file.read()
    true(len(shown(person.new)) <= 1, shown(person.new))
    person.check_old()
    if done.json is not None:
        check_manners(done)
    if done.word == "renewed":
        person.check_renewed(done)
        return injected
    true(0 < done.returncode < 6, done)
    if done.word is not None:
        within(done.word, TROUBLE, done)
        harness.note((call, number, done.word))
    go_on(person, number)
    return injected


@case_of_each([(one[0] + "_" + error,) + one[1:] + (error,)
               for error, calls in (
                   ("EIO", (("fsync", 1, 4), ("fdatasync", 1, 2))),
                   ("ENOSPC", (("mkdirat", 1, 1), ("renameat2", 1, 1),
                               ("rename", 1, 1), ("renameat", 1, 1),
                               ("write", 3, 2), ("pwrite64", 5, 3))),
                   ("EROFS", (("mkdirat", 1, 1), ("mkdir", 5, 1))),
                   ("EACCES", (("unlinkat", 1, 1), ("unlink", 1, 1))),
                   ("ECONNRESET", (("sendto", 3, 2),)))
               for one in rows(calls)])
def failed_at(name, call, first, step, error):
    check_strace()
    with Sandbox() as sandbox:
        number = first
        while fail_at(sandbox, call, error, number):
            number += step


def ask_to_end(sandbox, call, name, number):
    """A signal that asks: what is being done is done, then it ends."""
    person = Subscriber(sandbox)
    done = traced(person, "%s:signal=%s:when=%d" % (call, name, number))
    person.check_old()
    if done.returncode == 0:
        person.check_renewed(done)
        return False
    same(done.returncode, -getattr(signal, "SIG" + name), done)
    if done.word is None:  # before it had begun
        same(done.stdout + done.stderr, "", done)
    else:
        within(done.word, ("interrupted", "renewed"), done)
        within("kep resume", done.json.get("message", "kep resume"), done)
    go_on(person, number)
    return True


@case_of_each((("TERM", "sendto", 3), ("INT", "fsync", 4),
               ("HUP", "openat", 17)))
def asked_to_end_by(name, call, step):
    check_strace()
    with Sandbox() as sandbox:
        number = step
        while ask_to_end(sandbox, call, name, number):
            number += step


harness.main(jobs=8)
