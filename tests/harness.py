"""Whole-program tests: TAP on stdout, a sandbox, commands with a time limit.

    import harness
    from harness import case, same, run, Sandbox

    @case
    def it_renews():
        with Sandbox("--issue-after", "1") as sandbox:
            where, thumbprint = sandbox.issue("79001234567", "file:" + folder())
            done = run("kep", "status", where)
            same(done.returncode, 0, done)

    harness.main()

A case fails with any exception; skip("why") skips it. One that hangs ends the
test after LIMIT, or when make's run-check says so: it fails, and says where
it stood. Arguments of the test are the names of the cases to run, without any
all run. The programs are in $KEP_OUT. Everything of a case lies below one
folder that goes with it; KEP_KEEP=1 keeps it. Every exchange with a sandbox is
held against api/openapi.yaml when the sandbox stops (see contract.py).
"""

import atexit
import concurrent.futures
import contextlib
import functools
import glob
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback

# A shell ignores them for what it starts in the background; what a test starts
# is not to inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUT = os.path.abspath(os.environ.get("KEP_OUT") or os.path.join(
    ROOT, "build", "release"))
# faketime's library comes before a sanitizer's, which takes offence.
os.environ.setdefault("ASAN_OPTIONS", "verify_asan_link_order=0")
TIMEOUT = 180  # seconds: a loaded machine is no failure
LIMIT = 1800   # that a case may take, with a sanitizer on a loaded machine

_cases = []
_threads = {}  # of the cases that run: {function: number}
_here = threading.local()  # of the case that runs: its folder, what it noted
_scratches = set()  # the folders of all cases that run


class Skip(Exception):
    pass


def case(function):
    """Register a test case; its name is the function's."""
    _cases.append(function)
    return function


def case_of_each(rows):
    """Register a case for each row of a table; a row or its first value
    names it."""
    def register(function):
        for row in rows:
            row = row if isinstance(row, tuple) else (row,)
            one = functools.partial(function, *row)
            one.__name__ = "%s_%s" % (function.__name__, row[0])
            _cases.append(one)
        return function
    return register


def skip(why):
    raise Skip(why)


def vectors():
    """The folder of test vectors; skips the case where there is none."""
    return os.environ.get("KEP_VECTORS") or skip("KEP_VECTORS is not set")


def note(text):
    """A diagnostic line; prove -v shows it."""
    lines = ["# " + line for line in str(text).splitlines()]
    if getattr(_here, "said", None) is None:
        print(*lines, sep="\n", flush=True)
    else:
        _here.said += lines


# --- what a case asserts ----------------------------------------------------


def explain(about):
    if isinstance(about, subprocess.CompletedProcess):
        return "%s\nstatus %s\nstdout:\n%s\nstderr:\n%s" % (
            " ".join(about.args), about.returncode, about.stdout, about.stderr)
    return "" if about is None else str(about)


def same(got, wanted, about=None):
    if got != wanted:
        raise AssertionError(
            "got %r, wanted %r\n%s" % (got, wanted, explain(about)))


def true(value, about=None):
    if not value:
        raise AssertionError("not so\n%s" % explain(about))


def within(part, whole, about=None):
    if part not in whole:
        raise AssertionError(
            "%r is not in %r\n%s" % (part, whole, explain(about)))


# --- folders and programs ---------------------------------------------------


def folder(name="tmp"):
    """A new empty folder that goes when the case ends."""
    if getattr(_here, "scratch", None) is None:
        _here.scratch = tempfile.mkdtemp(prefix="kep-test-")
        _scratches.add(_here.scratch)
    return tempfile.mkdtemp(prefix=name + "-", dir=_here.scratch)


def _remove(scratch):
    _scratches.discard(scratch)
    if os.environ.get("KEP_KEEP"):
        note("kept: " + scratch)
    else:
        shutil.rmtree(scratch, ignore_errors=True)


def _clear():
    scratch = getattr(_here, "scratch", None)
    if scratch is not None:
        _remove(scratch)
    _here.scratch = None


def _clear_all():
    """Those of threads that a case began itself, too."""
    for scratch in list(_scratches):
        _remove(scratch)


atexit.register(_clear_all)


def program(name):
    """The path of one of our programs; another name is left as it is."""
    path = os.path.join(OUT, name)
    return path if os.path.exists(path) else name


def run(*words, input=None, timeout=TIMEOUT, env=None, text=True, cwd=None,
        **more):
    """Run a command to its end: a subprocess.CompletedProcess. env: what is
    added to the environment; None as a value takes a variable away. more:
    what subprocess.run takes besides."""
    # Without input a program finds the end of it, and no terminal at all.
    given = {"input": input} if input is not None else {
        "stdin": subprocess.DEVNULL}
    given.update(stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                 start_new_session=True)
    given.update(more)
    return subprocess.run(_words(words), timeout=timeout,
                          env=_environment(env), text=text, cwd=cwd, **given)


def start(*words, env=None, **more):
    """The same, begun only: a subprocess.Popen, which is read by read_line()
    or by communicate(timeout=...)."""
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
             "stderr": subprocess.PIPE, "text": True,
             "start_new_session": True, **more}
    return subprocess.Popen(_words(words), env=_environment(env), **given)


def _words(words):
    return [program(words[0])] + [str(word) for word in words[1:]]


def _environment(env):
    whole = {**os.environ, **(env or {})}
    return {key: value for key, value in whole.items() if value is not None}


def ok(*words, **options):
    """run, where the status must be 0."""
    done = run(*words, **options)
    same(done.returncode, 0, done)
    return done


@contextlib.contextmanager
def in_time(process, seconds=TIMEOUT):
    """It is killed when what is read of it meanwhile takes longer."""
    late = threading.Timer(seconds, process.kill)
    late.start()
    try:
        yield
    finally:
        late.cancel()


def read_line(process, seconds=TIMEOUT):
    """The next line that it says, in time; "" when it has ended."""
    with in_time(process, seconds):
        return process.stdout.readline()


def kill(process):
    """End it at once: what it had said, as communicate() has it."""
    process.kill()
    return process.communicate(timeout=TIMEOUT)


def wait_until(condition, seconds=TIMEOUT, what="it"):
    """Until condition() is true, which is the result."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError("%s did not happen in %s s" % (what, seconds))
        time.sleep(0.02)


# --- a file system ----------------------------------------------------------


class Mount:
    """A file system of its own, gone at the end."""

    def __init__(self, where, options):
        self.where = where
        done = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", where)
        if done.returncode != 0:
            skip("no file system can be mounted here: " +
                 done.stderr.strip())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        ok("umount", "-l", self.where)

    def change(self, options):
        ok("mount", "-o", "remount," + options, self.where)


# --- a sandbox --------------------------------------------------------------


class Sandbox:
    """kep-sandbox serve with options; with starts it, where it does not run,
    and stops it.

    dir, url, ca (the root for TLS), log (its --log), process. check: hold
    its log against the contract; client: also the requests that it refused,
    as those of a good client; quiet: it must say nothing on stderr.
    """

    def __init__(self, *options, dir=None, check=True, client=False,
                 quiet=True, env=None):
        self.options = [str(option) for option in options]
        self.dir = dir or os.path.join(folder("sandbox"), "state")
        self.ca = os.path.join(self.dir, "tls-ca.pem")
        self.check, self.client, self.quiet = check, client, quiet
        self.env = env or {}  # added to the environment
        self.process = self.url = self.port = self.reserved = None
        self.log = self.errors = None

    def __enter__(self):
        return self if self.process else self.start()

    def __exit__(self, kind, error, trace):
        self.stop(failed=kind is not None)

    def start(self, *options):
        """With these options instead, where there are any."""
        if options:
            self.options = [str(option) for option in options]
        keep = os.environ.get("KEP_RECORDS")
        self.log = os.path.join(keep or folder("log"), "%d-%d.jsonl" % (
            os.getpid(), time.monotonic_ns()))
        # Below the ports that systems give out; restarted, it is the same.
        for attempt in range(20):
            if self._launch(self.port or self._reserve()):
                return self
            if "cannot be listened on" not in self._said():
                break
            time.sleep(0.01 * attempt)
        raise AssertionError("kep-sandbox did not start: " + self._said())

    def _reserve(self):
        """A port that no other test's sandbox takes, not even while this one
        is stopped. The name of a socket goes with whoever has it."""
        self.reserved = socket.socket(socket.AF_UNIX)
        while True:
            port = random.randrange(20000, 32000)
            try:
                self.reserved.bind("\0kep-test-port-%d" % port)
                return port
            except OSError:
                continue

    def _launch(self, port):
        self.errors = open(os.path.join(folder("log"), "stderr"), "w+")
        self.process = subprocess.Popen(
            [program("kep-sandbox"), "serve", "--dir", self.dir, "--log",
             self.log, "--port", str(port)] + self.options,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=self.errors, text=True, env={**os.environ, **self.env})
        line = read_line(self.process)
        if not line.startswith("ready https://"):
            self._end()
            return False
        self.url = line.split()[1]
        self.port = int(self.url.rsplit(":", 1)[1])
        return True

    def _end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        return self.process.returncode

    def _said(self):
        self.errors.seek(0)
        return self.errors.read()

    def stop(self, failed=False):
        """End it cleanly and hold what was said against the contract."""
        if self.process is None:
            return
        status, self.process = self._end(), None
        said = self._said()
        self.errors.close()
        if failed:
            note("kep-sandbox: " + said if said else "kep-sandbox was silent")
            return
        same((status, said if self.quiet else ""), (0, ""), "of kep-sandbox")
        if self.check:
            import contract
            contract.hold(self.log, self.client)

    def restart(self, *options):
        self.stop()
        return self.start(*options)

    def issue(self, phone, to, *options, env=None):
        """A subscriber with a container: (its location, the thumbprint)."""
        done = ok("kep-sandbox", "issue", "--dir", self.dir, "--phone", phone,
                  "--to", to, *options, env=env)
        lines = done.stdout.split("\n")
        return lines[-2], re.search(r"^thumbprint ([0-9a-f]{40})$",
                                    done.stdout, re.M).group(1)

    def set(self, which, *words):
        """which: a thumbprint or the id of a form."""
        option = "--thumbprint" if len(which) == 40 else "--form"
        return ok("kep-sandbox", "set", "--dir", self.dir, option, which,
                  *words)

    def age(self, seconds):
        """Its sessions, as if they had been opened so much earlier."""
        database = sqlite3.connect(os.path.join(self.dir, "sandbox.db"),
                                   timeout=TIMEOUT)
        with contextlib.closing(database), database:
            database.execute(
                "UPDATE sessions SET expires = expires - ?1,"
                " refresh_expires = refresh_expires - ?1", [seconds])

    def messages(self, phone):
        """The texts of all SMS to a phone, the first one first."""
        texts = []
        for name in sorted(glob.glob(
                os.path.join(self.dir, "sms", phone, "*.txt"))):
            with open(name, encoding="utf-8") as file:
                texts.append(file.read())
        return texts

    def code(self, phone, after=0, seconds=TIMEOUT):
        """The code of the latest SMS, once there are more than after."""
        wait_until(lambda: len(self.messages(phone)) > after, seconds,
                   "an SMS to " + phone)
        found = re.findall(r"(?<!\d)\d{6}(?!\d)", self.messages(phone)[-1])
        same(len(found), 1, "codes in the SMS")
        return found[0]


# --- TAP --------------------------------------------------------------------


def _try(function):
    """(whether it is good, what stands behind its name)"""
    try:
        function()
    except Skip as why:
        return True, " # SKIP %s" % why
    except Exception:
        note(traceback.format_exc())
        return False, ""
    return True, ""


def _run_case(function):
    """(whether it is good, its lines without the number)"""
    _here.said = []
    _threads[function] = threading.get_ident()
    good, behind = _try(function)
    del _threads[function]
    _clear()
    said, _here.said = _here.said, None
    line = "%s - %s%s" % ("{}", _title(function), behind)
    return good, ["ok " + line if good else "not ok " + line] + said


def _title(function):
    return function.__name__.replace("_", " ")


def _show(number, result):
    """Whether it is good."""
    good, lines = result
    print(lines[0].replace("{}", str(number), 1), *lines[1:], sep="\n",
          flush=True)
    return good


def _cut_off(numbered):
    """Those that have ended meanwhile, and where the others stand."""
    frames = sys._current_frames()
    for number, function, future in numbered:
        thread = _threads.get(function)
        if future.done():
            _show(number, future.result())
        elif thread in frames:
            print("not ok %d - %s" % (number, _title(function)))
            note("It has not ended. Where it stands:\n" +
                 "".join(traceback.format_stack(frames[thread])))


def _offspring(pid):
    """The processes that one has begun, and what these have."""
    found = []
    for path in glob.glob("/proc/%d/task/*/children" % pid):
        try:
            with open(path) as file:
                children = [int(word) for word in file.read().split()]
        except OSError:  # it is gone
            continue
        for child in children:
            found += [child] + _offspring(child)
    return found


def _kill_all():
    """What the cases have begun and not ended."""
    for pid in _offspring(os.getpid()):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _refuse(event, _):
    if event in ("subprocess.Popen", "os.fork", "os.forkpty"):
        raise TimeoutError("the test ends")


def _kill_all_of_threads():
    """The same, while cases go on that could begin more."""
    sys.addaudithook(_refuse)
    for _ in range(5):  # who was about to when that came
        _kill_all()
        time.sleep(0.02)


def _terminated(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # timeout says it twice
    raise TimeoutError("somebody wants the test to end")


def main(jobs=1):
    """Run the cases, print TAP, exit. jobs: so many cases at once; what they
    mostly do is wait."""
    wanted = sys.argv[1:]
    cases = [one for one in _cases if not wanted or one.__name__ in wanted]
    pool = concurrent.futures.ThreadPoolExecutor(jobs)
    left, good = [], True
    signal.signal(signal.SIGTERM, _terminated)
    try:
        print("1..%d" % len(cases), flush=True)
        left += [(number, one, pool.submit(_run_case, one))
                 for number, one in enumerate(cases, 1)]
        while left:
            # All before it have ended, so that it runs.
            good &= _show(left[0][0], left[0][2].result(LIMIT))
            del left[0]
    except BaseException as why:  # also when nobody reads what is said
        try:
            note(repr(why))
            _cut_off(left)
        finally:
            _kill_all_of_threads()
            _clear_all()
            os._exit(1)
    _kill_all()
    sys.exit(0 if good else 1)
