#!/usr/bin/python3
"""Renewals with keys inside of Rutoken tokens, and at a terminal: a token that
is pulled out is waited for, and where there are several the person is asked
which. By a real pcscd with virtual tokens in it."""

import os

import contract
import harness
from harness import Sandbox, case, case_of_each, folder, same, true, within
from subscriber import Subscriber, write
from talk import CTRL_C, Talk
from tokens import Desk, Token

PIN = "12345678"
SAMPLE = os.path.join(harness.ROOT, "tests/data/synthetic-2012-256-nopassword")
HERE, THERE = "rutoken:48e243b5", "rutoken:0000beef"


class Owner(Subscriber):
    """A person at a desk with tokens."""

    def __init__(self, sandbox, desk, *options, to=None):
        self.desk = desk
        self.pin = write(os.path.join(folder("pin"), "pin"), PIN + "\n")
        self.old_token = to
        super().__init__(sandbox, *options)

    def begin(self, options):
        if self.old_token is None:
            return super().begin(options)
        return self.sandbox.issue(self.phone, self.old_token,
                                  "--password-file", self.pin, *options,
                                  env=self.desk.env)

    def env(self, **more):
        return super().env(**{**self.desk.env, **more})

    def onto(self, to=HERE, *more, **options):
        return self.renew("--pin-file", self.pin, "--old-pin-file", self.pin,
                          *more, to=to, **options)


def tell_ended(token):
    """Nothing was said that wipes a token."""
    true(not token.ask("formatted")[0], "the token was told to format itself")


# rule_62
@case_of_each([("ecp",), ("lite",), ("s",)])
def onto_a_token(dialect):
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect=dialect)
        token.insert()
        person = Owner(sandbox, desk)
        done = person.onto()
        same((done.returncode, done.word), (0, "renewed"), done)
        same(done.json["new"]["container"], HERE + "/0A00", done)
        same(token.slots(), ["0A00"])
        within("12345678", done.stderr, done)  # to be changed, it says
        true(token.number("count") <= 150, token.number("count"))
        tell_ended(token)
        done = person.kep("verify", HERE + "/0A00", "--pin-file", person.pin)
        same(done.returncode, 0, done)


@case_of_each([("the_old_one", HERE, "local:", None),
               ("the_new_one", None, HERE, None),
               ("the_copys", None, "local:", HERE)])
def a_pin_that_nothing_gives_is_missed_before_anything_is_begun(
        _, old, to, backup):
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        token.insert()
        person = Owner(sandbox, desk, to=old)
        before = token.dump()
        for more in ([], ["--dry-run"]):
            done = person.renew(*more, to=to, backup=backup)
            same((done.returncode, done.word), (5, "pinNeeded"), done)
            within(HERE, done.json["message"])
        same((contract.read(sandbox.log), token.dump()), ([], before))
        # One option for a token is enough.
        done = person.renew("--old-pin-file" if old else "--pin-file",
                            person.pin, "--dry-run", to=HERE, backup=None)
        same(done.word, "wouldRenew", done)
        tell_ended(token)


@case
def on_paper_the_pin_of_the_old_token_is_not_needed():
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        token.insert()
        person = Owner(sandbox, desk, to=HERE)
        tries = token.number("verifications", 2)
        done = person.renew("--paper", to="local:", backup=None)
        same(done.word, "statementToSign", done)
        same(token.number("verifications", 2), tries)


@case
def inside_of_a_token():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect="ecp")
        token.insert()
        person = Owner(sandbox, desk)
        same(person.onto(HERE, "--on-token", "--algorithm", "gost2012-512",
                         backup=None).word, "keyNotInside")
        same(person.onto("file:" + person.new, "--on-token",
                         backup=None).word, "keyNotInside")
        token.tell("forget")
        done = person.onto(HERE, "--on-token", "--algorithm", "gost2012-256",
                           backup=None)
        same((done.returncode, done.word), (0, "renewed"), done)
        same(done.json["new"]["container"], HERE + "/key-ff", done)
        true(token.number("count") <= 150, token.number("count"))
        tell_ended(token)
        done = person.kep("verify", HERE + "/key-ff", "--pin-file", person.pin)
        same(done.returncode, 0, done)
        done = person.kep("password", HERE + "/key-ff", "--json", "--pin-file",
                          person.pin)
        same((done.returncode, done.word), (5, "pinInstead"), done)
        done = person.kep("list", HERE, "--json")
        same([one["container"] for one in done.json["containers"]],
             [HERE + "/key-ff"], done)


@case
def inside_of_a_token_whose_places_for_containers_are_taken():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect="ecp")
        for slot in range(0x0A, 0x19):
            token.put("%02X00" % slot, SAMPLE)
        token.insert()
        person = Owner(sandbox, desk)
        same(person.onto(HERE, backup=None).word, "tokenFull")
        done = person.onto(HERE, "--on-token", backup=None)
        same((done.returncode, done.word), (0, "renewed"), done)
        same(done.json["new"]["container"], HERE + "/key-ff", done)
        tell_ended(token)


@case
def where_it_can_be_made_inside_is_known_before_the_sign_in():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect="lite")
        token.insert()
        person = Owner(sandbox, desk)
        with Talk("kep", "renew", person.old, "--on-token", *person.server(),
                  "--accept-data", "--entropy", "system", "--pin-file",
                  person.pin, env=person.env(TERM="xterm",
                                             LANG="C.UTF-8")) as at:
            at.expect("Place of the new key: a number of the list, or a "
                      "folder")
            at.type(HERE + "\r")
            at.expect("Keys of this kind cannot be made inside of this medium. "
                      "Place of the new key: a number of the list")
            at.type("cancel\r")
            same(at.end(), 5, at.shown)
        same(os.listdir(os.path.join(sandbox.dir, "sms")), [])
        same(token.slots(), [])


@case
def from_one_token_to_the_inside_of_another():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        old, new = (Token(desk, 0, dialect="lite", serial="BEEF"),
                    Token(desk, 1, dialect="ecp"))
        old.insert()
        new.insert()
        person = Owner(sandbox, desk, to=THERE)
        done = person.onto(HERE, "--on-token", backup=None)
        same((done.returncode, done.word), (0, "renewed"), done)
        tell_ended(old)
        tell_ended(new)
        same(old.slots(), ["0A00"])


# --- pulled out -------------------------------------------------------------

COMMON = ("--accept-data", "--entropy", "system", "--no-backup")


def renew_at_a_terminal(person, *more):
    return Talk("kep", "renew", person.old, "--to", HERE, *person.server(),
                "--pin-file", person.pin, *COMMON, *more,
                env=person.env(TERM="xterm", LANG="C.UTF-8"))


@case_of_each([("when_the_folder_is_made", "00E0", 0),
               ("when_the_header_is_made", "00E0", 6),
               ("when_the_certificate_is_written", "00E0", 7),
               ("when_it_is_written_again", "00E4", 0),
               ("when_a_pin_is_sent", "00200002", 3)])
def it_is_waited_for(_, pattern, skip):
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect="lite")
        token.insert()
        person = Owner(sandbox, desk)
        token.fault("absent", pattern=pattern, skip=skip)
        with renew_at_a_terminal(person) as at:
            at.expect("Plug it in: the work goes on by itself then.")
            token.put_back()
            at.expect("ready for use.")
            same(at.end(), 0, at.shown)
        same(token.slots(), ["0A00"])
        tell_ended(token)
        done = person.kep("verify", HERE + "/0A00", "--pin-file", person.pin)
        same(done.returncode, 0, done)


@case
def who_does_not_want_to_wait_goes_on_later():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect="ecp")
        token.insert()
        person = Owner(sandbox, desk)
        token.fault("absent", pattern="00E0", skip=2)
        with renew_at_a_terminal(person) as at:
            at.expect("Plug it in: the work goes on by itself then.")
            at.type(CTRL_C)
            at.end()
        done = person.resume("--pin-file", person.pin)
        same((done.returncode, done.word), (5, "noToken"), done)
        token.put_back()
        done = person.resume("--pin-file", person.pin, "--no-backup")
        same((done.returncode, done.word), (0, "renewed"), done)
        same(token.slots(), ["0A00"])


@case
def the_only_token_is_the_one_that_was_there():
    """The key is made when the centre has approved, and by then somebody
    else's token is plugged in."""
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        other = Token(desk, 1, dialect="lite", serial="0000beef")
        person = Owner(sandbox, desk)
        sandbox.set(person.thumbprint, "review")
        token.insert()
        done = person.onto("rutoken:", "--wait", "0", backup=None)
        same(done.word, "waiting", done)
        sandbox.set(person.thumbprint, "approved")
        token.remove()
        other.insert()
        done = person.resume()
        same((done.word, other.slots()), ("noToken", []), done)
        within(HERE, done.json["message"], done)
        token.insert()
        done = person.resume()
        same((done.word, other.slots(), token.slots()),
             ("renewed", [], ["0A00"]), done)


@case
def of_two_the_person_says_which():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        tokens = (Token(desk, 0, dialect="lite", serial="BEEF"),
                  Token(desk, 1, dialect="lite"))
        for token in tokens:
            token.insert()
        person = Owner(sandbox, desk)
        done = person.onto("rutoken:", backup=None)
        same((done.returncode, done.word), (2, "tokenSeveral"), done)
        with Talk("kep", "renew", person.old, "--to", "rutoken:",
                  *person.server(), "--pin-file", person.pin, *COMMON,
                  env=person.env(TERM="xterm", LANG="C.UTF-8")) as at:
            at.expect("Several tokens are plugged in.")
            at.type("2\r")
            at.expect("ready for use.")
            same(at.end(), 0, at.shown)
        same([token.slots() for token in tokens], [[], ["0A00"]])


@case
def what_a_pin_guarded_is_asked_for_a_password():
    """An express renewal out of a token: the PIN does not go with the key."""
    with Desk() as desk, Sandbox() as sandbox:
        token = Token(desk)
        token.insert()
        person = Owner(sandbox, desk, to=HERE)
        with Talk("kep", "renew", person.old, "--express", "--to", person.new,
                  "--old-pin-file", person.pin, "--accept-data",
                  "--code-command", person.code_command(), "--phone",
                  person.phone, "--server", sandbox.url, "--server-ca",
                  sandbox.ca, "--wait", "9",
                  env=person.env(TERM="xterm")) as at:
            at.expect("Password of the new container")
            at.type("New-pass 1\r")
            at.expect("once more")
            at.type("New-pass 1\r")
            at.expect("Where to put the copy")
            at.type("\r")
            same(at.end(), 0, at.shown)


if __name__ == "__main__":
    harness.main(jobs=4)
