#!/usr/bin/python3
"""Whole renewals that go well, in every variety, on a real server; what came
out is read by OpenSSL and GnuTLS's certtool."""

import base64
import json
import os
import re
import shlex
import subprocess
import time

import contract
import harness
import subscriber
from harness import Sandbox, case, folder, ok, run, same, skip, true, within
from subscriber import (FILES, Subscriber, configure, kep, openssl, plain,
                        thumbprint, tree, write)

PERSON = "--accept-data"


def exchanges(sandbox, operation=None):
    return [one for one in contract.read(sandbox.log)
            if operation in (None, one["operation"])]


def cms_of(sandbox, operation):
    """What the latest such request sent, as a file."""
    body = json.loads(exchanges(sandbox, operation)[-1]["requestBody"])
    path = os.path.join(folder("cms"), operation)
    with open(path, "wb") as file:
        file.write(base64.b64decode(body["cms"], validate=True))
    return path


def algorithm_of(pem):
    said = openssl("x509", "-in", pem, "-noout", "-text").stdout
    return re.search(r"Public Key Algorithm: .*?(256|512) bit", said)[1]


# --- varieties --------------------------------------------------------------


def good(sandbox, issue=(), renew=(), **options):
    """One good renewal: the person and the result."""
    person = Subscriber(sandbox, *issue)
    done = person.renew(*renew, **options)
    person.check_renewed(done)
    return person, done


@case
def every_algorithm_and_kind_of_owner():
    with Sandbox() as sandbox:
        for old, new, owner in (
                ("gost2012-256", "gost2012-256", []),
                ("gost2012-256", "gost2012-512", ["--legal-entity"]),
                ("gost2012-512", "gost2012-256", ["--legal-entity"]),
                ("gost2012-512", "gost2012-512", []),
                ("gost2012-256", None, ["--name", "Ли Бо"])):
            person, done = good(
                sandbox, ["--algorithm", old] + owner,
                ["--algorithm", new] if new else [])
            pem = person.pem(done.json["new"]["certificate"])
            same(algorithm_of(pem), (new or old)[-3:], done)
        contract.hold(sandbox.log, client=True)


@case
def passwords_come_from_files_and_descriptors():
    with Sandbox() as sandbox:
        base = folder("passwords")
        old = write(base + "/old", "Old pass-word 1\n")
        new = write(base + "/new", "~New $ecret 2\r\n")
        empty = write(base + "/empty", "")
        for issue, renew, fds, has in (
                ([old], ["--old-pin-file", old, "--pin-file", new], {}, True),
                ([old], ["--old-pin-fd", "{old}", "--pin-fd", "{new}"],
                 {"old": old, "new": new}, True),
                ([old], ["--old-pin-fd", "{old}", "--pin-file", empty],
                 {"old": old}, False),
                ([empty], ["--old-pin-file", empty, "--pin-fd", "{new}"],
                 {"new": new}, True),
                ([], ["--pin-file", new], {}, True),
                # One that is given but not needed.
                ([], ["--old-pin-file", old], {}, False)):
            opened = {name: os.open(path, os.O_RDONLY)
                      for name, path in fds.items()}
            person, done = good(
                sandbox, ["--password-file", *issue] if issue else [],
                [word.format(**opened) for word in renew],
                pass_fds=opened.values())
            for fd in opened.values():
                os.close(fd)
            check_password(sandbox, person, done, new if has else None)


def check_password(sandbox, person, done, password):
    """The new container, and its copy, sign only with the password: each
    renews once more, which the server allows as a replacement."""
    sandbox.set(done.json["new"]["thumbprint"], "replacement")
    where = done.json["backup"]["container"]
    person.new, person.backup = folder("next"), folder("nextbackup")
    again = person.renew("--force", container=where)
    if password is None:
        same(again.word, "renewed", again)
        return
    same(again.word, "passwordNeeded", again)
    wrong = write(folder("wrong") + "/wrong", "новый")
    again = person.resume("--old-pin-file", wrong)
    same(again.word, "passwordWrong", again)
    again = person.resume("--old-pin-file", password)
    same(again.word, "renewed", again)


@case
def a_copy_is_made_or_not():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew(backup=None)
        person.check_renewed(done, backup=False)
        same(done.json["backup"], None, done)
        # The copy is the same to the byte.
        person, done = good(sandbox)
        new, copy = (tree(plain(done.json[which]["container"]))
                     for which in ("new", "backup"))
        same(sorted(new), sorted(FILES))
        same(copy, new)


@case
def entropy_of_every_source():
    with Sandbox() as sandbox:
        base = folder("entropy")
        with open(base + "/random", "wb") as file:
            file.write(os.urandom(4096))
        for source in ("system", base + "/random", "/dev/urandom"):
            good(sandbox, [], ["--entropy", source])


@case
def the_container_has_the_name_that_was_given():
    with Sandbox() as sandbox:
        _, done = good(sandbox, [], ["--name", "Подпись Иванова 2026"])
        with open(plain(done.json["new"]["container"]) + "/name.key",
                  "rb") as file:
            within("Подпись Иванова 2026".encode("cp1251"), file.read())


@case
def settings_come_from_the_configuration():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        os.makedirs(person.home + "/.config/kep")
        write(person.home + "/.config/kep/config.json", """{
            // comments are allowed
            "server": %s, /* of both kinds */
            "serverCa": %s, "phone": %s, "codeCommand": %s, "window": 40
        }""" % tuple(json.dumps(word) for word in (
            sandbox.url, sandbox.ca, person.phone, person.code_command())))
        # An option wins over it.
        done = person.kep("status", person.old_folder, "--window", "10",
                          "--json")
        same(done.json["certificates"][0]["renewal"]["reason"], "notDue", done)
        done = person.kep("renew", person.old, "--to", "local:",
                          "--no-backup", PERSON, "--json")
        same(done.word, "renewed", done)
        where = os.path.join(person.home, ".local/share/kep/containers")
        same(len(person.containers(where)), 1)
        within("file:" + where, done.json["new"]["container"])
        # Now it has been.
        done = person.kep("status", person.old_folder, "--json")
        same(done.json["certificates"][0]["renewal"]["reason"],
             "alreadyRenewed", done)


@case
def paths_with_spaces_and_cyrillic_letters():
    with Sandbox() as sandbox:
        base = os.path.join(folder("base"), "Мои ключи «2026» 'x' \"y\" $z")
        os.mkdir(base)
        person = Subscriber(sandbox, base=base)
        # What status tells people to run is one word for a shell.
        done = person.kep("status", person.old_folder)
        words = shlex.split(done.stdout.split("Run:")[1])
        same((words[:2], " ".join(words[2].split())),
             (["kep", "renew"], person.old), done)
        done = person.renew()
        person.check_renewed(done)
        # A plain path of the container, with a slash at its end.
        sandbox.set(done.json["new"]["thumbprint"], "replacement")
        person.new, person.backup = folder("new x"), folder("копия")
        done = person.renew("--force", container=plain(
            done.json["new"]["container"]) + "/", to=person.new)
        same(done.word, "renewed", done)


@case
def folders_of_the_environment():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        base = folder("xdg")
        env = {"HOME": None, "XDG_STATE_HOME": base + "/s",
               "XDG_DATA_HOME": base + "/d", "XDG_CONFIG_HOME": base + "/c"}
        done = person.renew(env=env)
        person.check_renewed(done)
        same(sorted(os.listdir(base)), ["s"])
        within(base + "/s/kep/archive/", done.json["new"]["certificate"], done)
        # A relative one is ignored, as its specification says.
        person = Subscriber(sandbox)
        done = person.renew(env={"XDG_STATE_HOME": "relative"})
        person.check_renewed(done)
        true(os.path.exists(person.state("journal.db")))
        true(not os.path.exists(person.base + "/relative"))


@case
def another_user_than_root():
    if os.getuid() != 0:
        skip("not root: every other case is run by another user already")
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        os.makedirs(os.path.join(sandbox.dir, "sms"), exist_ok=True)
        scratch = os.path.dirname(person.base)
        run("chmod", "711", scratch)
        for path in (sandbox.dir, os.path.dirname(sandbox.dir)):
            run("chmod", "755", path)
        ok("chmod", "-R", "a+rX", os.path.join(sandbox.dir, "sms"),
           sandbox.ca)
        ok("chown", "-R", "nobody", person.base)
        person.before = tree(person.old_folder)
        become = ["setpriv", "--reuid", "nobody", "--regid", "nogroup",
                  "--clear-groups", "--"]
        words = ["renew", person.old, "--to", "file:" + person.new,
                 "--server", sandbox.url, "--server-ca", sandbox.ca,
                 "--phone", person.phone, "--backup", person.backup, PERSON,
                 "--json"]
        # The SMS are root's: a program that may read them is what it needs.
        with open(person.base + "/code", "w") as file:
            file.write("#!/bin/sh\nexec cat '%s/fifo'\n" % person.base)
        os.chmod(person.base + "/code", 0o755)
        os.mkfifo(person.base + "/fifo")
        os.chmod(person.base + "/fifo", 0o644)
        job = subprocess.Popen(
            become + [harness.program("kep")] + words +
            ["--code-command", person.base + "/code"],
            env={"HOME": person.home, "PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
            cwd="/")
        for i in range(2):
            code = sandbox.code(person.phone, after=i)
            write(person.base + "/fifo", code + "\n")
        out, errors = job.communicate(timeout=harness.TIMEOUT)
        done = subprocess.CompletedProcess(words, job.returncode, out, errors)
        done.json = json.loads(out)
        done.word = done.json["outcome"]
        person.check_renewed(done)
        for path, (mode, _) in tree(person.new).items():
            about = os.stat(os.path.join(person.new, path))
            same((about.st_uid, mode & 0o077),
                 (os.stat(person.base).st_uid, 0), path)


@case
def nobody_without_a_home_is_told_so():
    if os.getuid() != 0:
        skip("only root can become a user that does not exist")
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = kep("--version")
        ok("chmod", "-R", "a+rwX", person.base)
        run("chmod", "711", os.path.dirname(person.base))
        words = ["renew", person.old, "--to", person.new, "--server",
                 sandbox.url, "--phone", person.phone, "--code-command",
                 "false", PERSON, "--no-backup", "--json"]
        done = run("setpriv", "--reuid", "54321", "--regid", "54321",
                   "--clear-groups", "--", harness.program("kep"), *words,
                   env=person.env(HOME=None))
        same(done.returncode, 5, done)
        same(json.loads(done.stdout)["outcome"], "stateUnwritable", done)
        same(person.containers(), [])


# --- what is left behind ----------------------------------------------------


@case
def the_result_is_as_documented():
    with Sandbox("--issue-after", "1") as sandbox:
        person, done = good(sandbox)
        form = exchanges(sandbox, "openForm")[0]
        certificate = contract.read(sandbox.log)
        answer = json.loads(exchanges(sandbox, "readCertificate")[-1][
            "responseBody"])
        der = base64.b64decode(answer["certificate"])
        with open(done.json["new"]["certificate"], "rb") as file:
            same(file.read(), der)
        same(list(done.json), ["outcome", "renewal", "form", "traceId", "old",
                               "new", "backup"], done)
        same({key: done.json[key] for key in ("outcome", "renewal", "form",
                                              "traceId")},
             {"outcome": "renewed",
              "renewal": json.loads(form["requestBody"])["externalId"],
              "form": json.loads(form["responseBody"])["id"],
              "traceId": {k.lower(): v for k, v in certificate[-1][
                  "responseHeaders"].items()}["x-trace-id"]}, done)
        listed = json.loads(exchanges(sandbox, "listCertificates")[0][
            "responseBody"])["certificates"][0]
        same(done.json["old"], {"thumbprint": person.thumbprint,
                                "container": person.old,
                                "notAfter": listed["notAfter"]}, done)
        same(sorted(done.json["new"]), ["certificate", "container", "notAfter",
                                        "thumbprint"], done)
        end = openssl("x509", "-inform", "DER", "-in",
                      done.json["new"]["certificate"], "-noout", "-enddate",
                      "-dateopt", "iso_8601").stdout
        same(end.strip().replace(" ", "T", 1),
             "notAfter=" + done.json["new"]["notAfter"].replace("Z", "Z"))


@case
def files_are_private_whatever_the_umask():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew(umask=0)
        person.check_renewed(done)
        for where in (person.new, person.backup, person.home):
            for path, (mode, digest) in tree(where).items():
                same(mode, 0o700 if digest is None else 0o600, path)
        same(sorted(tree(person.home)), [
            ".local", ".local/state", ".local/state/kep",
            ".local/state/kep/archive",
            *sorted(".local/state/kep/archive/%s.cer" % one for one in (
                done.json["old"]["thumbprint"],
                done.json["new"]["thumbprint"],
                *(thumbprint(os.path.join(sandbox.dir, "ca", name))
                  for name in ("issuing.pem", "root.pem")))),
            ".local/state/kep/journal.db", ".local/state/kep/journal.db-shm",
            ".local/state/kep/journal.db-wal", ".local/state/kep/lock"])


def authorities(sandbox):
    """The root and the issuing one in a file."""
    path = os.path.join(folder("ca"), "both.pem")
    with open(path, "w") as out:
        for name in ("root.pem", "issuing.pem"):
            with open(os.path.join(sandbox.dir, "ca", name)) as one:
                out.write(one.read())
    return path


def verify(sandbox, pem):
    lists = pem + ".crl"
    with open(lists, "w") as out:
        for name in ("root.crl.pem", "issuing.crl.pem"):
            with open(os.path.join(sandbox.dir, "ca", name)) as one:
                out.write(one.read())
    return openssl("verify", "-x509_strict", "-CAfile",
                   os.path.join(sandbox.dir, "ca/root.pem"), "-untrusted",
                   os.path.join(sandbox.dir, "ca/issuing.pem"), "-CRLfile",
                   lists, "-crl_check_all", pem)


@case
def openssl_and_certtool_accept_the_new_certificate():
    with Sandbox() as sandbox:
        for issue in (["--legal-entity"], ["--algorithm", "gost2012-512"]):
            person, done = good(sandbox, issue)
            pem = person.pem(done.json["new"]["certificate"])
            within("OK", verify(sandbox, pem).stdout)
            chain = pem + ".chain"
            with open(chain, "w") as out:
                for one in (pem, sandbox.dir + "/ca/issuing.pem",
                            sandbox.dir + "/ca/root.pem"):
                    with open(one) as part:
                        out.write(part.read())
            said = ok("certtool", "--verify", "--verify-profile", "low",
                      "--load-ca-certificate", sandbox.dir + "/ca/root.pem",
                      "--infile", chain)
            within("The certificate is trusted", said.stdout, said)
            old = person.pem(person.state(
                "archive", person.thumbprint + ".cer"), "old.pem")
            # Every attribute of the owner is as it was, in its own type.
            same(subject(pem), subject(old))
            key = [openssl("x509", "-in", one, "-noout", "-pubkey").stdout
                   for one in (pem, old)]
            true(key[0] != key[1])


def subject(pem):
    """[(attribute, ASN.1 type and value)] of the subject."""
    said = openssl("x509", "-in", pem, "-noout", "-subject", "-nameopt",
                   "utf8,sep_multiline,show_type,oid").stdout
    found = re.findall(r"([\d.]+)=(\w+:.*)", said)
    true(len(found) >= 8, said)
    return found


@case
def openssl_verifies_what_was_signed():
    with Sandbox() as sandbox:
        for issue, more in ((["--legal-entity"], []),
                            (["--algorithm", "gost2012-512"],
                             ["--algorithm", "gost2012-512"])):
            person, done = good(sandbox, issue, more)
            old = person.pem(person.state("archive",
                                          person.thumbprint + ".cer"))
            text = os.path.join(folder("statement"), "text")
            with open(text, "w", encoding="utf-8", newline="") as file:
                file.write(exchanges(sandbox, "readStatement")[-1][
                    "responseBody"])
            trust = ["-CAfile", authorities(sandbox), "-purpose", "any"]
            openssl("cms", "-verify", "-cades", "-binary", "-inform", "DER",
                    "-in", cms_of(sandbox, "sendStatementSignature"),
                    "-content", text, "-out", "/dev/null", *trust)
            request = text + ".csr"
            openssl("cms", "-verify", "-cades", "-binary", "-inform", "DER",
                    "-in", cms_of(sandbox, "sendRequest"), "-out", request,
                    *trust)
            openssl("req", "-verify", "-noout", "-inform", "DER", "-in",
                    request)
            # The certificate has the key and the names of the request; both
            # were signed by the old certificate and no other.
            new = person.pem(done.json["new"]["certificate"])
            same(openssl("req", "-inform", "DER", "-in", request, "-noout",
                         "-pubkey").stdout,
                 openssl("x509", "-in", new, "-noout", "-pubkey").stdout)
            for operation in ("sendStatementSignature", "sendRequest"):
                said = openssl("cms", "-verify", "-noverify", "-nosigs",
                               "-inform", "DER", "-in",
                               cms_of(sandbox, operation), "-content", text,
                               "-signer", text + ".signer", "-out",
                               "/dev/null")
                same(openssl("x509", "-in", text + ".signer").stdout,
                     openssl("x509", "-in", old).stdout, said)


@case
def the_new_container_is_due_no_more_and_renews_when_it_must():
    with Sandbox() as sandbox:
        person, done = good(sandbox)
        for where in ("new", "backup"):
            told = person.kep("status", done.json[where]["container"],
                              "--json")
            one, = told.json["certificates"]
            same((one["thumbprint"], one["renewal"]["reason"],
                  one["notAfter"], told.json["problems"]),
                 (done.json["new"]["thumbprint"], "notDue",
                  done.json["new"]["notAfter"], []), told)
        again = person.renew(container=done.json["new"]["container"])
        same(again.word, "notDue", again)


# --- whether ----------------------------------------------------------------


@case
def a_dry_run_sends_and_writes_nothing():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        before = tree(person.base)
        done = person.renew("--dry-run")
        same((done.returncode, done.word), (0, "wouldRenew"), done)
        for bad, word in ((["--to", person.base + "/none"],
                           "containerNotFound"),
                          (["--algorithm", "rsa"], "usage"),
                          (["--window", "10"], "notDue")):
            done = person.renew("--dry-run", *bad)
            same(done.word, word, done)
        same(tree(person.base), before)
        # What is configured for batches is another matter.
        configure(person.home, report="/dev/null/in")
        done = person.renew("--dry-run")
        same(done.word, "wouldRenew", done)
        same(exchanges(sandbox), [])


# Of what a renewal needs at its own step: (option, what is not there).
NAMED = [(option, "/no/such/file") for option in (
    "--server-ca", "--roots", "--pin-file", "--old-pin-file",
    "--backup-pin-file", "--entropy", "--codes", "--deploy-command",
    "--failed-command")] + [
        ("--deploy-command", "'sh"), ("--roots", os.devnull),
        ("--roots", __file__)] + [
            (option, "/") for option in (
                "--server-ca", "--roots", "--pin-file", "--old-pin-file",
                "--backup-pin-file", "--entropy")]


@case
def what_is_named_has_to_be_there_before_anything_is_begun():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        for option, value in NAMED + [("--changes", "/no/such/file"),
                                      ("--changes", "/"),
                                      ("--pin-file", __file__)]:
            more = ["--normal"] if option == "--changes" else []
            for how in ["--dry-run"], []:
                done = person.renew(option, value, *how, *more)
                same((done.returncode, done.word), (2, "configuration"),
                     (option, value, how, done))
                within(option + " ", done.json["message"], done)
        same(exchanges(sandbox), [])
        told = person.kep("status", person.old, "--json").json
        same(told["certificates"][0]["renewal"]["state"], "due", told)
        # What is there is found as a shell finds it.
        done = person.renew("--dry-run", "--code-command", "cat '/a b'",
                            "--deploy-command", "true", "--roots",
                            sandbox.dir + "/ca/root.pem")
        same(done.word, "wouldRenew", done)


# rule_1, rule_3
@case
def only_what_is_due_is_renewed():
    with Sandbox() as sandbox:
        # Sixty whole days, where nothing else is said.
        for days, state in (("61", "due"), ("62", "none")):
            one = Subscriber(sandbox, "--days", days)
            time.sleep(1.1)  # a second less than so many days are left
            told = one.kep("status", one.old, "--json").json["certificates"]
            same([row["renewal"]["state"] for row in told], [state], days)
        early = Subscriber(sandbox, "--days", "100")
        before = tree(early.base)
        for more, status, word in (
                ([], 0, "notDue"), (["--exit-not-due"], 10, "notDue"),
                (["--window", "98"], 0, "notDue")):
            done = early.renew(*more)
            same((done.returncode, done.word), (status, word), done)
        same(tree(early.base), before)
        # Here it is, but the server's window is its own.
        for more in (["--window", "100"], ["--force"]):
            done = early.renew(*more)
            same(done.word, "notDue", done)
            done = early.renew("--exit-not-due", *more)
            same(done.returncode, 10, done)
        sandbox.set(early.thumbprint, "replacement")
        done = early.renew("--force")
        early.check_renewed(done)
        # Done is done: nothing is begun again, unless it must be.
        containers = early.containers(early.new)
        for more, status in (([], 0), (["--exit-not-due"], 10)):
            done = early.renew("--window", "365", *more)
            same((done.returncode, done.word), (status, "alreadyRenewed"), done)
        same(early.containers(early.new), containers)
        # The status is for what was not due, not for what was done.
        due = Subscriber(sandbox)
        done = due.renew("--exit-not-due")
        due.check_renewed(done)


# rule_19, rule_20
@case
def a_newer_program_is_demanded_and_nothing_is_lost():
    with Sandbox("--fault", "requestCode=status:426*1") as sandbox:
        person = Subscriber(sandbox)
        done = person.renew()
        same((done.returncode, done.word), (5, "clientOutdated"), done)
        within("Install it. Nothing is lost", done.json["message"])
        told = person.kep("status", person.old, "--json")
        same(told.json["certificates"][0]["renewal"]["open"],
             done.json["renewal"], told)
        again = person.resume()
        person.check_renewed(again)
        same(again.json["renewal"], done.json["renewal"])


@case
def a_renewal_that_was_begun_goes_on():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        first = person.renew("--code-command", "false")
        same((first.returncode, first.word), (5, "codeCommand"), first)
        done = person.kep("status", person.old, "--json")
        renewal = done.json["certificates"][0]["renewal"]
        same((renewal["open"], renewal["step"]),
             (first.json["renewal"], "signIn"), done)
        second = person.renew()
        person.check_renewed(second)
        same(second.json["renewal"], first.json["renewal"])
        within("goes on where it stopped", second.stderr, second)
        same({json.loads(one["requestBody"])["externalId"]
              for one in exchanges(sandbox, "openForm")},
             {first.json["renewal"]})
        # Nothing is left to do, and it is said without a failure.
        done = person.resume()
        same((done.returncode, done.word), (0, "nothingOpen"), done)
        done = person.kep("resume", second.json["renewal"], "--json")
        same((done.returncode, done.word), (0, "nothingOpen"), done)
        done = person.kep("resume", "0123abcd", "--json")
        same((done.returncode, done.word), (2, "renewalUnknown"), done)
        same(list(done.json), ["outcome", "message"], done)


@case
def a_renewal_that_was_begun_needs_to_be_told_nothing_again():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        first = person.renew("--code-command", "false")
        same((first.returncode, first.word), (5, "codeCommand"), first)
        again = ["renew", person.old, "--json"]
        done = person.kep(*again)
        same((done.returncode, done.word), (2, "answerNeeded"), done)
        within("--code-command", done.json["message"])
        again += ["--code-command", person.code_command()]
        sent = len(exchanges(sandbox, "requestCode"))
        done = person.kep(*again)
        same((done.returncode, done.word), (5, "acceptanceNeeded"), done)
        same(len(exchanges(sandbox, "requestCode")), sent)
        done = person.kep(*again, PERSON)
        person.check_renewed(done)
        same(done.json["renewal"], first.json["renewal"])


@case
def several_are_resumed_together():
    with Sandbox() as sandbox:
        one, two = Subscriber(sandbox), Subscriber(sandbox)
        two.home = one.home
        for person in (one, two):
            done = person.renew("--code-command", "false")
            same(done.word, "codeCommand", done)
        # Each has its own telephone; only the command is common.
        sms = os.path.join(sandbox.dir, "sms")
        code = ("sh -c 'd=$(ls -d %s/*$KEP_PHONE_TAIL) && "
                "exec sh \"%s\" \"$d\"'" % (sms, subscriber.READ_CODE))
        words = ["resume", PERSON, "--code-command", code, "--json"]
        done = one.kep(*words)
        while done.returncode == 3:  # each is asked about once
            time.sleep(1)
            done = one.kep(*words)
        same((done.returncode, done.json["outcome"]), (0, "renewed"), done)
        for person in (one, two):
            same(len(person.containers()), 1)
            person.check_old()


@case
def normal_mode_waits_for_an_operator():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        sandbox.set(person.thumbprint, "normal")
        done = person.renew("--express")
        same((done.returncode, done.word), (5, "expressUnavailable"), done)
        done = person.renew("--wait", "0")
        same((done.returncode, done.word), (3, "waiting"), done)
        same(person.containers(), [])
        same(person.resume("--wait", "0").word, "waiting")
        sandbox.set(done.json["form"], "approved")
        done = person.resume()
        person.check_renewed(done)


# rule_83
@case
def a_copy_made_later_ends_the_urging():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew(backup=None)
        person.check_renewed(done, backup=False)
        where = done.json["new"]["container"]
        said = person.kep("status", where)
        within("There is no copy.", re.sub(r"\s+", " ", said.stdout), said)
        copy = person.kep("backup", where, "--to", folder("copy"), "--json")
        same(copy.word, "backedUp", copy)
        said = person.kep("status", where, "--json")
        same(said.json["certificates"][0]["renewal"]["backup"],
             copy.json["containers"][0]["copy"], said)


# rule_90
@case
def one_that_was_replaced_is_listed_for_old_documents():
    def kept(place):
        return "For reading old documents" in person.kep("list", place).stdout

    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        same(kept(person.old_folder), False)
        same(tree(person.home), {})  # looking makes no state
        done = person.renew()
        same(done.word, "renewed", done)
        same(kept(person.old_folder), True)
        same(kept(done.json["new"]["container"]), False)


# rule_4
@case
def status_for_people_and_for_programs():
    with Sandbox() as sandbox:
        person = Subscriber(sandbox, "--name", "Ли Бо")
        done = person.kep("status", person.old_folder)
        for line in ("Ли Бо", " days left)", "Thumbprint:",
                     person.thumbprint, person.old, "due. Run: kep renew"):
            within(line, " ".join(done.stdout.split()), done)
        same(done.stderr, "")
        true(all(len(line) <= 80 for line in done.stdout.split("\n")
                 if "/" not in line), done)
        done = person.kep("status", person.old_folder, "--json")
        one, = done.json["certificates"]
        within(one["daysLeft"], (29, 30), done)
        same((one["thumbprint"], one["container"],
              one["file"], one["subject"]["commonName"], one["renewal"]),
             (person.thumbprint, person.old, None, "Ли Бо",
              {"available": True, "reason": None, "state": "due",
               "open": None, "step": None, "failed": None,
               "backup": None}), done)
        for word in ("notBefore", "notAfter", "keyNotAfter"):
            true(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one[word]))
        # A state of its own is not made by looking.
        same(tree(person.home), {})
        done = person.kep("status", "--json")
        same(done.json, {"certificates": [], "problems": []}, done)
        done = person.kep("status", person.base + "/none", "--json")
        same((done.returncode, done.json["problems"][0]["outcome"]),
             (5, "containerNotFound"), done)


harness.main(jobs=4)
