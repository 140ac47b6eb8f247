"""A person who renews: a home, an old container, folders for the new one and
its copy, on a sandbox.

    person = Subscriber(sandbox)
    done = person.renew()
    same(done.word, "renewed", done)
    person.check_renewed(done)

Whatever a command did, renew and resume look whether it behaved: see
check_manners. A result is a CompletedProcess with json (what --json printed,
None without it), word (its outcome) and seconds.
"""

import contextlib
import hashlib
import itertools
import json
import os
import re
import resource
import shlex
import sqlite3
import stat
import time

import harness
from harness import folder, ok, run, same, true, within

OPENSSL = {"OPENSSL_CONF": os.path.join(harness.ROOT,
                                        "tests/support/openssl.cnf")}
READ_CODE = os.path.join(harness.ROOT, "api/sandbox/read-code.sh")
FILES = ("header.key", "masks.key", "masks2.key", "name.key", "primary.key",
         "primary2.key")

# PrivateKeyInfo as RFC 9215 has it, up to the scalar; by the size of that.
PRIVATE = {
    32: "3046020100301f06082a85030701010101301306072a85030202240006082a85"
        "0307010102020420",
    64: "3068020100302106082a85030701010102301506092a85030701020102010608"
        "2a850307010102030440",
}

# The outcomes' words and their exit statuses: scripts rely on them.
STATUS = {word: status for status, words in {
    0: """done renewed wouldRenew notDue nothingDue alreadyRenewed nothingOpen
          backedUp pinChanged pinUnblocked adminPinChanged
          withdrawn restored wouldRestore inOrder passwordSet
          passwordRemoved exported imported requested wouldRequest installed
          wouldInstall printed healthy removed""",
    1: """interrupted unreachable timeout serverBusy serverError serverGarbage
          wrongState io entropy memory internal reportUnwritable
          hookFailed tokenBusy tokenAnswer pressFailed""",
    2: """usage configuration answerNeeded locationUnknown renewalUnknown
          passphraseShort tokenSeveral noPin planWrong planUnreadable
          subjectUnknown subjectWrong subjectIncomplete""",
    3: "waiting telephoneBusy",
    4: "locked",
    5: """noService noReader noToken tokenUnknown tokenGone tokenRefused
          tokenFull tokenSpace containerUnfinished keyStays keyNotInside
          pinNeeded pinUnanswered
          pinWrong pinLast pinBlocked pinLength newPinLength pinWeak
          pinChange
          pinAtReader pinByAdministrator pinByUser
          adminPinNeeded adminPinWrong
          adminPinLast adminPinBlocked adminPinLength adminPinChange
          moduleMissing
          moduleBad keysInsideOnly pinInstead cancelled
          acceptanceNeeded serverUntrusted serverRefused
          unauthorized codeInvalid codeExpired codeAttempts codeNotReceived
          codeCommand paymentRequired rejected validationError paperOnly
          paperRefused
          issueFailed formCancelled formExpired statementRefused
          requestRefused expired notYetValid revoked keyPeriodOver
          subjectChanged daughterOrganisation formExistsAtServiceCentre
          otherCentre kindChanged unknownCertificate expressUnavailable
          openWithKey sheetDiffers
          dataMismatch statementMismatch statementChanged certificateUnreadable
          certificateWrongKey certificateWrongSubject certificateWrongIssuer
          certificateWrongDates certificateWrongProfile containerNotFound
          notContainer containerDamaged containerExists containerOldFormat
          keyUnsupported keyNotExportable keyLost noCertificate
          certificateBad keyMismatch keyRetired containerFlawed
          passwordNeeded passwordWrong noAccess dataNeeded statementToSign
          statementChanged requestMismatch keyAbsent
          documentRefused cannotWithdraw clientOutdated
          readOnly full stateDamaged stateNewer stateUnwritable tooLarge
          formExists fileExists notArchive archiveNewer archiveCut
          archiveDamaged passphraseWrong notPfx pfxDamaged pfxUnsupported
          pfxNoKey pfxMismatch pfxPasswordNeeded pfxPasswordWrong
          certificateExists holderNotFound certificatesSeveral pressMissing
          fontMissing noForm expressNotPrinted unhealthy rowsNotReady""",
}.items() for word in words.split()}

MEMORY_MAX = 64 * 1024  # KiB of one of our programs, whatever a server sends

_phones = itertools.count(79000000001)


# --- manners ----------------------------------------------------------------


def check_manners(done, status=None):
    """Of whatever way a command ended: a status and no signal, a sentence,
    nothing on a terminal but text, the outcome's own status."""
    true(done.returncode in (0, 1, 2, 3, 4, 5, 10), done)
    for text in (done.stdout, done.stderr):
        strange = re.findall(r"[^\n\r\x20-\x7e\u00a0-\u200a\u2010-\u2027"
                             r"\u202f-\u205f\u20a0-\ufffd]", text)
        same(strange, [], done)
        for word in ("(null)", "Segmentation", "Sanitizer", "runtime error",
                     "assert"):
            true(word not in text, done)
    if done.json is None:
        return
    same(done.stdout.count("\n"), 1, done)
    within(done.word, STATUS, done)
    wanted = STATUS[done.word]
    if (done.word in ("notDue", "alreadyRenewed")
            and "--exit-not-due" in done.args):
        wanted = 10
    same(done.returncode, wanted, done)
    if done.word != "renewed":
        # A sentence, or one that ends in a command.
        true(re.fullmatch(r"\S.{10,}(\.|: kep (?:[a-z]+ )?[a-z-]+|"
                          r": [^.]+pkcs11:|: sudo .+)",
                          done.json["message"], re.S), done)
    # The same sentence for people, its lines broken elsewhere.
    for one in done.json.get("renewals") or [done.json]:
        within(re.sub(r"\s+", " ", one.get("message", "")),
               re.sub(r"\s+", " ", done.stderr), done)


def at_home(home, **more):
    """The environment of somebody with a home of their own, in English."""
    found = {name: None for name in os.environ
             if name.startswith(("XDG_", "LC_", "KEP_")) or
             name in ("LANGUAGE", "TERM")}
    return {**found, "HOME": home, "LANG": "C.UTF-8", **more}


def kep(*words, **options):
    """Run kep: with json, word and seconds, its manners checked."""
    begun = time.monotonic()
    done = run("kep", *words, **options)
    done.seconds = time.monotonic() - begun
    done.json = done.word = None
    if "--json" in words and done.stdout.startswith("{"):
        done.json = json.loads(done.stdout)
        done.word = done.json.get("outcome")
    if done.word is not None or "--json" not in words:
        check_manners(done)
    return done


def check_memory():
    """That no program of this test has ever taken much. A sanitizer's
    shadow is no memory of ours."""
    if "asan" not in harness.OUT:
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        true(most < MEMORY_MAX, "%d KiB" % most)


# --- files ------------------------------------------------------------------


def tree(where):
    """{relative path: (mode, sha256)} of everything below a folder."""
    found = {}
    for root, folders, files in os.walk(where):
        for name in folders + files:
            path = os.path.join(root, name)
            about = os.lstat(path)
            digest = None
            if stat.S_ISREG(about.st_mode):
                with open(path, "rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[os.path.relpath(path, where)] = (about.st_mode & 0o7777,
                                                   digest)
    return found


def plain(location):
    """The folder of a location."""
    true(location.startswith("file:/"), location)
    return location[5:]


def write(path, text, mode=0o600):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode),
              "w", encoding="utf-8") as file:
        file.write(text)
    return path


def configure(home, **settings):
    """What stands in the configuration, which is replaced; without any it is
    gone."""
    path = os.path.join(home, ".config/kep/config.json")
    os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
    if settings:
        write(path, json.dumps(settings))
    elif os.path.exists(path):
        os.remove(path)


def let_time_pass(home):
    """Nothing in the journal of that home has to wait for its moment."""
    with contextlib.closing(sqlite3.connect(os.path.join(
            home, ".local/state/kep/journal.db"))) as journal, journal:
        journal.execute("UPDATE renewal SET not_before = NULL")


# --- a person ---------------------------------------------------------------


class Subscriber:
    """base, home, old_folder, new, backup (folders); old (location of the
    container), thumbprint, phone."""

    def __init__(self, sandbox, *options, base=None, settings=True):
        self.sandbox = sandbox
        self.base = base or folder("person")
        self.phone = str(next(_phones))
        for name in ("home", "old_folder", "new", "backup"):
            path = os.path.join(self.base, name)
            os.makedirs(path, 0o700)
            setattr(self, name, path)
        self.old, self.thumbprint = self.begin(options)
        self.before = tree(self.old_folder)

    def begin(self, options):
        """The old certificate: (where it is, its thumbprint)."""
        return self.sandbox.issue(self.phone, "file:" + self.old_folder,
                                  *options)

    def der(self, thumbprint):
        """A certificate of the sandbox, as it was handed out."""
        database = sqlite3.connect("file:%s/sandbox.db?mode=ro"
                                   % self.sandbox.dir, uri=True)
        (found,), = database.execute("SELECT der FROM certificates WHERE"
                                     " thumbprint = ?", (thumbprint,))
        database.close()
        return found

    # --- commands ---

    def env(self, **more):
        return at_home(self.home, **more)

    def code_command(self):
        return "sh %s %s" % (shlex.quote(READ_CODE), shlex.quote(
            os.path.join(self.sandbox.dir, "sms", self.phone)))

    def server(self):
        """The options that say where the server is and who asks."""
        return ["--server", self.sandbox.url, "--server-ca", self.sandbox.ca,
                "--phone", self.phone, "--code-command", self.code_command(),
                "--accept-data"]

    def kep(self, *words, env=None, **options):
        return kep(*words, env=self.env(**(env or {})), cwd=self.base,
                   **options)

    def renew(self, *more, to=None, backup="", container=None, **options):
        """A whole renewal; backup None for --no-backup. What is in more wins
        over what stands before it."""
        words = ["renew", container or self.old, "--to",
                 "file:" + self.new if to is None else to] + self.server()
        words += ["--no-backup"] if backup is None else [
            "--backup", backup or "file:" + self.backup]
        return self.kep(*words, "--json", *more, **options)

    def resume(self, *more, **options):
        """The only renewal that is open, as one object."""
        done = self.kep("resume", *self.server(), "--json", *more, **options)
        if done.json and "renewals" in done.json:
            same(done.json["outcome"], done.json["renewals"][-1]["outcome"]
                 if done.json["renewals"] else done.word, done)
            if done.json["renewals"]:
                done.json = done.json["renewals"][-1]
        return done

    # --- what there is ---

    def containers(self, where=None):
        """The names of the containers in a folder, where nothing else may
        be listed."""
        names = sorted(os.listdir(where or self.new))
        for name in names:
            true(re.fullmatch(r"[a-z0-9]{8}\.\d{3}", name), names)
        return names

    def state(self, *names):
        return os.path.join(self.home, ".local/state/kep", *names)

    def check_old(self):
        """The old container is as it was, to the byte and the mode."""
        same(tree(self.old_folder), self.before)

    def check_one_key(self, most=1):
        """No more new keys than forms."""
        true(len(self.containers()) <= most, self.containers())

    def check_renewed(self, done, backup=True):
        """Everything a good renewal leaves behind, and nothing else."""
        same((done.returncode, done.word), (0, "renewed"), done)
        new = done.json["new"]
        same(len(self.containers()), 1, done)
        same(new["container"], "file:" + os.path.join(
            self.new, self.containers()[0]), done)
        same(self.containers(self.backup),
             self.containers() if backup else [], done)
        if backup:
            same(done.json["backup"], {
                "container": "file:" + os.path.join(
                    self.backup, self.containers()[0]),
                "verified": True}, done)
        self.check_old()
        with open(new["certificate"], "rb") as file:
            same(hashlib.sha1(file.read()).hexdigest(), new["thumbprint"])

    def pem(self, der, name="certificate.pem"):
        """A certificate as PEM in a file: its path."""
        path = os.path.join(folder("pem"), name)
        ok("openssl", "x509", "-inform", "DER", "-in", der, "-out", path,
           env=OPENSSL)
        return path


def openssl(*words, status=0, **options):
    done = run("openssl", *words, env=OPENSSL, **options)
    same(done.returncode, status, done)
    return done


def thumbprint(pem):
    said = openssl("x509", "-in", pem, "-noout", "-fingerprint").stdout
    return said.split("=")[1].replace(":", "").strip().lower()
