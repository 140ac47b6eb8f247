"""What a disk would still have: the system calls of a program, as strace wrote
them down, played again on a disk that keeps what was flushed and nothing
else. (A rename stands where the folder was flushed after it.)

    for call in Trace(path):       # Call(thread, name, path, ...)
        disk.take(call)
        disk.content("/a/file")    # as flushed, None where nothing was
        disk.is_safe("/a/file")    # nothing of it is unflushed
        disk.is_named("/a/file")   # nor is its name
"""

import os
import re

OPTIONS = ["-f", "-y", "-xx", "-s", "70000", "-e",
           "trace=openat,mkdir,mkdirat,rename,renameat,renameat2,write,"
           "pwrite64,ftruncate,unlink,unlinkat,fsync,fdatasync,sendto,"
           "sendmsg,exit"]

_LINE = re.compile(r"^(\d+) +(?:<\.\.\. (\w+) resumed>)?(.*)$", re.S)
_FD = re.compile(r"^(\w+)<(.*)>$")


def _text(word):
    """A C string of strace -xx as bytes."""
    return bytes.fromhex(word.strip('"').replace("\\x", ""))


class Call:
    """A call that ended well; its numbers are those of begin and end."""

    def __init__(self, thread, name, words, result, begin, end):
        self.thread, self.name, self.words = thread, name, words
        self.result, self.begin, self.end = result, begin, end

    def fd(self, i=0):
        """The path that a descriptor stands for, or ""."""
        found = _FD.match(self.words[i])
        return _path(found.group(2)) if found else ""

    def path(self, folder, name):
        """That of a name relative to a descriptor."""
        return os.path.normpath(os.path.join(
            self.fd(folder), _text(self.words[name]).decode()))

    def data(self, i=1):
        return _text(self.words[i])


def _path(text):
    """strace -xx writes the path of a descriptor in hexadecimal too."""
    return (bytes.fromhex(text.replace("\\x", "")).decode("utf-8", "replace")
            if text.startswith("\\x") else text)


def _split(words):
    """Arguments at their commas; no string has one, written in hexadecimal."""
    return [word.strip() for word in words.split(",")]


class Trace:
    """The calls of a file, in the order in which they ended."""

    def __init__(self, path):
        self.path = path

    def __iter__(self):
        begun = {}
        with open(self.path, encoding="ascii", errors="replace") as lines:
            for number, line in enumerate(lines):
                thread, resumed, rest = _LINE.match(line.rstrip("\n")).groups()
                if resumed:
                    before, begin = begun.pop(thread)
                    rest = before + rest
                else:
                    begin = number
                if rest.endswith("<unfinished ...>"):
                    begun[thread] = (rest[:-len("<unfinished ...>")], begin)
                    continue
                call = self.parse(thread, rest, begin, number)
                if call:
                    yield call

    @staticmethod
    def parse(thread, text, begin, end):
        found = re.match(r"^(\w+)\((.*)\) += +(-?\d+)(.*)$", text, re.S)
        if not found or int(found.group(3)) < 0:
            return None
        return Call(thread, found.group(1), _split(found.group(2)),
                    found.group(3) + found.group(4), begin, end)


class Disk:
    """Files by their path: content now, content as flushed, and for folders
    whether their names are."""

    def __init__(self):
        self.now, self.flushed = {}, {}
        self.changed = {}  # path: number of the call that changed it last
        self.safe = {}     # path: number of the flush that was begun last
        self.named = {}    # path: number of the call that gave it its name

    def take(self, call):
        getattr(self, "_" + call.name, lambda call: None)(call)

    def content(self, path):
        return self.flushed.get(path)

    def is_safe(self, path):
        return self.safe.get(path, -1) > self.changed.get(path, -1)

    def is_named(self, path):
        """Others may have come into the folder meanwhile."""
        return (self.safe.get(os.path.dirname(path), -1)
                > self.named.get(path, -1))

    def _change(self, path, call):
        self.changed[path] = call.end

    def _name(self, path, call):
        self.named[path] = call.end
        self._change(os.path.dirname(path), call)

    def _openat(self, call):
        path = call.path(0, 1)
        if "O_CREAT" not in call.words[2]:
            return
        if path not in self.now:
            self._name(path, call)
        if path not in self.now or "O_TRUNC" in call.words[2]:
            self.now[path] = b""
            self._change(path, call)

    def _make(self, path, call):
        self._change(path, call)
        self._name(path, call)

    def _mkdir(self, call):
        self._make(os.path.normpath(_text(call.words[0]).decode()), call)

    def _mkdirat(self, call):
        self._make(call.path(0, 1), call)

    def _put(self, path, data, at, call):
        was = self.now.get(path, b"").ljust(at, b"\0")
        self.now[path] = was[:at] + data + was[at + len(data):]
        self._change(path, call)

    def _write(self, call):
        path = call.fd()
        if path.startswith("/"):
            self._put(path, call.data(), len(self.now.get(path, b"")), call)

    def _pwrite64(self, call):
        self._put(call.fd(), call.data(), int(call.words[3]), call)

    def _ftruncate(self, call):
        path, size = call.fd(), int(call.words[1])
        self.now[path] = self.now.get(path, b"")[:size].ljust(size, b"\0")
        self._change(path, call)

    def _fsync(self, call):
        """What was written before it began. What is written meanwhile may be
        there or not: then it does not count at all. One that was begun earlier
        may end later than another."""
        path = call.fd()
        is_file = path in self.now
        if is_file and self.changed.get(path, -1) >= call.begin:
            return
        self.safe[path] = max(call.begin, self.safe.get(path, -1))
        if is_file:
            self.flushed[path] = self.now[path]

    _fdatasync = _fsync

    def _move(self, old, new, call):
        """A file, or a folder with all that is in it."""
        for table in (self.now, self.flushed, self.changed, self.safe,
                      self.named):
            for path in [p for p in table
                         if p == old or p.startswith(old + "/")]:
                table[new + path[len(old):]] = table.pop(path)
        self._change(os.path.dirname(old), call)
        self._name(new, call)

    def _rename(self, call):
        self._move(_text(call.words[0]).decode(),
                   _text(call.words[1]).decode(), call)

    def _renameat2(self, call):
        self._move(call.path(0, 1), call.path(2, 3), call)

    _renameat = _renameat2
