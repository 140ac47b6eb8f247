#!/usr/bin/python3
"""kep with tokens as a person meets it, at a terminal of 80 columns, in both
languages: which token, its PIN and its tries, a token that is pulled out in
the middle, another PIN."""

import os
import re
import signal

import harness
import talk
from harness import Sandbox, case, case_of_each, folder, same, true, within
from subscriber import Subscriber
from talk import CTRL_C, ENTER, Talk
from tokens import Desk, Token

SERIAL = "48e243b5"
USER = "12345678"
SAMPLE = os.path.join(harness.ROOT, "tests/data/synthetic-2012-256-nopassword")
CODE = "Code from the message to the telephone ending in"
CONFIRM = "Confirmation code from the message to the telephone ending in"
RANDOM = ("Your new key needs randomness. Press different keys, or move the "
          "mouse over this window, until 100 % is reached. Esc stops.")
COPY = "Where to put the copy: a number or a folder (Enter: no copy now)"
LANGUAGES = [("english", ""), ("russian", "ru")]


class Person:
    """At a desk with a terminal; sandbox None: they have no certificate."""

    def __init__(self, desk, language="", sandbox=None):
        self.desk, self.language, self.sandbox = desk, language, sandbox
        self.say = talk.translations(language)
        self.yes, self.no = (self.say(word) + ENTER for word in ("yes", "no"))
        self.home = folder("home")
        if sandbox is not None:
            self.who = Subscriber(sandbox)

    def env(self):
        clean = {name: None for name in os.environ
                 if name.startswith(("XDG_", "LC_", "KEP_"))
                 or name == "LANGUAGE"}
        return {**clean, "HOME": self.home, "TERM": "xterm", **self.desk.env,
                "LANG": "ru_RU.UTF-8" if self.language else "C.UTF-8"}

    def at(self, *words):
        return Talk("kep", *words, env=self.env())

    def renew(self, *words):
        return self.at("renew", *words, "--server", self.sandbox.url,
                       "--server-ca", self.sandbox.ca, "--phone",
                       self.who.phone)

    def code(self, at, number):
        return lambda: at.type(
            self.sandbox.code(self.who.phone, after=number - 1) + ENTER)

    def answer(self, at, answers):
        """Questions in English; its exit status."""
        return talk.answer(at, [(self.say(question), texts) for question, texts
                                in answers])

    def told(self, at, text):
        within(self.say(text), re.sub(r"\s+", " ", at.shown), at.shown)

    def renewal(self, at, *more):
        """All that is asked in one without a copy, and more; nothing is asked
        twice."""
        return [(CODE, self.code(at, 1)),
                ("What has changed since the last time?", ENTER),
                ("Are all the data right?", self.yes),
                ("Do you agree?", [self.yes, self.yes]),
                (RANDOM, lambda: at.stir("100 %")),
                (CONFIRM, self.code(at, 2)), *more]


def pin_of(person):
    """The question for a PIN, up to the name of the token."""
    return person.say("PIN of the token %s").split("%")[0].strip()


# rule_62
@case_of_each(LANGUAGES)
def a_renewal_onto_a_token_in(_, language):
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk)
        token.insert()
        person = Person(desk, language, sandbox)
        with person.renew(person.who.old, "--to", "rutoken:",
                          "--no-backup") as at:
            same(person.answer(at, person.renewal(
                at, (pin_of(person), ["00000000" + ENTER, USER + ENTER]))), 0,
                 at.shown)
            person.told(at, "The token did not accept the PIN. Check the "
                            "keyboard layout and Caps Lock.")
            # That of all new tokens is named where the first is asked for,
            # not where it was wrong, and where it was right; nothing else is.
            same(at.shown.count(USER), 2, at.shown)
            true("00000000" not in at.shown, at.shown)
        same(token.slots(), ["0A00"])
        same(token.number("tries", 2), 10)


def number_of_token(at):
    """It has one in the list of places, which is typed."""
    def choose():
        numbers = re.findall(r"(\d+)\s+token: Rutoken ECP 3\.0 48e243b5",
                             at.shown)
        true(numbers, at.shown)
        at.type(numbers[-1] + ENTER)
    return choose


# rule_56
@case
def a_token_is_one_of_the_places_for_the_key():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk)
        token.insert()
        person = Person(desk, sandbox=sandbox)
        with person.renew(person.who.old, "--no-backup") as at:
            same(person.answer(at, person.renewal(
                at, ("Place of the new key: a number of the list, or a "
                     "folder", number_of_token(at)),
                (pin_of(person), USER + ENTER))), 0, at.shown)
        same(token.slots(), ["0A00"])


# rule_85, rule_86
@case
def a_token_is_one_of_the_places_for_the_copy():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk)
        token.insert()
        person = Person(desk, sandbox=sandbox)
        with person.renew(person.who.old, "--to",
                          "file:" + person.who.new) as at:
            same(person.answer(at, person.renewal(
                at, ("Password of the new container (Enter: none)", ENTER),
                ("Leave it without a password?", person.yes),
                (COPY, number_of_token(at)),
                (pin_of(person), USER + ENTER))), 0, at.shown)
        same(token.slots(), ["0A00"])


@case_of_each(LANGUAGES)
def back_from_the_pin_leads_to_the_place_in(_, language):
    """And costs no try."""
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk)
        token.insert()
        person = Person(desk, language, sandbox)
        place = person.say("Place of the new key: a number of the list, or a "
                           "folder")
        sure = person.say("That is the word that leads back. Is it the PIN or "
                          "password itself?")
        with person.renew(person.who.old, "--no-backup") as at:
            for question, typed in (
                    (person.say(CODE), None),
                    (person.say("What has changed since the last time?"),
                     ENTER),
                    (person.say("Are all the data right?"), person.yes),
                    (person.say("Do you agree?"), person.yes),
                    (person.say("Do you agree?"), person.yes),
                    (place, "rutoken:" + ENTER), (person.say(RANDOM), None),
                    (pin_of(person), person.say("back") + ENTER),
                    (sure, person.no), (place, ENTER),
                    (pin_of(person), CTRL_C)):
                at.expect(question)
                if typed is not None:
                    at.type(typed)
                elif question == person.say(CODE):
                    person.code(at, 1)()
                else:
                    at.stir("100 %")
            at.end()
        same(token.number("tries", 2), 10)
        same(token.number("verifications", 2), 0)
        same(token.slots(), [])


@case
def which_of_two_tokens():
    with Desk() as desk:
        first, second = Token(desk), Token(desk, 1, dialect="lite",
                                           serial="00001234")
        first.insert()
        second.insert()
        person = Person(desk)
        with person.at("pin", "rutoken:") as at:
            at.expect("Several tokens are plugged in. Which one do you mean?")
            within("1 Rutoken ECP 3.0 48e243b5 2 Rutoken Lite 00001234",
                   re.sub(r"\s+", " ", at.shown))
            at.type("2" + ENTER)
            same(person.answer(at, [
                ("PIN of the token", USER + ENTER),
                ("New PIN of the token", "new-PIN-77" + ENTER),
                ("The same PIN once more", "new-PIN-77" + ENTER)]), 0,
                 at.shown)
        true(first.ask("is", 2, USER)[0])
        true(second.ask("is", 2, "new-PIN-77")[0])


# Nobody thinks one up anew because it was a character short.
@case_of_each(LANGUAGES)
def a_new_pin_of_a_wrong_length_is_asked_again_in(_, language):
    with Desk() as desk:
        token = Token(desk, dialect="lite", minimum=8)
        token.insert()
        person = Person(desk, language)
        with person.at("pin", "rutoken:") as at:
            same(person.answer(at, [
                (pin_of(person), USER + ENTER),
                ("New PIN of the token",
                 ["short-7" + ENTER, 33 * "x" + ENTER, "12345678" + ENTER,
                  "new-PIN-77" + ENTER]),
                ("The same PIN once more", "new-PIN-77" + ENTER)]), 0,
                 at.shown)
            told = person.say(
                "A PIN of this token has from %zu to %zu characters.")
            same(re.sub(r"\s+", " ", at.shown).count(
                told.replace("%zu", "8", 1).replace("%zu", "32")), 2,
                 at.shown)
        true(token.ask("is", 2, "new-PIN-77")[0])


@case_of_each(LANGUAGES)
def the_last_try_in(_, language):
    with Desk() as desk:
        token = Token(desk)
        token.put("0A00", SAMPLE)
        token.tell("set", 2, 1)
        token.insert()
        person = Person(desk, language)
        place = "rutoken:%s/0A00" % SERIAL
        with person.at("verify", place) as at:
            at.expect(person.say("Spend the last try?"))
            at.type(person.no)
            same(at.end(), 5, at.shown)
        same(token.number("tries", 2), 1)
        with person.at("verify", place) as at:
            same(person.answer(at, [
                ("Spend the last try?", person.yes),
                (pin_of(person), USER + ENTER)]), 0, at.shown)
        same(token.number("tries", 2), 10)


@case_of_each(LANGUAGES)
def only_what_is_hidden_takes_the_pin_in(_, language):
    with Desk() as desk:
        token = Token(desk)
        token.put("0A00", SAMPLE)
        token.put("0B00", SAMPLE, shut=True)
        token.insert()
        person = Person(desk, language)
        with person.at("show", "rutoken:%s/0A00" % SERIAL) as at:
            same(at.end(), 0, at.shown)
            person.told(at, "behind the PIN, not read")
        same(token.number("verifications", 2), 0)
        with person.at("show", "rutoken:%s/0B00" % SERIAL) as at:
            same(person.answer(at, [(pin_of(person), USER + ENTER)]), 0,
                 at.shown)
            person.told(at, "On this token even what a container is about "
                            "stands behind the PIN, so it is needed to go on.")
        same(token.number("verifications", 2), 1)


@case_of_each(LANGUAGES)
def the_administrator_unlocks_in(_, language):
    with Desk() as desk:
        token = Token(desk)
        token.tell("set", 2, 0)
        token.tell("set", 1, 2)
        token.insert()
        person = Person(desk, language)
        ask = person.say("Administrator's PIN of the token %s")
        ask = ask.split("%")[0].strip()
        new = person.say("New PIN of the token (Enter: keep the old one)")
        keep = person.say("Somebody has to know the old PIN: it cannot be "
                          "shown. Keep it?")
        again = person.say("The same PIN once more")
        # Its tries are said before; the last is spent on their word alone.
        with person.at("pin", "rutoken:", "--unblock") as at:
            at.expect(ask)
            within("2 ", at.shown)
            at.type("00000000" + ENTER)
            at.expect(person.say("Spend the last try?"))
            at.type(person.no)
            same(at.end(), 5, at.shown)
        same(token.number("tries", 1), 1)
        with person.at("pin", "rutoken:", "--unblock") as at:
            same(person.answer(at, [
                ("Spend the last try?", person.yes), (ask, "87654321" + ENTER),
                (new, ENTER), (keep, ENTER)]), 0, at.shown)
            person.told(at, "The PIN of the token has all its tries again.")
            same(at.shown.count("87654321"), 1, at.shown)
        same(token.number("tries", 2), 10)
        true(token.ask("is", 2, USER)[0])
        with person.at("pin", "rutoken:", "--unblock") as at:
            same(person.answer(at, [
                (ask, "87654321" + ENTER), (new, "new-PIN-77" + ENTER),
                (again, "new-PIN-77" + ENTER)]), 0, at.shown)
        true(token.ask("is", 2, "new-PIN-77")[0])
        with person.at("pin", "rutoken:", "--admin") as at:
            same(person.answer(at, [
                (ask, "87654321" + ENTER),
                ("New PIN of the token's administrator",
                 ["пароль-77" + ENTER, "adm-77" + ENTER]),
                (again, "adm-77" + ENTER)]), 0, at.shown)
            # What cannot be is refused and not asked about, and a PIN that is
            # being changed has not to be changed.
            person.told(at, "A PIN may have only Latin letters, digits and "
                            "signs: others are not understood by all programs.")
            true("87654321" not in at.shown, at.shown)
        true(token.ask("is", 1, "adm-77")[0])


@case_of_each(LANGUAGES)
def pulled_out_and_put_back_in(_, language):
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect="lite")
        token.insert()
        person = Person(desk, language, sandbox)
        token.fault("absent", pattern="00D6", skip=4)
        gone = person.say("The token is not there. Plug it in: the work goes "
                          "on by itself then. Its place: %s. Ctrl-C stops "
                          "here, and nothing is lost.").split("%")[0].strip()
        with person.renew(person.who.old, "--to", "rutoken:" + SERIAL,
                          "--no-backup") as at:
            same(person.answer(at, person.renewal(
                at, (pin_of(person), USER + ENTER), (gone, token.put_back))),
                 0, at.shown)
        same(token.slots(), ["0A00"])
        same(token.number("tries", 2), 10)


@case
def pulled_out_and_given_up():
    with Desk() as desk, Sandbox("--issue-after", "1") as sandbox:
        token = Token(desk, dialect="lite")
        token.insert()
        person = Person(desk, "", sandbox)
        token.fault("absent", pattern="00D6", skip=4)
        with person.renew(person.who.old, "--to", "rutoken:" + SERIAL,
                          "--no-backup") as at:
            asked = person.renewal(at, ("PIN of the token", USER + ENTER), (
                "The token is not there. Plug it in", CTRL_C))
            same(person.answer(at, [one for one in asked
                                    if one[0] != CONFIRM]),
                 -signal.SIGINT, at.shown)
        token.put_back()
        with person.at("resume", "--server", sandbox.url, "--server-ca",
                       sandbox.ca, "--phone", person.who.phone) as at:
            same(person.answer(at, [
                (RANDOM, lambda: at.stir("100 %")),
                ("PIN of the token", USER + ENTER),
                (CONFIRM, person.code(at, 2))]), 0, at.shown)
        same(token.slots(), ["0A00"])


harness.main(jobs=4)
