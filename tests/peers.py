"""What kep is measured beside: the command lines of OpenSSL and certtool doing
the cryptographic steps of a renewal alone, a script that does all of it with
curl, jq and OpenSSL, and the floor, the bare steps in one process. CPU is
user + system of the program and of what it started."""

import os
import pathlib
import shutil
import subprocess
import sys
import time

PHONE = "79120000001"
OUT = pathlib.Path(os.environ["KEP_OUT"])
HERE = pathlib.Path(__file__).resolve().parent


def environment():
    """For OpenSSL to know GOST."""
    return dict(os.environ, OPENSSL_CONF=str(HERE / "support/openssl.cnf"))


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


def floor(folder):
    """What the bare steps cost and what the bare files do there, not flushed
    and flushed, in ms."""
    done = subprocess.run([OUT / "tests/steps_bench"], check=True,
                          capture_output=True, text=True,
                          env=dict(os.environ, TMPDIR=str(folder)))
    return [float(line.split("least, ")[1].split()[0])
            for line in done.stdout.splitlines()]
