#!/usr/bin/python3
"""Virtual tokens in the readers of a real pcscd, for whole-program tests.

    from tokens import Desk, Token

    with Desk() as desk:
        token = Token(desk, dialect="lite", serial="1234")
        token.insert()
        done = run("kep", "list", "rutoken:", env=desk.env)
        token.fault("status", value=0x6F84, pattern="00D6")
        token.remove()

A desk has a pcscd of its own with two readers, in namespaces of its own, so
that it needs no rights, meets no other and leaves nothing behind. A token is
the program of tests/vtoken, which says what it can be told. Where the kernel
allows no namespaces the case is skipped, which root never is.

To try something out by hand:

    tests/tokens.py dialect=lite serial=1234 + dialect=ecp -- COMMAND...

runs a command (none: a shell) with one or two tokens plugged in.
"""

import os
import shutil
import subprocess
import sys

import harness
from harness import (TIMEOUT, folder, in_time, ok, read_line, same, skip, true,
                     wait_until)

PCSCD = "/usr/sbin/pcscd"
DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
VTOKEN = "tests/vtoken/vtoken"
PORT = 35963  # of the first reader; private to the desk
READERS = 2   # which is what Debian's vpcd makes
NAME = "Aktiv Rutoken ECP"

# The files of a container in the order of their numbers: name, size as
# CryptoPro makes it, who may read (0: anybody, 2: the user).
FILES = (("masks.key", 60, 2), ("primary.key", 70, 2), ("header.key", 8, 0),
         ("masks2.key", 60, 2), ("primary2.key", 70, 2),
         ("name.key", 300, 0))

# pcscd's socket has its place in /run, which here is a folder of ours; the
# loopback of a new network is down. It ends when its standard input does.
INSIDE = r"""
set -eu
mount --bind "$1/run" /run
"$3" -c 'import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", 0x41))'
"$2" --foreground --config "$1/readers" >"$1/log" 2>&1 &
read -r end || true
kill $! 2>/dev/null && wait $! || true
"""

# As nobody in particular, else as root without a namespace of users.
WAYS = (["--user", "--map-root-user"], [])


def _allowed():
    for way in WAYS:
        if subprocess.run(
                ["unshare", *way, "--mount", "--net", "--pid", "--fork",
                 "true"], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL).returncode == 0:
            return way
    true(os.geteuid() != 0, "root cannot make namespaces")
    return skip("this kernel allows no namespaces without rights")


def der_size(data):
    """Of the first element, header and all."""
    size, behind = data[1], 2
    if size & 0x80:
        behind += size & 0x7F
        size = int.from_bytes(data[2:behind], "big")
    return behind + size


# Another program that has a token for itself, as soon as nobody else uses it,
# until its input ends.
HOLDER = r"""
import ctypes, sys, time
card = ctypes.CDLL("libpcsclite.so.1")
context, handle = ctypes.c_long(), ctypes.c_long()
protocol = ctypes.c_ulong()
if card.SCardEstablishContext(2, None, None, ctypes.byref(context)):
    sys.exit(1)
end = time.monotonic() + 120
while card.SCardConnect(context, sys.argv[1].encode(), int(sys.argv[2]), 3,
                        ctypes.byref(handle), ctypes.byref(protocol)):
    if time.monotonic() > end:
        sys.exit(1)
    time.sleep(0.01)
if sys.argv[2] == "2":
    card.SCardBeginTransaction(handle)
print("held", flush=True)
sys.stdin.read()
card.SCardEndTransaction(handle, 0)
card.SCardDisconnect(handle, 0)
card.SCardReleaseContext(context)
"""
EXCLUSIVE, SHARED = 1, 2

# Waits until a reader has, or has no longer, a token that answers, after more
# than so many events, and says how many there were. What is seen before that
# can be a program's notice, not pcscd's own: a token that came back before
# pcscd has looked would never be seen again.
WATCHER = r"""
import ctypes, sys, time
class State(ctypes.Structure):
    _fields_ = [("reader", ctypes.c_char_p), ("user", ctypes.c_void_p),
                ("current", ctypes.c_ulong), ("event", ctypes.c_ulong),
                ("size", ctypes.c_ulong), ("atr", ctypes.c_ubyte * 33)]
card, context = ctypes.CDLL("libpcsclite.so.1"), ctypes.c_long()
card.SCardGetStatusChange.argtypes = [
    ctypes.c_long, ctypes.c_ulong, ctypes.POINTER(State), ctypes.c_ulong]
state, end = State(sys.argv[1].encode()), time.monotonic() + 120
if card.SCardEstablishContext(2, None, None, ctypes.byref(context)):
    sys.exit(2)
while time.monotonic() < end:
    card.SCardGetStatusChange(context, 1000, ctypes.byref(state), 1)
    there, count = state.event & 0x220 == 0x20, state.event >> 16
    if count > int(sys.argv[3]) and there == (sys.argv[2] == "in"):
        print(count)
        sys.exit(0)
    state.current = state.event
sys.exit(1)
"""


class Holder:
    """with Holder(desk): another program has the token of a reader, for
    itself (EXCLUSIVE) or in the middle of a transaction (SHARED)."""

    def __init__(self, desk, reader=0, share=EXCLUSIVE):
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, desk.reader(reader), str(share)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, **desk.env}, text=True)
        same(read_line(self.process), "held\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(TIMEOUT)
        self.process.stdout.close()


def _end(process):
    """It ends when its standard input does."""
    process.stdin.close()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Desk:
    """A pcscd with two readers, or with none. env: what a program needs to
    find it."""

    def __init__(self, name=NAME, readers=True):
        self.name, self.readers, self.tokens = name, readers, []
        self.way = _allowed()
        self.dir = folder("desk")
        self.socket = os.path.join(self.dir, "run", "pcscd", "pcscd.comm")
        self.env = {"PCSCLITE_CSOCK_NAME": self.socket}
        self.process = self.inside = None

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, error, trace):
        for token in self.tokens:
            token.close()
        self.stop()

    def start(self):
        for path in (PCSCD, DRIVER):
            true(os.path.exists(path), path + " is missing")
        for name in ("run", "readers"):
            os.makedirs(os.path.join(self.dir, name), exist_ok=True)
        with open(os.path.join(self.dir, "readers", "vpcd"), "w") as file:
            if self.readers:
                file.write('FRIENDLYNAME "%s"\nDEVICENAME /dev/null:%d\n'
                           'LIBPATH %s\nCHANNELID 0x%X\n' % (
                               self.name, PORT, DRIVER, PORT))
        self.process = subprocess.Popen(
            ["unshare", *self.way, "--mount", "--net", "--pid", "--fork",
             "--kill-child", "sh", "-c", INSIDE, "sh", self.dir, PCSCD,
             sys.executable],
            stdin=subprocess.PIPE)
        wait_until(lambda: os.path.exists(self.socket) or self._dead(),
                   what="pcscd")
        self.inside = self._child()
        return self

    def _dead(self):
        true(self.process.poll() is None, self.log())
        return False

    def _child(self):
        """The first process inside, by its number outside."""
        with open("/proc/%d/task/%d/children" % (
                self.process.pid, self.process.pid)) as file:
            return int(file.read().split()[0])

    def stop(self):
        """pcscd ends; start starts another one."""
        if self.process is None:
            return
        _end(self.process)
        self.process = None
        shutil.rmtree(os.path.join(self.dir, "run"), ignore_errors=True)

    def log(self):
        path = os.path.join(self.dir, "log")
        if not os.path.exists(path):
            return "pcscd said nothing"
        with open(path, errors="replace") as file:
            return file.read()

    def reader(self, number):
        """The name of one."""
        return "%s 00 %02d" % (self.name, number)

    def enter(self, *words):
        """A command line that runs inside."""
        user = ["--user", "--preserve-credentials"] if self.way else []
        return ["nsenter", "--target", str(self.inside), *user, "--net", "--",
                *words]


class Token:
    """A virtual token, at first outside of its reader (0 or 1). setup: the
    words of tests/vtoken/main.c."""

    def __init__(self, desk, reader=0, **setup):
        self.desk, self.reader, self.setup = desk, reader, setup
        self.events = -1  # of its reader, as pcscd counts them
        self.wiped = False  # by another program, as that is meant to
        self.process = subprocess.Popen(
            desk.enter(harness.program(VTOKEN), str(PORT + reader),
                       *("%s=%s" % item for item in setup.items())),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        desk.tokens.append(self)

    def close(self):
        """It was told to format itself by nobody who should not."""
        if self.process is None:
            return
        formatted = self.process.poll() is None and self.ask("formatted")[0]
        _end(self.process)
        self.process.stdout.close()
        self.process = None
        same(formatted, self.wiped, "a command that wipes the token")

    def ask(self, *words):
        """(whether it is so, the lines that it said)"""
        self.process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self.process.stdin.flush()
        lines = []
        with in_time(self.process):
            for line in self.process.stdout:
                if line in ("ok\n", "no\n"):
                    return line == "ok\n", lines
                lines.append(line.rstrip("\n"))
        raise AssertionError("the virtual token answers no more")

    def tell(self, *words):
        good, lines = self.ask(*words)
        true(good, " ".join(str(word) for word in words))
        return lines

    def number(self, *words):
        return int(self.tell(*words)[0])

    def insert(self):
        """Returns when pcscd has noticed."""
        self.tell("insert")
        self.await_("in")

    def remove(self):
        """The same, also where it was pulled out by a fault."""
        self.tell("remove")
        self.await_("out")

    def put_back(self):
        """After a fault that has pulled it out."""
        self.tell("calm")
        self.remove()
        self.insert()

    def await_(self, what):
        self.events = int(ok(
            sys.executable, "-c", WATCHER, self.desk.reader(self.reader), what,
            str(self.events), env=self.desk.env).stdout)

    def fault(self, trouble, value=0, **more):
        self.tell("fault", "trouble=" + trouble, "value=%X" % value,
                  *("%s=%s" % item for item in more.items()))

    def dump(self):
        return self.tell("dump")

    def home(self):
        """Where containers are."""
        return "0000/0000/0002" if self.setup.get("dialect") == "s" \
            else "1000/1003"

    def put(self, slot, where, shut=False):
        """A container of a disk's folder into a folder of the token ("0A00"),
        as CryptoPro's software would leave it; shut: with all but its name
        behind the PIN, for what rights the header has is not published."""
        place = "%s/%s" % (self.home(), slot)
        self.tell("folder", place, 2)
        for number, (name, size, read) in enumerate(FILES, 1):
            with open(os.path.join(where, name), "rb") as file:
                data = file.read()
            read = 2 if shut and name != "name.key" else read
            self.tell("file", "%s/%s%02X" % (place, slot[:2], number), read, 2,
                      data.ljust(size, b"\xff").hex())

    def slots(self):
        """The folders of containers that there are, "0A00" and so on."""
        at = "/" + self.home() + "/"
        return sorted({line.split()[1][len(at):][:4] for line in self.dump()
                       if line.split()[1].startswith(at)})

    def content(self, slot):
        """The files of a container without what pads them: {name: bytes}."""
        found = {}
        for number, (name, _, _) in enumerate(FILES, 1):
            data = self.read("%s/%s/%s%02X" % (self.home(), slot, slot[:2],
                                               number))
            if data is not None:
                found[name] = data[:der_size(data)]
        return found

    def read(self, path):
        """The content of a file, or None."""
        good, lines = self.ask("read", path)
        return bytes.fromhex(lines[0]) if good else None


def main(words):
    """Tokens by their setups, a command behind --."""
    at = words.index("--") if "--" in words else len(words)
    setups, command = [[]], words[at + 1:] or [os.environ.get("SHELL", "sh")]
    for word in words[:at]:
        if word == "+":
            setups.append([])
        else:
            setups[-1].append(word.split("=", 1))
    with Desk() as desk:
        for reader, setup in enumerate(setups):
            Token(desk, reader, **dict(setup)).insert()
        return subprocess.call(command, env={**os.environ, **desk.env})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
