#!/usr/bin/python3
"""kep-sandbox: all of tests/sandbox/*.py, and that what was said in them is
the contract, the whole contract.

One of them alone, or some of its cases:

    PYTHONPATH=tests KEP_OUT=build/release tests/sandbox/forms.py [CASE...]
"""

import glob
import os
import re
import subprocess
import sys

import contract
import harness

HERE = os.path.dirname(os.path.abspath(__file__))

# Errors that come of the circumstances, not of the operation.
COMMON = {"400", "401", "413", "429", "500", "503"}


def start(name, records):
    return subprocess.Popen(
        [sys.executable, name], stdout=subprocess.PIPE, text=True,
        env=dict(os.environ, KEP_RECORDS=records, PYTHONPATH=HERE))


def relay(name, running, number):
    """Print its results as ours; the number of the last."""
    part = os.path.splitext(os.path.basename(name))[0].replace("_", " ")
    planned = ended = 0
    for line in running.stdout:
        result = re.match(r"(ok|not ok) \d+ - (.*)", line)
        plan = re.match(r"1\.\.(\d+)", line)
        if result:
            number, ended = number + 1, ended + 1
            print("%s %d - %s: %s" % (result[1], number, part, result[2]))
        elif plan:
            planned = int(plan[1])
        else:
            print(line, end="")
    running.wait()
    if ended != planned or planned == 0:
        number += 1
        print("not ok %d - %s: ended early" % (number, part))
        running.returncode = 1
    return number


def errors(logs):
    """Every answer that the contract has an operation of its own give."""
    seen = {(one["operation"], str(one["status"])) for log in logs
            for one in contract.read(log)}
    for name, (_, _, operation, _) in contract.operations().items():
        for status in operation["responses"]:
            if status not in COMMON and (name, status) not in seen:
                yield "%s %s" % (name, status)


def codes(logs):
    """Every code that the contract knows and no answer has had. Only --fault
    makes a sandbox unavailable, or demand a newer program."""
    wanted = set()

    def walk(node):
        if isinstance(node, dict):
            code = node.get("properties", {}).get("code", {})
            wanted.update([code["const"]] if "const" in code else [],
                          code.get("enum", []))
            for one in node.values():
                walk(one)
        elif isinstance(node, list):
            for one in node:
                walk(one)

    walk(contract.document()["components"]["responses"])
    walk(contract.document()["paths"])
    text = "".join(one["responseBody"] for log in logs
                   for one in contract.read(log) if "fault" not in one)
    return sorted(code for code in wanted
                  if '"code":"%s"' % code not in text and
                  code not in ("unavailable", "clientOutdated"))


def main():
    records = harness.folder("records")
    names = sorted(glob.glob(os.path.join(HERE, "sandbox", "*.py")))
    parts = [(name, start(name, records)) for name in names]
    number, good = 0, True
    for name, running in parts:
        number = relay(name, running, number)
        good = good and running.returncode == 0
    logs = glob.glob(os.path.join(records, "*.jsonl"))
    checks = [
        ("every operation was exercised",
         sorted(set(contract.operations()) - contract.exercised(logs))),
        ("every error of every operation was seen", sorted(errors(logs))),
        ("every code of an error was seen", codes(logs))]
    for what, missing in checks:
        number += 1
        good = good and not missing
        print("%s %d - %s" % ("not ok" if missing else "ok", number, what))
        for one in missing:
            print("# not", one)
    print("1..%d" % number, flush=True)
    sys.exit(0 if good else 1)


main()
