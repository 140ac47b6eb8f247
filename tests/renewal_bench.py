#!/usr/bin/python3
"""What a whole renewal costs, beside the command lines of OpenSSL and
certtool doing its cryptographic steps alone, beside a script that does all of
it with curl, jq and OpenSSL, and above the bare steps in one process. CPU is
user + system of the program and of what it started; the least and the median
of RUNS."""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = int(os.environ.get("RUNS", "15"))
PHONE = "79120000001"
OUT = pathlib.Path(os.environ["KEP_OUT"])
HERE = pathlib.Path(__file__).resolve().parent


class Cost:
    """CPU and time in milliseconds, memory in MiB."""

    def __init__(self, cpu=0.0, wall=0.0, memory=0.0):
        self.cpu, self.wall, self.memory = cpu, wall, memory

    def __add__(self, other):
        return Cost(self.cpu + other.cpu, self.wall + other.wall,
                    max(self.memory, other.memory))


def run(command, env=None, stdout=subprocess.DEVNULL):
    """Run one command; its cost. Anything but status 0 ends the bench."""
    begun = time.monotonic()
    process = subprocess.Popen([str(c) for c in command], stdout=stdout,
                               stdin=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env=env)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return Cost(1000 * (usage.ru_utime + usage.ru_stime), 1000 * wall,
                usage.ru_maxrss / 1024)


def row(name, costs):
    cpu = [cost.cpu for cost in costs]
    print(f"{name:<44}{min(cpu):8.1f}{statistics.median(cpu):8.1f}"
          f"{statistics.median(c.wall for c in costs):9.1f}"
          f"{max(c.memory for c in costs):9.1f}")
    return statistics.median(cpu)


# --- peers ------------------------------------------------------------------

def openssl_files(folder, env):
    """An old key and certificate for the peers' steps to sign with."""
    run(["openssl", "genpkey", "-algorithm", "gost2012_256", "-pkeyopt",
         "paramset:XA", "-out", folder / "old.key"], env)
    run(["openssl", "req", "-x509", "-new", "-key", folder / "old.key",
         "-md_gost12_256", "-subj", "/CN=old", "-days", "30", "-out",
         folder / "old.crt"], env)
    (folder / "statement").write_text("заявление\n" * 60)


def openssl_steps(folder, env):
    """Sign the statement, make a key, request it, sign the request, verify
    what was issued: each a command, as a script would do it."""
    sign = ["openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap",
            "-md", "md_gost12_256", "-outform", "DER", "-signer",
            folder / "old.crt", "-inkey", folder / "old.key"]
    return (
        run(sign + ["-in", folder / "statement", "-out", folder / "s.p7s"],
            env)
        + run(["openssl", "genpkey", "-algorithm", "gost2012_256",
               "-pkeyopt", "paramset:XA", "-out", folder / "new.key"], env)
        + run(["openssl", "req", "-new", "-key", folder / "new.key",
               "-md_gost12_256", "-subj", "/CN=new", "-outform", "DER",
               "-out", folder / "new.csr"], env)
        + run(sign + ["-nodetach", "-in", folder / "new.csr", "-out",
                      folder / "r.p7m"], env)
        + run(["openssl", "verify", "-CAfile", folder / "old.crt",
               folder / "old.crt"], env))


def certtool_steps(folder):
    """The same; certtool makes no CAdES, so its signatures are plain ones."""
    template = folder / "template"
    template.write_text('cn = "new"\n')
    sign = ["certtool", "--load-privkey", folder / "old.key",
            "--load-certificate", folder / "old.crt", "--hash",
            "streebog-256"]
    return (
        run(sign + ["--p7-detached-sign", "--infile", folder / "statement",
                    "--outfile", folder / "c.p7s"])
        + run(["certtool", "--generate-privkey", "--key-type", "gost12-256",
               "--curve", "CryptoPro-XchA", "--outfile",
               folder / "cnew.key"])
        + run(["certtool", "--generate-request", "--load-privkey",
               folder / "cnew.key", "--template", template, "--hash",
               "streebog-256", "--outfile", folder / "cnew.csr"])
        + run(sign + ["--p7-sign", "--infile", folder / "cnew.csr",
                      "--outfile", folder / "c.p7m"])
        + run(["certtool", "--verify", "--load-ca-certificate",
               folder / "old.crt", "--infile", folder / "old.crt"]))


# --- kep ---------------------------------------------------------------------

def start_sandbox(folder):
    server = subprocess.Popen(
        [OUT / "kep-sandbox", "serve", "--dir", folder, "--issue-after", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    line = server.stdout.readline()
    if not line.startswith("ready "):
        sys.exit("the sandbox does not start")
    return server, line.split()[1]


def issue(folder):
    (folder / "old").mkdir(exist_ok=True)
    done = subprocess.run(
        [OUT / "kep-sandbox", "issue", "--dir", folder / "sandbox", "--to",
         f"file:{folder / 'old'}", "--phone", PHONE, "--days", "30"],
        check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[-1]


def renew(folder, url, reader):
    """One renewal of a fresh subscriber, and what reading the codes costs
    (that program is the user's, not kep's)."""
    old = issue(folder)
    for name in "new", "backup":
        (folder / name).mkdir(exist_ok=True)
    env = dict(os.environ, XDG_STATE_HOME=str(folder / "state"),
               XDG_CONFIG_HOME=str(folder / "config"))
    sms = folder / "sandbox/sms" / PHONE
    result = folder / "result.json"
    with result.open("w") as out:
        cost = run(
            [OUT / "kep", "renew", old, "--to", f"file:{folder / 'new'}",
             "--server", url, "--server-ca", folder / "sandbox/tls-ca.pem",
             "--phone", PHONE, "--code-command", f"'{reader}' '{sms}'",
             "--accept-data", "--entropy", "system", "--backup",
             f"file:{folder / 'backup'}", "--json"], env, out)
    if json.loads(result.read_text())["outcome"] != "renewed":
        sys.exit("not renewed")
    return cost, run([reader, sms])


def script(folder, url, env):
    """The same of another fresh subscriber, by tests/support/renew.sh."""
    old = issue(folder)
    work = folder / "script"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    (work / "pin").write_text("Pfx-5512")
    run([OUT / "kep", "export", old, work / "old.pfx", "--format", "tc26",
         "--pfx-pin-file", work / "pin"])
    run(["openssl", "pkcs12", "-in", work / "old.pfx", "-nodes", "-passin",
         f"file:{work / 'pin'}", "-out", work / "old.pem"], env)
    run(["openssl", "pkey", "-in", work / "old.pem", "-out",
         work / "old.key"], env)
    run(["openssl", "x509", "-in", work / "old.pem", "-out",
         work / "old.crt"], env)
    authority = folder / "sandbox/ca"
    (work / "issuers").write_text((authority / "root.pem").read_text() +
                                  (authority / "issuing.pem").read_text())
    return run([HERE / "support/renew.sh", url, folder / "sandbox/tls-ca.pem",
                PHONE, folder / "sandbox/sms", work / "old.key",
                work / "old.crt", work / "issuers", work], env)


def floor():
    """The bare steps; its own words."""
    done = subprocess.run([OUT / "tests/steps_bench"], check=True,
                          capture_output=True, text=True)
    return float(done.stdout.split("least, ")[1].split()[0])


def reader_program(folder):
    """A small program that prints the code, so that its cost hardly counts."""
    source = folder / "reader.c"
    source.write_text(r"""
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv)
{
    char newest[256] = "", path[4096], text[4096] = "";
    DIR *dir = argc > 1 ? opendir(argv[1]) : NULL;
    struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        if (strstr(entry->d_name, ".txt") && strcmp(entry->d_name, newest) > 0)
            snprintf(newest, sizeof(newest), "%s", entry->d_name);
    snprintf(path, sizeof(path), "%s/%s", argv[1], newest);
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
    for (size_t i = 0, run = 0; i <= size; i++) {
        run = isdigit((unsigned char)text[i]) ? run + 1 : 0;
        if (run == 6 && !isdigit((unsigned char)text[i + 1]))
            return printf("%.6s\n", text + i - 5) < 0;
    }
    return 1;
}
""")
    reader = folder / "reader"
    subprocess.run(["cc", "-O2", "-static", "-o", reader, source], check=True)
    return reader


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kep-bench-"))
    env = dict(os.environ,
               OPENSSL_CONF=str(HERE / "support/openssl.cnf"))
    server, url = start_sandbox(folder / "sandbox")
    try:
        reader = reader_program(folder)
        openssl_files(folder, env)
        renewals = [renew(folder, url, reader) for _ in range(RUNS)]
        print(f"\n{RUNS} runs{'':<38}  CPU ms (least, median)"
              "  wall ms  MiB at most")
        whole = row("kep renew, everything",
                    [c for c, _ in renewals])
        row("  of it, reading a code (twice)", [r for _, r in renewals])
        openssl = row("openssl: the cryptographic steps alone",
                      [openssl_steps(folder, env) for _ in range(RUNS)])
        by_script = row("a script with curl, jq, openssl, everything",
                        [script(folder, url, env)
                         for _ in range(max(RUNS // 3, 1))])
        certtool = row("certtool: the cryptographic steps alone",
                       [certtool_steps(folder) for _ in range(RUNS)])
        ours = row("kep --version",
                   [run([OUT / "kep", "--version"]) for _ in range(RUNS * 4)])
        theirs = row("curl --version",
                     [run(["curl", "--version"]) for _ in range(RUNS * 4)])
        print(f"\nkep renew / openssl's steps:  {whole / openssl:.2f}"
              f"\nkep renew / certtool's steps: {whole / certtool:.2f}"
              f"\nkep renew / the script: {whole / by_script:.3f}"
              f"\nkep renew / the bare steps in one process: "
              f"{whole / floor():.0f}"
              f"\nkep --version / curl --version: {ours / theirs:.2f}")
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


main()
