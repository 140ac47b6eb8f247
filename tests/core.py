"""What a program has in memory, while it runs and when it ends.

    core.py INTO COMMAND...

runs the command and writes an image of its memory to INTO/NAME whenever it is
sent SIGUSR1 (NAME "signal-1" …), whenever it is about to start a program
("child-1" …) and when it ends ("end"): all that it could have written to, by
ptrace, as neither core dumps nor a dumpable process are to be had. The
numbers of the process are in INTO/pid. The status is the command's.

    core.may()                      whether this machine lets us do that
    core.become_able()              where it does not
    core.run(into, command...)      as harness.run
    core.find(image, {name: bytes}) what of it is there, as text
"""

import ctypes
import json
import os
import re
import signal
import sys

import harness

# <sys/ptrace.h>, <sys/wait.h>
TRACEME, CONT, DETACH, SETOPTIONS, GETEVENTMSG = 0, 7, 17, 0x4200, 0x4201
OPTION_FORK, OPTION_VFORK, OPTION_EXIT, OPTION_EXITKILL = 2, 4, 0x40, 1 << 20
EVENT_FORK, EVENT_VFORK, EVENT_EXIT = 1, 2, 6
WALL = 0x40000000
WIDE_MAX = 1 << 20  # of what can be neither read nor written: guard pages

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p,
                         ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


def _ptrace(request, pid, data=0):
    if _libc.ptrace(request, pid, None, data) == -1:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


# --- images -----------------------------------------------------------------


def _regions(pid):
    """(start, end, mode, name, whether it is locked) of each mapping."""
    found = []
    with open("/proc/%d/smaps" % pid) as file:
        for line in file:
            head = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ (\d+)"
                            r"\s*(.*)", line)
            if head:
                one = [int(head[1], 16), int(head[2], 16), head[3], head[5],
                       False]
                found.append(one)
            elif line.startswith("VmFlags:"):
                one[4] = " lo" in line
    return found


def _wanted(start, end, mode, name):
    """Whatever the program could have written to since it began."""
    if name.startswith(("[v", "/memfd:")) or mode[3] == "s":
        return False
    if mode.startswith("---"):
        return end - start <= WIDE_MAX
    return "w" in mode or not name


def _write_image(pid, path):
    """The regions one after another, and where each was in PATH.json."""
    table = []
    with open(path, "wb") as image, open("/proc/%d/mem" % pid, "rb") as memory:
        for start, end, mode, name, locked in _regions(pid):
            if not _wanted(start, end, mode, name):
                continue
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except OSError:
                continue  # never touched
            table.append([image.tell(), start, name or "anonymous", locked])
            image.write(data)
    with open(path + ".json", "w") as file:
        json.dump(table, file)


def _let_go(pid):
    """The child of a traced program is nobody's business."""
    os.waitpid(pid, WALL)
    _ptrace(DETACH, pid)


def _serve(pid, into):
    """Follow a traced program to its end: its wait status."""
    count = {"signal": 0, "child": 0}
    message = ctypes.c_ulong()
    pass_on = 0
    while True:
        _ptrace(CONT, pid, pass_on)
        pass_on = 0
        _, status = os.waitpid(pid, WALL)
        if not os.WIFSTOPPED(status):
            return status
        event, number = status >> 16, os.WSTOPSIG(status)
        if event in (EVENT_FORK, EVENT_VFORK):
            what = "child"
        elif event == EVENT_EXIT:
            _write_image(pid, os.path.join(into, "end"))
            continue
        elif number == signal.SIGUSR1:
            what = "signal"
        else:
            pass_on = number
            continue
        count[what] += 1
        _write_image(pid, os.path.join(into, "%s-%d" % (what, count[what])))
        if what == "child":
            _ptrace(GETEVENTMSG, pid, ctypes.addressof(message))
            _let_go(message.value)


def main(into, *command):
    pid = os.fork()
    if pid == 0:
        _ptrace(TRACEME, 0)
        os.execvp(command[0], command)
    os.waitpid(pid, 0)
    _ptrace(SETOPTIONS, pid, OPTION_FORK | OPTION_VFORK | OPTION_EXIT |
            OPTION_EXITKILL)
    with open(os.path.join(into, "pid"), "w") as file:
        file.write(str(pid))
    status = _serve(pid, into)
    return os.waitstatus_to_exitcode(status)


# --- for tests --------------------------------------------------------------


def may():
    """Whether memory of a process that is not dumpable can be read here."""
    into = harness.folder("core")
    done = run(into, "kep", "--version")
    return done.returncode == 0 and os.path.exists(into + "/end")


def become_able():
    """Where may() is false: begin this test again as the root of a namespace
    of users of its own, who may look at what is begun in there. Comes back
    where that is not to be had either."""
    if os.getuid() == 0 or os.environ.get("KEP_NAMESPACE"):
        return
    into = ["unshare", "--user", "--map-root-user"]
    if harness.run(*into, "true").returncode == 0:
        os.environ["KEP_NAMESPACE"] = "yes"
        os.execvp(into[0], into + [sys.executable] + sys.argv)


def run(into, *command, **options):
    return harness.run(sys.executable, os.path.abspath(__file__), into,
                       harness.program(command[0]), *command[1:], **options)


def find(image, secrets):
    """Where the secrets are, a line each place."""
    with open(image, "rb") as file:
        data = file.read()
    with open(image + ".json") as file:
        table = json.load(file)
    found = []
    for name, secret in secrets.items():
        at = data.find(secret)
        while at >= 0:
            offset, start, region, locked = [
                one for one in table if one[0] <= at][-1]
            found.append("%s at %x in %s%s" % (
                name, start + at - offset, region,
                " (locked)" if locked else ""))
            at = data.find(secret, at + 1)
    return found


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
