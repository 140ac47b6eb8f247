#!/usr/bin/python3
"""What kep-sandbox issue makes, read by OpenSSL and by GnuTLS's certtool."""

import os
import re
import sqlite3
import subprocess

import harness
from harness import case, folder, program, run, same, within

OPENSSL = {"OPENSSL_CONF": os.path.join(harness.ROOT,
                                        "tests/support/openssl.cnf")}
PHONE = "79000000001"


def ask(*words, status=0, **options):
    """What another's program says."""
    done = run(*words, env=OPENSSL, **options)
    same(done.returncode, status, done)
    return done.stdout


class Place:
    """A sandbox's folder and a folder for containers."""

    def __init__(self):
        self.dir = os.path.join(folder("sandbox"), "state")
        self.to = folder("containers")
        self.pem = os.path.join(folder("pem"), "certificate.pem")

    def issue(self, *options, phone=PHONE, status=0):
        done = run("kep-sandbox", "issue", "--dir", self.dir, "--to", self.to,
                   "--phone", phone, *options)
        same(done.returncode, status, done)
        return done.stdout.split("\n")[-2] if done.stdout else None

    def ca(self, name):
        return os.path.join(self.dir, "ca", name)

    def registered(self):
        path = os.path.join(self.dir, "sandbox.db")
        if not os.path.exists(path):
            return []
        base = sqlite3.connect(path)
        rows = base.execute("select phone, thumbprint, der from certificates "
                            "order by rowid").fetchall()
        base.close()
        return rows

    def certificate(self, *options):
        """Issue, and write the certificate as PEM."""
        self.issue(*options)
        self.write(self.registered()[-1][2])
        return self.pem

    def write(self, der):
        ask("openssl", "x509", "-inform", "DER", "-out", self.pem, input=der,
            text=False)

    def verify(self, status=0):
        lists = self.pem + ".crl"
        with open(lists, "w") as out:
            for name in ("root.crl.pem", "issuing.crl.pem"):
                with open(self.ca(name)) as one:
                    out.write(one.read())
        return ask("openssl", "verify", "-CAfile", self.ca("root.pem"),
                   "-untrusted", self.ca("issuing.pem"), "-CRLfile", lists,
                   "-crl_check_all", "-x509_strict", self.pem, status=status)


def text(pem):
    return ask("openssl", "x509", "-in", pem, "-noout", "-text",
               "-nameopt", "utf8,sep_multiline")


def extensions(pem):
    """Every extension: OID -> (critical, DER in hexadecimal)."""
    out = ask("openssl", "asn1parse", "-in", pem)
    found, name, critical = {}, None, False
    at_extensions = False
    for line in out.splitlines():
        if "cont [ 3 ]" in line:
            at_extensions = True
        if not at_extensions:
            continue
        value = line.split(":", 3)[-1]
        if re.search(r"d=5 .*OBJECT", line):
            name, critical = value, False
        elif re.search(r"d=5 .*BOOLEAN", line):
            critical = value == "255"
        elif re.search(r"d=5 .*OCTET STRING", line):
            found[name] = (critical, value)
    return found


def attributes(pem, which):
    """The name's attributes: (OBJECT, type, value) of issuer or subject."""
    lines = ask("openssl", "asn1parse", "-in", pem).splitlines()
    names, current, name = [], None, None
    for line in lines:
        if re.search(r"d=2 .*cons: SEQUENCE", line):
            current = []
            names.append(current)
        match = re.search(r"d=5 .*prim: (\w+) +:(.*)$", line)
        if not match or current is None:
            continue
        if match[1] == "OBJECT":
            name = match[2]
        else:
            current.append((name, match[1], match[2]))
    names = [one for one in names if any(n == "commonName"
                                         for n, _, _ in one)]
    return names[0 if which == "issuer" else 1]


# --- the tests ---------------------------------------------------------------


@case
def openssl_and_certtool_verify_the_chain():
    place = Place()
    pem = place.certificate("--name", "Иванов Иван Иванович")
    assert "OK" in place.verify()
    chain = pem + ".chain"
    with open(chain, "w") as out:
        for one in (pem, place.ca("issuing.pem"), place.ca("root.pem")):
            with open(one) as part:
                out.write(part.read())
    said = ask("certtool", "--verify", "--verify-profile", "low",
               "--load-ca-certificate", place.ca("root.pem"),
               "--infile", chain)
    assert "Verified. The certificate is trusted." in said, said


@case
def numbers_are_numeric_strings_of_exact_length():
    place = Place()
    pem = place.certificate("--legal-entity")
    want = {"INN": 12, "1.2.643.100.4": 10, "SNILS": 11, "OGRN": 13}
    got = {name: (kind, len(value))
           for name, kind, value in attributes(pem, "subject")}
    for name, size in want.items():
        assert got[name] == ("NUMERICSTRING", size), (name, got[name])
    assert got["countryName"] == ("PRINTABLESTRING", 2)
    assert got["emailAddress"][0] == "IA5STRING"
    for name in ("commonName", "surname", "givenName", "organizationName",
                 "title", "stateOrProvinceName", "localityName",
                 "streetAddress"):
        assert got[name][0] == "UTF8STRING", (name, got[name])


@case
def issuer_is_a_qualified_authority_and_says_it_is_none():
    place = Place()
    pem = place.certificate()
    got = {name: (kind, value)
           for name, kind, value in attributes(pem, "issuer")}
    assert got["1.2.643.100.4"] == ("NUMERICSTRING", "9700000010"), got
    assert got["OGRN"] == ("NUMERICSTRING", "1209700000014"), got
    for name in ("stateOrProvinceName", "localityName", "streetAddress",
                 "organizationName"):
        assert name in got, name
    for name in ("root", "issuing", "stranger"):
        said = ask("openssl", "x509", "-in", place.ca(name + ".pem"),
                   "-noout", "-subject", "-nameopt", "utf8")
        assert "Песочница kep" in said and "не для работы" in said, said


@case
def every_extension_is_exact():
    place = Place()
    pem = place.certificate()
    found = extensions(pem)
    assert found["X509v3 Basic Constraints"] == (True, "3000")
    assert found["X509v3 Key Usage"] == (True, "030204F0")
    assert found["X509v3 Extended Key Usage"] == (
        False, "3026" "06082B06010505070302" "06082B06010505070304"
        "06072A850302022206" "06072A850303070801")
    assert found["X509v3 Certificate Policies"] == (
        False, "300A" "300806062A8503647101")
    assert found["1.2.643.100.114"] == (False, "020100")
    critical, der = found["Signing Tool of Subject"]
    assert not critical and der.startswith("0C68"), der
    critical, der = found["Signing Tool of Issuer"]
    assert not critical and der.startswith("3082"), der
    period = bytes.fromhex(found["X509v3 Private Key Usage Period"][1])
    assert re.fullmatch(rb"0\x22\x80\x0f\d{14}Z\x81\x0f\d{14}Z", period)
    assert re.fullmatch("0414[0-9A-F]{40}",
                        found["X509v3 Subject Key Identifier"][1])
    issuer = extensions(place.ca("issuing.pem"))
    own = issuer["X509v3 Subject Key Identifier"][1]
    assert found["X509v3 Authority Key Identifier"][1] == "30168014" + own[4:]
    for name, url in (("X509v3 CRL Distribution Points", "ca/issuing.crl"),
                      ("Authority Information Access", "ca/issuing.cer")):
        assert url.encode() in bytes.fromhex(found[name][1]), name


@case
def authorities_are_limited():
    place = Place()
    place.certificate()
    root, issuing = (extensions(place.ca(name))
                     for name in ("root.pem", "issuing.pem"))
    assert root["X509v3 Basic Constraints"] == (True, "30060101FF020101")
    assert issuing["X509v3 Basic Constraints"] == (True, "30060101FF020100")
    for one in (root, issuing):
        assert one["X509v3 Key Usage"] == (True, "03020186")


@case
def lists_are_signed_and_numbered():
    place = Place()
    place.certificate()
    for name in ("root", "issuing"):
        for form, path in (("DER", name + ".crl"), ("PEM", name + ".crl.pem")):
            said = ask("openssl", "crl", "-inform", form, "-noout",
                       "-in", place.ca(path), "-crlnumber")
            assert said.strip() == "crlNumber=0x01", said
        done = run("openssl", "crl", "-noout", "-in",
                   place.ca(name + ".crl.pem"), "-CAfile",
                   place.ca(name + ".pem"), env=OPENSSL)
        within("verify OK", done.stderr, done)


@case
def keys_belong_to_their_certificates():
    place = Place()
    place.certificate()
    for name in ("root", "issuing", "stranger"):
        of_key = ask("openssl", "pkey", "-in", place.ca(name + ".key"),
                     "-pubout")
        of_certificate = ask("openssl", "x509", "-noout", "-pubkey",
                             "-in", place.ca(name + ".pem"))
        assert of_key == of_certificate, name
        assert os.stat(place.ca(name + ".key")).st_mode & 0o777 == 0o600


@case
def options_decide_what_is_issued():
    place = Place()
    said = text(place.certificate("--name", "Ли Бо", "--days", "10"))
    assert "SN=Ли" in said and "GN=Бо" in said and "CN=Ли Бо" in said, said
    assert "O=" not in said.split("Subject:")[1].split("Public Key")[0]
    ask("openssl", "x509", "-in", place.pem, "-noout", "-checkend",
        str(9 * 86400))
    ask("openssl", "x509", "-in", place.pem, "-noout", "-checkend",
        str(11 * 86400), status=1)

    said = text(place.certificate("--algorithm", "gost2012-512"))
    assert "512 bit modulus" in said, said
    place.verify()

    place.certificate("--days", "-1")
    assert ask("openssl", "verify", "-CAfile", place.ca("root.pem"),
               "-untrusted", place.ca("issuing.pem"), place.pem,
               status=2) == ""


@case
def dates_are_those_of_the_options():
    place = Place()
    def dates(*options):
        out = ask("openssl", "x509", "-in", place.certificate(*options),
                  "-noout", "-dates", "-dateopt", "iso_8601")
        period = bytes.fromhex(
            extensions(place.pem)["X509v3 Private Key Usage Period"][1])
        plain = [re.sub(r"\D", "", line) for line in out.splitlines()]
        return plain + [period[4:18].decode(), period[21:35].decode()]

    begin, end, key_begin, key_end = dates()
    assert begin == key_begin and begin < end and key_end >= end[:8]
    begin, end, key_begin, key_end = dates("--key-days", "-3", "--days", "20")
    assert begin < key_end < end
    begin, end, key_begin, key_end = dates("--not-before-days", "2", "--days",
                                           "400")
    assert int(key_end[:4]) - int(begin[:4]) in (1, 2) and key_end > end


@case
def container_is_where_the_last_line_says():
    place = Place()
    where = place.issue("--container", "given123.007", "--password-file",
                        "/dev/null")
    assert where == "file:" + os.path.join(place.to, "given123.007"), where
    files = set(os.listdir(os.path.join(place.to, "given123.007")))
    assert {"header.key", "masks.key", "masks2.key", "name.key",
            "primary.key", "primary2.key"} <= files, files
    phone, thumbprint, der = place.registered()[-1]
    assert phone == PHONE
    with open(os.path.join(place.to, "given123.007", "header.key"),
              "rb") as header:
        assert der in header.read()
    place.write(der)
    said = ask("openssl", "x509", "-in", place.pem, "-noout", "-fingerprint",
               "-sha1")
    assert said.split("=")[1].replace(":", "").strip().lower() == thumbprint


@case
def wrong_usage_makes_nothing():
    place = Place()
    rows = (
        ("--days", "x"), ("--days", ""), ("--days", "1e3"),
        ("--days", "99999999"), ("--days", "99999999999999999999"),
        ("--key-days", "1 "), ("--not-before-days", "-40"),
        ("--key-days", "-1000"), ("--algorithm", "rsa"), ("--phone", "123"),
        ("--phone", "7900000000x"), ("--phone", "89000000001"),
        ("--phone", ""), ("--password-file", "/nonexistent"),
        ("--password-file", "/proc/self/exe"), ("--unknown",), ("extra",),
        ("--days",),
    )
    for row in rows:
        place.issue(*row, status=2)
    for argv in (("--dir", place.dir), ("--to", place.to), ()):
        same(run("kep-sandbox", "issue", *argv).returncode, 2, argv)
    assert os.listdir(place.to) == []
    assert not os.path.exists(place.dir)


@case
def what_cannot_be_done_makes_nothing():
    place = Place()
    place.issue("--container", "taken123.000")
    before = place.registered()
    rows = (
        ("--container", "taken123.000"), ("--container", "../x"),
        ("--container", "Upper.000"), ("--to", place.to + "/none"),
        ("--to", "rutoken:zz"), ("--name", "Одно"), ("--name", ""),
        ("--name", "Иванов \x1b[31mИван"), ("--dir", "/dev/null"),
    )
    for row in rows:
        place.issue(*row, status=1)
    assert os.listdir(place.to) == ["taken123.000"]
    assert place.registered() == before


@case
def several_at_once_share_one_authority():
    place = Place()
    jobs = [subprocess.Popen(
        [program("kep-sandbox"), "issue", "--dir", place.dir, "--to", place.to,
         "--phone", "7900000000%d" % i],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE) for i in range(6)]
    for job in jobs:
        _, said = job.communicate(timeout=harness.TIMEOUT)
        assert job.returncode == 0, said
    rows = place.registered()
    assert len(rows) == 6 and len({phone for phone, _, _ in rows}) == 6
    for _, _, der in rows:
        place.write(der)
        place.verify()


@case
def openssl_finds_the_revoked_one():
    place = Place()
    place.certificate()
    place.issue()
    (_, one, der), (_, _, other) = place.registered()
    harness.ok("kep-sandbox", "set", "--dir", place.dir, "--thumbprint", one,
               "revoked")
    place.write(der)
    place.verify(status=2)
    place.write(other)
    place.verify()
    said = ask("openssl", "crl", "-noout", "-text",
               "-in", place.ca("issuing.crl.pem"))
    assert said.count("Serial Number:") == 1 and "CRL Number" in said, said


harness.main()
