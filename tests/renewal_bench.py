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

import peers
from peers import OUT, PHONE, issue, run, start_sandbox

RUNS = int(os.environ.get("RUNS", "15"))


def row(name, costs):
    cpu = [cost.cpu for cost in costs]
    print(f"{name:<44}{min(cpu):8.1f}{statistics.median(cpu):8.1f}"
          f"{statistics.median(c.wall for c in costs):9.1f}"
          f"{max(c.memory for c in costs):9.1f}")
    return statistics.median(cpu)


# --- kep ---------------------------------------------------------------------

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
    env = peers.environment()
    server, url = start_sandbox(folder / "sandbox")
    try:
        reader = reader_program(folder)
        peers.openssl_files(folder, env)
        renewals = [renew(folder, url, reader) for _ in range(RUNS)]
        print(f"\n{RUNS} runs{'':<38}  CPU ms (least, median)"
              "  wall ms  MiB at most")
        whole = row("kep renew, everything",
                    [c for c, _ in renewals])
        row("  of it, reading a code (twice)", [r for _, r in renewals])
        openssl = row("openssl: the cryptographic steps alone",
                      [peers.openssl_steps(folder, env) for _ in range(RUNS)])
        by_script = row("a script with curl, jq, openssl, everything",
                        [peers.script(folder, url, env)
                         for _ in range(max(RUNS // 3, 1))])
        certtool = row("certtool: the cryptographic steps alone",
                       [peers.certtool_steps(folder) for _ in range(RUNS)])
        ours = row("kep --version",
                   [run([OUT / "kep", "--version"]) for _ in range(RUNS * 4)])
        theirs = row("curl --version",
                     [run(["curl", "--version"]) for _ in range(RUNS * 4)])
        steps, files, flushed = peers.floor(folder)
        print(f"\nkep renew / openssl's steps:  {whole / openssl:.2f}"
              f"\nkep renew / certtool's steps: {whole / certtool:.2f}"
              f"\nkep renew / the script: {whole / by_script:.3f}"
              f"\nkep renew / the bare steps in one process: "
              f"{whole / steps:.0f}"
              f"\nkep renew / the bare steps and files: "
              f"{whole / (steps + files):.0f}"
              f"\nkep renew / the bare steps and files, flushed: "
              f"{whole / (steps + flushed):.0f}"
              f"\nkep --version / curl --version: {ours / theirs:.2f}")
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


main()
