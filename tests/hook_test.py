#!/usr/bin/python3
"""The user's own commands: run once a certificate is new, told what it is
about, without a shell; one that fails is told and run again. TAP."""

import os

import harness
from harness import Sandbox, case, folder, same, true, within
from subscriber import Subscriber, configure, let_time_pass, write

NOTE = """#!/bin/sh
# What it was told, a line a word; it fails where a file "fail" is.
here=$(dirname "$0")
env | grep ^KEP_ | sort >>"$here/told"
echo "words: $#: $*" >>"$here/told"
[ ! -e "$here/fail" ] || { echo "not today" >&2; exit 1; }
"""


def noting():
    """A program, and what it was told so far."""
    place = folder("hook files")
    path = write(os.path.join(place, "note it"), NOTE, 0o700)
    return place, "'%s' 'a b' $(c) *" % path


def told(place):
    path = os.path.join(place, "told")
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


@case
def deploy_is_run_when_the_certificate_is_there():
    place, command = noting()
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--deploy-command", command)
        person.check_renewed(done)
        said = told(place)
        same(said.count("words: 3: a b $(c) *\n"), 1, said)
        same("words: 3:" in said, True, said)
        for word, value in (("EVENT", "deploy"),
                            ("OUTCOME", "renewed"),
                            ("RENEWAL", done.json["renewal"]),
                            ("CONTAINER", done.json["new"]["container"]),
                            ("CERTIFICATE", done.json["new"]["certificate"]),
                            ("THUMBPRINT", done.json["new"]["thumbprint"]),
                            ("NOT_AFTER", done.json["new"]["notAfter"]),
                            ("OLD_CONTAINER", person.old),
                            ("OLD_THUMBPRINT", person.thumbprint),
                            ("BACKUP", done.json["backup"]["container"])):
            within("KEP_%s=%s\n" % (word, value), said)
        true(os.path.exists(done.json["new"]["certificate"]))


@case
def one_that_fails_is_told_and_run_again():
    place, command = noting()
    write(place + "/fail", "")
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--deploy-command", command)
        same((done.returncode, done.word), (1, "hookFailed"), done)
        within("not today", done.stderr)
        within("renewed, installed and usable", done.json["message"])
        same(len(person.containers()), 1)
        # As the sentence says: kep resume alone, or a timer's.
        done = person.resume()
        same(done.word, "hookFailed", done)
        os.remove(place + "/fail")
        done = person.resume()
        person.check_renewed(done)
        same(told(place).count("KEP_EVENT=deploy"), 3)
        same(person.resume("--deploy-command", command).word, "nothingOpen")


@case
def what_waits_has_its_command_when_it_is_gone_on_with():
    place, command = noting()
    with Sandbox("--issue-after", "2") as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--wait", "0", "--deploy-command", command)
        same(done.word, "waiting", done)
        configure(person.home, deployCommand="false")
        person.check_renewed(person.resume())
        same(told(place).count("KEP_EVENT=deploy"), 1)


@case
def it_may_stand_in_the_configuration():
    place, command = noting()
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        configure(person.home, deployCommand=command)
        person.check_renewed(person.renew())
        same(told(place).count("KEP_EVENT=deploy"), 1)


@case
def a_command_that_is_gone_is_told():
    command = write(os.path.join(folder(), "deploy"), "#!/bin/sh\n"
                    "rm -- \"$0\"\nexit 1\n", 0o700)
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        same(person.renew("--deploy-command", command).word, "hookFailed")
        done = person.resume()
        same(done.word, "hookFailed", done)
        within("was not found", done.json["message"])
        # Another one takes its place.
        person.check_renewed(person.resume("--deploy-command", "true"))


@case
def one_that_is_configured_no_more_is_not_run():
    place, command = noting()
    write(place + "/fail", "")
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        configure(person.home, deployCommand=command)
        same(person.renew().word, "hookFailed")
        same(person.resume().word, "hookFailed")
        configure(person.home)
        person.check_renewed(person.resume())
        same(told(place).count("KEP_EVENT=deploy"), 2)


# --- failures ----------------------------------------------------------------


@case
def a_failure_is_told_once_for_each_reason():
    place, command = noting()
    option = ["--failed-command", command]
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        sandbox.set(person.thumbprint, "unpaid")
        done = person.renew(*option)
        same(done.word, "paymentRequired", done)
        said = told(place)
        for word, value in (("EVENT", "failed"),
                            ("OUTCOME", "paymentRequired"),
                            ("RENEWAL", done.json["renewal"]),
                            ("OLD_CONTAINER", person.old)):
            within("KEP_%s=%s\n" % (word, value), said)
        within("has not been paid", said)
        true("KEP_CONTAINER" not in said, said)
        same(person.resume(*option).word, "paymentRequired")
        same(told(place).count("KEP_EVENT=failed"), 1)
        sandbox.stop()
        same(person.resume(*option).word, "unreachable")
        same(told(place).count("KEP_EVENT=failed"), 2)
        within("KEP_OUTCOME=unreachable", told(place))


@case
def a_net_that_comes_and_goes_is_told_once():
    place, command = noting()
    option = ["--failed-command", command]
    with Sandbox("--issue-after", "1000") as sandbox:
        person = Subscriber(sandbox)
        same(person.renew("--wait", "0", *option).word, "waiting")
        for fault, word in 2 * (("status:500", "serverError"),
                                ("drop", "unreachable")):
            let_time_pass(person.home)
            sandbox.restart("--fault", "*=" + fault)
            same(person.resume("--wait", "0", *option).word, word)
        same(told(place).count("KEP_EVENT=failed"), 2)


@case
def a_failure_that_could_not_be_told_is_told_later():
    place, command = noting()
    option = ["--failed-command", command]
    write(place + "/fail", "")
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        sandbox.set(person.thumbprint, "revoked")
        done = person.renew(*option)
        same(done.word, "revoked", done)
        within("could not be told to your command", done.stderr)
        os.remove(place + "/fail")
        # The renewal is over; that it is to be told is not.
        same(person.resume(*option).word, "nothingOpen")
        same(told(place).count("KEP_OUTCOME=revoked"), 2)
        same(person.resume(*option).word, "nothingOpen")
        same(told(place).count("KEP_OUTCOME=revoked"), 2)


@case
def a_wait_and_a_success_are_no_failures():
    place, command = noting()
    option = ["--failed-command", command]
    with Sandbox("--issue-after", "1000") as sandbox:
        person = Subscriber(sandbox)
        same(person.renew("--wait", "0", *option).word, "waiting")
        same(told(place), "")
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        same(person.renew(*option).word, "renewed")
        same(told(place), "")


harness.main(jobs=4)
