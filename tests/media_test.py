#!/usr/bin/python3
"""Drives that are full, write-protected, taken out; containers that are
damaged; a state or a configuration that cannot be used; outputs that cannot
be written. Nothing is lost, nothing is half there."""

import json
import os
import shlex
import shutil
import sqlite3
import subprocess

import contract
import harness
import subscriber
from harness import (Mount, Sandbox, case, case_of_each, folder, run, same,
                     skip, true, within)
from subscriber import FILES, Subscriber, kep, plain, tree, write


def sent(sandbox, *operations):
    return [one["operation"] for one in contract.read(sandbox.log)
            if not operations or one["operation"] in operations]


# --- the new container's drive ----------------------------------------------


@case
def a_target_that_cannot_be():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        file = write(person.base + "/file", "x")
        before = tree(person.base)
        for target, word in (
                (person.base + "/none", "containerNotFound"),
                (file, "containerNotFound"), (file + "/x", "containerNotFound"),
                (person.old, "locationUnknown"), ("", "usage"),
                ("usb:stick", "locationUnknown"), ("http://x/", None),
                ("rutoken:zz", "locationUnknown"),
                ("/dev/null", "containerNotFound"),
                ("/" + "x" * 5000, None), ("file:", None)):
            done = person.renew(to=target)
            true(done.returncode in (2, 5), done)
            harness.note((target[:30], done.word, word))
            if word and done.word: same(done.word, word, done)
            same(sent(sandbox), [])
        same(tree(person.base), before)


@case
def a_write_protected_drive():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        with Mount(person.new, "size=1m,ro") as drive:
            done = person.renew()
            same((done.word, done.returncode), ("readOnly", 5), done)
            same(sent(sandbox), [])
            # Protected only when the key is to be made.
            drive.change("rw")
            sandbox.set(person.thumbprint, "unpaid")
            done = person.renew()
            same(done.word, "paymentRequired", done)
            drive.change("ro")
            sandbox.set(done.json["form"], "paid")
            done = person.resume()
            same((done.word, done.returncode), ("readOnly", 5), done)
            same(person.containers(), [])
            drive.change("rw")
            person.check_renewed(person.resume())


@case
def a_folder_without_the_rights():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        if os.getuid() == 0:
            skip("root may write everywhere")
        os.chmod(person.new, 0o500)
        done = person.renew()
        same((done.word, done.returncode), ("noAccess", 5), done)
        os.chmod(person.new, 0o700)
        person.check_renewed(person.renew())


def fill(where, room):
    """Leave so many bytes of a drive free."""
    with open(os.path.join(where, ".filler"), "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            file.truncate(max(0, file.tell() - room))


def empty(where):
    os.unlink(os.path.join(where, ".filler"))


def paused(sandbox, person):
    """A renewal that stands before the making of its key."""
    sandbox.set(person.thumbprint, "unpaid")
    done = person.renew()
    same(done.word, "paymentRequired", done)
    sandbox.set(done.json["form"], "paid")


@case
def a_drive_without_room_is_found_out_first():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        for where in (person.new, person.backup):
            with Mount(where, "size=64k"):
                fill(where, 0)
                done = person.renew()
                same((done.word, done.returncode), ("full", 5), done)
                same(sent(sandbox), [])
                same(os.listdir(where), [".filler"])
        person.check_renewed(person.renew())


# A container takes six files of a page each.
@case_of_each(range(0, 7))
def a_drive_that_gets_full_with_pages(pages):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        with Mount(person.new, "size=1m"):
            paused(sandbox, person)
            fill(person.new, 4096 * pages)
            for _ in range(2):
                done = person.resume()
                if done.word == "renewed":
                    break
                same((done.word, done.returncode), ("full", 5), done)
                told = person.kep("status", person.new, "--json")
                same(told.json["certificates"], [], told)
            empty(person.new)
            if done.word != "renewed":
                done = person.resume()
            person.check_renewed(done)


@case_of_each(range(2, 9))
def a_drive_that_has_inodes(inodes):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        with Mount(person.new, "size=1m,nr_inodes=100") as drive:
            paused(sandbox, person)
            drive.change("nr_inodes=%d" % inodes)
            done = person.resume()
            if done.word != "renewed":
                same((done.word, done.returncode), ("full", 5), done)
                drive.change("nr_inodes=100")
                done = person.resume()
            person.check_renewed(done)


@case_of_each(range(0, 7))
def a_drive_for_the_copy_with_pages(pages):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        with Mount(person.backup, "size=1m"):
            done = person.renew("--wait", "0")
            same(done.word, "waiting", done)
            fill(person.backup, 4096 * pages)
            done = person.resume()
            if done.word != "renewed":
                same((done.word, done.returncode), ("full", 5), done)
                # The certificate is installed all the same.
                same(len(done.json["new"]["thumbprint"]), 40, done)
            empty(person.backup)
            if done.word != "renewed":
                done = person.resume()
            person.check_renewed(done)


@case
def a_drive_that_is_taken_out():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--wait", "0")
        same(done.word, "waiting", done)
        away = person.new + ".away"
        os.rename(person.new, away)
        same(person.resume().word, "keyLost")
        os.mkdir(person.new)  # an empty place to plug it in
        done = person.resume()
        same((done.word, done.returncode), ("keyLost", 5), done)
        # No second key is made in its place, here or elsewhere.
        other = folder("other")
        done = person.resume("--backup", other)
        same(done.word, "keyLost", done)
        same((person.containers(), os.listdir(other)), ([], []))
        os.rmdir(person.new)
        os.rename(away, person.new)
        person.check_renewed(person.resume("--backup", person.backup))


@case
def an_old_container_that_is_taken_out():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        sandbox.set(person.thumbprint, "review")
        done = person.renew("--wait", "0")
        same(done.word, "waiting", done)
        sandbox.set(done.json["form"], "approved")
        os.rename(person.old_folder, person.old_folder + ".away")
        done = person.resume()
        same((done.word, done.returncode), ("containerNotFound", 5), done)
        same(person.containers(), [])
        os.rename(person.old_folder + ".away", person.old_folder)
        person.check_renewed(person.resume())


@case
def a_copy_that_cannot_be():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        for backup, word in ((person.base + "/none", "containerNotFound"),
                             ("usb:x", "locationUnknown")):
            done = person.renew(backup=backup)
            same(done.word, word, done)
            same(sent(sandbox), [])
        # It is known only later, or in a later run.
        same(person.renew("--wait", "0").word, "waiting")
        done = person.resume("--backup", person.base + "/none")
        same((done.word, done.returncode), ("containerNotFound", 5), done)
        same((done.json["backup"], len(done.json["new"]["thumbprint"])),
             (None, 40), done)
        # Beside the container itself it would be none.
        done = person.resume("--backup", person.new)
        same((done.word, done.returncode), ("containerExists", 5), done)
        person.check_renewed(person.resume("--backup", person.backup))


# --- the old container ------------------------------------------------------


def spoil(path, how):
    size = os.path.getsize(path)
    if how == "missing":
        os.unlink(path)
    elif how == "a_folder":
        os.unlink(path)
        os.mkdir(path)
    elif how == "a_link_to_a_device":
        os.unlink(path)
        os.symlink("/dev/zero", path)
    elif how == "a_fifo":
        os.unlink(path)
        os.mkfifo(path)
    elif how == "longer":
        os.truncate(path, 100 << 20)
    else:
        with open(path, "r+b") as file:
            data = file.read()
            file.seek(0)
            file.truncate()
            file.write({"empty": b"", "truncated": data[:size // 2],
                        "random": os.urandom(size),
                        "flipped": data[:-1] + bytes([data[-1] ^ 1])}[how])


DAMAGED = ("containerDamaged", "notContainer", "tooLarge")


@case_of_each(("missing", "empty", "truncated", "longer", "random", "flipped",
               "a_folder", "a_link_to_a_device", "a_fifo"))
def an_old_container_with_a_file_that_is(how):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        where = plain(person.old)
        kept = where + ".kept"
        shutil.copytree(where, kept)
        for names in (["header.key"], ["masks.key", "masks2.key"],
                      ["primary.key", "primary2.key"]):
            for name in names:
                spoil(os.path.join(where, name), how)
            done = person.renew("--wait", "0")
            harness.note((names, how, done.word))
            within(done.word, DAMAGED, done)
            told = person.kep("status", person.old_folder)
            true(told.returncode in (0, 5), told)
            shutil.rmtree(where)
            shutil.copytree(kept, where)
        # One of each two is enough.
        for name in FILES:
            if name.startswith(("masks", "primary")):
                spoil(os.path.join(where, name), how)
                break
        shutil.move(kept, person.base)
        person.before = tree(person.old_folder)
        person.check_renewed(person.renew())
    subscriber.check_memory()


@case
def an_old_container_made_of_two():
    with Sandbox() as sandbox:
        one, two = Subscriber(sandbox), Subscriber(sandbox)
        for names in (["header.key"], ["primary.key", "primary2.key",
                                       "masks.key", "masks2.key"]):
            mixed = os.path.join(folder("mixed"), "abcdefgh.000")
            shutil.copytree(plain(one.old), mixed)
            for name in names:
                shutil.copy(os.path.join(plain(two.old), name), mixed)
            done = one.renew(container=mixed)
            harness.note((names, done.word))
            within(done.word, ("keyMismatch", "containerDamaged",
                               "unknownCertificate"), done)
            same(sent(sandbox, "sendStatementSignature"), [])


@case
def what_is_no_container():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        for where, word in (
                (person.base, "notContainer"),
                (person.base + "/none", "containerNotFound"),
                (sandbox.ca, "keyUnsupported"),
                (person.old + "/header.key", "certificateBad"),
                ("local:none", "containerNotFound"),
                ("usb:", "locationUnknown")):
            done = person.renew(container=where)
            harness.note((where, done.word))
            same(done.word, word, done)
            true(done.returncode in (2, 5), done)
        same(sent(sandbox), [])


@case
def a_container_without_a_certificate():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--wait", "0")
        new = done.json["new"]["container"]
        other = person.renew(container=new)
        same((other.word, other.returncode), ("noCertificate", 5), other)
        person.check_renewed(person.resume())


@case
def a_password_that_is_wrong_or_missing():
    with Sandbox() as sandbox:
        base = folder("passwords")
        right = write(base + "/right", "right-1\n")
        person = Subscriber(sandbox, "--password-file", right)
        for options, word in (
                ([], "passwordNeeded"),
                (["--old-pin-file", write(base + "/wrong", "wrong")],
                 "passwordWrong"),
                (["--old-pin-file", write(base + "/none", "")],
                 "passwordWrong"),
                (["--old-pin-file", base + "/missing"], "containerNotFound"),
                (["--old-pin-file", base], "configuration"),
                (["--old-pin-file", write(base + "/lines", "a\nb\n")],
                 "configuration"),
                (["--old-pin-file", write(base + "/long", "x" * 5000)],
                 "configuration"),
                (["--old-pin-fd", "77"], "containerNotFound"),
                (["--old-pin-fd", "x"], None)):
            done = person.renew(*options)
            harness.note((options, done.word))
            if word: same(done.word, word, done)
            same(sent(sandbox, "sendStatementSignature"), [])
        person.check_renewed(person.resume("--old-pin-file", right))


# --- the state --------------------------------------------------------------


@case_of_each((
    ("garbage", b"this is no database" * 1000, "stateDamaged"),
    ("binary", os.urandom(8192), "stateDamaged"),
    ("cut", None, "stateDamaged"),
))
def a_journal_that_is(how, data, word):
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--wait", "0")
        same(done.word, "waiting", done)
        path = person.state("journal.db")
        # What is in the log alone would be found there again.
        base = sqlite3.connect(path)
        base.execute("pragma wal_checkpoint(truncate)")
        base.close()
        with open(path, "rb") as file:
            good = file.read()
        bad = data if data is not None else good[:len(good) // 2]
        with open(path, "wb") as file:
            file.write(bad)
        for command in (person.renew, person.resume):
            done = command()
            same((done.word, done.returncode), (word, 5), done)
            with open(path, "rb") as file:
                same(file.read(), bad)
        told = person.kep("status", person.old, "--json")
        same(told.json["problems"][0]["outcome"], word, told)
        same(len(told.json["certificates"]), 1, told)
        person.check_one_key()
        with open(path, "wb") as file:
            file.write(good)
        person.check_renewed(person.resume())


@case_of_each([("old_container",), ("old_thumbprint",), ("form",)])
def a_record_without_its(column):
    """It is told of it, and nothing comes to an end that is not its own."""
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--normal", "--wait", "0")
        same(done.word, "waiting")
        number = done.json["renewal"]
        base = sqlite3.connect(person.state("journal.db"))
        base.execute("update renewal set %s = null" % column)
        base.commit()
        base.close()
        for more in [], ["--jobs", "1"]:
            done = person.kep("resume", *person.server(), "--wait", "0", *more)
            same(done.returncode, 5, done)
            within("damaged", done.stdout + done.stderr, done)
        if column != "form":
            for words in ["cancel"], ["statement", "--output", "-"]:
                done = person.kep(*words, number, *[
                    word for word in person.server()
                    if word != "--accept-data"])
                same(done.returncode, 5, done)
                within("damaged", done.stderr, done)


@case
def a_journal_of_a_later_kep():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        same(person.renew("--wait", "0").word, "waiting")
        base = sqlite3.connect(person.state("journal.db"))
        version, = base.execute("pragma user_version").fetchone()
        base.execute("pragma user_version = 1000")
        base.commit()
        done = person.resume()
        same((done.word, done.returncode), ("stateNewer", 5), done)
        base.execute("pragma user_version = %d" % version)
        base.commit()
        base.close()
        person.check_renewed(person.resume())


@case
def a_state_that_cannot_be_written():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        for make in ("file", "missing", "read-only", "full"):
            home = folder("home")
            env = {"XDG_STATE_HOME": home + "/s"}
            if make == "file":
                write(home + "/s", "")
                same(person.renew("--dry-run", env=env).word,
                     "stateUnwritable")
            elif make == "missing":
                env["XDG_STATE_HOME"] = "/proc/none"
            elif make == "read-only":
                os.mkdir(home + "/s")
                with Mount(home + "/s", "ro"):
                    foreseen = person.renew("--dry-run", env=env)
                    done = person.renew(env=env)
                same(foreseen.word, done.word, foreseen)
            elif make == "full":
                os.mkdir(home + "/s")
                with Mount(home + "/s", "size=4k"):
                    done = person.renew(env=env)
            if make in ("file", "missing"):
                done = person.renew(env=env)
            same((done.word, done.returncode), ("stateUnwritable", 5), done)
            same(sent(sandbox), [])
            same(person.containers(), [])
        person.check_renewed(person.renew())


@case
def a_state_that_can_no_longer_be_written():
    """That there is none yet is said of none: it knows what was begun."""
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        os.makedirs(person.home + "/.local/state")
        with Mount(person.home + "/.local/state", "size=10m") as drive:
            same(person.renew("--code-command", "false").word, "codeCommand")
            drive.change("ro")
            done = person.kep("status", person.old, "--json")
            same([row["outcome"] for row in done.json["problems"]],
                 ["stateUnwritable"], done)
            done = person.kep("doctor", "--json")
            row, = [one for one in done.json["checks"]
                    if one["check"] == "journal"]
            same(row["state"], "bad", done)
            same(person.renew().word, "stateUnwritable")
            drive.change("rw")
            person.check_renewed(person.renew())


@case_of_each(["size=%dk" % (4 * pages) for pages in (24, 36, 48, 60)])
def a_state_with_little_room(options):
    """It gets full at some time: then no key is lost."""
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        os.makedirs(person.home + "/.local/state")
        with Mount(person.home + "/.local/state", options) as drive:
            done = person.renew()
            harness.note((options, done.word))
            if done.word != "renewed":
                within(done.word, ("stateUnwritable", "full", "io"), done)
            person.check_one_key()
            drive.change("size=10m")
            if done.word != "renewed":
                done = person.renew()
            person.check_renewed(done)


@case
def a_second_kep_waits_for_the_first():
    with Sandbox() as sandbox:
        person, other = Subscriber(sandbox), Subscriber(sandbox)
        other.home = person.home
        started = person.base + "/started"
        words = ["renew", person.old, "--to", person.new, "--no-backup",
                 *person.server(), "--code-command",
                 "sh -c 'touch %s; sleep 600'" % started]
        environment = {k: v for k, v in {
            **os.environ, **person.env()}.items() if v is not None}
        first = subprocess.Popen([harness.program("kep")] + words,
                                 env=environment, stdin=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL,
                                 start_new_session=True)
        try:
            harness.wait_until(lambda: os.path.exists(started))
            for command in (other.renew, other.resume):
                done = command()
                same((done.word, done.returncode), ("locked", 4), done)
                within(str(first.pid), done.json["message"], done)
            # Looking is possible.
            told = other.kep("status", other.old, "--json")
            same((told.returncode, len(told.json["certificates"])), (0, 1))
        finally:
            first.terminate()
        same(first.wait(harness.TIMEOUT), -15)
        other.check_renewed(other.renew())
        done = person.renew()
        person.check_renewed(done)


# --- the configuration ------------------------------------------------------


@case_of_each((
    ("no_json", "server = x"), ("empty", ""), ("a_list", "[]"),
    ("an_unknown_word", '{"sever": "https://x"}'),
    ("a_wrong_type", '{"server": 1}'), ("a_bad_number", '{"window": "x"}'),
    ("out_of_range", '{"window": 100000}'), ("cut", '{"server": "https:'),
    ("too_deep", '{"server":' * 2000 + "1" + "}" * 2000),
    ("too_large", '{"server": "%s"}' % ("x" * 2000000)),
    ("twice", '{"phone": "79000000000"} {}'),
    ("escapes", '{"\\u001b[2J": 1}'),
))
def a_configuration_that_is(how, text):
    person_free = folder("home")
    os.makedirs(person_free + "/.config/kep")
    write(person_free + "/.config/kep/config.json", text)
    done = kep("status", "--json", env={"HOME": person_free, "LANG": "C.UTF-8",
                                        "XDG_CONFIG_HOME": None,
                                        "XDG_STATE_HOME": None})
    same((done.returncode, done.stdout), (2, ""), done)
    within("onfiguration", done.stderr, done)
    subscriber.check_manners(done)


@case
def a_configuration_that_is_no_file():
    for make in (os.mkdir, os.mkfifo):
        home = folder("home")
        os.makedirs(home + "/.config/kep")
        make(home + "/.config/kep/config.json")
        done = kep("status", env={"HOME": home, "LANG": "C.UTF-8"})
        same(done.returncode, 2, done)


# --- outputs ----------------------------------------------------------------


@case
def an_answer_that_cannot_be_written_is_a_failure():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        with open("/dev/full", "w") as full:
            for words in (["--version"], ["--help"], ["status", person.old],
                          ["status", person.old, "--json"],
                          ["renew", "--help"],
                          ["renew", person.old, "--json", "--dry-run", "--to",
                           person.new, *person.server()],
                          ["resume", "--json"]):
                done = run("kep", *words, env=person.env(), stdout=full)
                true(done.returncode != 0, done)
                same(" ".join(done.stderr.split()).count("to standard output"),
                     1, done)
                true(all(len(line) <= 80 for line in
                         done.stderr.splitlines()), done)
            # What was done stays done; the next one knows it.
            done = run("kep", "renew", person.old, "--to", person.new,
                       "--backup", person.backup, *person.server(), "--json",
                       env=person.env(), stdout=full)
            same(done.returncode, 1, done)
        same((len(person.containers()), len(person.containers(
            person.backup))), (1, 1))
        same(person.resume().word, "nothingOpen")
        for mute in ("2>/dev/full", "2>&-"):
            person = Subscriber(sandbox)
            done = in_shell(person, mute)
            same(json.loads(done.stdout)["outcome"], "renewed", done)
        for deaf in ("<&-", "<&- >&- 2>&-", ">&-"):
            person = Subscriber(sandbox)
            in_shell(person, deaf)
            same((len(person.containers()), len(person.containers(
                person.backup))), (1, 1))
            person.check_old()
            # Nothing was written into a database instead.
            base = sqlite3.connect(person.state("journal.db"))
            same(base.execute("pragma integrity_check").fetchone(), ("ok",))
            same(base.execute("select outcome from renewal").fetchone(),
                 ("renewed",))
            base.close()


def in_shell(person, redirections):
    return run("sh", "-c", '"$@" ' + redirections, "sh",
               harness.program("kep"), "renew", person.old, "--to",
               person.new, "--backup", person.backup, *person.server(),
               "--json", "--code-command", "sh -c %s" % shlex.quote(
                   person.code_command() + " 2>/dev/null"), env=person.env())


harness.main(jobs=6)
