#!/usr/bin/python3
"""The commands on containers as a person meets them at a terminal, in both
languages: passwords that are typed, mistyped, and not given at all."""

import os
import re
import shutil
import signal

import harness
import talk
from harness import case_of_each, folder, ok, run, same, true, within
from subscriber import at_home, tree
from talk import CTRL_C, CTRL_D, ENTER, Talk, on_one_line

DATA = os.path.join(harness.ROOT, "tests/data")
PLAIN = "synthetic-2012-256-nopassword"
LOCKED = "synthetic-2012-256-password-qwerty123"
LANGUAGES = [("english", ""), ("russian", "ru")]
OPEN = "Password of the container"
WRONG = ("The password does not open the container. Check the keyboard layout "
         "and Caps Lock.")
NEW = "New password of the container (Enter: none)"
AGAIN = "The same password once more"
WITHOUT = ("Without a password whoever gets the files of the container can "
           "sign as you. Leave it without one?")
SEAL = "Passphrase for the archive (without it nobody can open the archive)"
SEAL_AGAIN = "The same passphrase once more"
UNSEAL = "Passphrase of the archive"
PFX = "Password for the PFX file"
PFX_OPEN = "Password of the PFX file (Enter: none)"


class Desk:
    """A home and a container, at a terminal of 80 columns."""

    def __init__(self, name, language=""):
        self.base = folder("desk")
        self.where, self.to = self.base + "/keys/box", self.base + "/to"
        shutil.copytree(os.path.join(DATA, name), self.where)
        os.mkdir(self.to)
        self.say, self.language = talk.translations(language), language
        self.yes, self.no = (self.say(word) + ENTER for word in ("yes", "no"))
        self.before = tree(self.base + "/keys")

    def at(self, *words):
        return Talk("kep", *words, cwd=self.base, env=at_home(
            self.base, TERM="xterm",
            LANG="ru_RU.UTF-8" if self.language else "C.UTF-8"))

    def reply(self, at, *answers):
        """Questions in English: the exit status."""
        return talk.answer(at, [
            (self.say(question), [text + ENTER for text in (
                texts if isinstance(texts, list) else [texts])])
            for question, texts in answers])

    def answer(self, at, *answers):
        """The same with secrets, none of which may be seen."""
        status = self.reply(at, *answers)
        # Nothing that was typed without echo is shown.
        for _, texts in answers:
            for text in texts if isinstance(texts, list) else [texts]:
                true(len(text) < 5 or text not in at.shown, at.shown)
        return status

    def tell(self, at, *texts):
        flat = re.sub(r"\s+", " ", at.shown)
        for text in texts:
            within(self.say(text), flat, at.shown)

    def opens(self, *password):
        return run("tests/witness/witness", self.where,
                   *password).returncode == 0


@case_of_each(LANGUAGES)
def a_password_is_set_and_removed_in(_, language):
    desk = Desk(PLAIN, language)
    with desk.at("password", desk.where) as at:
        same(desk.answer(at, (NEW, ["first one", "first one"]),
                         (AGAIN, ["first two", "first one"])), 0, at.shown)
        desk.tell(at, "The container has the new password now.")
    true(desk.opens("first one"))
    with desk.at("password", desk.where) as at:
        same(desk.answer(at, (OPEN, ["mistyped", "first one"]), (NEW, ""),
                         (WITHOUT, desk.yes.strip())), 0, at.shown)
        desk.tell(at, "The container has no password now.")
    true(desk.opens())


@case_of_each(LANGUAGES)
def back_leads_to_the_password_it_has_in(_, language):
    desk = Desk(LOCKED, language)
    back = desk.say("back") + ENTER
    sure = desk.say("That is the word that leads back. Is it the PIN or "
                    "password itself?")
    with desk.at("password", desk.where) as at:
        for question, typed in (
                (OPEN, "qwerty123" + ENTER), (NEW, back), (sure, desk.no),
                (OPEN, "qwerty123" + ENTER), (NEW, ENTER), (WITHOUT, back),
                (NEW, "new 78" + ENTER), (AGAIN, "new 78" + ENTER)):
            at.expect(desk.say(question))
            at.type(typed)
        same(at.end(), 0, at.shown)
    true(desk.opens("new 78"))


@case_of_each(LANGUAGES)
def what_cannot_be_typed_elsewhere_is_no_password_in(_, language):
    desk = Desk(PLAIN, language)
    with desk.at("password", desk.where) as at:
        at.expect(desk.say(NEW))
        at.type("пароль" + ENTER)
        at.expect(desk.say(NEW))
        desk.tell(at, "The password of a new container may have at most 256 "
                      "characters, and only Latin letters, digits and signs: "
                      "with others some programs could not open it.")
        at.type("latin 77" + ENTER)
        at.expect(desk.say(AGAIN))
        at.type("latin 77" + ENTER)
        same(at.end(), 0, at.shown)
    true(desk.opens("latin 77"))


@case_of_each(LANGUAGES)
def a_container_is_verified_in(_, language):
    desk = Desk(LOCKED, language)
    with desk.at("verify", desk.where) as at:
        same(desk.answer(at, (OPEN, ["qwerty124", "qwerty123"])), 0, at.shown)
        desk.tell(at, WRONG,
                  "Everything in the container is in order: the key opens, "
                  "and all that belongs to it fits.")
    # Three times is enough, and the third time it is not said twice.
    for command, question in (
            (("verify", desk.where), OPEN),
            (("backup", desk.where, "--to", desk.to), OPEN)):
        with desk.at(*command) as at:
            same(desk.answer(at, (question, ["qwerty1", "qwerty2", "qwerty3"])),
                 5, at.shown)
            same(on_one_line(at.shown).count(desk.say(WRONG)), 2,
                 at.shown)
    same(tree(desk.base + "/keys"), desk.before)


@case_of_each(LANGUAGES)
def an_archive_is_sealed_and_opened_in(_, language):
    desk = Desk(PLAIN, language)
    with desk.at("backup", desk.where, "--archive", "archive.kep") as at:
        same(desk.answer(at, (SEAL, ["short", "long enough", "long enough"]),
                         (SEAL_AGAIN, ["long enouhg", "long enough"])), 0,
             at.shown)
    with desk.at("restore", "archive.kep", "--to", desk.to) as at:
        same(desk.answer(at, (UNSEAL, ["long enouhg", "long enough"])), 0,
             at.shown)
        desk.tell(at, "The passphrase does not open the archive. Check the "
                  "keyboard layout and Caps Lock.")
    for name, (_, digest) in tree(desk.to).items():
        same(digest, desk.before[name][1], name)
    same(len(tree(desk.to)), 7)


@case_of_each(LANGUAGES)
def the_place_of_a_copy_is_asked_for_in(_, language):
    """And of what comes out of an archive, before the passphrase."""
    desk = Desk(PLAIN, language)
    where = "Where to put the copy: a number or a folder"
    with desk.at("backup", desk.where) as at:
        same(desk.reply(at, (where, [
            "", desk.base + "/none", desk.base + "/keys", desk.to])), 0,
            at.shown)
        desk.tell(at, "There is no such file, folder or container.",
                  "The backup has been made and checked.")
    same(len(tree(desk.to)), 7)
    with desk.at("backup", desk.where, "--archive", "archive.kep") as at:
        same(desk.reply(at, (SEAL, "long enough"),
                         (SEAL_AGAIN, "long enough")), 0, at.shown)
    with desk.at("restore", "archive.kep") as at:
        same(desk.reply(
            at, ("Where to put the containers: a number or a folder",
                 desk.base + "/keys"), (UNSEAL, "long enough")), 0, at.shown)
        desk.tell(at, "The containers are restored and checked.")
    # A place that is not there is said before the passphrase is asked for.
    with desk.at("restore", "archive.kep", "--to", desk.base + "/none") as at:
        same(at.end(), 5, at.shown)
        true(desk.say(UNSEAL) not in at.shown, at.shown)
    with desk.at("backup", desk.where) as at:
        same(desk.reply(at, (where, desk.say("cancel"))), 5, at.shown)


@case_of_each(LANGUAGES)
def a_key_is_exported_and_imported_in(_, language):
    desk = Desk(PLAIN, language)
    with desk.at("export", desk.where, "key.pfx") as at:
        same(desk.answer(at, (PFX, ["word of it", "word of it"]),
                         (AGAIN, ["word of tI", "word of it"])), 0, at.shown)
    # Where to is asked, too, once it is known that there is such a file.
    with desk.at("import", "other.pfx") as at:
        same(at.end(), 5, at.shown)
    with desk.at("import", "key.pfx") as at:
        for place in (desk.base + "/none", desk.to):
            at.expect(desk.say("Where to put the containers: a number or a "
                               "folder"))
            at.type(place + ENTER)
        status = desk.answer(
            at, (PFX_OPEN, ["word of tI", "word of it"]),
            ("Password of the new container (Enter: none)", "for the new"),
            (AGAIN, "for the new"))
        same(status, 0, at.shown)
    made, = os.listdir(desk.to)
    ok("tests/witness/witness", os.path.join(desk.to, made), "for the new")


# What is asked first; what was answered before it.
STOPS = [
    ("password_of_it", LOCKED, ["password", "{where}"], OPEN, []),
    ("new_password", LOCKED, ["password", "{where}"], NEW,
     [(OPEN, "qwerty123")]),
    ("the_same_once_more", PLAIN, ["password", "{where}"], AGAIN,
     [(NEW, "first one")]),
    ("verify", LOCKED, ["verify", "{where}"], OPEN, []),
    ("passphrase", PLAIN, ["backup", "{where}", "--archive", "a.kep"], SEAL,
     []),
    ("passphrase_once_more", PLAIN, ["backup", "{where}", "--archive",
                                     "a.kep"], SEAL_AGAIN,
     [(SEAL, "long enough")]),
    ("export", PLAIN, ["export", "{where}", "a.pfx"], PFX, []),
]


@case_of_each([(row[0] + end, key, status, *row[1:])
               for row in STOPS
               for end, key, status in (("", CTRL_C, -signal.SIGINT),
                                        ("_by_its_end", CTRL_D, 5))])
def stopped_at(_, key, status, name, words, question, before):
    desk = Desk(name)
    with desk.at(*[word.format(where=desk.where) for word in words]) as at:
        for asked, text in before:
            at.expect(asked)
            at.type(text + ENTER)
        at.expect(question)
        at.type(key)
        same(at.end(), status, at.shown)
    same(tree(desk.base + "/keys"), desk.before)
    for file in ("a.kep", "a.pfx"):
        true(not os.path.exists(os.path.join(desk.base, file)), file)


harness.main(jobs=4)
