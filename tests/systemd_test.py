#!/usr/bin/python3
"""The units for a user's systemd, as systemd-analyze sees them and as a real
one runs them; and that the programs they start call nothing that their filters
forbid. TAP."""

import os
import re
import shlex
import time

import harness
from centre import Centre, ends
from harness import (Sandbox, case, case_of_each, folder, ok, run, same,
                     true, within)
from subscriber import Subscriber, configure, write
from tokens import Desk, Token
from user_manager import in_manager

INSTALL = os.path.join(harness.ROOT, "client/systemd/install.sh")
SERVICES = ("kep-due.service", "kep-resume.service")
TIMERS = ("kep-due.timer", "kep-resume.timer")


def installed(programs=harness.OUT):
    place = folder("units")
    ok(INSTALL, programs, place)
    return place


def analyze(*words, place):
    return run("systemd-analyze", "--user", *words, cwd=place, env={
        "XDG_RUNTIME_DIR": folder("runtime"), "LC_ALL": "C.UTF-8"})


@case
def systemd_finds_nothing_wrong():
    place = installed()
    same(sorted(os.listdir(place)), sorted(SERVICES + TIMERS))
    done = analyze("verify", "--man=no",
                   *("./" + unit for unit in SERVICES + TIMERS), place=place)
    same((done.returncode, done.stdout, done.stderr), (0, "", ""), done)
    # It does look.
    with open(place + "/kep-due.service", "a", encoding="ascii") as file:
        file.write("NoNewPriviledges=yes\n")
    done = analyze("verify", "--man=no", "./kep-due.service", place=place)
    within("NoNewPriviledges", done.stderr)


@case_of_each(["a folder", " around ", "a,b", "a&b", "100%", "%h", "%%",
               "$HOME", "${HOME}", "$$", "a|b", "a;b", "#", "@", "-", "a=b",
               "*", "\u043a\u043b\u044e\u0447\u0438"])
def programs_are_found_in(name):
    """verify looks whether what a service starts is there."""
    programs = os.path.join(folder("programs"), name)
    os.mkdir(programs)
    place = installed(programs)
    done = analyze("verify", "--man=no", "./kep-due.service", place=place)
    within("is not executable: No such file", done.stderr)
    os.symlink(harness.program("kep"), os.path.join(programs, "kep"))
    done = analyze("verify", "--man=no", *("./" + unit for unit in SERVICES),
                   place=place)
    same((done.returncode, done.stdout, done.stderr), (0, "", ""), done)


@case_of_each([
    ("nothing", ""),
    ("a_relative_path", "bin"),
    ("a_variable", "$PWD/bin"),
    ("a_path_with_a_quote", '/a"b'),
    ("a_path_with_an_apostrophe", "/a'b"),
    ("a_path_with_a_backslash", "/a\\b"),
    ("a_path_of_two_lines", "/a\nb"),
    ("a_path_with_a_line_end", "/a\n"),
    ("a_path_with_a_tab", "/a\tb"),
    ("a_path_with_a_delete", "/a\x7f"),
])
def nothing_is_installed_for(_name, programs):
    place = folder("units")
    done = run(INSTALL, programs, place)
    same((done.returncode, done.stdout), (1, ""), done)
    within('systemd starts no programs in "' + programs + '"', done.stderr)
    same(os.listdir(place), [])


@case
def little_is_exposed():
    place = installed()
    for unit in SERVICES:
        done = analyze("security", "--offline=yes", "--threshold=25",
                       "./" + unit, place=place)
        same(done.returncode, 0, done)
    for unit in TIMERS:
        with open(os.path.join(place, unit), encoding="ascii") as file:
            text = file.read()
        for moment in re.findall("^OnCalendar=(.*)$", text, re.M):
            ok("systemd-analyze", "calendar", moment)


def line_of(unit):
    """The words behind kep that a service is run with."""
    with open(os.path.join(installed(), unit), encoding="ascii") as file:
        program, *words = shlex.split(re.search(
            "^ExecStart=(.*)$", file.read(), re.M).group(1))
    same(program, harness.OUT + "/kep")
    return words


def members(name):
    """The system calls of a set."""
    found = set()
    for word in re.findall(r"^    (@?[a-z0-9_-]+)$", ok(
            "systemd-analyze", "syscall-filter", name).stdout, re.M):
        found |= members(word) if word.startswith("@") else {word}
    return found


def filtered():
    """Those that a service may make: its lines, one after the other."""
    with open(os.path.join(installed(), SERVICES[0]),
              encoding="ascii") as file:
        lines = re.findall(r"^SystemCallFilter=(~?)(@\S+)$", file.read(), re.M)
    found = set()
    for taken_away, name in lines:
        found = found - members(name) if taken_away else found | members(name)
    return found


@case
def the_filters_let_through_what_is_needed():
    allowed = filtered()
    true(len(allowed) > 200, len(allowed))
    true("reboot" not in allowed and "read" in allowed)
    base = folder("trace")
    with Sandbox("--issue-after", "1000") as sandbox:
        person = Subscriber(sandbox)
        same(person.renew("--wait", "0").word, "waiting")
        for unit, more in (("kep-due.service",
                            ["--due-command", "cat", person.old]),
                           ("kep-resume.service", [])):
            path = os.path.join(base, unit)
            run("strace", "-f", "-qq", "-o", path, harness.program("kep"),
                *line_of(unit), *more, env=person.env())
            with open(path, encoding="utf-8", errors="replace") as file:
                calls = set(re.findall(r"^\d+ +([a-z0-9_]+)\(", file.read(),
                                       re.M))
            true(len(calls) > 20, calls)
            same(sorted(calls - allowed), [], unit)


# What is run for a new certificate: the first of them ends when the others
# have.
FIRST_IS_LAST = r"""#!/bin/sh
cd "$1"
if mkdir first 2>/dev/null; then
    for i in $(seq 200); do
        [ "$(ls | wc -l)" -lt 4 ] || exit 0
        sleep 0.05
    done
    exit 1
fi
echo >"$KEP_RENEWAL"
"""


@case
def one_that_takes_long_holds_up_no_other():
    with Sandbox("--issue-after", "1") as sandbox:
        centre = Centre(sandbox).clients(4)
        same(set(ends(centre.run(centre.plan(), "--wait", "0")).values()),
             {"waiting"})
        script = write(centre.path("script"), FIRST_IS_LAST, 0o700)
        os.mkdir(centre.path("noted"))
        configure(centre.path("home"), report=centre.path("reports"),
                  deployCommand=script + " " + centre.path("noted"))
        said = ""
        for _ in range(100):
            done = run("kep", *line_of("kep-resume.service"), cwd=centre.base,
                       env=centre.env())
            same(done.stderr, "", done)
            said += done.stdout
            if done.returncode != 3:
                break
            time.sleep(0.1)
        same(done.returncode, 0, said)
        renewed = re.findall(r"^ +(\d+)  The certificate has been renewed",
                             said, re.M)
        same(sum(int(number) for number in renewed), 4, said)
        same(re.search('[{"]', said), None, said)
        same(os.path.exists(centre.path("reports")), False)


# --- in a real manager ------------------------------------------------------

# Notes that it was run, and what it may do; what it says goes to a file.
BEGIN = r"""
set -eu
mkdir ~/bin
cat >~/bin/note <<'END'
#!/bin/sh
exec >>~/noted 2>&1
echo "$*" | tr '\n' ' '
grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status | tr '\n\t' '  '
busctl --user call org.freedesktop.DBus / org.freedesktop.DBus GetId \
    2>/dev/null | grep -q ^s && echo a bus answers
touch ~/mine && echo home may be written
touch /usr/mine || echo rc $?
[ ! -e ~/fail ]
END
cp ~/bin/note ~/bin/notify-send
chmod 755 ~/bin/*
export ASAN_OPTIONS=detect_leaks=0
systemctl --user set-environment PATH="$PATH" ASAN_OPTIONS=$ASAN_OPTIONS \
    KEP_TEST_PKCS11=$HOME
mkdir -m 700 -p ~/.config/kep
echo "{\"dueCommand\": \"$HOME/bin/note due\"}" >~/.config/kep/config.json
issue() {
    kep-sandbox issue --dir ~/sandbox --to local: --phone $1 --days 20 |
        tail -n 1
}
# unit what: more of it, before the manager looks.
more() {
    mkdir -p ~/.config/systemd/user/$1.d
    printf "$2" >~/.config/systemd/user/$1.d/more.conf
    systemctl --user daemon-reload
}
"""


def real(script, **options):
    done = in_manager(BEGIN + script, **options)
    same(done.returncode, 0, done)
    return done.stdout


@case
def a_real_manager_lets_them_remind():
    said = real(r"""
issue 79110000001 >/dev/null
for i in 1 2; do systemctl --user start kep-due.service; done
cat ~/noted ~/.local/state/kep/notices
""")
    same(said.count("has to be renewed"), 1, said)
    same(said.count("due NoNewPrivs: 1 Seccomp: 2 home may be written"), 1,
         said)
    same(said.count("a bus answers"), 1, said)
    same(said.count("Read-only file system\nrc 1"), 2, said)
    within(" 30 30 ", said)


@case
def a_real_manager_lets_them_go_on():
    """Wherever the journal is."""
    said = real(r"""
kep-sandbox serve --dir ~/sandbox --issue-after 1 >/dev/null &
while [ ! -e ~/sandbox/url ]; do sleep 0.1; done
old=$(issue 79110000001)
export XDG_STATE_HOME=$HOME/elsewhere
systemctl --user set-environment XDG_STATE_HOME=$XDG_STATE_HOME
kep renew "$old" --to local: --server $(cat ~/sandbox/url) --server-ca \
    ~/sandbox/tls-ca.pem --phone 79110000001 --codes ~/sandbox/sms \
    --accept-data --entropy system --no-backup --wait 0 >/dev/null || echo $?
echo "{\"serverCa\": \"$HOME/sandbox/tls-ca.pem\"}" >~/.config/kep/config.json
sleep 1.5
systemctl --user start kep-resume.service
kep resume --json
""")
    same(said.splitlines()[0], "3", said)
    within('"nothingOpen"', said)
    same(said.count("nothingOpen"), 1, said)


@case
def what_was_missed_is_made_up_for():
    said = real(r"""
issue 79110000001 >/dev/null
more kep-due.timer '[Timer]\nRandomizedDelaySec=0\n'
mkdir -p ~/.local/share/systemd/timers
touch -d '2 days ago' ~/.local/share/systemd/timers/stamp-kep-due.timer
systemctl --user start kep-due.timer kep-resume.timer
for i in $(seq 100); do
    ! grep -q ' 30 30 ' ~/.local/state/kep/notices 2>/dev/null || break
    sleep 0.1
done
cat ~/noted
systemctl --user list-timers
""")
    within("has to be renewed", said)
    for timer in TIMERS:
        within(timer, said)


@case
def what_cannot_be_told_is_tried_again_the_same_day():
    said = real(r"""
issue 79110000001 >/dev/null
more kep-due.service '[Service]\nRestartSec=10ms\n'
touch ~/fail
systemctl --user start kep-due.service || echo not yet
until systemctl --user is-failed -q kep-due.service; do sleep 0.1; done
grep -c ^due ~/noted
rm ~/fail ~/noted
systemctl --user reset-failed
systemctl --user start kep-due.service
grep -c ^due ~/noted
""")
    same(said.split(), ["not", "yet", "5", "1"], said)


@case
def a_real_manager_lets_them_reach_tokens():
    with Desk() as desk:
        Token(desk, 0).insert()
        said = real(r"""
sed "s|^ExecStart=.*|ExecStart=/bin/sh -c 'kep list --pkcs11-module \
/opt/bin/module.so rutoken: pkcs11: >$HOME/listed'|" \
    ~/.config/systemd/user/kep-due.service >~/.config/systemd/user/look.service
systemctl --user daemon-reload
systemctl --user start look.service
cat ~/listed
""", pcscd=os.path.dirname(desk.socket))
    within("rutoken:48e243b5", said)
    within("pkcs11:serial=48e243b5", said)


harness.main()
