#!/usr/bin/python3
"""A batch that is killed again and again while its server errs, refuses, cuts
connections off and is slow, each at random: in the end every row has its
certificate, and none has two. TAP."""

import os
import random
import time

import harness
from centre import Centre, ask, ends
from harness import Sandbox, case, note, same, true

ROWS, ROUNDS = 200, 7
OPERATIONS = ("requestCode", "signIn", "listCertificates", "openForm",
              "readForm", "sendStatementSignature", "submitForm",
              "giveConsent", "sendRequest", "confirmRequest",
              "readCertificate", "reportInstalled", "*")
KINDS = ("status:500", "status:429", "retry-after:1", "drop", "drop-after",
         "slow:1", "truncated")


def mischief(chance):
    rules = [(operation, kind) for operation in OPERATIONS for kind in KINDS]
    return ",".join("%s=%s*%d" % (operation, kind, chance.randint(1, 3))
                    for operation, kind in chance.sample(rules, 6))


@case
def in_the_end_each_row_has_one_certificate():
    seed = int(os.environ.get("SEED", random.randrange(10 ** 6)))
    chance = random.Random(seed)
    note("SEED=%d" % seed)
    with Sandbox("--issue-after", "1") as sandbox:
        centre = Centre(sandbox).clients(ROWS)
        plan = centre.plan()
        for _ in range(ROUNDS):
            sandbox.restart("--issue-after", "1", "--fault", mischief(chance))
            process = centre.start(plan, "--progress", "never")
            time.sleep(chance.uniform(0.5, 2.5))
            harness.kill(process)
        note("after %d kills: %s of %d" % (ROUNDS, ", ".join(ask(
            sandbox, "SELECT count(*) || ' ' || status FROM forms"
            " GROUP BY status")), ROWS))
        sandbox.restart("--issue-after", "1")
        done = centre.run(plan, timeout=300)
        same(done.returncode, 0, done)
        true(set(ends(done).values()) <= {"renewed", "alreadyRenewed"}, done)
        for what in ("*", "DISTINCT thumbprint", "DISTINCT certificate"):
            same(ask(sandbox, "SELECT count(%s) FROM forms" % what), [ROWS])
        for place in "new", "backup":
            same(len([name for name in os.listdir(centre.path(place))
                      if not name.startswith(".")]), ROWS)


harness.main()
