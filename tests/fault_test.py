#!/usr/bin/python3
"""A server that fails in every way at every operation. Each time the outcome
is the one of the table, in bounded time and memory; then the renewal goes on,
and there is one new key at its end."""

import os

import contract
import harness
import subscriber
from harness import (Sandbox, case, case_of_each, run, same, skip, true,
                     within)
from subscriber import Subscriber, check_memory

# What it may not do twice by itself: an SMS more, a code used up.
ONCE = ("requestCode", "signIn")
EVERY = ("requestCode", "signIn", "refreshSession", "listCertificates",
         "openForm", "readForm", "changeData", "readStatement",
         "sendStatementSignature", "submitForm", "giveConsent", "sendRequest",
         "confirmRequest", "readCertificate", "reportInstalled")

# What happens in place of any operation, and what comes of it.
INSTEAD = {
    "drop": "unreachable",
    "status:400": "serverRefused",
    "status:401": "unauthorized",
    "status:402": "paymentRequired",
    "status:403": "serverRefused",
    "status:404": "serverRefused",
    "status:409": "wrongState",
    "status:410": "codeExpired",
    "status:412": "wrongState",
    "status:413": "serverRefused",
    "status:422": "codeInvalid",
    "status:423": "codeAttempts",
    "status:429": "serverBusy",
    "status:500": "serverError",
    "status:503": "serverBusy",
    "html": "serverGarbage",
    "huge": "serverGarbage",
    "deep": "serverGarbage",
    "empty": "serverGarbage",
    "redirect": "serverGarbage",
}

# It is done, but the answer is spoilt.
AFTERWARDS = {
    "drop-after": "unreachable",
    "truncated": "unreachable",
    "wrong-types": "serverGarbage",
    "bad-utf8": "serverGarbage",
    "escape": "dataMismatch",  # of the names in the form
    "path": "serverGarbage",
}

# Where it is another outcome, for a reason.
EXCEPT = {
    # A token that is refused: one signs in anew, which does not help while
    # every session is refused.
    **{("refreshSession", fault): "unauthorized" for fault in (
        "status:400", "status:403", "status:404", "status:413", "escape")},
    # A statement is bytes: it has no types and no ids.
    ("readStatement", "wrong-types"): "renewed",
    ("readStatement", "path"): "renewed",
    ("readStatement", "escape"): "serverGarbage",
    # By then the certificate is installed: that the server does not take
    # note of it ends well.
    **{("reportInstalled", "status:%d" % status): "renewed" for status in (
        400, 402, 403, 404, 409, 410, 412, 413, 422, 423)},
    # There is no id in it.
    ("readCertificate", "path"): "renewed",
    # Nothing of it is shown or compared; what is, comes with a later answer.
    **{(operation, "escape"): "renewed" for operation in (
        "requestCode", "signIn", "listCertificates", "sendStatementSignature",
        "sendRequest", "confirmRequest", "readCertificate",
        "reportInstalled")},
}

# Of a certificate that is not the right one.
CERTIFICATES = {
    "other-key": "certificateWrongKey",
    "other-person": "certificateWrongSubject",
    "other-ca": "certificateWrongIssuer",
    "expired-certificate": "certificateWrongDates",
    "not-yet-valid": "certificateWrongDates",
    "no-profile": "certificateWrongProfile",
    "garbage-certificate": "certificateUnreadable",
    "no-chain": "certificateWrongIssuer",
}

SECONDS_MAX = 120  # of one run, whatever a server does


class Trouble:
    """A sandbox whose faults change, and a person who renews on it."""

    def __init__(self, operation):
        self.operation = operation
        self.sandbox = Sandbox(check=False)
        self.person = self.done = None

    def __enter__(self):
        self.sandbox.start()
        return self

    def __exit__(self, kind, error, trace):
        self.sandbox.stop(failed=kind is not None)

    def begin(self):
        self.person = Subscriber(self.sandbox)
        if self.operation == "changeData":
            self.sandbox.set(self.person.thumbprint, "normal")
            self.sandbox.set(self.person.thumbprint, "approved")
        self.done = None
        if self.operation == "readForm":
            # While it waits, failures pass; what goes on begins with it.
            self.sandbox.restart("--latency", "0")
            self.done = self.person.renew("--wait", "0")
            same(self.done.word, "waiting", self.done)

    def meet(self, fault):
        """Restart with this fault for good, renew or go on: the outcome."""
        if self.done is None or self.done.word == "renewed":
            self.begin()
        rule = [self.operation + "=" + fault]
        if self.operation == "refreshSession":
            rule.append("listCertificates=status:401")
        self.sandbox.restart("--fault", ",".join(rule))
        self.go("--wait", "3")
        true(self.done.seconds < SECONDS_MAX, (fault, self.done.seconds))
        self.person.check_one_key()
        self.person.check_old()
        return self.done.word

    def go(self, *options):
        self.done = (self.person.renew if self.done is None else
                     self.person.resume)(*options)

    def recover(self):
        """Without any fault it ends well."""
        self.look()
        self.sandbox.restart("--latency", "0")
        self.go()
        self.person.check_renewed(self.done)
        self.look()

    def look(self):
        """Even after bad answers only requests of the contract were sent."""
        for exchange in contract.read(self.sandbox.log):
            contract.check_request(exchange)


def meet_all(operation, faults, recover):
    with Trouble(operation) as trouble:
        for fault, word in faults.items():
            word = EXCEPT.get((operation, fault), word)
            same(trouble.meet(fault), word, "of %s=%s\n%s" % (
                operation, fault, harness.explain(trouble.done)))
            if recover and word != "renewed":
                trouble.recover()
        if not recover:
            trouble.recover()
    check_memory()


@case_of_each(EVERY)
def it_is_not_done_at(operation):
    meet_all(operation, INSTEAD, recover=False)


@case_of_each(EVERY)
def the_answer_is_spoilt_at(operation):
    meet_all(operation, AFTERWARDS, recover=True)


# --- what passes ------------------------------------------------------------


def once(fault, *operations):
    return ",".join("%s=%s*1" % (one, fault) for one in operations)


@case_of_each(("drop", "drop-after", "truncated", "status:500"))
def once_is_not_even_noticed(fault):
    safe = [one for one in EVERY if one not in ONCE and
            one != "refreshSession"]
    with Sandbox("--fault", once(fault, *safe)) as sandbox:
        person = Subscriber(sandbox)
        person.check_renewed(person.renew())


@case_of_each(("status:429", "status:503", "retry-after:2"))
def it_comes_back_when_it_is_asked_to(fault):
    # Even what may not be done twice: it was not done.
    with Sandbox("--fault", once(fault, *EVERY[:2], *EVERY[3:5])) as sandbox:
        person = Subscriber(sandbox)
        person.check_renewed(person.renew())
        same(len(sandbox.messages(person.phone)), 2)


@case
def a_session_that_is_over_is_refreshed():
    with Sandbox("--session-life", "3600") as sandbox:
        person = Subscriber(sandbox)
        done = person.renew("--wait", "0")
        same(done.word, "waiting", done)
        sandbox.age(3601)
        done = person.resume()
        person.check_renewed(done)
        same(len(sandbox.messages(person.phone)), 2)
        true("refreshSession" in [one["operation"] for one in contract.read(
            sandbox.log)])


@case
def no_code_is_sent_where_nobody_can_enter_it():
    """A timer would send its owner one each time."""
    with Sandbox("--issue-after", "2") as sandbox:
        person = Subscriber(sandbox)
        same(person.renew("--wait", "0").word, "waiting")
        sandbox.age(40 * 365 * 86400)
        for _ in range(2):
            done = person.kep("resume", "--json")
            same(done.word, "answerNeeded", done)
            within("--code-command or --codes",
                   done.json["renewals"][0]["message"])
        same(len(sandbox.messages(person.phone)), 2)
        person.check_renewed(person.resume())
        same(len(sandbox.messages(person.phone)), 3)


@case
def nor_one_to_confirm_the_request():
    with Sandbox("--fault", "sendRequest=status:400*1") as sandbox:
        person = Subscriber(sandbox)
        person.renew()
        before = contract.read(sandbox.log)
        done = person.kep("resume", "--json")
        same(done.word, "answerNeeded", done)
        same([one["operation"] for one in contract.read(sandbox.log)
              [len(before):] if one["operation"] == "sendRequest"], [])
        same(len(sandbox.messages(person.phone)), 1)
        person.check_renewed(person.resume())


@case_of_each((
    ("a_folder_that_is_gone", {"codes": "gone/spool"}),
    ("a_command_that_is_gone", {"codeCommand": "gone/read-code"}),
))
def nor_one_that_would_come_from(_, configured):
    """A drive that was not mounted; it is the next run that finds it."""
    with Sandbox("--issue-after", "2") as sandbox:
        person = Subscriber(sandbox)
        same(person.renew("--wait", "0").word, "waiting")
        sandbox.age(40 * 365 * 86400)
        subscriber.configure(person.home, **configured)
        for _ in range(2):
            done = person.kep("resume", "--json")
            same((done.word, done.returncode), ("configuration", 2), done)
            within("gone/", done.json["renewals"][0]["message"])
        same(len(sandbox.messages(person.phone)), 2)
        person.check_renewed(person.resume())
        same(len(sandbox.messages(person.phone)), 3)


@case
def what_was_begun_is_not_ended_by_a_timer():
    """A mistake in the command that began it would end it."""
    with Sandbox() as sandbox:
        person = Subscriber(sandbox)
        sandbox.stop()
        begun = person.renew()
        same(begun.word, "unreachable", begun)
        sandbox.start()
        for _ in range(2):
            done = person.kep("resume", "--json")
            same(done.word, "answerNeeded", done)
            same(done.json["renewals"][0]["renewal"], begun.json["renewal"])
        done = person.resume()
        person.check_renewed(done)
        same(done.json["renewal"], begun.json["renewal"])


@case
def a_slow_server_is_waited_for():
    with Sandbox("--fault", "*=slow:1") as sandbox:
        person = Subscriber(sandbox)
        person.check_renewed(person.renew())


@case
def a_server_that_never_answers_is_given_up():
    # What may not be done twice: no second time is waited.
    with Sandbox("--fault", "requestCode=slow:40*1") as sandbox:
        person = Subscriber(sandbox)
        done = person.renew()
        same(done.word, "timeout", done)
        true(25 < done.seconds < 58, done.seconds)
        person.check_renewed(person.resume())


@case
def it_is_not_asked_before_the_time_that_it_said():
    with Sandbox("--fault", "submitForm=retry-after:3600*1") as sandbox:
        person = Subscriber(sandbox)
        done = person.renew()
        same(done.word, "serverBusy", done)
        true(done.seconds < SECONDS_MAX, done.seconds)
        asked = len(contract.read(sandbox.log))
        done = person.resume()
        same((done.word, done.returncode), ("waiting", 3), done)
        true("in 1 hour" in done.json["message"] or
             "in 60 minutes" in done.json["message"], done)
        same(len(contract.read(sandbox.log)), asked)
        # Later by that hour; the clock's difference is noticed.
        done = subscriber.kep(
            "resume", *person.server(), "--json", env=person.env(
                LD_PRELOAD=faketime(), FAKETIME="+61m",
                FAKETIME_DONT_FAKE_MONOTONIC="1"))
        same(done.json["renewals"][0]["outcome"], "renewed", done)
        true("clock differs" in done.stderr, done)


def faketime():
    """The library behind the command of that name."""
    said = run("faketime", "-f", "+1m", "sh", "-c", "echo $LD_PRELOAD").stdout
    return said.strip() or skip("there is no faketime")


# --- no such server ---------------------------------------------------------


@case
def a_server_that_is_down_in_between():
    with Sandbox("--issue-after", "1") as sandbox:
        person = Subscriber(sandbox)
        sandbox.stop()
        done = person.renew()
        same((done.word, done.returncode), ("unreachable", 1), done)
        true(done.seconds < SECONDS_MAX, done.seconds)
        sandbox.start()
        done = person.renew("--wait", "0")
        same(done.word, "waiting", done)
        sandbox.stop()
        done = person.resume()
        same(done.word, "unreachable", done)
        sandbox.start()
        person.check_renewed(person.resume())


@case_of_each(("untrusted", "expired", "other-name"))
def nothing_is_sent_to_a_server_that_proves_nothing(tls):
    with Sandbox("--tls", tls) as sandbox:
        person = Subscriber(sandbox)
        done = person.renew()
        same((done.word, done.returncode), ("serverUntrusted", 5), done)
        same(contract.read(sandbox.log), [])
        # Of another sandbox: a good certificate, but not of this root.
        with Sandbox() as other:
            done = person.renew("--server", other.url)
            same(done.word, "serverUntrusted", done)
            same(contract.read(other.log), [])
        sandbox.restart("--latency", "0")
        person.check_renewed(person.resume())


# --- the certificate --------------------------------------------------------


@case
def a_certificate_that_is_not_the_right_one_is_not_installed():
    with Trouble("readCertificate") as trouble:
        for fault, word in CERTIFICATES.items():
            same(trouble.meet(fault), word, trouble.done)
            person = trouble.person
            new = trouble.done.json["new"]
            same((new["thumbprint"], new["certificate"]), (None, None))
            told = person.kep("status", new["container"], "--json")
            same(told.json["problems"][0]["outcome"], "noCertificate", told)
            same(person.containers(person.backup), [])
            same(os.listdir(person.state("archive")),
                 [person.thumbprint + ".cer"])
        trouble.recover()


@case
def a_root_of_ones_own_is_what_counts():
    with Sandbox() as sandbox, Sandbox() as other:
        person = Subscriber(sandbox)
        Subscriber(other)
        roots = os.path.join(other.dir, "ca/root.pem")
        done = person.renew("--roots", roots)
        same(done.word, "certificateWrongIssuer", done)
        done = person.resume("--roots", os.path.join(sandbox.dir,
                                                     "ca/root.pem"))
        person.check_renewed(done)
        person = Subscriber(sandbox)
        done = person.renew("--roots", person.base + "/none")
        same(done.word, "configuration", done)


harness.main(jobs=16)
