#!/usr/bin/python3
"""What a person with a token is asked at a terminal, in both languages: where
the new key goes, the PIN, the last try."""

import re

import harness
import talk
from harness import Sandbox, case, case_of_each, same, true, within
from talk import CTRL_C, ENTER, Talk
from token_module import PIN
from token_owner import HERE, THERE, Owner, check_ended

PIN_OF_NEW = "PIN of the token %s (a new one has %s)"
PIN_OF = "PIN of the token %s"
WHERE = "Place of the new key: a number of the list, or a folder"
SPEND = "Spend the last try?"


class Person:
    """An owner of tokens at a terminal of 80 columns."""

    def __init__(self, sandbox, language="", **more):
        self.who, self.sandbox = Owner(sandbox, **more), sandbox
        self.say = talk.translations(language)
        self.yes, self.no = self.say("yes") + ENTER, self.say("no") + ENTER
        self.locale = "ru_RU.UTF-8" if language else "C.UTF-8"

    def at(self, *words):
        return Talk("kep", *words, cwd=self.who.base, env=self.who.env(
            TERM="xterm", LANG=self.locale))

    def renew(self, *more):
        return self.at("renew", self.who.old, *self.who.server(), *more)

    def answer(self, at, *answers):
        return talk.answer(at, [
            (self.say(question).replace("%s", "Rutoken ECP 48e243b"), answer)
            for question, answer in answers])

    def told(self, at, *texts):
        flat = re.sub(r"\s+", " ", at.shown)
        for text in texts:
            within(self.say(text), flat, at.shown)


@case_of_each([("english", ""), ("russian", "ru")])
def a_renewal_from_a_token_onto_it(_, language):
    """The place of the old key is what Enter means; the PIN is asked for
    once."""
    with Sandbox("--issue-after", "0") as sandbox:
        person = Person(sandbox, language, to=HERE)
        person.who.tokens.forget()
        with person.renew() as at:
            same(person.answer(at, (PIN_OF, PIN + ENTER),
                               (WHERE, ENTER)), 0, at.shown)
            person.told(at, "The certificate has been renewed: it is "
                        "installed and ready for use.",
                        "The new key is inside of its token and cannot be "
                        "copied, so there is no copy. Keep the token safe.")
            same(at.shown.count(PIN), 2, "in the question, and in what is said")
        same(person.who.tokens.calls("C_Login").count("C_Login"), 1)
        check_ended(person.who.tokens)
        same(len(person.who.keys(HERE)), 2)


def numbers_of(at, label):
    """Of what is on the list with such a label."""
    return re.findall(r"^ *([0-9]+)  %s" % label, at.shown, re.MULTILINE)


@case
def another_token_is_chosen():
    with Sandbox("--issue-after", "0") as sandbox:
        person = Person(sandbox)
        with person.renew() as at:
            # Drives of this computer may be on the list, too.
            same(person.answer(
                at, (WHERE, lambda: at.type(numbers_of(at, "token:")[1] +
                                            ENTER)),
                (PIN_OF, PIN + ENTER)), 0, at.shown)
        same((len(person.who.keys(HERE)), len(person.who.keys(THERE))),
             (0, 1))


@case
def a_wrong_pin_and_the_right_one():
    with Sandbox("--issue-after", "0") as sandbox:
        person = Person(sandbox)
        with person.renew("--to", HERE) as at:
            same(person.answer(at, (PIN_OF, [
                "wrong-one" + ENTER, "123" + ENTER, PIN + ENTER])), 0,
                at.shown)
            person.told(at, "The token did not accept the PIN. Check the "
                        "keyboard layout and Caps Lock.",
                        "A PIN of this token has from 6 to 32 characters. "
                        "This one has not been sent, no try was spent.")
            true("wrong-one" not in at.shown, at.shown)
        # What was too short was not sent.
        same(person.who.tokens.calls("C_Login").count("C_Login"), 2)


@case_of_each([("spent", True), ("kept", False)])
def the_last_try_is(_, wanted):
    with Sandbox("--issue-after", "0") as sandbox:
        person = Person(sandbox, settings=("flags 0x30000",))
        with person.renew("--to", HERE) as at:
            answers = [(SPEND, person.yes if wanted else person.no)]
            if wanted:
                answers.append((PIN_OF, PIN + ENTER))
            same(person.answer(at, *answers), 0 if wanted else 5, at.shown)
        logins = person.who.tokens.calls("C_Login").count("C_Login")
        same((logins, len(person.who.keys(HERE))),
             (1, 1) if wanted else (0, 0), at.shown)


@case
def stopped_at_the_pin():
    """Ctrl-C: nothing was sent, nothing is open, and it goes on later."""
    with Sandbox("--issue-after", "0") as sandbox:
        person = Person(sandbox)
        with person.renew("--to", HERE) as at:
            status = person.answer(at, (PIN_OF, CTRL_C))
            true(status not in (0, 2), (status, at.shown))
        same(person.who.tokens.calls("C_Login"), [])
        same(len(person.who.tokens.calls("C_OpenSession")),
             len(person.who.tokens.calls("C_CloseSession")))
        done = person.who.resume("--pin-file", person.who.pin, "--no-backup")
        same(done.word, "renewed", done)
        same(len(person.who.keys(HERE)), 1)


@case_of_each([("while_the_pin_is_asked_for", None, 0, 1),
               ("while_the_key_is_made", "C_GenerateKeyPair", 1, 2),
               ("while_the_key_is_tried", "C_Sign", 1, 1),
               ("while_it_signs", "C_Sign", 2, 1),
               ("while_the_certificate_is_written", "C_CreateObject", 1, 1)])
def pulled_out(_, call, time, made):
    """The renewal waits until the token is back, and goes on by itself; a key
    that it has made already is tried then, and not made anew."""
    gone = "The token is not there. Plug it in: the work goes on by itself " \
        "then."
    with Sandbox("--issue-after", "0") as sandbox:
        person = Person(sandbox)
        tokens = person.who.tokens
        if call is not None:
            tokens.set("pull %s %d" % (call, time))
        with person.renew("--to", HERE) as at:
            at.expect(person.say(PIN_OF) % "Rutoken ECP 48e243b5")
            if call is None:
                tokens.set("absent 0")
            at.type(PIN + ENTER)
            at.expect(gone)
            tokens.set()
            if call is None:
                at.expect(person.say(PIN_OF) % "Rutoken ECP 48e243b5")
                at.type(PIN + ENTER)
            same(at.end(), 0, at.shown)
        same(len(person.who.keys(HERE)), 1)
        same(len(tokens.calls("C_GenerateKeyPair")), made)


@case_of_each([("english", ""), ("russian", "ru")])
def pins_are_entered_at_the_reader(_, language):
    with Sandbox() as sandbox:
        person = Person(sandbox, language)
        tokens = person.who.tokens
        tokens.set("pad %s another-one" % PIN)
        with person.at("pin", HERE) as at:
            same(at.end(), 0, at.shown)
            flat = re.sub(r"\s+", " ", at.shown)
            within(person.say("%s: enter it at the reader now.") % (
                person.say(PIN_OF_NEW) % ("Rutoken ECP 48e243b5",
                                          "12345678")), flat)
            person.told(at, "The token has the new PIN now.")
        tokens.set("pad another-one")
        tokens.forget()
        with person.renew("--to", HERE) as at:
            same(person.answer(at), 0, at.shown)
        true(tokens.calls("C_Login"))
        # Who presses cancel there wants nothing more of it.
        tokens.set("pad")
        with person.at("pin", HERE, "--unblock") as at:
            same(at.end(), 5, at.shown)
            true("--new-pin-file" not in at.shown, at.shown)
        same(tokens.calls("C_InitPIN"), [])


@case_of_each([("english", ""), ("russian", "ru")])
def the_pin_is_changed(_, language):
    with Sandbox() as sandbox:
        person = Person(sandbox, language)
        with person.at("pin", HERE) as at:
            same(person.answer(
                at, (PIN_OF, PIN + ENTER),
                ("New PIN of the token", ["another-one" + ENTER] * 2),
                ("The same PIN once more", ["another-two" + ENTER,
                                            "another-one" + ENTER])), 0,
                at.shown)
            person.told(at, "The token has the new PIN now.")
            true("another" not in at.shown, at.shown)
        person.who.tokens.tool("--login", "--pin", "another-one",
                               "--list-objects")


harness.main(jobs=3)
