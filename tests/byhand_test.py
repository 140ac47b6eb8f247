#!/usr/bin/python3
"""kep request and kep install: for a certification centre that takes a request
by hand, here OpenSSL with the authority of a sandbox. Requests are held against
OpenSSL and certtool; bad data make no key, a wrong certificate stays out."""

import glob
import json
import os
import re
import shutil
import stat

import accredited
import harness
import talk
import tokens
from accredited import EXTENSIONS
from harness import case, case_of_each, folder, ok, run, same, true, within
from subscriber import at_home, kep, openssl, thumbprint, tree, write
from token_module import MODULE, PIN, SERIALS, Tokens

PERSON = {"SN": "Иванова", "G": "Анна Петровна", "SNILS": "112-233-445 95",
          "INN": "500100732259", "S": "66 Свердловская область",
          "L": "Екатеринбург", "E": "ivanova@example.com"}
FIRM = {"O": "ООО «Пример»", "INNLE": "6663003127", "OGRN": "1026605606620",
        "T": "Главный бухгалтер", "STREET": "ул. Учебная, д. 1"}


class Desk:
    """A home, a folder for containers, an authority made by the sandbox."""

    def __init__(self, authority=False):
        self.base = folder("desk")
        self.home, self.to = (os.path.join(self.base, name)
                              for name in ("home", "to"))
        os.mkdir(self.home)
        os.mkdir(self.to)
        self.file = os.path.join(self.base, "request.pem")
        self.sandbox = os.path.join(self.base, "sandbox")
        if authority:
            self.old = self.issue()

    def issue(self, *options):
        done = ok("kep-sandbox", "issue", "--dir", self.sandbox, "--to",
                  folder("old"), "--phone", "79000000001", *options)
        return done.stdout.split("\n")[-2]

    def kep(self, *words, env=None, **options):
        return kep(*words, env=at_home(self.home, **(env or {})),
                   cwd=self.base, **options)

    def verify(self, container, *words):
        done = run("kep", "verify", container, "--json", *words)
        return json.loads(done.stdout)["report"]

    def request(self, *words, subject=None, file=None, json=True, to=None,
                **options):
        given = [word for name, value in (subject or {}).items()
                 for word in ("--subject", "%s=%s" % (name, value))]
        place = ["--to", to or self.to] if to is not False else []
        return self.kep("request", *place, "--output", file or self.file,
                        *(["--json"] if json else []), *given, *words,
                        **options)

    def requested(self, *words, **more):
        """A request that is made: the container."""
        done = self.request(*words, **more)
        same((done.returncode, done.word), (0, "requested"), done)
        return done.json["container"]

    def no_key(self):
        same(os.listdir(self.to), [])

    def ca(self, name):
        return os.path.join(self.sandbox, "ca", name)

    def sign(self, *words, file=None, extensions=EXTENSIONS, name="new",
             days=400):
        """The certificate as OpenSSL issues it: a PEM file."""
        return accredited.answer(
            self.sandbox, file or self.file,
            os.path.join(self.base, name + ".pem"), *words, days=days,
            extensions=extensions)

    def install(self, file, container, *words, **options):
        return self.kep("install", file, container, "--json", *words,
                        **options)

    def archived(self):
        try:
            return sorted(os.listdir(os.path.join(
                self.home, ".local/state/kep/archive")))
        except FileNotFoundError:
            return []


def read(path):
    with open(path, "rb") as file:
        return file.read()


# --- requests ---------------------------------------------------------------


def attributes(request):
    """(OBJECT, type, value) of the subject, as OpenSSL reads the bytes."""
    found, name = [], None
    for line in openssl("asn1parse", "-in", request).stdout.splitlines():
        match = re.search(r"d=5 .*prim: (\w+) +:(.*)$", line)
        if match and match[1] == "OBJECT":
            name = match[2]
        elif match:
            found.append((name, match[1], match[2]))
    return found


@case
def a_person_asks():
    desk = Desk()
    container = desk.requested(subject=PERSON)
    same(stat.S_IMODE(os.stat(desk.file).st_mode), 0o600)
    said = openssl("req", "-in", desk.file, "-noout", "-verify", "-text",
                   "-nameopt", "utf8,sep_multiline")
    within("verify OK", said.stdout + said.stderr)
    for line in ("SN=Иванова", "GN=Анна Петровна", "CN=Иванова Анна Петровна",
                 "C=RU", "ST=66 Свердловская область",
                 "emailAddress=ivanova@example.com",
                 "Digital Signature, Non Repudiation, Key Encipherment, Data",
                 "X509v3 Key Usage: critical", "TLS Web Client Authentication",
                 "E-mail Protection", "Class of Signing Tool KC1",
                 "Signing Tool of Subject", "Private Key Usage Period",
                 "256 bit modulus"):
        within(line, said.stdout, said)
    found = attributes(desk.file)
    within(("SNILS", "NUMERICSTRING", "11223344595"), found)
    within(("INN", "NUMERICSTRING", "500100732259"), found)
    within(("countryName", "PRINTABLESTRING", "RU"), found)
    said = ok("certtool", "--crq-info", "--infile", desk.file)
    within("Self signature: verified", said.stdout, said)
    done = desk.kep("show", container, "--json")
    true(done.json["whole"] and not done.json["hasPassword"], done)
    true(done.json["keys"][0]["exportable"], done)


@case
def an_organisation_asks():
    desk = Desk()
    desk.requested("--identification", "certificate", "--non-exportable",
                   "--algorithm", "gost2012-512",
                   subject={**PERSON, **FIRM, "CN": "ООО «Пример»"})
    said = openssl("req", "-in", desk.file, "-noout", "-verify", "-text",
                   "-nameopt", "utf8,sep_multiline")
    for line in ("CN=ООО «Пример»", "O=ООО «Пример»", "OGRN=1026605606620",
                 "1.2.643.100.4=6663003127", "title=Главный бухгалтер",
                 "512 bit"):
        within(line, said.stdout.replace("INNLE", "1.2.643.100.4"), said)
    found = attributes(desk.file)
    within(("OGRN", "NUMERICSTRING", "1026605606620"), found)
    within("NUMERICSTRING", [kind for name, kind, value in found
                             if value == "6663003127"])
    said = openssl("asn1parse", "-in", desk.file).stdout
    within("1.2.643.100.114", said)
    within("[HEX DUMP]:020101", said)
    ok("certtool", "--crq-info", "--infile", desk.file)
    container, = os.listdir(desk.to)
    done = desk.kep("show", os.path.join(desk.to, container), "--json")
    true(not done.json["keys"][0]["exportable"], done)
    same(done.json["keys"][0]["algorithm"], "gost2012-512")


@case
def a_foreigner_asks():
    """Without a patronymic, in Latin letters, with the numbers of Russia."""
    desk = Desk()
    desk.requested(subject={**PERSON, "SN": "Müller-Lüdenscheidt", "G": "José"})
    found = [(name, value) for name, _, value in attributes(desk.file)]
    within(("givenName", "José"), found)
    within(("commonName", "Müller-Lüdenscheidt José"), found)
    for name in ("SNILS", "INN"):
        within(name, [one for one, _ in found])


@case
def names_of_data_are_taken_as_people_write_them():
    desk = Desk()
    done = desk.request("--dry-run", subject={
        "sn": "Иванова", "givenName": "Анна", "СНИЛС": "11223344595",
        "ИНН": "500100732259", "ST": "66 Свердловская область",
        "email": " ivanova@example.com "})
    same((done.returncode, done.word), (0, "wouldRequest"), done)
    same(done.json["subject"], {
        "surname": "Иванова", "givenName": "Анна", "snils": "11223344595",
        "commonName": "Иванова Анна", "countryName": "RU",
        "inn": "500100732259", "emailAddress": "ivanova@example.com",
        "stateOrProvinceName": "66 Свердловская область"}, done)
    desk.no_key()
    true(not os.path.exists(desk.file))


@case
def from_a_container_and_a_file():
    desk = Desk(authority=True)
    old = desk.kep("show", desk.old, "--json").json["keys"][0]["certificate"]
    for name, source in (("container", desk.old), ("file", None)):
        if source is None:
            source = os.path.join(desk.base, "old.cer")
            openssl("x509", "-in", desk.sign(), "-outform", "DER", "-out",
                    source)
        done = desk.request("--from", source, file=desk.file if
                            name == "container" else desk.file + "2")
        same(done.word, "requested", done)
        same(done.json["subject"], old["subject"], done)
    # Single data are put in their place, or taken away.
    done = desk.request("--from", desk.old, "--dry-run", file=desk.file + "3",
                        subject={"E": "new@example.com", "L": ""})
    same(done.json["subject"]["emailAddress"], "new@example.com", done)
    true("localityName" not in done.json["subject"], done)


def old_style(desk, subject):
    """A certificate of whatever subject, by OpenSSL."""
    pem = os.path.join(desk.base, "old-style.pem")
    openssl("req", "-x509", "-newkey", "gost2012_256", "-pkeyopt",
            "paramset:XA", "-nodes", "-keyout", desk.base + "/key", "-out",
            pem, "-utf8", "-nameopt", "utf8", "-subj", subject,
            "-config", write(desk.base + "/req.cnf", "openssl_conf = o\n"
                             "[o]\nengines = e\n[e]\ngost = g\n[g]\n"
                             "engine_id = gost\ndefault_algorithms = ALL\n"
                             "[req]\ndistinguished_name = d\n[d]\n"))
    return pem


OLD_STYLE = ("/CN=ООО Пример/O=ООО Пример/SN=Иванова/GN=Анна/SNILS=11223344595"
             "/OGRN=1026605606620/INN=%s/C=RU")


@case
def an_old_certificate_has_the_inn_elsewhere():
    desk = Desk()
    old = old_style(desk, OLD_STYLE % "006663003127")
    done = desk.request("--from", old, "--dry-run")
    # The person's own was never in it.
    same((done.returncode, done.word), (2, "subjectIncomplete"), done)
    within("INN", done.json["message"], done)
    done = desk.request("--from", old, "--dry-run",
                        subject={"INN": "500100732259"})
    same(done.word, "wouldRequest", done)
    same((done.json["subject"]["inn"], done.json["subject"]["innle"]),
         ("500100732259", "6663003127"), done)


@case
def a_mistake_in_an_old_certificate_is_told_and_mended():
    desk = Desk()
    old = old_style(desk, OLD_STYLE % "006663003128")
    done = desk.request("--from", old)
    same((done.returncode, done.word), (2, "subjectWrong"), done)
    within("one of its digits is wrong", done.json["message"], done)
    desk.no_key()
    done = desk.request("--from", old, "--dry-run", subject={
        "INNLE": "6663003127", "INN": "500100732259"})
    same(done.word, "wouldRequest", done)


@case
def der_and_standard_output():
    desk = Desk()
    der = os.path.join(desk.base, "request.der")
    desk.requested("--format", "der", subject=PERSON, file=der)
    said = openssl("req", "-inform", "DER", "-in", der, "-noout", "-verify")
    within("verify OK", said.stdout + said.stderr)
    done = desk.request(subject=PERSON, file="-", json=False)
    same(done.returncode, 0, done)
    write(desk.file, done.stdout)
    true(done.stdout.startswith("-----BEGIN CERTIFICATE REQUEST-----\n"), done)
    said = openssl("req", "-in", desk.file, "-noout", "-verify")
    within("verify OK", said.stdout + said.stderr)


@case
def a_container_with_a_password():
    desk = Desk()
    pin = write(desk.base + "/pin", "secret1\n")
    container = desk.requested("--pin-file", pin, "--name", "test name",
                               subject=PERSON)
    report = desk.verify(container, "--pin-file", pin)
    same((report["name"], report["password"]), ("test name", True))
    same(desk.verify(container, "--pin-file",
                     write(desk.base + "/wrong", "secret2\n")), None)


@case
def a_valid_certificate_signs_the_request():
    """For a centre that knows its subscriber by it: OpenSSL verifies both."""
    desk = Desk(authority=True)
    pin = write(desk.base + "/old-pin", "old secret\n")
    old = desk.issue("--password-file", pin)
    trusted = os.path.join(desk.base, "trusted.pem")
    with open(trusted, "wb") as out:
        out.write(read(desk.ca("root.pem")) + read(desk.ca("issuing.pem")))
    request = os.path.join(desk.base, "inside.der")
    for words, form, file in ((["--format", "der"], "DER", "a.p7m"),
                              ([], "PEM", "b.p7m")):
        path = os.path.join(desk.base, file)
        done = desk.request("--sign-with", old, "--old-pin-file", pin, *words,
                            file=path)
        same((done.returncode, done.word), (0, "requested"), done)
        openssl("cms", "-verify", "-cades", "-binary", "-inform", form, "-in",
                path, "-CAfile", trusted, "-purpose", "any", "-out", request)
        said = openssl("req", "-inform", "DER", "-in", request, "-noout",
                       "-verify", "-text")
        within("verify OK", said.stdout + said.stderr)
        # By a valid certificate (RFC 9215 5.5).
        within("[HEX DUMP]:020101", openssl("asn1parse", "-inform", "DER",
                                            "-in", request).stdout)
    old_one = desk.kep("show", old, "--json").json["keys"][0]["certificate"]
    same(done.json["subject"], old_one["subject"], done)
    # Nothing is begun that could not be signed in the end.
    before = os.listdir(desk.to)
    for words, word in (
            (["--sign-with", old], "passwordNeeded"),
            (["--sign-with", old, "--old-pin-file", write(
                desk.base + "/wrong", "other")], "passwordWrong"),
            (["--sign-with", old, "--old-pin-file", pin, "--subject",
              "SNILS=11223344595"], "subjectIncomplete"),
            (["--sign-with", old, "--old-pin-file", pin, "--from", old,
              "--subject", "SNILS=11223344595"], "dataMismatch"),
            (["--sign-with", old, "--old-pin-file", pin, "--from", old,
              "--subject", "SN=Иванова"], "dataMismatch"),
            (["--sign-with", desk.base, "--from", old], "notContainer"),
            (["--sign-with", desk.base + "/none", "--from", old],
             "containerNotFound"),
            (["--sign-with", desk.issue("--days", "-1")], "expired")):
        done = desk.request(*words, file=desk.base + "/c.p7m")
        same(done.word, word, done)
        true("resume" not in done.json["message"], done)
    same(os.listdir(desk.to), before)


# --- at a terminal ----------------------------------------------------------

ANSWERS = [
    ("Surname, as in the passport", ["", "Иванова"]),  # asked again
    ("Name and patronymic (a hyphen: the passport has none)",
     ["", "Иванова Анна Петровна", "Анна Петровна"]),
    ("SNILS of this person, like 112-233-445 95",
     ["112-233-445 96", "112-233-445 95"]),
    ("INN of this person, 12 digits", ["6663003127", "500100732259"]),
    ("Organisation, its short name as in the register", ["ООО «Пример»"]),
    ("INN of the organisation, 10 digits", ["6663003128", "6663003127"]),
    ("OGRN of the organisation, 13 digits", ["1026605606620"]),
    (("%s (Enter: leave it out)", "Position"), ["Главный бухгалтер"]),
    (("%s (Enter: leave it out)", "Department"), [""]),
    ("Region with its number, like 66 Свердловская область",
     ["66 Свердловская область"]),
    (("%s (Enter: leave it out)", "Town"), [""]),
    (("%s (Enter: leave it out)", "Street and house"), [""]),
    (("%s (Enter: leave it out)", "E-mail"),
     ["анна@example.ru", "anna@example.ru"]),
]


@case_of_each([("english", ""), ("russian", "ru")])
def a_person_is_asked(_, language):
    desk = Desk()
    say_one = talk.translations(language)

    def say(text):
        return say_one(text) if isinstance(text, str) else say_one(
            text[0]) % say_one(text[1])

    enter = talk.ENTER
    answers = [("Who is the certificate for", ["2" + enter])]
    answers += [(question, [one + enter for one in typed])
                for question, typed in ANSWERS]
    answers += [
        ("Is everything right?", [say("yes") + enter]),
        ("The file to write the request to", [desk.file + enter]),
        ("Place of the new key: a number of the list, or a folder",
         [desk.to + enter]),
        ("Password of the new container (Enter: none)", [enter]),
        ("Leave it without a password?", [enter])]
    with talk.Talk("kep", "request", "--entropy", "system", cwd=desk.base,
                   env={"HOME": desk.home, "TERM": "xterm", "LC_ALL": None,
                        "LANG": "ru_RU.UTF-8" if language else "C.UTF-8"}
                   ) as at:
        status = talk.answer(at, [(say(question), typed)
                                  for question, typed in answers])
        same(status, 0, at.shown)
        within("kep install", at.flat() or at.shown)
    said = openssl("req", "-in", desk.file, "-noout", "-verify", "-text",
                   "-nameopt", "utf8,sep_multiline")
    for line in ("SN=Иванова", "O=ООО «Пример»", "SNILS=11223344595",
                 "title=Главный бухгалтер", "emailAddress=anna@example.ru"):
        within(line, said.stdout)
    true("L=" not in said.stdout, said)
    same(len(os.listdir(desk.to)), 1)


@case
def whoever_goes_back_answers_again():
    desk = Desk()
    enter = talk.ENTER
    typed = [("Who is the", "back"), ("Who is the", "2"),
             ("Surname", "Петрова"),
             ("Name and patronymic", "back"), ("Surname", "back"),
             ("Who is the", "1"), ("Surname", "Иванова"),
             ("Name and patronymic", "Анна Петровна"), ("SNILS", "back"),
             ("Name and patronymic", ""), ("SNILS", "11223344595"),
             ("INN", "500100732259"), ("Region", "66 Свердловская область"),
             ("Town (Enter: leave it out): ", "Екатеринбург"),
             ("E-mail", "back"),
             ("Town (a hyphen: leave it out) [Екатеринбург]", "-"),
             ("E-mail", "back"), ("Town (Enter", "Асбест"),
             ("E-mail", "back"), ("Town (a hyphen: leave it out) [Асбест]", ""),
             ("E-mail", ""), ("everything right", "back"),
             ("E-mail", ""), ("everything right", "y"),
             ("The file", desk.file), ("Place of", "back"),
             ("The file", ""), ("Place of", desk.to), ("Password of", ""),
             ("Leave it", "back"), ("Password of", ""), ("Leave it", "")]
    with talk.Talk("kep", "request", "--entropy", "system", cwd=desk.base,
                   env={"HOME": desk.home, "TERM": "xterm", "LC_ALL": None,
                        "LANG": "C.UTF-8"}) as at:
        for question, one in typed:
            at.expect(question)
            at.type(one + enter)
        same(at.end(), 0, at.shown)
        within("There is no way back", at.shown)
    said = openssl("req", "-in", desk.file, "-noout", "-subject",
                   "-nameopt", "utf8,sep_multiline").stdout
    for line in ("SN=Иванова", "GN=Анна Петровна", "SNILS=11223344595",
                 "L=Асбест"):
        within(line, said)
    true("O=" not in said and "email" not in said, said)


@case
def a_person_may_say_no():
    desk = Desk()
    words = [word for name, value in PERSON.items()
             for word in ("--subject", "%s=%s" % (name, value))]
    for typed in (["n" + talk.ENTER, "cancel" + talk.ENTER], [talk.CTRL_D],
                  [talk.CTRL_C]):
        with talk.Talk("kep", "request", "--to", desk.to, "--output",
                       desk.file, *words, cwd=desk.base,
                       env={"HOME": desk.home, "TERM": "xterm",
                            "LC_ALL": "C.UTF-8"}) as at:
            talk.answer(at, [("Is everything right?", typed[:1]),
                             ("Which one is to be corrected?", typed[1:])])
        desk.no_key()
        true(not os.path.exists(desk.file))


def converse(desk, words, typed, language=""):
    """Questions, each with what is typed at it; what was shown."""
    with talk.Talk("kep", "request", "--entropy", "system", *words,
                   cwd=desk.base, env={
                       "HOME": desk.home, "TERM": "xterm", "LC_ALL": None,
                       "LANG": "ru_RU.UTF-8" if language else "C.UTF-8"}
                   ) as at:
        for question, one in typed:
            at.expect(question)
            if callable(one):
                one(at)
            else:
                at.type(one + talk.ENTER)
        same(at.end(), 0, at.shown)
        return at.shown


def subject_of(desk):
    return openssl("req", "-in", desk.file, "-noout", "-verify", "-subject",
                   "-nameopt", "utf8,sep_multiline").stdout


def item(label):
    """Types the number of a line of the list."""
    return lambda at: at.type(
        re.findall(r"^ *(\d+)  %s: " % label, at.shown, re.M)[-1]
        + talk.ENTER)


@case
def whoever_finds_a_mistake_corrects_it():
    """What was taken from a certificate can be corrected as what was typed,
    any number of times."""
    desk = Desk()
    old = desk.issue("--legal-entity", "--name", "Иванова Анна Петровна")
    shown = converse(desk, ["--from", old, "--to", desk.to], [
        ("Is everything right?", "n"),
        ("to be corrected?", item("Position")),
        ("Position (a hyphen: leave it out) [", "back"),
        ("to be corrected?", item("Surname")), ("Surname, as in", "Петрова"),
        ("Is everything right?", "n"),
        ("to be corrected?", item("Organisation")),
        ("Organisation, its short name", "ООО «Новое имя»"),
        ("Is everything right?", "n"),
        ("to be corrected?", item("Position")),
        ("Position (a hyphen: leave it out) [", "-"),
        ("Is everything right?", "y"),
        ("The file to write", "back"), ("Is everything right?", "y"),
        # The word is no name of a file.
        ("The file to write the request to [request.pem]", desk.file),
        ("Password of the new", ""), ("Leave it without", "y")])
    said = subject_of(desk)
    for line in ("CN=ООО «Новое имя»", "O=ООО «Новое имя»", "SN=Петрова",
                 "GN=Анна Петровна", "C=RU", "SNILS="):
        within(line, said)
    true("title" not in said, said)
    within("has been written: %s." % desk.file,
           " ".join(shown.replace("\r", "").split()))


@case
def what_an_old_certificate_lacks_is_asked_for():
    """One of before order 795 as amended: an organisation's INN where the
    person's belongs, and no SNILS."""
    desk = Desk()
    config = write(desk.base + "/req.cnf", """openssl_conf = o
[o]
engines = e
[e]
gost = g
[g]
engine_id = gost
default_algorithms = ALL
[req]
distinguished_name = d
utf8 = yes
string_mask = utf8only
prompt = no
[d]
C = RU
ST = 66 Свердловская область
CN = ООО Ромашка-Центр
O = ООО «Ромашка»
SN = Иванова
GN = Анна
INN = 006663003127
OGRN = 1026605606620
""")
    openssl("req", "-x509", "-newkey", "gost2012_256", "-pkeyopt",
            "paramset:A", "-nodes", "-keyout", desk.base + "/k", "-config",
            config, "-out", desk.base + "/old.pem")
    shown = converse(
        desk, ["--from", desk.base + "/old.pem", "--to", desk.to], [
            ("tax service the other. SNILS of this person", "112-233-445 95"),
            ("INN of this person", "back"),
            ("SNILS of this person, like 112-233-445 95 [112-233-445 95]", ""),
            ("INN of this person", "500100732259"),
            ("Is everything right?", ""), ("The file", desk.file),
            ("Password of the new", ""), ("Leave it without", "")])
    for text in ("Missing: SNILS, INN. A qualified certificate holds",
                 "There is no patronymic: that is right only where the "
                 "passport has none."):
        within(text, " ".join(shown.split()))
    said = subject_of(desk)
    for line in ("SN=Иванова", "SNILS=11223344595", "INN=500100732259",
                 "CN=ООО Ромашка-Центр", "1026605606620", "6663003127"):
        within(line, said)


@case
def somebody_may_have_one_name_alone():
    """It is left out knowingly, never by an empty answer."""
    desk = Desk()
    converse(desk, ["--to", desk.to], [
        ("Who is the", "1"), ("Surname", "Сукарно"),
        ("Name and patronymic", ""),
        ('Please type an answer, or "cancel" to stop. Name and patronymic',
         "-"), ("SNILS", "back"),
        ("Name and patronymic (a hyphen: the passport has none) [-]",
         ""),
        ("SNILS", "11223344595"), ("INN", "500100732259"),
        ("Region", "77 г. Москва"), ("Town", ""), ("E-mail", ""),
        ("Is everything right?", "y"), ("The file", desk.file),
        ("Password of the new", ""), ("Leave it without", "y")])
    said = subject_of(desk)
    within("CN=Сукарно", said)
    within("SN=Сукарно", said)
    true("GN=" not in said, said)
    # So do scripts.
    alone = {name: value for name, value in PERSON.items()
             if name not in ("G", "GN")}
    for given, word in ((alone, "subjectIncomplete"),
                        ({**alone, "G": ""}, "requested")):
        done = desk.request(subject=given, file=desk.base + "/" + word)
        same(done.word, word, done)


@case
def a_certificate_alone_needs_that_of_its_centre():
    """The root of all is not enough, and it is said what is."""
    desk = Desk(authority=True)
    where = desk.requested(subject=PERSON)
    alone = desk.sign()
    done = desk.install(alone, where, "--roots", desk.ca("root.pem"))
    same(done.word, "certificateWrongIssuer", done)
    within("the certificate of the centre itself", done.json["message"], done)
    with open(desk.base + "/both.pem", "wb") as file:
        file.write(read(desk.ca("root.pem")) + read(desk.ca("issuing.pem")))
    for roots in desk.ca("issuing.pem"), desk.base + "/both.pem":
        done = desk.install(alone, where, "--dry-run", "--roots", roots)
        same(done.word, "wouldInstall", done)


@case
def what_is_no_certificate_is_named():
    """Whoever looks for the file that a centre sent may take another one."""
    desk = Desk(authority=True)
    where = desk.requested(subject=PERSON)
    text = open(desk.sign()).read()
    files = [("utf16.cer", text.encode("utf-16"), "UTF-16"),
             ("page.cer", b"<!DOCTYPE html><html></html>", "page of a site"),
             ("sent.zip", b"PK\x03\x04\x14\x00", "ZIP"),
             ("request.cer", read(desk.file), "a certificate request")]
    openssl("req", "-in", desk.file, "-outform", "DER", "-out",
            desk.base + "/der")
    files.append(("der.cer", read(desk.base + "/der"),
                  "a certificate request"))
    for name, data, said in files:
        path = os.path.join(desk.base, name)
        with open(path, "wb") as file:
            file.write(data)
        done = desk.install(path, where)
        same(done.word, "certificateBad", done)
        within("%s: This" % name, done.json["message"], done)
        within(said, done.json["message"], done)
        done = desk.install(desk.base + "/new.pem", where, "--roots", path)
        same(done.word, "configuration", done)
        within(said, done.json["message"], done)
    done = desk.kep("show", desk.base + "/utf16.cer", "--json")
    within("UTF-16", done.json["message"], done)


# --- requests that are refused ----------------------------------------------

LONG = "д" * 300
BAD = [
    # name, data put over PERSON (None: taken out), outcome, what is said
    ("check_digits_inn", {"INN": "500100732258"}, "subjectWrong", "digits"),
    ("check_digits_snils", {"SNILS": "11223344596"}, "subjectWrong", "digits"),
    ("check_digits_innle", {**FIRM, "INNLE": "6663003128"}, "subjectWrong",
     "digits"),
    ("check_digits_ogrn", {**FIRM, "OGRN": "1026605606621"}, "subjectWrong",
     "digit"),
    ("check_digits_ogrnip", {"OGRNIP": "304500116000158"}, "subjectWrong",
     "digit"),
    ("inn_of_a_firm", {"INN": "6663003127"}, "subjectWrong", "12 digits"),
    ("country_that_is_none", {"C": "ZZ"}, "subjectWrong", "country"),
    ("letters", {"SNILS": "1122334459O"}, "subjectWrong", "in place 11"),
    ("email", {"E": "ivanova"}, "subjectWrong", "@"),
    ("cyrillic_email", {"E": "анна@example.com"}, "subjectWrong", "Latin"),
    ("country", {"C": "Россия"}, "subjectWrong", "RU"),
    ("too_long", {"L": LONG}, "subjectWrong", "128"),
    ("line_break", {"L": "Москва\nCN=x"}, "subjectWrong", "place 7"),
    ("escape", {"SN": "Ива\x1b[31mнова"}, "subjectWrong", "place 4"),
    ("right_to_left", {"SN": "Ива\u202eнова"}, "subjectWrong", "place 4"),
    ("nothing_of_a_name", {"SN": None}, "subjectIncomplete", "Surname"),
    ("without_snils", {"SNILS": None}, "subjectIncomplete", "SNILS"),
    ("taken_away", {"SNILS": "  "}, "subjectIncomplete", "SNILS"),
    ("without_inn", {"INN": None}, "subjectIncomplete", "INN"),
    ("a_foreigner_without_numbers", {"SNILS": None, "INN": None},
     "subjectIncomplete", "INN. A qualified certificate"),
    ("half_a_firm", {"O": "ООО «Пример»"}, "subjectIncomplete", "OGRN"),
    ("unknown", {"DC": "example"}, "subjectUnknown", "DC"),
    ("unknown_oid", {"2.5.4.3": "x"}, "subjectUnknown", "2.5.4.3"),
    ("no_name", {"": "x"}, "subjectUnknown", "=x"),
]


@case_of_each(BAD)
def refused(_, data, word, said):
    desk = Desk()
    subject = {name: value for name, value in {**PERSON, **data}.items()
               if value is not None}
    done = desk.request(subject=subject)
    same((done.returncode, done.word), (2, word), done)
    within(said, done.json["message"], done)
    desk.no_key()
    true(not os.path.exists(desk.file))


@case
def refused_lines():
    desk = Desk()
    for word, words in (
            ("subjectUnknown", ["--subject", "CN"]),
            ("subjectWrong", ["--subject", "SN=А", "--subject", "surname=Б"]),
            ("answerNeeded", []),
            ("usage", ["--subject", "SN=А", "--format", "txt"]),
            ("usage", ["--subject", "SN=А", "--identification", "mine"]),
            ("usage", ["--subject", "SN=А", "--algorithm", "gost2001"]),
            ("usage", ["--subject", "SN=А", "--algorithm", "rsa"]),
            ("containerNotFound", ["--from", "/nonexistent.cer"]),
            ("certificateBad", ["--from", write(desk.base + "/x.cer", "x")]),
            ("usage", ["local:x", "--subject", "SN=А"])):
        done = desk.request(*words)
        same(done.word, word, done)
    for words in (["--name", "x"], ["--algorithm", "gost2012-512"],
                  ["--non-exportable"], ["--entropy", "system"]):
        done = desk.request("local:x", "--subject", "SN=А", *words, to=False)
        same((done.returncode, done.word), (2, "usage"), done)
    done = desk.request(subject=PERSON, file="-")
    same((done.returncode, done.word), (2, "usage"), done)
    done = desk.kep("request", "--to", desk.to, "--json", "--subject", "SN=А")
    same(done.word, "subjectIncomplete", done)
    done = desk.request(*["--subject", "SN=А"] * 33, json=False)
    same(done.returncode, 2, done)
    desk.no_key()


@case
def no_key_where_the_file_cannot_be_written():
    desk = Desk()
    write(desk.file, "kept")
    done = desk.request(subject=PERSON)
    same((done.returncode, done.word), (5, "fileExists"), done)
    same(read(desk.file), b"kept")
    for path in (desk.base, desk.base + "/none/request.pem"):
        done = desk.request(subject=PERSON, file=path)
        same(done.returncode, 5, done)
    desk.no_key()
    desk.requested("--overwrite", subject=PERSON)
    openssl("req", "-in", desk.file, "-noout", "-verify")


@case
def no_key_where_it_cannot_be_kept():
    desk = Desk()
    for place, word in ((desk.base + "/none", "containerNotFound"),
                        ("https://example.com", "locationUnknown")):
        done = desk.request(subject=PERSON, to=place)
        same(done.word, word, done)
    done = desk.kep("request", "--output", desk.file, "--json", "--subject",
                    "SN=А", *[w for n, v in PERSON.items() if n != "SN"
                              for w in ("--subject", "%s=%s" % (n, v))])
    same(done.word, "answerNeeded", done)
    within("--to", done.json["message"], done)
    true(not os.path.exists(desk.file))


@case
def a_key_that_is_there_is_used():
    """The disk was full when the request was written: the key is not made
    twice."""
    desk = Desk(authority=True)
    done = desk.request(subject=PERSON, file="/dev/full", json=False)
    same(done.returncode, 5, done)
    desk.no_key()
    container = desk.requested(subject=PERSON)
    os.unlink(desk.file)
    done = desk.request(container, subject=PERSON, to=False)
    same((done.word, done.json["container"]), ("requested", container), done)
    same(len(os.listdir(desk.to)), 1)
    desk.sign()
    same(desk.install(desk.base + "/new.pem", container).word, "installed")
    # Now it has a certificate: a new one needs a new key.
    done = desk.request(container, subject=PERSON, to=False,
                        file=desk.file + "2")
    same((done.returncode, done.word), (5, "certificateExists"), done)
    done = desk.request(container, subject=PERSON, file=desk.file + "2")
    same(done.word, "usage", done)
    old = os.path.join(harness.ROOT, "tests/data/synthetic-2001-nopassword")
    shutil.copytree(old, desk.base + "/old")
    done = desk.request(desk.base + "/old", subject=PERSON, to=False,
                        file=desk.file + "2")
    same(done.word, "keyRetired", done)


# --- what comes -------------------------------------------------------------


def forms(desk, pem):
    """The same certificate as centres hand it out."""
    base = os.path.join(desk.base, "form")
    chain = ["-certfile", desk.ca("issuing.pem"), "-certfile",
             desk.ca("root.pem")]
    openssl("x509", "-in", pem, "-outform", "DER", "-out", base + ".cer")
    for form in ("DER", "PEM"):
        openssl("crl2pkcs7", "-nocrl", *chain, "-certfile", pem, "-outform",
                form, "-out", "%s.%s.p7b" % (base, form))
    # Signed by the centre, in lengths that are not definite (BER).
    openssl("cms", "-sign", "-binary", "-nodetach", "-stream", "-outform",
            "DER", "-in", pem, "-signer", desk.ca("issuing.pem"), "-inkey",
            desk.ca("issuing.key"), "-certfile", pem, "-out",
            base + ".ber.p7b")
    same(read(base + ".ber.p7b")[:2], b"\x30\x80")
    text = read(base + ".PEM.p7b").replace(b"PKCS7", b"CMS")
    with open(base + ".cms.p7b", "wb") as out:
        out.write(text)
    with open(base + ".pem", "wb") as out:
        out.write(b"".join(read(one) for one in
                           (desk.ca("root.pem"), pem, desk.ca("issuing.pem"))))
    with open(base + ".bare.cer", "wb") as out:
        out.write(b"".join(line for line in read(pem).splitlines(True)
                           if not line.startswith(b"-")))
    with open(base + ".crlf.cer", "wb") as out:
        out.write(read(pem).replace(b"\n", b"\r\n"))
    return [pem] + [base + end for end in (
        ".cer", ".DER.p7b", ".PEM.p7b", ".ber.p7b", ".cms.p7b", ".pem",
        ".crlf.cer", ".bare.cer")]


@case
def every_form_is_installed():
    desk = Desk(authority=True)
    container = desk.requested(subject={**PERSON, **FIRM})
    empty = tree(desk.to)
    pem = desk.sign()
    for file in forms(desk, pem):
        done = desk.install(file, container, "--dry-run")
        same((done.returncode, done.word), (0, "wouldInstall"), done)
        same((tree(desk.to), desk.archived()), (empty, []))
    for file in forms(desk, pem):
        done = desk.install(file, container)
        same((done.returncode, done.word), (0, "installed"), done)
        same(done.json["certificate"]["thumbprint"], thumbprint(pem), done)
        same(done.json["issuerChecked"], False, done)
        same(read(done.json["archived"]), read(desk.base + "/form.cer"))
    key, = desk.verify(container)["keys"]
    true(key["certificateFits"], key)
    same(key["certificate"]["subject"]["organizationName"], FIRM["O"])
    # What came along is kept too.
    for name in ("issuing.pem", "root.pem"):
        within(thumbprint(desk.ca(name)) + ".cer", desk.archived())


@case
def the_issuer_is_checked_against_roots():
    desk = Desk(authority=True)
    container = desk.requested(subject=PERSON)
    pem = desk.sign()
    p7b = forms(desk, pem)[2]
    done = desk.install(p7b, container, "--roots", desk.ca("stranger.pem"))
    same((done.returncode, done.word), (5, "certificateWrongIssuer"), done)
    within("--roots", done.json["message"], done)
    # The chain is not in the file of the certificate alone.
    done = desk.install(pem, container, "--roots", desk.ca("root.pem"))
    same(done.word, "certificateWrongIssuer", done)
    done = desk.install(p7b, container, "--roots", desk.base + "/request.pem")
    same(done.word, "configuration", done)
    done = desk.install(p7b, container, "--roots", desk.ca("root.pem"))
    same((done.word, done.json["issuerChecked"]), ("installed", True), done)
    done = desk.kep("install", p7b, container)
    within("has not been checked", done.stderr, done)


def answered_otherwise(desk, container, data):
    """The certificate of the same key with other data, which some other
    computer asked for."""
    file = desk.base + "/otherwise.pem"
    done = desk.request(container, to=False, subject=data, file=file,
                        env={"HOME": folder("elsewhere")})
    same(done.word, "requested", done)
    return desk.sign(file=file, name="otherwise")


@case_of_each([
    ("surname", {"SN": "Петрова"}, "Different: surname"),
    ("name", {"G": "Мария"}, "Different: surname"),
    ("snils", {"SNILS": "12345678964"}, "Different: SNILS"),
    ("inn", {"INN": "366219512310"}, "Different: INN"),
    ("organisation", {"INNLE": "7707083893"}, "INN of the organisation")])
def another_owner_than_asked_for(_, change, said):
    desk = Desk(authority=True)
    data = {**PERSON, **FIRM}
    container = desk.requested(subject=data)
    before = tree(desk.to)
    pem = answered_otherwise(desk, container, {**data, **change})
    done = desk.install(pem, container)
    same((done.returncode, done.word), (5, "requestMismatch"), done)
    within(said, done.json["message"], done)
    same((tree(desk.to), desk.archived()), (before, []))
    # Who knows why takes it all the same.
    done = desk.install(pem, container, "--accept-data")
    same((done.word, done.json["requestCompared"]), ("installed", True), done)


@case
def what_a_centre_adds_or_writes_in_its_own_way_is_no_difference():
    desk = Desk(authority=True)
    container = desk.requested(subject=PERSON)
    pem = answered_otherwise(desk, container, {
        **PERSON, "SN": PERSON["SN"].upper(), "L": "Пермь", "E": "",
        "T": "Бухгалтер", **FIRM})
    done = desk.install(pem, container)
    same((done.word, done.json["requestCompared"]), ("installed", True), done)


@case
def without_its_request_nothing_is_compared_and_that_is_said():
    desk = Desk(authority=True)
    container = desk.requested(subject=PERSON)
    pem = desk.sign()
    kept, = glob.glob(desk.home + "/.local/state/kep/requests/*.p10")
    same(os.stat(kept).st_mode & 0o777, 0o600)
    within("Иванова", openssl("req", "-in", kept, "-inform", "DER", "-noout",
                              "-subject", "-nameopt", "utf8").stdout)
    done = desk.install(pem, container, "--dry-run")
    same(done.json["requestCompared"], True, done)
    true("compared" not in done.stderr, done)
    for spoil in (lambda: write(kept, "nonsense"), lambda: os.remove(kept)):
        spoil()
        done = desk.install(pem, container, "--dry-run")
        same((done.word, done.json["requestCompared"]),
             ("wouldInstall", False), done)
        within("has not been compared", " ".join(done.stderr.split()), done)


@case
def where_a_request_cannot_be_kept_it_is_made_all_the_same():
    desk = Desk()
    os.makedirs(desk.home + "/.local/state")
    write(desk.home + "/.local/state/kep", "")
    done = desk.request(subject=PERSON)
    same((done.returncode, done.word), (0, "requested"), done)
    within("could not be kept", " ".join(done.stderr.split()), done)


@case
def what_comes_along_is_told():
    desk = Desk(authority=True)
    container = desk.requested(subject=PERSON)
    p7b = forms(desk, desk.sign())[2]
    done = desk.install(p7b, container, "--roots", desk.ca("root.pem"))
    same(done.word, "installed", done)
    same(sorted(one["thumbprint"] for one in done.json["chain"]),
         sorted(thumbprint(desk.ca(name)) for name in
                ("root.pem", "issuing.pem")), done)
    same(done.stderr.count("Came with it"), 2, done)
    within("a root in it is not trusted", " ".join(done.stderr.split()), done)
    done = desk.install(desk.base + "/new.pem", container)
    same(done.json["chain"], [], done)
    true("Came with it" not in done.stderr, done)


@case
def a_password_is_asked_for():
    desk = Desk(authority=True)
    pin = write(desk.base + "/pin", "secret1\n")
    container = desk.requested("--pin-file", pin, subject=PERSON)
    pem = desk.sign()
    done = desk.install(pem, container)
    same((done.returncode, done.word), (5, "passwordNeeded"), done)
    done = desk.install(pem, container, "--pin-file",
                        write(desk.base + "/wrong", "secret2"))
    same(done.word, "passwordWrong", done)
    done = desk.install(pem, container, "--pin-file", pin)
    same(done.word, "installed", done)


@case
def what_is_replaced_is_archived():
    desk = Desk(authority=True)
    container = desk.requested(subject=PERSON)
    first, second = desk.sign(name="first"), desk.sign(name="second")
    for pem in (first, second):
        same(desk.install(pem, container).word, "installed")
    same(desk.archived(), sorted(thumbprint(pem) + ".cer"
                                 for pem in (first, second)))


@case
def the_container_is_found():
    """Without its name, in the usual places."""
    desk = Desk(authority=True)
    local = os.path.join(desk.home, ".local/share/kep/containers")
    for _ in range(3):
        desk.requested(subject=PERSON, to="local:", file=desk.file)
        os.rename(desk.file, desk.base + "/one.pem")
    container = desk.requested(subject=PERSON, to="local:")
    pem = desk.sign()
    done = desk.kep("install", pem, "--json")
    same((done.word, done.json["container"]), ("installed", container), done)
    within("Иванова", done.stderr)
    # A copy has the same key: a person has to say which.
    done = desk.kep("backup", container, "--to", desk.to, "--json")
    same(done.word, "backedUp", done)
    copy = done.json["containers"][0]["copy"]
    os.rename(copy[len("file:"):], os.path.join(local, "zzzz9999.000"))
    done = desk.kep("install", pem, "--json")
    same((done.returncode, done.word), (2, "answerNeeded"), done)
    within("CONTAINER", done.json["message"], done)
    with talk.Talk("kep", "install", pem, cwd=desk.base,
                   env={"HOME": desk.home, "TERM": "xterm", "LC_ALL": "C.UTF-8",
                        "XDG_DATA_HOME": None, "XDG_STATE_HOME": None}) as at:
        same(talk.answer(at, [("Which one gets the certificate",
                               ["2" + talk.ENTER])]), 0, at.shown)
        within("zzzz9999.000", at.shown)
    # One whose key is nowhere.
    desk.requested(subject=PERSON, file=desk.file + "2")
    other = desk.sign(file=desk.file + "2", name="other")
    done = desk.kep("install", other, "--json")
    same((done.returncode, done.word), (5, "holderNotFound"), done)


@case_of_each([("pkcs11_256", "gost2012-256", "256"),
               ("pkcs11_512", "gost2012-512", "512")])
def a_key_inside_of_a_token(_, algorithm, bits):
    desk, modules = Desk(authority=True), Tokens()
    place = "pkcs11:serial=%s?module-path=%s" % (SERIALS[0], MODULE)
    pin = ["--pin-file", write(desk.base + "/pin", PIN + "\n")]
    done = desk.request("--algorithm", algorithm, *pin, subject=PERSON,
                        to=place, env=modules.env)
    same((done.returncode, done.word), (0, "requested"), done)
    container = done.json["container"]
    true(container.startswith("pkcs11:"), done)
    said = openssl("req", "-in", desk.file, "-noout", "-verify", "-text")
    within("verify OK", said.stdout + said.stderr)
    within(bits + " bit", said.stdout)
    pem = desk.sign()
    done = desk.install(desk.old, container, env=modules.env)
    same(done.returncode, 5, done)
    done = desk.install(pem, container, *pin, env=modules.env)
    same((done.returncode, done.word), (0, "installed"), done)
    # A key that never leaves its token has no copy to urge for.
    true("kep backup" not in done.json["message"] + done.stderr, done)
    done = desk.kep("list", place, "--json", env=modules.env)
    key, = done.json["containers"]
    same((key["certificate"]["thumbprint"], key["certificateFits"]),
         (thumbprint(pem), True), done)
    done = desk.kep("install", pem, container, *pin, env=modules.env)
    same(done.returncode, 0, done)


@case_of_each([("in_a_container", "lite", (), "0A00"),
               ("of_512_bits", "ecp", ("--algorithm", "gost2012-512"), "0A00"),
               ("on_a_rutoken_s", "s", (), "0A00"),
               ("inside", "ecp", ("--on-token",), "key-ff")])
def a_key_on_a_rutoken(_, dialect, options, name):
    desk = Desk(authority=True)
    with tokens.Desk() as readers:
        token = tokens.Token(readers, dialect=dialect)
        token.insert()
        pin = ["--pin-file", write(desk.base + "/pin", "12345678\n")]
        done = desk.request(*options, *pin, subject=PERSON, to="rutoken:",
                            env=readers.env)
        same((done.returncode, done.word), (0, "requested"), done)
        container = done.json["container"]
        same(container, "rutoken:48e243b5/" + name, done)
        said = openssl("req", "-in", desk.file, "-noout", "-verify")
        within("verify OK", said.stdout + said.stderr)
        pem = desk.sign()
        # Without its name too, and from the token's list of containers.
        done = desk.kep("install", pem, "--json", *pin, env=readers.env)
        same((done.returncode, done.word, done.json["container"]),
             (0, "installed", container), done)
        done = desk.kep("list", "rutoken:", "--json", env=readers.env)
        key, = done.json["containers"]
        same((key["certificate"]["thumbprint"], key["certificateFits"]),
             (thumbprint(pem), True), done)
        done = desk.kep("verify", container, "--json", *pin, env=readers.env)
        same((done.returncode, done.word), (0, "inOrder"), done)


def wrong(desk, pem, name):
    """The files that are refused."""
    path = os.path.join(desk.base, name)

    def put(data):
        with open(path, "wb") as out:
            out.write(data)
        return path

    if name == "several":
        return put(read(pem) + read(desk.sign(name="another")))
    if name == "unqualified":
        return desk.sign(name=name, extensions="basicConstraints=CA:FALSE\n")
    if name == "authority":
        return desk.sign(name=name, extensions=EXTENSIONS.replace(
            "CA:FALSE", "CA:TRUE"))
    if name == "another_key":
        return desk.ca("issuing.pem")
    if name == "only_a_chain":
        openssl("crl2pkcs7", "-nocrl", "-certfile", desk.ca("root.pem"),
                "-certfile", desk.ca("issuing.pem"), "-out", path)
        return path
    if name == "empty_p7b":
        openssl("crl2pkcs7", "-nocrl", "-out", path)
        return path
    if name == "request":
        return desk.file
    if name == "folder":
        return desk.base
    if name == "absent":
        return path
    der = read(forms(desk, pem)[1])
    p7b = read(forms(desk, pem)[2])
    return put({
        "empty": b"", "text": "сертификат".encode(), "zeros": bytes(1000),
        "cut": der[:-1], "cut_p7b": p7b[:-1], "tail": der + b"x",
        "huge": bytes(1024 * 1024 + 1),
        "deep": b"0\x80" * 5000, "length": b"\x30\x84\xff\xff\xff\xff\x06",
        "oid": b"\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
        "nul": read(pem)[:100] + b"\0" + read(pem)[100:],
        "many": read(pem) * 9,
    }[name])


@case_of_each([
    ("another_key", "certificateWrongKey"),
    ("only_a_chain", "certificateWrongKey"),
    ("several", "certificatesSeveral"),
    ("unqualified", "certificateWrongProfile"),
    ("authority", "certificateWrongProfile"),
    ("empty_p7b", "certificateBad"), ("request", "certificateBad"),
    ("folder", "certificateBad"), ("empty", "certificateBad"),
    ("text", "certificateBad"), ("zeros", "certificateBad"),
    ("cut", "certificateBad"), ("cut_p7b", "certificateBad"),
    ("tail", "certificateBad"), ("deep", "certificateBad"),
    ("length", "certificateBad"), ("oid", "certificateBad"),
    ("nul", "certificateBad"), ("many", "tooLarge"), ("huge", "tooLarge"),
    ("absent", "containerNotFound")])
def stays_out(name, word):
    desk = Desk(authority=True)
    container = desk.requested(subject=PERSON)
    before = tree(desk.to)
    file = wrong(desk, desk.sign(), name)
    done = desk.install(file, container)
    same((done.returncode, done.word), (5, word), done)
    true("resume" not in done.json["message"], done)
    same((tree(desk.to), desk.archived()), (before, []))


@case_of_each([("expired", "+31 days"), ("over_tomorrow", "+695 hours"),
               ("future", "-2 days")])
def dates_keep_it_out(_, clock):
    desk = Desk(authority=True)
    container = desk.requested(subject=PERSON)
    pem = desk.sign(days=29)
    done = run("faketime", clock, harness.program("kep"), "install", pem,
               container, "--json", env={
                   "HOME": desk.home, "LANG": "C.UTF-8"})
    same(done.returncode, 5, done)
    same(json.loads(done.stdout)["outcome"], "certificateWrongDates", done)
    same(desk.archived(), [])


@case
def a_wrong_container_is_told():
    desk = Desk(authority=True)
    desk.requested(subject=PERSON)
    pem = desk.sign()
    for place, word in ((desk.to, "notContainer"),
                        (desk.base + "/none", "containerNotFound"),
                        (desk.old, "certificateWrongKey")):
        done = desk.install(pem, place)
        same((done.returncode, done.word), (5, word), done)


# --- killed at any moment ---------------------------------------------------


def killed(desk, call, number, *words):
    """Whether kep was killed at the n-th call of a kind, or came to its end:
    its outcome."""
    if run("strace", "-o", os.devnull, "true").returncode != 0:
        harness.skip("processes cannot be traced here")
    done = run("strace", "-o", os.devnull, "-e", "trace=" + call, "-e",
               "inject=%s:signal=KILL:when=%d" % (call, number), "--",
               harness.program("kep"), *words, "--json", cwd=desk.base,
               env={"HOME": desk.home, "LANG": "C.UTF-8",
                    "XDG_STATE_HOME": None, "XDG_DATA_HOME": None,
                    # Who is traced cannot look for leaks.
                    "ASAN_OPTIONS": "detect_leaks=0"})
    if done.returncode == 0:
        return json.loads(done.stdout)["outcome"]
    same(done.returncode, -9, done)
    return None


def until_whole(call, one):
    """one(number) for each number, until nothing is killed any more."""
    for number in range(1, 60):
        if one(number):
            true(number > 1, call)
            return
    raise AssertionError("it is killed for ever")


@case_of_each([("fsync",), ("renameat2",), ("openat",)])
def a_request_killed_at(call):
    """What is there can be used: a whole key, for which a request is made."""
    subject = [word for name, value in PERSON.items()
               for word in ("--subject", "%s=%s" % (name, value))]

    def one(number):
        number = 10 * number if call == "openat" else number
        desk = Desk()
        outcome = killed(desk, call, number, "request", "--to", desk.to,
                         "--output", desk.file, *subject)
        shown = [name for name in os.listdir(desk.to)
                 if not name.startswith(".")]
        if outcome is None and os.path.exists(desk.file):
            openssl("req", "-in", desk.file, "-noout", "-verify")
        for name in shown:
            container = os.path.join(desk.to, name)
            true(desk.verify(container)["whole"], container)
            same(desk.request(container, subject=PERSON, to=False,
                              file=desk.file + "2").word, "requested")
        if outcome is not None:
            same((outcome, len(shown)), ("requested", 1))
        return outcome is not None

    until_whole(call, one)


@case_of_each([("fsync",), ("renameat",)])
def an_installation_killed_at(call):
    desk = Desk(authority=True)
    container = desk.requested(subject=PERSON)
    pem = desk.sign()

    def one(number):
        outcome = killed(desk, call, number, "install", pem, container)
        report = desk.verify(container)
        true(report["whole"], report)
        key, = report["keys"]
        true(key["certificate"] is None or
             key["certificate"]["thumbprint"] == thumbprint(pem), report)
        return outcome is not None

    until_whole(call, one)
    same(desk.install(pem, container).word, "installed")


# --- what a certificate says ------------------------------------------------


SAYS = """keyUsage = critical, digitalSignature, nonRepudiation
1.2.643.100.111 = ASN1:FORMAT:UTF8,UTF8:Средство Ж
1.2.643.100.114 = DER:020101
extendedKeyUsage = clientAuth, 1.2.643.3.7.8.1, 1.2.643.3.185.1
certificatePolicies = 1.2.643.100.113.1, 1.2.643.100.113.2, 1.2.643.3.7.2.1
crlDistributionPoints = URI:http://ca.example.ru/1.crl, URI:http://b.ru/2.crl
authorityInfoAccess = OCSP;URI:http://o.ru/, caIssuers;URI:http://c.ru/ca.cer
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
""" + EXTENSIONS


@case
def show_explains_what_openssl_wrote():
    desk = Desk(authority=True)
    desk.requested("--identification", "certificate",
                   subject={**PERSON, **FIRM})
    # The purposes and policies are the centre's, not those of the request.
    pem = desk.sign("-copy_extensions", "none", extensions=SAYS)
    shown = desk.kep("show", pem, "--json")
    same(shown.returncode, 0, shown)
    found = shown.json
    for word, wanted in (
            ("qualified", True), ("notQualified", None), ("authority", False),
            ("keyUsage", ["digitalSignature", "nonRepudiation"]),
            ("purposes", ["1.3.6.1.5.5.7.3.2", "1.2.643.3.7.8.1",
                          "1.2.643.3.185.1"]),
            ("classes", ["KC1", "KC2"]),
            ("policies", ["1.2.643.100.113.1", "1.2.643.100.113.2",
                          "1.2.643.3.7.2.1"]),
            ("identificationKind", "certificate"),
            ("subjectSignTool", "Средство Ж"),
            ("revocationPoints", ["http://ca.example.ru/1.crl",
                                  "http://b.ru/2.crl"]),
            ("ocsp", ["http://o.ru/"]),
            ("issuerCertificates", ["http://c.ru/ca.cer"]),
            ("issuerSignTool", {
                "signTool": "Средство ЭП", "caTool": "Средство УЦ",
                "signToolCertificate": "СФ/000-0000",
                "caToolCertificate": "СФ/000-0001"})):
        same(found[word], wanted, word)
    said = openssl("x509", "-in", pem, "-noout", "-ext",
                   "subjectKeyIdentifier,authorityKeyIdentifier").stdout
    said = said.replace(":", "").lower()
    within(found["keyId"], said)
    within(found["issuerKeyId"], said)
    text = re.sub(r"\s+", " ", desk.kep("show", pem).stdout)
    for part in ("Classes of protection: KC1, KC2", "Position: Главный",
                 "It may be used for: signing in to sites, qualified "
                 "certificate (Kontur), 1.2.643.3.185.1",
                 "by a valid qualified signature, without a visit",
                 "INN (organisation): 6663003127", "Qualified: yes",
                 "SNILS: 112-233-445 95"):
        within(part, text)


@case
def show_reads_what_centres_hand_out_and_take():
    desk = Desk(authority=True)
    desk.requested(subject=PERSON)
    pem = desk.sign()
    for file in forms(desk, pem):
        done = desk.kep("show", file, "--json")
        same(done.returncode, 0, done)
        all_of = done.json.get("certificates", [done.json])
        within(thumbprint(pem), [one["thumbprint"] for one in all_of])
        within("Иванова Анна Петровна", desk.kep("show", file).stdout)
    der = os.path.join(desk.base, "request.der")
    openssl("req", "-in", desk.file, "-outform", "DER", "-out", der)
    for file in (desk.file, der):
        done = desk.kep("show", file, "--json")
        same(done.json["request"]["snils"], "11223344595", done)
        within("Signed with its key", desk.kep("show", file).stdout)
    # One that another key has signed.
    data = bytearray(read(der))
    data[-1] ^= 1
    with open(der, "wb") as out:
        out.write(data)
    done = desk.kep("show", der, "--json")
    same((done.returncode, done.word), (5, "certificateBad"), done)
    for name in ("empty_p7b", "empty", "text", "cut", "cut_p7b", "deep"):
        done = desk.kep("show", wrong(desk, pem, name), "--json")
        same((done.returncode, done.word), (5, "certificateBad"), done)


@case
def a_region_without_its_number_is_remarked():
    desk = Desk()
    for region, remark in (("Свердловская область", True),
                           ("66 Свердловская область", False),
                           ("6 область", True), ("666 область", True)):
        done = desk.request("--dry-run", subject={**PERSON, "S": region})
        same(done.word, "wouldRequest", done)
        within("112-233-445 95", done.stderr)
        same("usually written with its number" in " ".join(
            done.stderr.split()), remark, done)


@case
def show_tells_mistakes_in_numbers():
    desk = Desk()
    old = old_style(desk, OLD_STYLE % "006663003128")
    text = desk.kep("show", old).stdout
    within("006663003128 (there is a mistake in it)", text)
    old = old_style(desk, OLD_STYLE % "006663003127")
    done = desk.kep("show", old)
    within("006663003127 (INN of the organisation: 6663003127)",
           re.sub(r"\s+", " ", done.stdout), done)
    within("Qualified: no: ", re.sub(r"\s+", " ", done.stdout), done)
    done = desk.kep("show", old, "--json")
    true(done.json["notQualified"] is not None, done)


harness.main(jobs=2)
