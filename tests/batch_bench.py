#!/usr/bin/python3
"""What kep batch costs and how fast it is: CPU of kep for each renewal with
no latency, from a hundred rows to N; its memory; its speed with latency and
an issuing delay, beside what these allow; and a batch that is killed ten
times at random. CPU is user + system of kep alone.

The cost is taken in memory, where it is that of kep, and on the disk, whose
file system adds its own. BENCH_DIR names another place for all of it.

N=10000 LATENCY=50 ISSUE=10 JOBS=20 BENCH_DIR=/a/file/system (see
doc/performance.md)"""

import os
import pathlib
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import peers

N = int(os.environ.get("N", "300"))
JOBS = int(os.environ.get("JOBS", "20"))
LATENCY = int(os.environ.get("LATENCY", "50"))
ISSUE = int(os.environ.get("ISSUE", "10"))
KILLS = int(os.environ.get("KILLS", "10"))
OUT = peers.OUT
PEER_RUNS = 5
FEW, FEW_RUNS = 500, 5
PHONE = 79120000000
MEMORY = "/dev/shm"


class Centre:
    """Clients with containers, and the sandbox that renews them."""

    def __init__(self, base, rows, *options):
        # None is removed before the end: where much was deleted lately, an
        # ext4 without a journal takes far longer to make a file.
        base = pathlib.Path(tempfile.mkdtemp(prefix="centre-", dir=base))
        self.base, self.rows = base, rows
        for name in ("old", "new", "backup"):
            (base / name).mkdir(parents=True)
        self.log = base / "log"
        self.server = subprocess.Popen(
            [OUT / "kep-sandbox", "serve", "--dir", base / "sandbox", "--log",
             self.log, *options],
            stdout=subprocess.PIPE, text=True)
        line = self.server.stdout.readline()
        if not line.startswith("ready "):
            sys.exit("the sandbox does not start")
        self.url = line.split()[1]
        self.issue()

    def issue(self):
        done = subprocess.run(
            [OUT / "kep-sandbox", "issue", "--dir", self.base / "sandbox",
             "--to", f"file:{self.base / 'old'}", "--phone", str(PHONE),
             "--count", str(self.rows)],
            check=True, capture_output=True, text=True)
        places = done.stdout.splitlines()[1::2]
        with open(self.base / "plan.csv", "w", encoding="utf-8") as plan:
            plan.write("container,to,phone,backup\n")
            for i, place in enumerate(places):
                plan.write(f"{place},file:{self.base / 'new'},{PHONE + i},"
                           f"file:{self.base / 'backup'}\n")

    def start(self, jobs):
        env = dict(os.environ, XDG_STATE_HOME=str(self.base / "state"),
                   XDG_CONFIG_HOME=str(self.base / "config"))
        return subprocess.Popen(
            [OUT / "kep", "batch", self.base / "plan.csv", "--server",
             self.url, "--server-ca", self.base / "sandbox/tls-ca.pem",
             "--codes", self.base / "sandbox/sms", "--accept-data",
             "--entropy", "system", "--jobs", str(jobs), "--progress",
             "never"], env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def calls(self):
        with open(self.log, encoding="utf-8") as log:
            return sum(1 for _ in log)

    def stop(self):
        self.server.terminate()
        self.server.wait()


def wait(process):
    """Status, CPU in ms, memory in MiB."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return (process.returncode, 1000 * (usage.ru_utime + usage.ru_stime),
            usage.ru_maxrss / 1024)


def check(centre):
    """Every row once: in the journal, at the sandbox, on the disk."""
    database = sqlite3.connect(centre.base / "state/kep/journal.db")
    made = database.execute(
        "SELECT count(*), count(DISTINCT old_thumbprint),"
        " count(DISTINCT new_thumbprint), count(DISTINCT new_container),"
        " count(DISTINCT backup_container) FROM renewal"
        " WHERE step = 'done'").fetchone()
    database.close()
    database = sqlite3.connect(centre.base / "sandbox/sandbox.db")
    forms = database.execute(
        "SELECT count(*), count(DISTINCT thumbprint),"
        " count(DISTINCT certificate) FROM forms").fetchone()
    database.close()
    keys = tuple(sum(1 for name in os.listdir(centre.base / place)
                     if not name.startswith("."))
                 for place in ("new", "backup"))
    if set(made + forms + keys) != {centre.rows}:
        sys.exit(f"of {centre.rows} rows: journal {made}, sandbox {forms}, "
                 f"containers {keys}")


def measure(base, rows, jobs, *options):
    centre = Centre(base, rows, *options)
    try:
        begun = time.monotonic()
        status, cpu, memory = wait(centre.start(jobs))
        wall = time.monotonic() - begun
        if status != 0:
            sys.exit(f"kep batch ended with {status}")
        check(centre)
        return cpu / rows, memory, wall, centre.calls()
    finally:
        centre.stop()


def file_system(place):
    """The one on top, where several are mounted."""
    return subprocess.run(["findmnt", "-no", "FSTYPE", "-T", place],
                          check=True, capture_output=True,
                          text=True).stdout.split()[-1]


def cost(base):
    print(f"\n{'rows':>8}{'CPU ms each':>14}{'MiB':>8}{'rows/s':>9}"
          f"   on {file_system(base)}; no latency, issued at once, 8 jobs")
    sizes = [n for n in (100, 1000, 10000) if n < N] + [N]
    each = []
    for rows in sizes:
        # A hundred rows are half a second: one run of them tells as much of
        # what else the machine did then.
        runs = sorted(measure(base, rows, 8, "--issue-after", "0")
                      for _ in range(FEW_RUNS if rows < FEW else 1))
        cpu, memory, wall, _ = runs[len(runs) // 2]
        each.append(cpu)
        spread = f"   {runs[0][0]:.2f} to {runs[-1][0]:.2f}" if runs[1:] else ""
        print(f"{rows:>8}{cpu:>14.2f}{memory:>8.1f}{rows / wall:>9.1f}{spread}",
              flush=True)
    print(f"CPU of each, {sizes[-1]} rows / {sizes[0]}: "
          f"{each[-1] / each[0]:.2f}")
    beside(base, each[-1])


def median(costs):
    return statistics.median(cost.cpu for cost in costs)


def beside(base, ours):
    """Each once a row, as a script that is run for every client does."""
    folder = base / "peers"
    folder.mkdir()
    env = peers.environment()
    server, url = peers.start_sandbox(folder / "sandbox")
    try:
        peers.openssl_files(folder, env)
        steps, files, flushed = peers.floor(folder)
        rows = (
            ("openssl: the cryptographic steps alone",
             median(peers.openssl_steps(folder, env)
                    for _ in range(PEER_RUNS))),
            ("certtool: the same, without CAdES",
             median(peers.certtool_steps(folder) for _ in range(PEER_RUNS))),
            ("a script with curl, jq, openssl: everything",
             median(peers.script(folder, url, env)
                    for _ in range(PEER_RUNS))),
            ("the floor: the bare steps in one process", steps),
            ("the floor: the bare files in one process", files),
            ("the floor: the bare files, flushed", flushed),
            ("the floor: the bare steps and flushed files", steps + flushed))
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)
    print(f"\n{'beside it':<46}{'CPU ms each':>12}{'kep is':>14}")
    for name, cost in rows:
        print(f"{name:<46}{cost:>12.2f}{ours / cost:>8.3f} of it")


def speed(base):
    """The least that it can take: every call waits for the latency, as many
    at once as there are jobs; and the last one waits to be issued."""
    cpu, memory, wall, calls = measure(
        base, N, JOBS, "--latency", str(LATENCY), "--issue-after", str(ISSUE))
    least = calls * LATENCY / 1000 / JOBS
    whole = least + ISSUE
    print(f"\n{N} rows, {JOBS} jobs, {LATENCY} ms latency, issued after "
          f"{ISSUE} s: {calls / N:.1f} calls each"
          f"\n  took {wall:.1f} s, {N / wall:.1f} rows/s, "
          f"{cpu:.2f} ms CPU each, {memory:.1f} MiB"
          f"\n  the calls need {least:.1f} s, and the last issue {ISSUE} s: "
          f"{100 * whole / wall:.0f} % of what is possible", flush=True)


def kills(base):
    centre = Centre(base, N, "--issue-after", "1")
    took = N / 60 / (KILLS + 1)
    try:
        for i in range(KILLS):
            process = centre.start(JOBS)
            time.sleep(random.uniform(0.3, 0.3 + 2 * took))
            os.kill(process.pid, signal.SIGKILL)
            wait(process)
        status, cpu, memory = wait(centre.start(JOBS))
        if status != 0:
            sys.exit(f"kep batch ended with {status}")
        check(centre)
        print(f"\n{N} rows, killed {KILLS} times at random and gone on with: "
              f"{N} certificates, none twice; {memory:.1f} MiB at most",
              flush=True)
    finally:
        centre.stop()


def main():
    only = os.environ.get("ONLY", "cost speed kills").split()
    places = [os.environ.get("BENCH_DIR")]
    if places == [None] and os.access(MEMORY, os.W_OK):
        places.insert(0, MEMORY)
    bases = [pathlib.Path(tempfile.mkdtemp(prefix="kep-bench-", dir=place))
             for place in places]
    try:
        if "cost" in only:
            for base in bases:
                cost(base)
        if "speed" in only:
            speed(bases[-1])
        if "kills" in only:
            kills(bases[-1])
    finally:
        for base in bases:
            shutil.rmtree(base)


main()
