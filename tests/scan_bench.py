#!/usr/bin/python3
"""What kep status takes for a hundred thousand certificates in files and for
ten thousand containers: CPU and time in seconds, the least of RUNS. The journal
in which each is looked up is empty, or has RENEWALS of others.

Beside it in the same run: a loop of "openssl x509 -checkend" over some of
the same certificates, reckoned up for all of them, and the floor, which is
the bare reading of the same files. More than the limits below of time, on
two processors, or less than FASTER times the loop fail. Where others work
on the machine the time counts that the program was given: its CPU shared
among two processors."""

import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

RUNS = int(os.environ.get("RUNS", "3"))
FILES = int(os.environ.get("FILES", "100000"))
FILES_LIMIT, FASTER = 5.0, 200
CONTAINERS, CONTAINERS_LIMIT = 10_000, 3.0
RENEWALS = 10_000
LOOPED = 200  # certificates that the loop is given
PROCESSORS = 2
MEMORY_LIMIT = 64  # MiB
OUT = pathlib.Path(os.environ["KEP_OUT"])
FLOOR = 'find "$1" -type f -print0 | xargs -0 cat'
LOOP = """
for file in "$@"; do
    openssl x509 -inform DER -in "$file" -noout -checkend 5184000
done >/dev/null 2>&1
true
"""


def run(*command):
    """(CPU, time, MiB) of a command. Memory is never less than this program's
    own, from which it starts: so nothing long is kept here."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return (usage.ru_utime + usage.ru_stime, time.monotonic() - begun,
            usage.ru_maxrss / 1024)


def row(name, costs, factor=1):
    """The least CPU and the least time; the most memory is shown."""
    cpu, wall, memory = zip(*costs)
    print(f"{name:<48}{factor * min(cpu):10.2f}{factor * min(wall):10.2f}"
          f"{max(memory):8.1f}")
    return factor * min(cpu), factor * min(wall), max(memory)


def best(*command):
    return [run(*command) for _ in range(RUNS)]


def said(*command):
    return subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout


def issue(base, *options):
    made = said(OUT / "kep-sandbox", "issue", "--dir", base + "/sandbox",
                "--phone", "79000000001", "--to", "file:" + base, *options)
    return made.splitlines()[-1].removeprefix("file:")


def certificate_of(container):
    """The DER in its header: it begins with two SEQUENCEs and a version."""
    header = pathlib.Path(container, "header.key").read_bytes()
    at = header.index(b"\xa0\x03\x02\x01\x02") - 8
    size = int.from_bytes(header[at + 2:at + 4], "big") + 4
    return header[at:at + size]


def make_files(der, folder):
    """Each of another serial number, so that each is another certificate."""
    os.mkdir(folder)
    at = der.index(b"\xa0\x03\x02\x01\x02") + 5
    end = at + 2 + der[at + 1]
    one = bytearray(der)
    for number in range(FILES):
        one[end - 4:end] = number.to_bytes(4, "big")
        pathlib.Path(folder, f"c{number:06}.cer").write_bytes(one)


def make_containers(container, folder):
    os.mkdir(folder)
    for number in range(CONTAINERS):
        shutil.copytree(container, f"{folder}/le{number:05}.000")


def make_journal(renewals):
    """kep's own, with rows as a centre has them that has been at it for a
    year."""
    subprocess.run([OUT / "kep", "resume"], check=True, capture_output=True)
    journal = pathlib.Path(os.environ["XDG_STATE_HOME"], "kep/journal.db")
    with sqlite3.connect(journal) as database:
        database.executemany(
            "INSERT INTO renewal (id, step, old_thumbprint, new_thumbprint)"
            " VALUES (?, 'done', ?, ?)",
            ((f"{number:032x}", os.urandom(20).hex(), os.urandom(20).hex())
             for number in range(renewals)))
    database.close()


def count(folder):
    """By jq, in memory of its own."""
    certificates, problems = said(
        "sh", "-c", '"$1" status --json "$2" |'
        " jq '(.certificates, .problems) | length'", "sh", OUT / "kep",
        folder).split()
    if problems != "0":
        sys.exit("not all could be read")
    return int(certificates)


def head(what):
    print(f"\n{what + ', seconds':<48}{'CPU':>10}{'time':>10}{'MiB':>8}")


def judge(what, cost, limit):
    """On two processors that nobody else uses."""
    took = min(cost[1], max(cost[0] / PROCESSORS, 0.0) * 1.1)
    if took > limit:
        sys.exit(f"{what}: {took:.2f} s are more than {limit} s")
    if cost[2] > MEMORY_LIMIT:
        sys.exit(f"{what}: {cost[2]:.0f} MiB are too much")


def bench_files(base, container):
    folder = base + "/files"
    make_files(certificate_of(container), folder)
    if count(folder) != FILES:
        sys.exit("not all certificates were found")
    head(f"{FILES} certificates in files")
    ours = row("kep status", best(OUT / "kep", "status", folder))
    row("kep status --due --window 1",
        best(OUT / "kep", "status", "--due", "--window", "1", folder))
    told = row("kep status --json",
               best(OUT / "kep", "status", "--json", folder))
    make_journal(RENEWALS)
    known = row(f"kep status, {RENEWALS} renewals in the journal",
                best(OUT / "kep", "status", folder))
    some = [f"{folder}/c{number:06}.cer"
            for number in range(0, FILES, FILES // LOOPED)]
    loop = row(f"openssl x509 -checkend, {LOOPED} of them, for all",
               best("sh", "-c", LOOP, "sh", *some), FILES / LOOPED)
    row("the floor: cat of the same files",
        best("sh", "-c", FLOOR, "sh", folder))
    print(f"kep is {loop[0] / ours[0]:.0f} times faster by CPU, "
          f"{loop[1] / ours[1]:.0f} times by time")
    judge("files", ours, FILES_LIMIT)
    judge("files as JSON", told, FILES_LIMIT)
    judge("files and a full journal", known, FILES_LIMIT)
    if max(loop[0] / ours[0], loop[1] / ours[1]) < FASTER:
        sys.exit(f"that is less than {FASTER} times")
    shutil.rmtree(folder)


def bench_containers(base, container):
    folder = base + "/containers"
    make_containers(container, folder)
    if count(folder) != CONTAINERS:
        sys.exit("not all containers were found")
    head(f"{CONTAINERS} containers")
    ours = row("kep status", best(OUT / "kep", "status", folder))
    row("kep status --json",
        best(OUT / "kep", "status", "--json", folder))
    row("the floor: cat of the same files",
        best("sh", "-c", FLOOR, "sh", folder))
    judge("containers", ours, CONTAINERS_LIMIT)


def main():
    base = tempfile.mkdtemp(prefix="kep-bench-")
    os.environ["XDG_STATE_HOME"] = base + "/state"
    try:
        make_journal(0)
        container = issue(base, "--days", "40")
        bench_files(base, container)
        bench_containers(base, container)
    finally:
        shutil.rmtree(base)


main()
