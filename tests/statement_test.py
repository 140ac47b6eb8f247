#!/usr/bin/python3
"""kep statement: the statement of a renewal as a PDF, read back by pdftotext,
pdffonts and pdfinfo of poppler."""

import json
import os
import re
import shutil
import stat
import subprocess

import contract
import harness
from enrollment import card
from harness import (Sandbox, case, case_of_each, folder, ok, program, run,
                     same, true, within)
from subscriber import Subscriber, check_memory, write

PHONE = ("--accept-data",)


def words(text):
    """All that is printed, however its lines are broken."""
    return re.sub(r"\s+", " ", text).strip()


def text_of(pdf):
    return ok("pdftotext", "-layout", pdf, "-").stdout


class Printing:
    """A renewal that waits for its certificate."""

    def __init__(self, sandbox, *options):
        self.person = Subscriber(sandbox, *options)
        done = self.person.renew("--normal", "--wait", "0")
        same(done.word, "waiting", done)
        self.renewal, self.form = done.json["renewal"], done.json["form"]
        self.pdf = os.path.join(self.person.base, "statement.pdf")

    def print(self, *more, renewal=None, file=None, json=True, **options):
        words = [word for word in self.person.server() if word not in PHONE]
        return self.person.kep(
            "statement", renewal or self.renewal, "--output",
            file or self.pdf, *(["--json"] if json else []), *words, *more,
            **options)


def sandbox():
    return Sandbox("--issue-after", "1000")


# rule_40
@case
def everything_is_on_the_sheet():
    with sandbox() as centre:
        one = Printing(centre, "--legal-entity", "--name",
                       "Щёголева-Эйхгорн Ъюлия Ёжиковна")
        done = one.print()
        same((done.returncode, done.word), (0, "printed"), done)
        same(done.json["file"], one.pdf, done)
        # It is signed with the key.
        within("need not be signed by hand", done.json["message"], done)
        true("--scan" not in done.json["message"], done)
        same(stat.S_IMODE(os.stat(one.pdf).st_mode), 0o600)
        shown = words(text_of(one.pdf))
        old = one.person.kep("show", one.person.old, "--json").json
        subject = old["keys"][0]["certificate"]["subject"]
        for value in dict(subject, snils=card(subject["snils"])).values():
            within(value, shown)
        for part in ("Заявление на изготовление квалифицированного",
                     "Подтверждаю свое согласие", "СНИЛС", "ИНН организации",
                     "дата", "подпись", "Щёголева-Эйхгорн Ъ. Ё.",
                     one.form, "Лист 1 из 1"):
            within(part, shown)
        about = ok("pdfinfo", one.pdf).stdout
        within("595.28 x 841.89 pts (A4)", about)
        fonts = ok("pdffonts", one.pdf).stdout.splitlines()[2:]
        true(fonts and all(" yes yes yes " in line for line in fonts), fonts)


@case
def standard_output_and_overwriting():
    with sandbox() as centre:
        one = Printing(centre)
        done = run("kep", "statement", one.renewal, "--output", "-", text=False,
                   env=one.person.env(), *[word for word in
                                           one.person.server()
                                           if word not in PHONE])
        true(done.stdout.startswith(b"%PDF-"), done.stderr)
        write(one.pdf, "kept")
        done = one.print()
        same((done.returncode, done.word), (5, "fileExists"), done)
        same(open(one.pdf).read(), "kept")
        done = one.print("--overwrite")
        same(done.word, "printed", done)
        done = one.print(file="-")
        same((done.returncode, done.word), (2, "usage"), done)
        done = one.person.kep("statement", one.renewal, "--json")
        same((done.returncode, done.word), (2, "answerNeeded"), done)
        within("--output", done.json["message"], done)
        done = one.print("--overwrite", renewal="ffffffff")
        same((done.returncode, done.word), (2, "renewalUnknown"), done)
        done = one.print(file=one.person.base + "/none/x.pdf")
        same((done.returncode, done.word), (5, "containerNotFound"), done)


# rule_44, rule_45
@case
def the_way_by_paper():
    """Printed without a server, for the owner's pen; then its scan."""
    with Sandbox() as centre:
        person = Subscriber(centre)
        changes = write(person.base + "/changes",
                        '{"surname":"Новая","commonName":"Новая Анна"}')
        done = person.renew("--paper", "--changes", changes)
        same((done.returncode, done.word), (5, "statementToSign"), done)
        within("kep statement", done.json["message"], done)
        pdf = person.base + "/statement.pdf"
        centre.stop()
        done = person.kep("statement", done.json["renewal"], "--output", pdf,
                          "--json")
        same((done.returncode, done.word), (0, "printed"), done)
        within("sign it by hand", done.json["message"], done)
        within("--scan", done.json["message"], done)
        shown = words(text_of(pdf))
        within("Новая Анна", shown)
        within("подпись", shown)
        centre.start()
        # The signed sheet comes back as a scan: here the sheet itself.
        done = person.resume("--scan", pdf, "--wait", "0")
        same(done.word, "waiting", done)
        centre.set(done.json["form"], "approved")
        same(person.resume().word, "renewed")


# rule_45, rule_46
@case
def a_scan_at_its_maximum():
    """A photograph as telephones make them, up to what the centre takes."""
    mib = 1024 * 1024
    with Sandbox("--review-after", "0", client=True) as centre:
        person = Subscriber(centre)
        done = person.renew("--paper")
        same(done.word, "statementToSign", done)
        scan = os.path.join(person.base, "photo.jpg")
        with open(scan, "wb") as file:
            file.write(b"\xff\xd8\xff\xe0".ljust(10 * mib + 1, b"x"))
        done = person.resume("--scan", scan)
        same((done.returncode, done.word), (5, "documentRefused"), done)
        within("larger than the 10 MB", done.json["message"], done)
        os.truncate(scan, 10 * mib)
        person.check_renewed(person.resume("--scan", scan))
        sent, = [one for one in contract.read(centre.log)
                 if one["operation"] == "sendDocument"]
        same((sent["requestSize"], sent["requestHeaders"]["Content-Type"]),
             (10 * mib, "image/jpeg"))
    check_memory()


@case
def a_renewal_without_an_application_has_none():
    with Sandbox() as centre:
        person = Subscriber(centre)
        centre.set(person.thumbprint, "subject-changed")
        done = person.renew()
        renewal = done.json["renewal"]
        done = person.kep("statement", renewal, "--output",
                          person.base + "/x.pdf", "--json")
        same((done.returncode, done.word), (5, "noForm"), done)


# rule_95
@case
def an_express_renewal_has_nothing_to_print():
    with sandbox() as centre:
        person = Subscriber(centre)
        done = person.renew("--express", "--wait", "0")
        same(done.word, "waiting", done)
        pdf = person.base + "/x.pdf"
        centre.stop()  # nothing is asked of it
        done = person.kep("statement", done.json["renewal"], "--output", pdf,
                          "--json")
        same((done.returncode, done.word), (5, "expressNotPrinted"), done)
        within("kep renew --paper", done.json["message"], done)
        true(not os.path.exists(pdf))


@case
def without_its_program_or_fonts():
    with sandbox() as centre:
        one = Printing(centre)
        alone = os.path.join(folder("alone"), "kep")
        shutil.copy(program("kep"), alone)
        done = run(alone, "statement", one.renewal, "--output", one.pdf,
                   "--json", *[word for word in one.person.server()
                               if word not in PHONE], env=one.person.env())
        same(json.loads(done.stdout)["outcome"], "pressMissing", done)
        # A computer that has no fonts at all.
        fonts = write(one.person.base + "/fonts.conf",
                      '<?xml version="1.0"?><fontconfig></fontconfig>')
        done = one.print(env={"FONTCONFIG_FILE": fonts})
        same((done.returncode, done.word), (5, "fontMissing"), done)
        true(not os.path.exists(one.pdf))


# --- the program that sets it -------------------------------------------------


def press(sheet, **options):
    text = sheet if isinstance(sheet, (str, bytes)) else json.dumps(sheet)
    if isinstance(text, str):
        text = text.encode()
    return run("kep-statement", input=text, text=False, **options)


def sheet(*parts):
    return {"number": "0123", "signer": "Иванова А. П.", "parts": list(parts)}


def pages(done):
    path = write(os.path.join(folder("pdf"), "x.pdf"), "")
    with open(path, "wb") as out:
        out.write(done.stdout)
    shown = text_of(path).split("\f")[:-1]
    count = re.search(r"Pages: +(\d+)", ok("pdfinfo", path).stdout)[1]
    same(len(shown), int(count))
    return shown


@case
def long_sheets_have_pages():
    rows = [["row", "Поле %d" % i, "значение%d" % i] for i in range(100)]
    done = press(sheet(["title", "", "Заявление"], *rows))
    same(done.returncode, 0, done.stderr)
    shown = pages(done)
    true(3 <= len(shown) <= 6, len(shown))
    for i, page in enumerate(shown):
        within("Лист %d из %d" % (i + 1, len(shown)), words(page))
    whole = words(" ".join(shown))
    for i in range(100):
        within("значение%d " % i, whole)
    within("подпись", shown[-1])
    # One paragraph of several pages, one word longer than a line, one row
    # that is higher than a page.
    paragraph = " ".join("слово%d" % i for i in range(3000))
    done = press(sheet(["text", "", paragraph], ["text", "", "Ж" * 2000],
                       ["row", "Поле", paragraph]))
    whole = words(" ".join(pages(done)))
    for i in range(0, 3000, 7):
        same(len(re.findall(r"слово%d\b" % i, whole)), 2, i)
    true(whole.count("Ж") == 2000, whole.count("Ж"))


@case
def the_signature_is_never_torn():
    """Whatever the length, date, signature and name are on one page."""
    for count in range(36, 46):
        done = press(sheet(*[["row", "Поле", "x"] for _ in range(count)]))
        last = pages(done)[-1]
        for part in ("дата", "подпись", "фамилия, инициалы", "Иванова А. П."):
            within(part, last, count)


@case_of_each([
    ("nothing", b""), ("text", "заявление"), ("list", "[]"), ("null", "null"),
    ("cut", json.dumps(sheet(["text", "", "x"]))[:-3]),
    ("no_parts", json.dumps(sheet())), ("no_number", '{"parts":[]}'),
    ("unknown_kind", json.dumps(sheet(["image", "", "x"]))),
    ("short_part", json.dumps(sheet(["text", "x"]))),
    ("number", json.dumps(sheet(["text", "", 1]))),
    ("control", json.dumps(sheet(["text", "", "a\nb"]))),
    ("nul", json.dumps(sheet(["text", "", "a\u0000b"]))),
    ("right_to_left", json.dumps(sheet(["text", "", "a\u202eb"]))),
    ("bad_utf8", b'{"number":"1","signer":"","parts":[["text","","\xff"]]}'),
    ("raw_nul", json.dumps(sheet(["text", "", "x"])).encode() + b"\0"),
    ("many", json.dumps(sheet(*[["text", "", "x"]] * 513))),
    ("huge", json.dumps(sheet(["text", "", "x" * 600000]))),
    ("deep", "[" * 100000)])
def nonsense_is_not_set(_, text):
    done = press(text)
    same((done.returncode, done.stdout), (2, b""), done.stderr)


@case
def a_full_disk_is_told():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([program("kep-statement")], stdout=full,
                              input=json.dumps(sheet(["text", "", "x"])),
                              text=True, timeout=harness.TIMEOUT, check=False)
    same(done.returncode, 1)
    same(run("kep-statement", "--help").returncode, 2)


harness.main(jobs=4)
