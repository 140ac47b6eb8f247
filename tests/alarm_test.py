#!/usr/bin/python3
"""A row of a batch that fails is told to the user's own command when it ends,
several at once, each for so long and no longer; what could not be told is
said and told later. TAP."""

import json
import os
import time

import harness
from centre import Centre, ends
from harness import Sandbox, case, run, same, true, within
from subscriber import write

BEGINS = "#!/bin/sh\nhere='%s'\n"


def telling(centre, script):
    """A command; $here is where it leaves its files."""
    here = centre.path("told")
    os.mkdir(here)
    return write(centre.path("tell.sh"), BEGINS % here + script, 0o700)


def told(centre, name="said"):
    path = os.path.join(centre.path("told"), name)
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def resume(centre, *words):
    return run("kep", "resume", "--wait", "0", *words, "--server-ca",
               centre.sandbox.ca, cwd=centre.base,
               env={"HOME": centre.path("home"), "XDG_STATE_HOME": None,
                    "LANG": "C.UTF-8", "LANGUAGE": "en", "LC_ALL": None})


@case
def each_failure_is_told_once_for_its_reason():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(80)
        centre.client(81, state="unpaid")
        command = telling(centre, "env | grep ^KEP_ | sort >>$here/said\n")
        for _ in range(2):
            done = centre.run(centre.plan(), "--failed-command", command,
                              "--deploy-command", command)
            same(done.returncode, 5, done)
        said = told(centre)
        same(said.count("KEP_EVENT=deploy"), 1, said)
        same(said.count("KEP_EVENT=failed"), 1, said)
        same(said.count("KEP_OUTCOME=paymentRequired"), 1, said)


@case
def a_row_is_told_by_its_label_whatever_is_in_it():
    labels = ["$(touch bad); rm -rf \"a\" 'b' `id`", "-e x=y", "%s%n\\0",
              "Ж" * 600]
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        for number, label in enumerate(labels):
            centre.client(60 + number, state="unpaid" if number == 0 else
                          None)["label"] = label
        # One that is never begun, and one without a label.
        centre.rows[1]["container"] = centre.path("old/none.000")
        centre.client(70)["label"] = ""
        command = telling(centre, 'printf "%s|%s\\n" "$KEP_EVENT" '
                          '"${KEP_LABEL-none}" >>$here/said\n')
        done = centre.run(centre.plan(), "--failed-command", command,
                          "--deploy-command", command)
        same(done.returncode, 5, done)
        same(sorted(told(centre).splitlines()), sorted([
            "failed|" + labels[0], "failed|" + labels[1],
            "deploy|" + labels[2], "deploy|" + labels[3], "deploy|none"]))
        true(not os.path.exists(centre.path("bad")))


@case
def what_cannot_be_begun_is_told_too():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        row = centre.client(82, state="revoked")
        centre.client(83, days=200)
        for name in ("/nowhere/x.000", "/nowhere/y.000"):
            centre.rows.append({**row, "container": name})
        command = telling(
            centre, 'echo "$KEP_EVENT $KEP_OUTCOME $KEP_OLD_CONTAINER'
            ' $KEP_MESSAGE" >>$here/said\n')
        done = centre.run(centre.plan(), "--failed-command", command)
        said = sorted(told(centre).splitlines())
        same(len(said), 3, said)
        for line, name in zip(said, ("x", "y")):
            within("failed containerNotFound file:/nowhere/%s.000 There is"
                   % name, line)
        within("failed revoked", said[2])
        # They are excluded all the same, and nobody was too early in vain.
        same([ends(done)[line] for line in (2, 3, 4, 5)],
             ["revoked", "notDue", "containerNotFound", "containerNotFound"])
        same(done.events[-1]["states"]["excluded"], 3, done)


def cut(container):
    """One that breaks off, as after a flash drive was pulled out."""
    path = os.path.join(container.removeprefix("file:"), "header.key")
    os.truncate(path, os.path.getsize(path) // 2)
    return container


@case
def what_never_begins_is_told_once_too():
    """A timer comes upon it each night."""
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        broken = cut(centre.client(40)["container"])
        centre.client(41)
        command = telling(
            centre, 'echo "$KEP_OUTCOME $KEP_OLD_CONTAINER" >>$here/said\n'
            "[ ! -e $here/bad ]\n")
        words = ["--from-status", centre.path("old"), "--failed-command",
                 command, "--to", "file:" + centre.path("new"), "--phone",
                 "79110000041"]
        # One that could not be told is not told yet.
        write(os.path.join(centre.path("told"), "bad"), "")
        done = centre.run(*words)
        within("1 failure of a row that never began", done.stderr)
        os.remove(os.path.join(centre.path("told"), "bad"))
        for _ in range(3):
            done = centre.run(*words)
            # It is seen all the same, each time.
            same(done.returncode, 5, done)
            same(list(ends(done).values()), ["containerDamaged"], done)
            true("could not be told" not in done.stderr, done)
        damaged = "containerDamaged " + broken
        same(told(centre).splitlines(), [damaged] * 2)
        same(os.stat(centre.path("home/.local/state/kep/failures")).st_mode
             & 0o777, 0o600)
        # Another place is another failure, and so is another reason.
        other = cut(centre.client(42)["container"])
        os.remove(broken.removeprefix("file:") + "/header.key")
        centre.run(*words)
        centre.run(*words)
        same(sorted(told(centre).splitlines()[2:]),
             ["containerDamaged " + other, "notContainer " + broken])


@case
def it_is_told_again_where_that_cannot_be_noted():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(43)["container"] = "/nowhere/x.000"
        command = telling(centre, "echo $KEP_OUTCOME >>$here/said\n")
        os.makedirs(centre.path("home/.local/state/kep/failures/x"))
        for _ in range(2):
            done = centre.run(centre.plan(), "--failed-command", command)
            same(done.returncode, 5, done)
            within("Which failures were told cannot be noted",
                   " ".join(done.stderr.split()))
        same(told(centre), "containerNotFound\n" * 2)


@case
def a_failure_is_told_when_its_row_ends():
    """Not at the end of the batch: the last row is held up until then."""
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        for number in range(3):
            centre.client(84 + number, state="unpaid")
        centre.client(87)
        failed = telling(centre, "echo $KEP_OUTCOME >>$here/said\n")
        deploy = write(centre.path("deploy.sh"), BEGINS %
                       centre.path("told") + "for i in $(seq 600); do\n"
                       "[ $(wc -l <$here/said) = 3 ] && exit 0\n"
                       "sleep 0.1\ndone\nexit 1\n", 0o700)
        write(os.path.join(centre.path("told"), "said"), "")
        done = centre.run(centre.plan(), "--failed-command", failed,
                          "--deploy-command", deploy)
        same(ends(done)[5], "renewed", done)
        same(done.returncode, 5, done)


@case
def as_many_are_told_at_once_as_there_are_jobs():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        row = centre.client(88)
        centre.rows = [{**row, "container": "/nowhere/%d.000" % i,
                        "phone": "7911001%04d" % i} for i in range(12)]
        # Each notes how many are at work, itself among them.
        command = telling(
            centre, "touch $here/at.$$\nls $here | grep -c ^at >>$here/said\n"
            "sleep 0.7\nls $here | grep -c ^at >>$here/said\n"
            "rm $here/at.$$\n")
        done = centre.run(centre.plan(), "--failed-command", command)
        same(done.returncode, 5, done)
        seen = [int(line) for line in told(centre).split()]
        same(len(seen), 24, seen)
        same(max(seen), 4, seen)


# --- a command that fails ----------------------------------------------------


@case
def one_that_fails_is_said_and_tried_again():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        for number in range(3):
            centre.client(90 + number, state="unpaid")
        centre.rows.append({**centre.rows[0], "container": "/nowhere/x.000"})
        command = telling(centre, "echo $KEP_OUTCOME >>$here/said\n"
                          "[ -e $here/good ]\n")
        done = centre.run(centre.plan(), "--failed-command", command)
        same(done.returncode, 5, done)
        said = " ".join(done.stderr.split())
        within("3 failures could not be told to your command; kep resume "
               "with the same --failed-command tries it again", said)
        # No resume knows of it, only the plan.
        within("1 failure of a row that never began could not be told to your "
               "command; that is tried again when you run the plan again", said)
        within("the program ended with an error: its own messages say why",
               said)
        untold = [one for one in done.events if one["event"] == "untold"]
        same(sorted(one["line"] for one in untold), [2, 3, 4, 5], untold)
        within("ended with an error", untold[0]["message"])
        # Each in its turn, and those with a renewal once more at the end.
        same(told(centre).count("paymentRequired"), 6)
        write(os.path.join(centre.path("told"), "good"), "")
        done = resume(centre, "--failed-command", command)
        true("could not be told" not in done.stderr, done)
        same(told(centre).count("paymentRequired"), 9)
        before = told(centre).count("\n")
        done = centre.run(centre.plan(), "--failed-command", command)
        true("could not be told" not in done.stderr, done)
        same(told(centre).count("\n"), before + 1)
        resume(centre, "--failed-command", command)
        same(told(centre).count("paymentRequired"), 9)


@case
def one_failure_that_it_does_not_take_keeps_back_no_other():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        for number in range(4):
            centre.client(93 + number, state="unpaid")
        bad = centre.rows[0]["container"]
        command = telling(
            centre, "[ $KEP_OLD_CONTAINER != '%s' ] &&\n"
            "echo $KEP_OLD_CONTAINER >>$here/said\n" % bad)
        for _ in range(2):
            done = centre.run(centre.plan(), "--failed-command", command)
            within("1 failure could not be told", done.stderr)
        same(sorted(told(centre).split()),
             sorted(row["container"] for row in centre.rows[1:]))


@case
def what_has_passed_meanwhile_is_no_news():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(97, state="unpaid")
        command = telling(centre, "echo $KEP_OUTCOME >>$here/said\n"
                          "[ -e $here/good ]\n")
        words = [centre.plan(), "--failed-command", command]
        same(centre.run(*words).returncode, 5)
        said = told(centre)
        write(os.path.join(centre.path("told"), "good"), "")
        for thumbprint in centre.thumbprints():
            sandbox.set(thumbprint, "paid")
        done = centre.run(*words)
        same((done.returncode, ends(done)), (0, {2: "renewed"}), done)
        same(told(centre), said)


@case
def one_that_hangs_is_given_up_when_the_batch_is():
    with Sandbox() as sandbox:
        centre = Centre(sandbox)
        centre.client(98, state="unpaid")
        command = telling(centre, "touch $here/said\n[ -e $here/good ] ||"
                          " sleep 600\necho $KEP_OUTCOME >>$here/said\n")
        process = centre.start(centre.plan(), "--failed-command", command)
        harness.wait_until(lambda: os.path.exists(
            os.path.join(centre.path("told"), "said")))
        process.terminate()
        out, said = process.communicate(timeout=120)
        within("1 failure could not be told", said)
        same(json.loads(out.splitlines()[-1])["event"], "end")
        write(os.path.join(centre.path("told"), "good"), "")
        resume(centre, "--failed-command", command)
        same(told(centre), "paymentRequired\n")


harness.main(jobs=4)
