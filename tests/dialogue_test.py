#!/usr/bin/python3
"""kep renew and kep resume as a person meets them, at a terminal of 80
columns, in both languages: questions and answers, wrong codes, Ctrl-C."""

import os
import re
import shutil
import signal

import harness
import talk
from harness import Sandbox, case, case_of_each, folder, same, true, within
from subscriber import Subscriber
from talk import CTRL_C, CTRL_D, ENTER, Talk

CHANGED = "What has changed since the last time?"
CODE = "Code from the message to the telephone ending in"
CONFIRM = "Confirmation code from the message to the telephone ending in"
PLACE = "Place of the new key: a number of the list, or a folder"
RANDOM = ("Your new key needs randomness. Press different keys, or move the "
          "mouse over this window, until 100 % is reached. Esc stops.")
COPY = "Where to put the copy: a number or a folder (Enter: no copy now)"
LANGUAGES = [("english", ""), ("russian", "ru")]
PASSWORD = "Pass-word 5512"


class Person:
    """A subscriber at a terminal."""

    def __init__(self, sandbox, language="", columns=80, issue=()):
        self.sandbox, self.columns = sandbox, columns
        self.who = Subscriber(sandbox, *issue)
        self.say = talk.translations(language)
        self.yes = self.say("yes") + ENTER
        self.language = language

    def at(self, *words):
        return Talk("kep", *words, "--server", self.sandbox.url,
                    "--server-ca", self.sandbox.ca, columns=self.columns,
                    cwd=self.who.base, env=self.who.env(
                        TERM="xterm", LANG="ru_RU.UTF-8" if self.language
                        else "C.UTF-8"))

    def code(self, number):
        """The function that types the code of the n-th SMS of all."""
        return lambda at: at.type(
            self.sandbox.code(self.who.phone, after=number - 1) + ENTER)

    def wrong(self, number):
        """Another one than that of the n-th SMS."""
        def one(at):
            right = self.sandbox.code(self.who.phone, after=number - 1)
            at.type("%06d" % ((int(right) + 1) % 1000000) + ENTER)
        return one

    def latest(self, question):
        """The code of the latest SMS of the kind that is asked for."""
        texts = [text for text in self.sandbox.messages(self.who.phone)
                 if ("подтвержд" in text) == (question == CONFIRM)]
        return re.findall(r"(?<!\d)\d{6}(?!\d)", texts[-1])[0]

    def answer(self, at, answers):
        """Questions in English; an answer that is a function gets the
        terminal."""
        def bind(one):
            return (lambda: one(at)) if callable(one) else one

        return talk.answer(at, [
            (self.say(question), [bind(one) for one in (
                texts if isinstance(texts, list) else [texts])])
            for question, texts in answers])

    def tell(self, at):
        """What a person has to have been told once it has ended."""
        flat = re.sub(r"\s+", " ", at.shown)
        return lambda text: within(self.say(text), flat, at.shown)

    # --- what is asked ---

    def sign_in(self, *codes):
        return [("Your telephone number, for the code",
                 self.who.phone + ENTER), (CODE, list(codes))]

    def agree(self):
        return [(CHANGED, ENTER), ("Are all the data right?", self.yes),
                ("Do you agree?", [self.yes, self.yes])]

    def make(self):
        return [(PLACE, "file:" + self.who.new + ENTER),
                ("Password of the new container (Enter: none)",
                 PASSWORD + ENTER),
                ("The same password once more", PASSWORD + ENTER),
                (RANDOM, lambda at: at.stir("100 %"))]

    def finish(self, *codes):
        return [(CONFIRM, list(codes)),
                (COPY, "file:" + self.who.backup + ENTER)]

    def check(self):
        """One key, with its certificate, and its copy; the old is whole."""
        made, = self.who.containers()
        same(self.who.containers(self.who.backup), [made])
        pin = harness.folder("pin") + "/pin"
        with open(pin, "w") as file:
            file.write(PASSWORD)
        for base in (self.who.new, self.who.backup):
            done = self.who.kep("verify", os.path.join(base, made), "--json",
                                "--pin-file", pin)
            same(done.word, "inOrder", done)
            true(done.json["report"]["keys"][0]["certificateFits"], done)
        self.who.check_old()


# --- from the first question to the last ------------------------------------


# rule_22, rule_23, rule_57, rule_58
@case_of_each(LANGUAGES)
def a_whole_renewal_in(_, language):
    with Sandbox("--issue-after", "1", client=True) as sandbox:
        person = Person(sandbox, language)
        with person.at("renew", person.who.old) as at:
            status = person.answer(at, [
                *person.sign_in(person.wrong(1), person.code(1)),
                *person.agree(), *person.make(),
                *person.finish(person.wrong(2), person.code(2))])
            same(status, 0, at.shown)
            told = person.tell(at)
        for text in ("These data will be in the new certificate:",
                     "The statement that will be signed",
                     "The certificate has been renewed: it is installed and "
                     "ready for use."):
            told(text)
        steps = ["%d/15 %s" % (number, person.say(title)) for number, title in
                 ((3, "Check the data of the new certificate"),
                  (4, "Check the documents"), (6, "Sending the application"))]
        flat = re.sub(r"\s+", " ", at.shown)
        places = [flat.find(step) for step in steps]
        true(-1 not in places and places == sorted(places), at.shown)
        person.check()
        # Nothing is wider than the terminal, but what cannot be broken.
        for line in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", at.shown).split("\n"):
            line = line.split("\r")[-2 if line.endswith("\r") else -1]
            line = line.replace(person.who.base, "")  # as it was typed
            true(len(line) <= 80 or " " not in line.strip()[:80], line)


@case_of_each(LANGUAGES)
def what_is_mistyped_is_asked_again_in(_, language):
    with Sandbox() as sandbox:
        person = Person(sandbox, language, columns=60)
        none = person.who.base + "/none"
        with person.at("renew", person.who.old) as at:
            status = person.answer(at, [
                ("Your telephone number, for the code",
                 ["12" + ENTER, "+7 (900) 000" + ENTER,
                  person.who.phone + ENTER]),
                (CODE, "12345" + ENTER),
                ("The code has six digits. Please type it again.",
                 ["12a456" + ENTER, person.code(1)]),
                (CHANGED, ["9" + ENTER, "x" + ENTER, "1" + ENTER]),
                ("Are all the data right?", ["what" + ENTER, person.yes]),
                ("Do you agree?", [person.yes, person.yes]),
                (PLACE, [none + ENTER, person.who.new + ENTER]),
                ("Password of the new container (Enter: none)",
                 [PASSWORD + ENTER, PASSWORD + ENTER]),
                ("The same password once more",
                 ["another" + ENTER, PASSWORD + ENTER]),
                (RANDOM, lambda at: at.stir("100 %")),
                (CONFIRM, person.code(2)),
                (COPY, [person.who.new + ENTER, person.who.backup + ENTER])])
            same(status, 0, at.shown)
            person.tell(at)("Please answer yes or no.")
        person.check()


# --- before anything is begun -----------------------------------------------


def say_to(base, language, *words):
    """What kep says where nobody types."""
    return harness.run("kep", *words, cwd=base, env={
        "HOME": base, "XDG_STATE_HOME": base, "XDG_DATA_HOME": base,
        "XDG_CONFIG_HOME": base, "LC_ALL": None, "LANGUAGE": None,
        "LANG": "ru_RU.UTF-8" if language else "C.UTF-8"})


@case_of_each(LANGUAGES)
def help_fits_a_terminal_in(_, language):
    base = folder("help")
    whole = say_to(base, language, "--help").stdout
    names = re.findall(r"^  ([a-z]+)  +\S", whole, re.M)
    true(len(names) > 15, whole)
    for name in names:
        whole += say_to(base, language, name, "--help").stdout
    for line in whole.splitlines():
        true(len(line) < 80, line)


@case_of_each(LANGUAGES)
def what_is_missing_is_told_in(_, language):
    base, say = folder("desk"), talk.translations(language)
    for words, status, told in (
            (["statement"], 2, say('It has to be said with what: "kep %s %s"'
                                   '%s') % ("statement", say("RENEWAL"), ".")),
            (["verify"], 2, say(". Which containers there are is shown by kep "
                                "list.")),
            (["verify", "/media/MY", "KEYS"], 2,
             say('There is something too much behind the command: "kep %s %s".'
                 " A name with blanks in it stands between quotation marks.")
             % ("verify", say("CONTAINER"))),
            (["renew"], 2, say("Name the container: kep renew CONTAINER."))):
        done = say_to(base, language, *words)
        same(done.returncode, status, done)
        within(told.strip(), " ".join(done.stderr.split()), done)
        for line in done.stderr.splitlines():
            true(len(line) < 80, done)
    # Nobody is told how to go back who cannot type.
    done = say_to(base, language, "request")
    true(say("back") not in done.stderr, done)


@case_of_each(LANGUAGES)
def nothing_is_due_in(_, language):
    with Sandbox() as sandbox:
        person = Person(sandbox, language)
        for more, status in ([], 0), (["--exit-not-due"], 10):
            with person.at("renew", *more) as at:
                same(at.end(), status, at.shown)
                person.tell(at)("No certificate has to be renewed now.")
        # At a terminal it is not said that there is none.
        with Talk("kep", "renew", person.who.old, cwd=person.who.base,
                  env=person.who.env(TERM="xterm", LANG="C.UTF-8")) as at:
            same(at.end(), 2, at.shown)
            within("by --server", at.flat() or at.shown)


# --- whether, and which one -------------------------------------------------


# rule_3
@case_of_each(LANGUAGES)
def what_is_too_early_may_have_been_asked_for_in(_, language):
    asked = "Have you asked for an unscheduled replacement?"
    with Sandbox() as sandbox:
        person = Person(sandbox, language, issue=("--days", "100"))
        no = person.say("no") + ENTER
        with person.at("renew", person.who.old) as at:
            same(person.answer(at, [(asked, no)]), 0, at.shown)
            person.tell(at)("It is too early to renew this certificate.")
        # Whoever has not is told so by the centre, too.
        with person.at("renew", person.who.old) as at:
            same(person.answer(at, [(asked, person.yes),
                                    *person.sign_in(person.code(1))]), 0,
                 at.shown)
            person.tell(at)("It is too early to renew this certificate.")
        sandbox.set(person.who.thumbprint, "replacement")
        with person.at("renew", person.who.old) as at:
            same(person.answer(at, [
                (asked, person.yes), *person.sign_in(person.code(2)),
                *person.agree(), *person.make(),
                *person.finish(person.code(3))]), 0, at.shown)
        person.check()


# rule_43, rule_44
@case_of_each(LANGUAGES)
def one_that_is_over_is_led_to_paper_in(_, language):
    with Sandbox() as sandbox:
        person = Person(sandbox, language, issue=("--days", "-1"))
        sandbox.set(person.who.thumbprint, "paper")
        paper = "Apply with a statement on paper?"
        with person.at("renew", person.who.old) as at:
            same(person.answer(at, [(paper, person.say("no") + ENTER)]), 5,
                 at.shown)
            person.tell(at)("The certificate has expired: it can no longer "
                            "sign its own renewal.")
        with person.at("renew", person.who.old) as at:
            same(person.answer(at, [
                (paper, person.yes), *person.sign_in(person.code(1)),
                ("Which one is to be corrected? 0: everything is right",
                 "0" + ENTER),
                ("Do you agree?", person.yes),
                ("The statement on paper", ["1" + ENTER])]), 5, at.shown)
            person.tell(at)("The statement has to be printed and signed by "
                            "hand.")


# rule_44
@case_of_each(LANGUAGES)
def one_whose_key_is_lost_is_led_to_paper_in(_, language):
    """And stays there, however often the person goes back."""
    with Sandbox() as sandbox:
        person = Person(sandbox, language)
        file = os.path.join(person.who.base, "lost.cer")
        der = person.who.der(person.who.thumbprint)
        with open(file, "wb") as out:
            out.write(der)
        shutil.rmtree(person.who.old_folder)
        paper = "Apply with a statement on paper?"
        with person.at("renew", file) as at:
            same(person.answer(at, [(paper, person.say("no") + ENTER)]), 5,
                 at.shown)
            person.tell(at)("This is a certificate without its key, and a "
                            "renewal is signed with the key.")
        corrected = "Which one is to be corrected? 0: everything is right"
        back = person.say("back") + ENTER
        with person.at("renew", file) as at:
            same(person.answer(at, [
                (paper, person.yes), *person.sign_in(person.code(1)),
                (corrected, [back, "0" + ENTER]), ("Do you agree?", person.yes),
                ("The statement on paper", ["1" + ENTER])]), 5, at.shown)
        form = person.who.resume().json["form"]
        sandbox.set(form, "approved")
        with person.at("resume") as at:
            at.expect(person.say("Do you agree?"))
            at.type(person.yes)
            at.expect(person.say(PLACE))
            # No place of a former key is among those that are offered.
            true(os.path.dirname(file) not in at.shown, at.shown)
            at.type(CTRL_C)
            at.end()


# rule_4, rule_11
@case_of_each(LANGUAGES)
def one_of_those_that_are_offered_is_chosen_in(_, language):
    with Sandbox() as sandbox:
        person = Person(sandbox, language, issue=("--name", "Первая Анна"))
        who = person.who
        others = {}
        for name, days in (("Вторая Белла", 20), ("Третья Вера", 20),
                           ("Четвёртая Галина", 100)):
            others[name] = sandbox.issue(
                who.phone, "file:" + folder(), "--name", name, "--days", days)
        sandbox.set(others["Третья Вера"][1], "daughter-organisation")
        for where in [who.old] + [where for where, _ in others.values()]:
            done = who.kep("backup", where, "--to", "local:")
            same(done.returncode, 0, done)
        done = who.renew(container=others["Третья Вера"][0])
        same(done.word, "daughterOrganisation", done)
        with person.at("renew") as at:
            at.expect(person.say("Which certificate is to be renewed?"))
            lines = re.findall(r"^ *(\d)\W+(.*), ", at.shown, re.M)
            same(sorted(name for _, name in lines),
                 ["Вторая Белла", "Первая Анна"], at.shown)
            number, = (number for number, name in lines
                       if name == "Вторая Белла")
            at.type(number + ENTER)
            at.expect(person.say("Your telephone number, for the code"))
            at.type(CTRL_C)
            at.end()
        told = who.kep("status", "local:", "--json").json["certificates"]
        same({one["subject"]["commonName"]: one["renewal"]["state"]
              for one in told},
             {"Первая Анна": "due", "Вторая Белла": "begun",
              "Третья Вера": "excluded", "Четвёртая Галина": "none"})


# --- back ------------------------------------------------------------------

SIGNED_IN = ("You are signed in, and what was answered before this is not "
             "asked again.")
SIGNED = ("The statement has been signed: what is in it can no longer be "
          "changed. If something is wrong, stop and withdraw the application: "
          "kep cancel.")
HANDED = ("The data have been handed over to the certification centre. If "
          "something is wrong, stop and withdraw the application: kep cancel.")
FOUND = ("The data have been handed over to the certification centre; what is "
         "wrong in them is corrected in their list.")
SENT = "The scan has been sent, and is not asked for again."
MADE = ("The new key has been made: its place and its password can no longer "
        "be chosen anew.")
INSTALLED = ("The certificate has been installed: only the copy is left to be "
             "made.")


@case_of_each(LANGUAGES)
def back_leads_to_the_question_before_in(_, language):
    """At every kind of question; and where something cannot be undone it is
    said why not."""
    with Sandbox("--issue-after", "1", client=True) as sandbox:
        person = Person(sandbox, language)
        back = person.say("back") + ENTER
        no = person.say("no") + ENTER
        phone = "Your telephone number, for the code"
        walk = [
            (phone, back), (phone, person.who.phone + ENTER),
            (CODE, back), (phone, ENTER), (CODE, person.code(1)),
            (CHANGED, back), (CHANGED, ENTER),
            ("Are all the data right?", back), (CHANGED, ENTER),
            ("Are all the data right?", no),
            ("What shall be done?", back),
            ("Are all the data right?", person.yes),
            ("Do you agree?", back), ("Are all the data right?", person.yes),
            ("Do you agree?", person.yes),
            ("Do you agree?", back), ("Do you agree?", person.yes),
            (PLACE, "file:" + person.who.new + ENTER),
            ("Password of the new container (Enter: none)", ENTER),
            ("Leave it without a password?", back),
            ("Password of the new container (Enter: none)", back),
            ("That is the word that leads back. Is it the PIN or password "
             "itself?", no),
            (PLACE, ENTER),
            ("Password of the new container (Enter: none)",
             PASSWORD + ENTER),
            ("The same password once more", PASSWORD + ENTER),
            (RANDOM, lambda at: at.stir("100 %")),
            (CONFIRM, lambda at: (at.type(back), person.code(2)(at))),
            (COPY, back), (COPY, "file:" + person.who.backup + ENTER)]
        with person.at("renew", person.who.old) as at:
            for question, typed in walk:
                at.expect(person.say(question))
                typed(at) if callable(typed) else at.type(typed)
            same(at.end(), 0, at.shown)
            told = person.tell(at)
        for text in ("There is no way back from here.", SIGNED_IN, SIGNED,
                     MADE, INSTALLED):
            told(text)
        # One message to sign in with, and one to confirm.
        same(len(sandbox.messages(person.who.phone)), 2, at.shown)
        person.check()


PHONE = "Your telephone number, for the code"


@case
def back_from_the_first_step_leads_to_another_certificate():
    with Sandbox() as sandbox:
        person = Person(sandbox, issue=("--name", "Первая Анна"))
        second = sandbox.issue(person.who.phone, "file:" + folder(),
                               "--name", "Вторая Белла", "--days", "20")
        for where in (person.who.old, second[0]):
            same(person.who.kep("backup", where, "--to",
                                "local:").returncode, 0)
        with person.at("renew") as at:
            at.expect("Which certificate is to be renewed?")
            numbers = {name: number for number, name in re.findall(
                r"^ *(\d) +(\w+ \w+), ", at.shown, re.M)}
            first = numbers["Первая Анна"]
            other = numbers["Вторая Белла"]
            at.type(first + ENTER)
            for question, typed in [
                    (PHONE, "back" + ENTER),
                    ("renewed? [%s]" % first, other + ENTER),
                    (PHONE, person.who.phone + ENTER),
                    (CODE, "back" + ENTER), (PHONE, "back" + ENTER),
                    ("renewed? [%s]" % other, "" + ENTER),
                    (PHONE, "cancel" + ENTER)]:
                at.expect(question)
                at.type(typed)
            same(at.end(), 5, at.shown)
            true("Renewing: Вторая Белла" in at.said(), at.shown)
        # Only what was chosen at last is begun.
        told = person.who.kep("status", "local:", "--json").json
        same({one["subject"]["commonName"]: one["renewal"]["state"]
              for one in told["certificates"]},
             {"Первая Анна": "due", "Вторая Белла": "begun"})


@case
def back_from_the_first_step_leads_to_whether():
    """Each answer counts anew."""
    asked = "Have you asked for an unscheduled replacement?"
    with Sandbox() as sandbox:
        person = Person(sandbox, issue=("--days", "100"))
        with person.at("renew", person.who.old) as at:
            for question, typed in [
                    (asked, "back" + ENTER),
                    ("to stop. " + asked, "yes" + ENTER),
                    (PHONE, "back" + ENTER), (asked, "yes" + ENTER),
                    (PHONE, person.who.phone + ENTER), (CODE, "back" + ENTER),
                    (PHONE, "back" + ENTER), (asked, "no" + ENTER)]:
                at.expect(question)
                at.type(typed)
            same(at.end(), 0, at.shown)
            person.tell(at)("It is too early to renew this certificate.")
        same(person.who.resume().word, "nothingOpen")


@case
def another_kind_of_renewal_is_another_application():
    with Sandbox(client=True) as sandbox:
        person = Person(sandbox)
        with person.at("renew", person.who.old) as at:
            for question, typed in [
                    *[(word, one[0] if isinstance(one, list) else one)
                      for word, one in person.sign_in(person.code(1))],
                    (CHANGED, "1" + ENTER),
                    ("Are all the data right?", "back" + ENTER),
                    (CHANGED + " [1]", "2" + ENTER),
                    ("Which one is to be corrected?", "back" + ENTER),
                    (CHANGED + " [2]", "1" + ENTER),
                    ("Are all the data right?", "cancel" + ENTER)]:
                at.expect(question)
                typed(at) if callable(typed) else at.type(typed)
            same(at.end(), 5, at.shown)
            person.tell(at)("kep resume")
        person.who.check_old()


LIST = "Which one is to be corrected?"


def walk(at, questions):
    """One after another; an answer may be a function of the terminal."""
    for question, typed in questions:
        at.expect(question)
        typed(at) if callable(typed) else at.type(typed + ENTER)


def barred(why, question):
    """What is shown where there is no way back."""
    return '%s Answer the question, or type "cancel" to stop. %s' % (
        why, question)


def number(label):
    """Types the number of a field in the list."""
    def one(at):
        found = re.findall(r"^ *(\d+) %s:" % label, at.shown, re.M)
        at.type(found[-1] + ENTER)
    return one


@case
def what_was_typed_stays_with_another_kind_of_renewal():
    with Sandbox(client=True) as sandbox:
        person = Person(sandbox)
        with person.at("renew", person.who.old) as at:
            walk(at, [(PHONE, person.who.phone), (CODE, person.code(1)),
                      (CHANGED, "2"), (LIST, number("Place of birth")),
                      ("Place of birth (", "гор. Пермь"), (LIST, "back"),
                      (CHANGED + " [2]", "3"),
                      (LIST, "cancel")])
            same(at.end(), 5, at.shown)
            # In the list of the first application, and of the second.
            same(len(re.findall(r"Place of birth: +гор. Пермь", at.shown)), 2,
                 at.shown)


@case
def back_among_the_data_for_esia():
    """Each with its former answer; and out of them, to the mode."""
    with Sandbox(client=True) as sandbox:
        person = Person(sandbox)
        sandbox.set(person.who.thumbprint, "no-esia")
        sandbox.set(person.who.thumbprint, "normal")
        with person.at("renew", person.who.old) as at:
            walk(at, [(PHONE, person.who.phone), (CODE, person.code(1)),
                      ("Date of birth", "back"),
                      (barred(SIGNED_IN, "Date of birth"), "01.02.1981"),
                      ("Place of birth", "back"),
                      ("Date of birth (like 31.12.1980) [01.02.1981]", ""),
                      ("Place of birth", "Пермь"), ("Sex", "1"),
                      ("Kind of document", "back"), ("Sex [1]", "2"),
                      ("Kind of document", "2"),
                      ("Document number", "AB 12"),
                      ("Date of its issue", "back"), ("[AB 12]", "back"),
                      ("Kind of document [2]", "1"),
                      # What a passport has besides is asked for now.
                      ("Document series", "5711"),
                      ("Document number", "123456"),
                      ("Date of its", "31.12.2010"), ("Issued by", "ОУФМС"),
                      ("Code of the office", "back"),
                      ("Issued by (as in the document) [ОУФМС]", ""),
                      ("Code of the office", "590-001"),
                      (LIST, "back"), ("[590-001]", ""), (LIST, "0"),
                      ("Do you agree?", "cancel")])
            same(at.end(), 5, at.shown)
        # All of it has been handed over, and is not asked for again.
        with person.at("resume") as at:
            at.expect("Do you agree?")
            at.type("cancel" + ENTER)
            same(at.end(), 5, at.shown)
        # Whose renewal it is, is said first.
        true(re.search(r"Renewal [0-9a-f]{8}: \w+ \w+ \w+", at.shown),
             at.shown)


@case
def back_among_the_scans_and_the_paper():
    scan = os.path.join(folder("scans"), "scan.pdf")
    with open(scan, "wb") as file:
        file.write(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    sheet = "The statement on paper"
    with Sandbox(client=True) as sandbox:
        person = Person(sandbox)
        with person.at("renew", person.who.old, "--paper") as at:
            walk(at, [
                (PHONE, person.who.phone), (CODE, person.code(1)),
                (LIST, number("SNILS")), ("SNILS (", "112-233-445 95"),
                ("Date of birth", "back"),
                ("SNILS (like 112-233-445 95) [112-233-445 95]", ""),
                ("Date of birth", "01.02.1981"), ("Place of", "Пермь"),
                ("Sex", "1"), ("Kind of", "1"), ("Document series", "5711"),
                ("Document number", "123456"), ("Date of its", "31.12.2010"),
                ("Issued by", "ОУФМС"), ("Code of", "590-001"), (LIST, "0"),
                ("File with the scan (identity document)", "back"),
                (barred(FOUND, "File with the scan (identity"), scan),
                ("wants a scan of a document: SNILS card. A scan or a "
                 "photograph is a PDF, JPEG or PNG file of at most 10 MB; it "
                 "can be dragged into this window. File with the scan (SNILS "
                 "card)", "back"),
                (barred(SENT, "File with the scan (SNILS card)"), scan),
                (LIST, "0"), ("Do you agree?", "back"),
                (barred(HANDED, "Do you agree?"), "yes"), (sheet, "back"),
                ("Do you agree?", "yes"), (sheet, "2"),
                ("File with the scan of the", "back"), (sheet, "1")])
            same(at.end(), 5, at.shown)
        # The scans answer for what was not confirmed.
        same(at.shown.count("  ! "), 0, at.shown)


@case_of_each(LANGUAGES)
def back_from_the_scan_that_a_later_run_asks_for_in(_, language):
    """What is said is about the application, not about signing in; and a file
    of --scan is not passed over in silence."""
    scan = os.path.join(folder("scans"), "scan.pdf")
    with open(scan, "wb") as file:
        file.write(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    with Sandbox(client=True) as sandbox:
        person = Person(sandbox, language)
        sandbox.set(person.who.thumbprint, "wants-passport")
        question = person.say("File with the scan (%s)") % person.say(
            "Identity document").lower()
        with person.at("renew", person.who.old, "--normal") as at:
            same(person.answer(at, [
                *person.sign_in(person.code(1)),
                (question, person.say("cancel") + ENTER)]), 5, at.shown)
            within(person.say("The certification centre wants a scan of a "
                              "document: %s.") % person.say(
                                  "Identity document").lower(),
                   re.sub(r"\s+", " ", at.shown))
        with person.at("resume", "--scan", scan) as at:
            for typed in "back", "cancel":
                at.expect(question)
                at.type(person.say(typed) + ENTER)
            same(at.end(), 5, at.shown)
            person.tell(at)(
                "The application is open, and what was answered is kept. To "
                "apply in another way, stop and withdraw it: kep cancel.")
            within(person.say(
                "Which document is in the file of --scan has to be said: "
                "--scan %s=FILE. It has not been sent.") % "passport",
                   re.sub(r"\s+", " ", at.shown))
        with person.at("resume", "--scan", "passport=" + scan) as at:
            at.expect(person.say("Which one is to be corrected? 0: everything "
                                 "is right"))
            at.type(person.say("cancel") + ENTER)
            same(at.end(), 5, at.shown)


@case
def a_mistake_is_marked_until_it_is_corrected():
    with Sandbox(client=True) as sandbox:
        person = Person(sandbox)
        with person.at("renew", person.who.old) as at:
            walk(at, [(PHONE, person.who.phone), (CODE, person.code(1)),
                      (CHANGED, "2"), (LIST, "cancel")])
            same(at.end(), 5, at.shown)
        sandbox.set(person.who.thumbprint, "validation-error")
        with person.at("resume") as at:
            walk(at, [(LIST, number("Place of birth")),
                      ("Place of birth (", "гор. Пермь"),
                      (LIST, number("Document number")),
                      ("Document number", "654321"), (LIST, "cancel")])
            same(at.end(), 5, at.shown)
        # Another field's correction leaves it there.
        same(at.shown.count("! СМЭВ"), 2, at.shown)


# --- stopped, and gone on with ----------------------------------------------


def stop_here(key):
    """Press it at a question."""
    return lambda at: at.type(key)


def until(questions, word, key):
    """The questions up to one, which is answered with a key that stops."""
    found = []
    for question, texts in questions:
        if question == word:
            return found + [(question, stop_here(key))]
        found.append((question, texts))
    raise AssertionError(word)


# It ends in order, and then by the signal, as shells want it.
DIED = -signal.SIGINT
STOPS = [
    ("the_number", "Your telephone number, for the code", CTRL_C, DIED),
    ("the_code", CODE, CTRL_C, DIED),
    ("the_code_by_its_end", CODE, CTRL_D, 5),
    ("the_mode", CHANGED, CTRL_C, DIED),
    ("the_data", "Are all the data right?", CTRL_C, DIED),
    ("the_data_by_a_word", "Are all the data right?", "cancel\r", 5),
    ("the_place", PLACE, CTRL_C, DIED),
    ("the_password", "The same password once more", CTRL_C, DIED),
    ("the_randomness", RANDOM, CTRL_C, 5),
    ("the_confirmation", CONFIRM, CTRL_C, DIED),
    ("the_copy", COPY, CTRL_C, DIED),
]


@case_of_each([(row[0], LANGUAGES[at % 2][1], *row[1:])
               for at, row in enumerate(STOPS)])
def stopped_at(_, language, question, key, status):
    with Sandbox() as sandbox:
        person = Person(sandbox, language)
        with person.at("renew", person.who.old) as at:
            whole = [*person.sign_in(person.code(1)), *person.agree(),
                     *person.make(), *person.finish(person.code(2))]
            same(person.answer(at, until(whole, question, key)), status,
                 at.shown)
            person.tell(at)("kep resume")
        person.who.check_old()
        with person.at("resume") as at:
            same(resume(person, at), 0, at.shown)
        person.check()


def resume(person, at):
    """Answer whatever is still asked: the exit status."""
    answers = {
        CODE: None, CONFIRM: None,
        "Your telephone number, for the code": person.who.phone + ENTER,
        CHANGED: ENTER,
        "Are all the data right?": person.yes, "Do you agree?": person.yes,
        PLACE: person.who.new + ENTER,
        "Password of the new container": PASSWORD + ENTER,  # or with more
        "The same password once more": PASSWORD + ENTER,
        RANDOM: None, COPY: person.who.backup + ENTER}
    questions = list(answers)
    while True:
        found = at.expect_or_end(*(person.say(one) for one in questions))
        if found is None:
            return at.end()
        one = questions[found]
        if one == RANDOM:
            at.stir("100 %")
        elif one in (CODE, CONFIRM):
            at.type(person.latest(one) + ENTER)
        else:
            at.type(answers[one])


# With job control, as an interactive shell: what is begun is a job in the
# background, which stops when it turns to the terminal. What is stopped the
# shell does not wait for.
JOB = """
set -m
"$@" &
until grep -q '^State:.T' /proc/$!/status; do sleep 0.1; done
kill -TERM $!; kill -CONT $!
for at in $(seq 100); do kill -0 $! || break; sleep 0.1; done
wait $!
echo "ended: $?"
"""


@case
def a_job_in_the_background_can_be_ended():
    """It is not stopped once more by putting the terminal back."""
    with Sandbox() as sandbox:
        who = Person(sandbox).who
        with Talk("sh", "-c", JOB, "sh", harness.program("kep"), "renew",
                  who.old, "--server", sandbox.url, "--server-ca", sandbox.ca,
                  cwd=who.base, env=who.env()) as at:
            at.expect("ended: ")
            same(at.end(), 0, at.shown)
            within("ended: %d" % (128 + signal.SIGTERM), at.shown)
            within("Interrupted", at.shown)


harness.main(jobs=5)
