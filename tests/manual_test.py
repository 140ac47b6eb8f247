#!/usr/bin/python3
"""The manual says what the programs do: every command, option, outcome,
setting and step stands in its page, and nothing stands there that does not
exist. Speaks TAP."""

import glob
import os
import re
import subprocess
import sys

OUT = os.environ.get("KEP_OUT", "build/release")
STEPS = "client/renewal/steps.c"
OPTIONS = "client/options_rows.c"
OUTCOMES = ("client/outcome/outcome_rows.h", "client/outcome/outcome*.c")

tests = 0
failed = 0


def check(name, said, true):
    """said: what the manual has; true: what the program has."""
    global tests, failed
    tests += 1
    said, true = sorted(said), sorted(true)
    ok = said == true and true != []
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {tests} - {name}")
    if not ok:
        print(f"# only in the manual: {sorted(set(said) - set(true))}")
        print(f"# not in the manual: {sorted(set(true) - set(said))}")
        if len(set(said)) != len(said):
            print("# something stands twice in the manual")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def run(program, *arguments):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
    done = subprocess.run([f"{OUT}/{program}", *arguments], text=True,
                          env=environment, capture_output=True, timeout=180,
                          check=False)
    assert done.returncode == 0 and done.stderr == "", (arguments, done)
    return done.stdout


# --- pages ------------------------------------------------------------------


def section(page, title, level="Sh"):
    """From one heading to the next of its level or above."""
    ends = r"\n\.Sh |\Z" if level == "Sh" else r"\n\.S[hs] |\Z"
    found = re.search(rf"\n\.{level} {title}\n(.*?)(?={ends})", page, re.S)
    assert found, f"there is no .{level} {title}"
    return found[1]


def synopsis(page, command):
    """The options of a command, with what they take."""
    for part in section(page, "SYNOPSIS").split(".Nm\n"):
        if part.startswith(f".Cm {command}\n"):
            return flags(part)
    return set()


def flags(text):
    """Each "Fl -word Ar NAME" as (word, NAME), NAME empty for a flag."""
    return {(word, value or "") for word, value in
            re.findall(r"Fl -([a-z][a-z0-9-]+)(?: Ar ([A-Z]+))?", text)}


def items(text, macro="Cm"):
    """The first words behind .It Cm."""
    lines = re.findall(rf"^\.It {macro} (.*)$", text, re.M)
    return [line.split(" ")[0] for line in lines]


def documented(text):
    """Each ".It Fl s , Fl -word Ar NAME" as (letter, word, NAME)."""
    return re.findall(r"^\.It Fl (?:([a-zA-Z0-9]) , Fl )?-([a-z0-9-]+)"
                      r"(?: Ar ([A-Z]+))?$", text, re.M)


# --- programs ---------------------------------------------------------------


def commands(program):
    """From "  renew    what it does" in the general help."""
    return re.findall(r"^  ([a-z]+) {2,}\S", run(program, "--help"), re.M)


def helped(program, command):
    """The same triples from --help."""
    return re.findall(r"^  (?:-([a-zA-Z0-9]) |   )?--([a-z0-9-]+)"
                      r"(?: ([A-Z]+))?(?= |$)",
                      run(program, command, "--help"), re.M)


def without_letter(triples):
    return {(word, value) for _, word, value in triples}


COMMON = {("help", ""), ("version", "")}


def check_kep(page):
    names = commands("kep")
    check("kep: the commands", items(section(page, "Commands", "Ss")), names)
    union = set()
    for name in names:
        options = helped("kep", name)
        union.update(options)
        check(f"kep {name}: the options of the synopsis",
              synopsis(page, name), without_letter(options) - COMMON)
    check("kep: the options", documented(section(page, "Options", "Ss")),
          union)


def check_sandbox(page):
    names = commands("kep-sandbox")
    check("kep-sandbox: the commands",
          items(section(page, "Commands", "Ss")), names)
    for name in names:
        options = helped("kep-sandbox", name)
        check(f"kep-sandbox {name}: the options of the synopsis",
              synopsis(page, name), without_letter(options) - COMMON)
        check(f"kep-sandbox {name}: the options",
              documented(section(page, f"Options of {name}", "Ss")), options)
    words = run("kep-sandbox", "set", "--help").split("words:\n")[1]
    check("kep-sandbox set: the words",
          items(section(page, "Words of set", "Ss")),
          re.findall(r"^  ([a-z0-9-]+=?) ", words, re.M))
    faults = run("kep-sandbox", "serve", "--help")
    faults = re.search(r"^kinds of faults: (.*)$", faults, re.M)[1]
    check("kep-sandbox serve: the faults", items(section(page, "FAULTS")),
          faults.split())


# --- tables in the sources --------------------------------------------------


def check_outcomes(page):
    source = "".join(read(path) for pattern in OUTCOMES
                     for path in sorted(glob.glob(pattern)))
    status = dict(re.findall(r"([A-Z]+) = (\d)",
                             re.search(r"enum \{(.*?)\}", source, re.S)[1]))
    rows = re.findall(r'\[OUTCOME_\w+\]\s*=\s*\{\s*"(\w+)",\s*(\w+),', source)
    listed = re.findall(r'\[OUTCOME_\w+\]\s*=\s*\{\s*"', source)
    check("the table of outcomes was understood",
          [str(len(listed))], [str(len(rows))])
    text = section(page, "OUTCOMES")
    said = [(word, number)
            for number in re.findall(r"^\.Ss Status (\d+)$", text, re.M)
            for word in items(section(page, f"Status {number}", "Ss"))]
    check("the outcomes and their status", said,
          [(word, status[name]) for word, name in rows])
    not_due = re.search(r"NOT_DUE_STATUS = (\d+)", read("client/main.c"))[1]
    check("the exit status",
          re.findall(r"^\.It (\d+)$", section(page, "EXIT STATUS"), re.M),
          {*status.values(), not_due})


def words_of(text):
    """All that stands behind .Cm at a line's beginning."""
    lines = re.findall(r"^\.Cm (.*)$", text, re.M)
    return [word for line in lines for word in line.split()
            if re.fullmatch(r"\w+", word)]


def check_settings(page):
    rows = re.findall(r'^    \{"[a-z0-9-]+", "(\w+)", AT\(', read(OPTIONS),
                      re.M)
    part = section(page, "FILES").split("Its words are\n")[1]
    check("the words of the settings",
          words_of(part.split("each for the option")[0]), rows)


def check_steps(page):
    rows = re.findall(r'\{"(\w+)", step_\w+,', read(STEPS))
    part = section(page, "status", "Ss").split(".Li step\n")[1]
    check("the steps", words_of(part), rows)


def check_variables(page):
    source = read("client/program/code_command.c")
    check("the variables of the code command",
          re.findall(r"^\.It Ev (KEP_\w+)$", section(page, "ENVIRONMENT"),
                     re.M),
          re.findall(r'"(KEP_\w+)"', source))


def check_members(page):
    """What commands print, and the quoted members of the examples."""
    code = "".join(read(path) for path in glob.glob("client/**/*.c",
                                                    recursive=True))
    put = set(re.findall(r'view_put\w*\(\s*[\w>.-]+,\s*"(\w+)"', code))
    part = section(page, "RESULTS")
    check("the members of JSON", put & set(re.findall(r"\w+", part)), put)
    shown = set(re.findall(r'"(\w+)":', part))
    check("the members of its examples", shown,
          shown & set(re.findall(r"\w+", code + read("keygen/name.c"))))


def check_readme(path):
    """The table of commands, whose cells begin "| `kep status …`"."""
    text = read(path)
    for program in "kep", "kep-sandbox":
        check(f"{path}: the commands of {program}",
              re.findall(rf"^\| `{program} ([a-z]+)", text, re.M),
              commands(program))


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    kep = read("doc/kep.1")
    check_kep(kep)
    check_outcomes(kep)
    check_readme("README.md")
    check_readme("README.ru.md")
    check_settings(kep)
    check_steps(kep)
    check_members(kep)
    check_variables(kep)
    check_sandbox(read("doc/kep-sandbox.1"))
    print(f"1..{tests}")
    return failed > 0


sys.exit(main())
