#!/usr/bin/python3
"""kep backup and kep restore: copies beside copies, sealed archives, and what
becomes of damaged ones."""

import json
import os
import shutil
import stat
import subprocess

import durable
import harness
from harness import (Sandbox, case, case_of_each, folder, run, same, skip,
                     true, within)
from subscriber import Subscriber, at_home, kep, tree, write

DATA = os.path.join(harness.ROOT, "tests/data")
PLAIN = "synthetic-2012-256-nopassword"
LOCKED = "synthetic-2012-512A-password-qwerty123"
PASSPHRASE = "correct horse battery staple"


class Desk:
    """A home, a folder with containers, an empty one, a passphrase."""

    def __init__(self, *names):
        self.base = folder("desk")
        self.old, self.to, self.home = (os.path.join(self.base, name)
                                        for name in ("old", "to", "home"))
        for path in (self.old, self.to, self.home):
            os.mkdir(path)
        self.put(*(names or (PLAIN, LOCKED)))
        self.archive = os.path.join(self.base, "backup.kep")
        self.phrase = write(os.path.join(self.base, "phrase"),
                            PASSPHRASE + "\n")
        self.pin = write(os.path.join(self.base, "pin"), "qwerty123\n")

    def put(self, *names, under=None):
        for name in names:
            shutil.copytree(os.path.join(DATA, name),
                            os.path.join(self.old, under or name))

    def kep(self, *words, **options):
        return kep(*words, env=at_home(self.home), cwd=self.base, **options)

    def backup(self, *words):
        return self.kep("backup", "--json", *words)

    def seal(self, *words):
        done = self.backup(self.old, "--archive", self.archive,
                           "--passphrase-file", self.phrase, *words)
        same(done.word, "backedUp", done)
        return done

    def restore(self, *words, archive=None, phrase=None, to=None):
        return self.kep("restore", archive or self.archive, "--json",
                        "--passphrase-file", phrase or self.phrase,
                        *(["--to", to or self.to] if to != "" else []), *words)


def verified(done):
    return {os.path.basename(one["container"]): one["verified"]
            for one in done.json["containers"]}


# --- to a folder --------------------------------------------------------------


@case
def copies_are_the_same_to_the_byte():
    desk = Desk()
    before = tree(desk.old)
    done = desk.backup(desk.old, "--to", desk.to, "--pin-file", desk.pin)
    same((done.returncode, done.word), (0, "backedUp"), done)
    same(verified(done), {PLAIN: True, LOCKED: True}, done)
    same(tree(desk.old), before)
    for name, (_, digest) in tree(desk.to).items():
        same(digest, before[name][1], name)
    modes = {mode for mode, digest in tree(desk.to).values() if digest}
    same(modes, {0o600})


@case
def a_copy_signs():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox, "--days", "20")
        done = person.kep("backup", person.old, "--to", person.backup,
                          "--json")
        same(done.word, "backedUp", done)
        copy = done.json["containers"][0]["copy"]
        shutil.rmtree(person.old_folder)
        done = person.renew(container=copy, backup=None)
        same(done.word, "renewed", done)


@case
def without_the_password_it_is_compared():
    desk = Desk()
    done = desk.backup(desk.old, "--to", desk.to)
    same(done.word, "backedUp", done)
    same(verified(done), {PLAIN: True, LOCKED: False}, done)
    within("1 container was only compared", done.json["message"], done)


@case
def which_copies_have_a_password_is_told():
    desk = Desk()
    done = desk.backup(desk.old, "--to", desk.to)
    said = " ".join(done.stderr.split())
    within("%s: The copy has the same password" % LOCKED, said, done)
    within("%s: The copy has no password" % PLAIN, said, done)
    done = desk.backup(os.path.join(desk.old, PLAIN), "--to", desk.to)
    true("%s: The copy" % PLAIN not in " ".join(done.stderr.split()), done)


@case
def a_wrong_password_is_told_and_others_are_copied():
    desk = Desk()
    wrong = write(desk.base + "/wrong", "qwerty124")
    done = desk.backup(desk.old, "--to", desk.to, "--pin-file", wrong)
    same(done.word, "passwordWrong", done)
    # once, as what came of it
    same(" ".join(done.stderr.split()).count(done.json["message"]), 1, done)
    same(os.listdir(desk.to), [PLAIN], done)
    done = desk.backup(desk.old, "--to", desk.to, "--pin-file",
                       desk.base + "/none")
    same(done.word, "containerNotFound", done)


@case
def of_too_many_it_is_said_that_they_are_too_many():
    desk = Desk(PLAIN)
    first = os.path.join(desk.old, PLAIN)
    for i in range(1024):
        shutil.copytree(first, os.path.join(desk.old, "%04d.000" % i),
                        copy_function=os.link)
    done = desk.backup(desk.old, "--to", desk.to)
    same((done.word, os.listdir(desk.to)), ("tooLarge", []), done)
    within("more than 1024 containers: name some of them", done.json["message"])
    within("not the whole of " + desk.old + ".", done.json["message"])
    # The same of several places; and not of one fewer.
    os.rename(first, os.path.join(desk.base, PLAIN))
    done = desk.backup(desk.old, desk.base, "--to", desk.to)
    same((done.word, os.listdir(desk.to)), ("tooLarge", []), done)
    within("not the whole of " + desk.base + ".", done.json["message"])
    done = desk.backup(desk.old, "--archive", desk.archive, "--passphrase-file",
                       desk.phrase)
    same(done.word, "backedUp", done)


@case
def what_is_there_is_not_copied_again():
    desk = Desk()
    same(desk.backup(desk.old, "--to", desk.to).word, "backedUp")
    before = tree(desk.to)
    done = desk.backup(desk.old, "--to", desk.to)
    same(done.word, "backedUp", done)
    same([one["existed"] for one in done.json["containers"]], [True, True])
    same(tree(desk.to), before)


@case
def another_of_that_name_keeps_it():
    desk = Desk()
    for name in (PLAIN, LOCKED):
        there = folder("other")
        shutil.copytree(os.path.join(DATA, name),
                        os.path.join(there, "abcd1234.000"))
        done = desk.backup(there, "--to", desk.to)
        same(done.word, "backedUp", done)
        within("abcd1234.00", done.json["containers"][0]["copy"], done)
    same(sorted(os.listdir(desk.to)), ["abcd1234.000", "abcd1234.001"])
    within("another name", done.stderr, done)


@case
def a_damaged_one_hides_no_other():
    desk = Desk()
    desk.put(PLAIN, under="bad")
    with open(desk.old + "/bad/header.key", "r+b") as file:
        file.seek(40)
        file.write(b"\xff")
    done = desk.backup(desk.old, "--to", desk.to)
    same(done.word, "containerDamaged", done)
    same(sorted(os.listdir(desk.to)), sorted([PLAIN, LOCKED]), done)
    outcomes = {os.path.basename(one["container"]): one["outcome"]
                for one in done.json["containers"]}
    same(outcomes, {PLAIN: "backedUp", LOCKED: "backedUp",
                    "bad": "containerDamaged"}, done)


@case_of_each([
    ("own_folder", ""),
    ("container_itself", PLAIN),
    ("folder_in_it", os.path.join(PLAIN, "copies")),
    ("folder_of_its_name", None),
])
def no_copy_is_lost_with_its_original(name, inside):
    desk = Desk(PLAIN)
    if inside is None:  # only begins like the container
        at = os.path.join(desk.old, PLAIN + "-copies")
        os.mkdir(at)
        done = desk.backup(os.path.join(desk.old, PLAIN), "--to", at)
        same(done.word, "backedUp", done)
        same(os.listdir(at), [PLAIN])
        return
    at = os.path.join(desk.old, inside)
    os.makedirs(at, exist_ok=True)
    before = sorted(os.listdir(at))
    done = desk.backup(os.path.join(desk.old, PLAIN), "--to", at)
    same(done.word, "containerExists", done)
    same(done.returncode, 5, done)
    same(sorted(os.listdir(at)), before)


@case_of_each([
    ("nothing", ["backup"], "usage"),
    ("no_target", ["backup", "{old}"], "usage"),
    ("two_targets", ["backup", "{old}", "--to", "{to}", "--archive", "{a}"],
     "usage"),
    ("missing", ["backup", "{old}/none", "--to", "{to}"],
     "containerNotFound"),
    ("empty_folder", ["backup", "{to}", "--to", "{old}"], "notContainer"),
    ("no_folder", ["backup", "{old}", "--to", "{to}/none"],
     "containerNotFound"),
    ("json_to_stdout", ["backup", "{old}", "--archive", "-"], "usage"),
    ("no_passphrase", ["backup", "{old}", "--archive", "{a}"],
     "answerNeeded"),
    ("restore_nothing", ["restore"], "usage"),
    ("restore_nowhere", ["restore", "{a}"], "answerNeeded"),
    ("restore_nowhere_at_all", ["restore", "{a}", "--to", "{to}/none"],
     "containerNotFound"),
    ("restore_missing", ["restore", "{a}", "--to", "{to}"],
     "containerNotFound"),
    ("restore_folder", ["restore", "{old}", "--to", "{to}"], "notArchive"),
])
def refuses(name, words, word):
    desk = Desk()
    words = [one.format(old=desk.old, to=desk.to, a=desk.archive)
             for one in words]
    done = desk.kep(*words, "--json")
    if done.json is None:
        same((word, done.returncode), ("usage", 2), done)
    else:
        same(done.word, word, done)
    same(os.listdir(desk.to), [], done)
    true(not os.path.exists(desk.archive), done)


# --- archives -----------------------------------------------------------------


@case
def an_archive_gives_back_what_went_in():
    desk = Desk()
    done = desk.seal("--pin-file", desk.pin)
    same(verified(done), {PLAIN: True, LOCKED: True}, done)
    same(stat.S_IMODE(os.stat(desk.archive).st_mode), 0o600)
    same([name for name in os.listdir(desk.base) if name.startswith(".")], [])
    before = tree(desk.old)
    done = desk.restore("--pin-file", desk.pin)
    same((done.returncode, done.word), (0, "restored"), done)
    same(verified(done), {PLAIN: True, LOCKED: True}, done)
    same({name: digest for name, (_, digest) in tree(desk.to).items()},
         {name: digest for name, (_, digest) in before.items()})
    done = desk.restore()
    same([one["existed"] for one in done.json["containers"]], [True, True],
         done)


def link_certificates(old, first, names):
    for i in names:
        os.link(first, os.path.join(old, "%05d.cer" % i))


@case
def a_centre_has_many_old_certificates():
    desk = Desk(PLAIN)
    old = os.path.join(desk.home, ".local/state/kep/archive")
    with Sandbox() as sandbox:
        # A file has no more than 65,000 names on ext4.
        first, second = (shutil.copy(os.path.join(sandbox.dir, "ca/root.pem"),
                                     os.path.join(desk.base, name))
                         for name in ("first", "second"))
    os.makedirs(old, 0o700)
    link_certificates(old, first, range(9000))
    done = desk.seal()
    same(done.json["archive"]["certificates"], 9000, done)
    same(desk.restore().json["certificates"], 9000)
    # One more than there is room for.
    link_certificates(old, second, range(9000, 65537))
    done = desk.backup(desk.old, "--archive", desk.archive, "--overwrite",
                       "--passphrase-file", desk.phrase)
    same(done.word, "tooLarge", done)
    within("more old certificates in " + old, done.json["message"])
    same(desk.backup(desk.old, "--to", desk.to).word, "backedUp")


@case
def old_certificates_come_along():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox, "--days", "20")
        same(person.renew(backup=None).word, "renewed")
        phrase = write(person.base + "/phrase", PASSPHRASE)
        sealed = person.base + "/a.kep"
        done = person.kep("backup", person.new, person.old, "--archive",
                          sealed, "--passphrase-file", phrase, "--json")
        same(done.word, "backedUp", done)
        # The old one, the new one, and the two that it leads to.
        same(done.json["archive"]["certificates"], 4, done)
        before = tree(person.state("archive"))
        shutil.rmtree(person.state("archive"))
        done = person.kep("restore", sealed, "--to", person.backup,
                          "--passphrase-file", phrase, "--json")
        same(done.word, "restored", done)
        same(done.json["certificates"], 4, done)
        same(tree(person.state("archive")), before)


def restored_under_strace(person, sealed, phrase, log, *more):
    return run("strace", *durable.OPTIONS, *more, "-o", log,
               harness.program("kep"), "restore", sealed, "--to",
               person.backup, "--passphrase-file", phrase, "--json",
               cwd=person.base, env={**person.env(),
                                     "ASAN_OPTIONS": "detect_leaks=0"})


@case
def certificates_are_durable_before_they_are_told_by_one_flush():
    if run("strace", "-o", os.devnull, "true").returncode != 0:
        skip("strace may not trace here")
    with Sandbox() as sandbox:
        person = Subscriber(sandbox, "--days", "20")
        same(person.renew(backup=None).word, "renewed")
    phrase = write(person.base + "/phrase", PASSPHRASE)
    sealed, log = person.base + "/a.kep", person.base + "/calls"
    same(person.kep("backup", person.new, person.old, "--archive", sealed,
                    "--passphrase-file", phrase, "--json").word, "backedUp")
    archive = person.state("archive")
    names = sorted(os.listdir(archive))
    shutil.rmtree(archive)
    done = restored_under_strace(person, sealed, phrase, log)
    same(json.loads(done.stdout)["certificates"], len(names), done)
    same(sorted(os.listdir(archive)), names)
    disk, flushes = durable.Disk(), []
    for call in durable.Trace(log):
        if call.name == "write" and b'"restored"' in call.data():
            break
        if call.name == "fsync":
            flushes.append(call.fd())
        disk.take(call)
    else:
        true(False, "it was never told")
    real = os.path.realpath(archive)
    same([disk.is_safe(real + "/" + name) and disk.is_named(real + "/" + name)
          for name in names], [True] * len(names))
    same(flushes.count(real), 1, flushes)
    true(disk.is_named(real), "the folder itself")
    # Where that one fails none of them is called restored.
    shutil.rmtree(archive)
    shutil.rmtree(person.backup)
    os.mkdir(person.backup)
    done = restored_under_strace(
        person, sealed, phrase, log, "-e",
        "inject=fsync:error=EIO:when=%d" % (flushes.index(real) + 1))
    said = json.loads(done.stdout)
    same((said["outcome"], said["certificates"]), ("stateUnwritable", 0), done)
    same(done.returncode, 5, done)


@case
def never_overwrites_a_file():
    desk = Desk()
    write(desk.archive, "precious")
    words = [desk.old, "--archive", desk.archive, "--passphrase-file",
             desk.phrase]
    done = desk.backup(*words)
    same(done.word, "fileExists", done)
    with open(desk.archive) as file:
        same(file.read(), "precious")
    same(desk.backup(*words, "--overwrite").word, "backedUp")
    same(desk.restore("--dry-run", to="").word, "wouldRestore")


@case
def standard_output_and_input():
    desk = Desk()
    words = [harness.program("kep"), "backup", desk.old, "--archive", "-",
             "--passphrase-file", desk.phrase]
    env = dict(os.environ, HOME=desk.home, LANG="C.UTF-8")
    done = subprocess.run(words, capture_output=True, env=env,
                          stdin=subprocess.DEVNULL, timeout=harness.TIMEOUT)
    same(done.returncode, 0, done)
    for size, word in ((len(done.stdout), "restored"),
                       (len(done.stdout) - 1, "archiveCut")):
        back = subprocess.run(
            [harness.program("kep"), "restore", "-", "--to", desk.to,
             "--json", "--passphrase-file", desk.phrase],
            input=done.stdout[:size], capture_output=True, env=env,
            timeout=harness.TIMEOUT)
        same(json.loads(back.stdout)["outcome"], word, back)


@case
def a_wrong_passphrase_restores_nothing():
    desk = Desk()
    desk.seal()
    wrong = write(desk.base + "/wrong", PASSPHRASE + "s")
    done = desk.restore(phrase=wrong)
    same(done.word, "passphraseWrong", done)
    same(os.listdir(desk.to), [])


@case
def a_short_passphrase_is_refused():
    desk = Desk()
    for text, word in (("1234567", "passphraseShort"), ("", "passphraseShort"),
                       ("семь бу", "passphraseShort"),
                       ("восемь б", "backedUp")):
        phrase = write(desk.base + "/short", text)
        done = desk.backup(desk.old, "--archive", desk.archive,
                           "--passphrase-file", phrase)
        same(done.word, word, done)


@case
def damage_and_a_missing_end_are_told_apart():
    desk = Desk()
    desk.seal()
    with open(desk.archive, "rb") as file:
        whole = file.read()
    rows = [("notArchive", b""), ("notArchive", b"PK\3\4" + whole[4:]),
            ("notArchive", whole.replace(b"\r\n", b"\n")),
            ("archiveDamaged", whole + b"\0")]
    rows += [("archiveCut", whole[:size])
             for size in (5, 30, 115, 116, 200, len(whole) - 1)]
    rows += [("archiveDamaged", whole[:at] + bytes([whole[at] ^ 1]) +
              whole[at + 1:])
             for at in (9, 11, 15, 19, 27, 30, 50, 70, 100, 115, 116, 500,
                        len(whole) - 1)]
    for word, data in rows:
        with open(desk.archive, "wb") as file:
            file.write(data)
        done = desk.restore()
        same(done.word, word, (len(data), done))
        same(os.listdir(desk.to), [])


@case
def one_by_name():
    desk = Desk(PLAIN)
    desk.put(LOCKED, under="abcd1234.000")
    desk.seal()
    done = desk.restore("--name", "abcd1234.000")
    same(done.word, "restored", done)
    same(os.listdir(desk.to), ["abcd1234.000"])
    done = desk.restore("--name", "none")
    same(done.word, "containerNotFound", done)
    done = desk.restore("--name", "../old")
    same(done.word, "containerNotFound", done)
    done = desk.restore("--name", "testcont")  # the name inside, of both
    same(sorted(os.listdir(desk.to)), ["abcd1234.000", PLAIN])


@case
def an_archive_lacks_none():
    desk = Desk()
    desk.put(PLAIN, under="bad")
    os.remove(desk.old + "/bad/primary.key")
    os.remove(desk.old + "/bad/primary2.key")
    done = desk.backup(desk.old, "--archive", desk.archive,
                       "--passphrase-file", desk.phrase)
    same(done.word, "containerDamaged", done)
    true(not os.path.exists(desk.archive), done)


@case
def a_damaged_copy_is_restored_beside():
    desk = Desk(PLAIN)
    desk.seal()
    same(desk.restore().word, "restored")
    for name in ("primary.key", "primary2.key"):
        with open(os.path.join(desk.to, PLAIN, name), "r+b") as file:
            file.seek(10)
            file.write(b"\0\1\2\3")
    done = desk.restore()
    same(done.word, "restored", done)
    same(done.json["containers"][0]["existed"], False, done)
    same(len(os.listdir(desk.to)), 2, done)


@case
def looks_without_writing():
    desk = Desk()
    desk.seal()
    done = desk.restore("--dry-run", to="")
    same((done.returncode, done.word), (0, "wouldRestore"), done)
    same(len(done.json["containers"]), 2, done)
    true("made" in done.json, done)
    same(os.listdir(desk.to), [])


@case
def a_read_only_place_is_told():
    if os.geteuid() == 0:
        harness.skip("root may write anywhere")
    desk = Desk()
    desk.seal()
    os.chmod(desk.to, 0o500)
    same(desk.restore().word, "noAccess")
    os.chmod(desk.to, 0o700)


harness.main()
