#!/usr/bin/python3
"""kep doctor: what works on a computer, and what to do about the rest. kep
remove: a container on a token, for whoever names it."""

import json
import os
import resource

import enrollment
import harness
from harness import Sandbox, case, case_of_each, folder, ok, run, same, true
from harness import skip, within
from subscriber import kep, write
from talk import Talk
from tokens import Desk, Token

PIN = "12345678"
HERE = "rutoken:48e243b5"
SAMPLE = os.path.join(harness.ROOT, "tests/data/synthetic-2012-256-nopassword")


def home():
    """Somebody with nothing of theirs, who reaches no PC/SC service."""
    base = folder("home")
    return {"HOME": base, "XDG_STATE_HOME": None, "XDG_DATA_HOME": None,
            "XDG_CONFIG_HOME": None,
            "PCSCLITE_CSOCK_NAME": os.path.join(base, "no-pcscd")}


def look(*more, env):
    """(done, {check: its row})"""
    done = kep("doctor", "--json", *more, env=env)
    rows = {}
    for row in done.json["checks"]:
        true(row["state"] in ("good", "absent", "bad"), row)
        true(row["message"], row)
        rows[row["check"]] = row
    same(done.word, "unhealthy" if any(
        row["state"] == "bad" for row in rows.values()) else "healthy", done)
    same(done.returncode, 5 if done.word == "unhealthy" else 0, done)
    return done, rows


# --- doctor -----------------------------------------------------------------


@case
def without_a_service():
    done, rows = look(env=home())
    same(rows["pcsc"]["state"], "bad", done)
    within("pcscd.socket", rows["pcsc"]["advice"], done)
    same(rows["server"]["state"], "absent", done)
    same((rows["journal"]["state"], rows["local"]["state"]),
         ("good", "good"), done)
    true("clock" not in rows and "roots" not in rows, done)


@case
def readers_and_tokens():
    with Desk() as desk:
        env = {**home(), **desk.env}
        done, rows = look(env=env)
        same(rows["pcsc"]["state"], "absent", done)
        same(done.word, "healthy", done)
        token = Token(desk, dialect="lite")
        token.insert()
        done, rows = look(env=env)
        same((rows["pcsc"]["state"], rows["pin"]["state"]), ("good", "good"),
             done)
        token.tell("set", 2, 2)
        done, rows = look(env=env)
        same(rows["pin"]["state"], "bad", done)
        token.tell("set", 2, 0)
        done, rows = look(env=env)
        within("locked", rows["pin"]["message"], done)
        same(token.number("verifications", 2), 0)


@case
def a_token_that_makes_no_sense():
    with Desk() as desk:
        token = Token(desk, dialect="ecp")
        token.insert()
        token.fault("noise", value=7, pattern="00CA0181", times=9)
        token.fault("truncate", value=1, pattern="0020", times=9)
        done, rows = look(env={**home(), **desk.env})
        same(rows["token"]["state"], "bad", done)


@case
def the_server_and_the_clock():
    with Sandbox() as sandbox:
        server = ("--server", sandbox.url, "--server-ca", sandbox.ca)
        done, rows = look(*server, env=home())
        same((rows["server"]["state"], rows["clock"]["state"]),
             ("good", "good"), done)
        done, rows = look("--server", sandbox.url, env=home())
        same(rows["server"]["state"], "bad", done)
        within("prove", rows["server"]["message"], done)
        done, rows = look("--server", sandbox.url, "--server-ca",
                          os.devnull, env=home())
        same(rows["server"]["state"], "bad", done)
        env = {"LC_ALL": "C.UTF-8", "LANGUAGE": "en", **home()}
        done = run("faketime", "-f", "+1h", harness.program("kep"), "doctor",
                   "--json", *server, env=env)
        row, = [one for one in json.loads(done.stdout)["checks"]
                if one["check"] == "clock"]
        same(row["state"], "bad", done)


@case
def roots():
    with Sandbox() as sandbox:
        done, rows = look("--roots", os.path.join(
            sandbox.dir, "ca", "root.pem"), env=home())
        same(rows["roots"]["state"], "good", done)
    for path in ("/no/such", os.devnull, __file__):
        done, rows = look("--roots", path, env=home())
        same(rows["roots"]["state"], "bad", done)


@case
def memory_that_cannot_be_locked_is_told():
    """It makes nothing unhealthy: containers of systems have little."""
    if "asan" in harness.OUT or "tsan" in harness.OUT:
        skip("the sanitizer locks nothing, and says that it has")
    limit = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0]
    if limit == resource.RLIM_INFINITY or limit >= 8 << 20:
        same(look(env=home())[1]["memory"]["state"], "good")
    words = ["prlimit", "--memlock=65536", harness.program("kep"), "doctor",
             "--json"]
    if os.geteuid() == 0:  # who may lock whatever the limit is
        words = ["setpriv", "--bounding-set=-ipc_lock"] + words
    done = run(*words, env=home())
    row, = [one for one in json.loads(done.stdout)["checks"]
            if one["check"] == "memory"]
    same(row["state"], "absent", done)
    within("ulimit", row["advice"], done)


@case_of_each([("drop",), ("retry-after:5",), ("status:500",), ("html",)])
def there_is_nothing_to_resume_for_whoever_meets(fault):
    with Sandbox("--fault", "refreshSession=" + fault) as sandbox:
        done, rows = look("--server", sandbox.url, "--server-ca", sandbox.ca,
                          env=home())
        same(rows["server"]["state"], "bad", done)
        true(rows["server"]["advice"], done)
        true("resume" not in rows["server"]["advice"], done)


@case
def a_proxy_is_named_but_not_its_password():
    for name, proxy in (("https_proxy", "http://user:Secret-1@127.0.0.1:1"),
                        ("ALL_PROXY", "socks5://user:Secret-1@127.0.0.1:1"),
                        ("https_proxy", None), ("https_proxy", "")):
        done, rows = look("--server", "https://127.0.0.1:9", env={
            **home(), "https_proxy": None, "ALL_PROXY": None, name: proxy})
        same(rows["server"]["state"], "bad", done)
        same(name in rows["server"]["message"], bool(proxy), done)
        true("Secret-1" not in done.stdout + done.stderr, done)


@case
def an_address_that_is_none_is_explained_without_its_password():
    for server, says in (("https://user:Secret-1@127.0.0.1:9", "no @ in it"),
                         ("http://127.0.0.1:9", "begins with https://"),
                         ("https://127.0.0.1:99999", "127.0.0.1:99999")):
        done, rows = look("--server", server, env=home())
        same(rows["server"]["state"], "bad", done)
        within(says, rows["server"]["message"], done)
        true("Secret-1" not in done.stdout + done.stderr, done)


@case
def what_others_may_change_is_named():
    """They would decide what is trusted and which programs are run."""
    env = home()
    base = env["HOME"]
    shared = os.path.join(base, "it's shared")
    for name in (".config/kep", ".local/state/kep", ".local/share/kep",
                 "it's shared"):
        os.makedirs(os.path.join(base, name), 0o700)
    os.mkdir(os.path.join(base, ".local/share/kep/containers"), 0o700)
    config = write(os.path.join(base, ".config/kep/config.json"), "{}")
    roots = write(os.path.join(shared, "roots.pem"), "none")
    link = os.path.join(base, "link.pem")
    os.symlink(roots, link)
    for path, mode, option, state in (
            (config, 0o644, None, "good"), (config, 0o664, None, "good"),
            (config, 0o666, None, "bad"),
            (os.path.dirname(config), 0o777, None, "bad"),
            (os.path.join(base, ".config"), 0o777, None, "bad"),
            (os.path.join(base, ".config"), 0o1777, None, "good"),
            (base, 0o777, None, "bad"), (base, 0o775, None, "good"),
            (os.path.join(base, ".local/state/kep"), 0o707, None, "bad"),
            (os.path.join(base, ".local/share/kep/containers"), 0o702, None,
             "bad"),
            (roots, 0o666, None, "good"), (roots, 0o666, "--roots", "bad"),
            (roots, 0o666, "--server-ca", "bad"), (shared, 0o777, None, "good"),
            (shared, 0o777, "--roots", "bad"),
            (shared, 0o1777, "--roots", "good")):
        before = os.stat(path).st_mode & 0o7777
        os.chmod(path, mode)
        done, rows = look(*([option, link] if option else []), env=env)
        same(rows["rights"]["state"], state, (path, oct(mode), option, done))
        if state == "bad":
            within("chmod o-w '%s'" % os.path.realpath(path).replace(
                "'", "'\\''"), rows["rights"]["advice"], done)
        os.chmod(path, before)
    # What is not there yet could be put there.
    os.remove(config)
    os.chmod(os.path.dirname(config), 0o777)
    done, rows = look(env=env)
    same(rows["rights"]["state"], "bad", done)
    # One folder is named once, whatever is below it.
    os.chmod(os.path.dirname(config), 0o700)
    os.chmod(base, 0o777)
    done, rows = look(env=env)
    same([row["check"] for row in done.json["checks"]].count("rights"), 1,
         done)


@case
def roots_grow_old():
    """Nothing leads to one that is over; lists of them have hundreds."""
    base = folder("roots")
    key = enrollment.make_key(os.path.join(base, "key.pem"))

    def certificate(name, *before, authority="TRUE"):
        path = os.path.join(base, name)
        ok(*before, "openssl", "req", "-x509", "-new", "-key", key, "-subj",
           "/CN=" + name, "-days", "365", "-out", path, "-addext",
           "basicConstraints = critical, CA:" + authority,
           env={"OPENSSL_CONF": enrollment.CONFIG})
        with open(path, encoding="ascii") as file:
            return file.read()

    over = certificate("over", "faketime", "2015-01-01 00:00:00")
    valid = certificate("valid")
    person = certificate("person", authority="FALSE")
    ok("openssl", "crl2pkcs7", "-nocrl", "-certfile",
       os.path.join(base, "valid"), "-outform", "DER", "-out",
       os.path.join(base, "roots.p7b"))
    for content, state, words in (
            (valid, "good", "1 certificate in the file."),
            (over, "bad", ": 0;"), (person, "bad", ": 0;"),
            (over + person + valid, "good", ": 1;"),
            (valid * 358, "good", "358 certificates in the file."),
            (valid * 513, "bad", "larger"),
            (valid + valid[:200], "bad", "cannot be read"),
            (None, "good", "1 certificate in the file.")):
        path = write(os.path.join(base, "roots.pem"), content) if content \
            else os.path.join(base, "roots.p7b")
        done, rows = look("--roots", path, env=home())
        same(rows["roots"]["state"], state, (words, done))
        within(words, rows["roots"]["message"], done)
        same(rows["roots"]["advice"] is None, state == "good", done)


@case
def a_place_that_cannot_be_written():
    if os.geteuid() == 0:
        return harness.skip("root may write anywhere")
    env = home()
    os.chmod(env["HOME"], 0o500)
    done, rows = look(env=env)
    os.chmod(env["HOME"], 0o700)
    same(rows["local"]["state"], "bad", done)


@case
def in_russian():
    done = run("kep", "doctor", env={
        **home(), "LC_ALL": "ru_RU.UTF-8", "LANGUAGE": "ru"})
    within("Что делать", done.stdout, done)
    within("Журнал продлений", done.stdout, done)


# --- remove -----------------------------------------------------------------


def at_a_token(desk, **setup):
    token = Token(desk, **setup)
    token.put("0B00", SAMPLE)
    token.insert()
    return token, {**home(), **desk.env}, write(
        os.path.join(folder("pin"), "pin"), PIN)


@case_of_each([("ecp",), ("lite",), ("s",)])
def a_container_is_removed(dialect):
    with Desk() as desk:
        token, env, pin = at_a_token(desk, dialect=dialect)
        before = token.number("free")
        done = kep("remove", HERE + "/0B00", "--json", "--pin-file", pin,
                   env=env)
        same((done.returncode, done.word), (2, "answerNeeded"), done)
        same((token.slots(), token.number("verifications", 2)), (["0B00"], 0))
        done = kep("remove", HERE + "/0B00", "--json", "--pin-file", pin,
                   "--force", env=env)
        same((done.returncode, done.word, done.json["container"]),
             (0, "removed", HERE + "/0B00"), done)
        within("testcont", done.stderr, done)
        same(token.slots(), [])
        true(token.number("free") > before, before)
        done = kep("remove", HERE + "/0B00", "--json", "--pin-file", pin,
                   "--force", env=env)
        same((done.returncode, done.word), (5, "containerNotFound"), done)


@case
def who_says_no_keeps_it():
    with Desk() as desk:
        token, env, pin = at_a_token(desk, dialect="lite")
        for answer, gone in (("\r", False), ("n\r", False), ("y\r", True)):
            with Talk("kep", "remove", HERE + "/0B00", "--pin-file", pin,
                      env={"LC_ALL": "C.UTF-8", "LANGUAGE": "en", **env,
                           "TERM": "xterm"}) as at:
                at.expect("Destroy it?")
                at.type(answer)
                at.end()
            same(token.slots(), [] if gone else ["0B00"])


@case
def what_is_not_removed():
    with Desk() as desk:
        token, env, pin = at_a_token(desk, dialect="lite")
        wrong = write(os.path.join(folder("pin"), "wrong"), "wrong-one")
        options = ("--json", "--force", "--pin-file")
        where = os.path.join(folder("box"), "abcd1234.000")
        os.mkdir(where)
        for name in os.listdir(SAMPLE):
            with open(os.path.join(SAMPLE, name), "rb") as file:
                with open(os.path.join(where, name), "wb") as out:
                    out.write(file.read())
        for place, given, status, word in (
                (where, pin, 2, "usage"), ("local:", pin, 2, "usage"),
                (HERE, pin, 5, "notContainer"),
                (HERE + "/0A00", pin, 5, "containerNotFound"),
                (HERE + "/key-ff", pin, 5, "containerNotFound"),
                (HERE + "/0B00", wrong, 5, "pinWrong"),
                (HERE + "/0000", pin, 5, "containerNotFound"),
                (HERE + "/x", pin, 2, "locationUnknown")):
            done = kep("remove", place, *options, given, env=env)
            same((place, done.returncode, done.word), (place, status, word),
                 done)
        same(token.slots(), ["0B00"])
        same(len(os.listdir(where)), 6)


if __name__ == "__main__":
    harness.main()
