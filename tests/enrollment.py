"""A client of the enrollment API and a subscriber whose cryptography is
OpenSSL's, so that the sandbox is not held against our own programs."""

import base64
import hashlib
import http.client
import json
import os
import shutil
import sqlite3
import ssl
import uuid

import contract
import harness
from harness import ok, same

CONFIG = os.path.join(harness.ROOT, "tests", "support", "openssl.cnf")
TOOL = "Средство для испытаний"

# The words of a name in the API, as OpenSSL calls them.
WORDS = {"countryName": "C", "stateOrProvinceName": "ST", "localityName": "L",
         "streetAddress": "street", "organizationName": "O",
         "organizationalUnitName": "OU", "title": "title", "commonName": "CN",
         "surname": "SN", "givenName": "GN", "emailAddress": "emailAddress",
         "inn": "INN", "snils": "SNILS"}

PERSON = {"countryName": "RU",
          "stateOrProvinceName": "66 Свердловская область",
          "localityName": "Екатеринбург",
          "commonName": "Тестова Вера Ильинична", "surname": "Тестова",
          "givenName": "Вера Ильинична",
          "emailAddress": "vera@example.com", "inn": "977810560757",
          "snils": "96152503606"}

def card(snils):
    """A СНИЛС with the separators that its card has."""
    return "%s-%s-%s %s" % (snils[:3], snils[3:6], snils[6:9], snils[9:])


EXTENSIONS = """
keyUsage = critical, digitalSignature, nonRepudiation, keyEncipherment
extendedKeyUsage = clientAuth, emailProtection
certificatePolicies = 1.2.643.100.113.1
1.2.643.100.111 = ASN1:FORMAT:UTF8,UTF8String:%s
1.2.643.100.114 = ASN1:INTEGER:1
""" % TOOL


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    def __getitem__(self, word):
        return self.json[word]

    def __repr__(self):
        return "%s %s" % (self.status, self.body[:2000].decode("utf-8",
                                                               "replace"))


class Client:
    """One connection. call("readForm", form=id) finds method and path in the
    contract; what is not given is left out, so bad requests can be made."""

    def __init__(self, sandbox, sid=None):
        self.sandbox = sandbox
        self.sid = sid
        self.context = ssl.create_default_context(cafile=sandbox.ca)
        self.connection = None

    def raw(self, method, path, body=None, headers=None):
        if self.connection is None:
            self.connection = http.client.HTTPSConnection(
                "localhost", self.sandbox.port, context=self.context,
                timeout=harness.TIMEOUT)
        try:
            self.connection.request(method, path, body, headers or {})
            return Answer(self.connection.getresponse())
        except Exception:
            self.close()
            raise

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def call(self, operation, body=None, id=None, etag=None, known=None,
             sid=None, query=None, headers=None):
        method, path, _, _ = contract.operations()[operation]
        for word in ("{formId}", "{challengeId}"):
            path = path.replace(word, id or "")
        if operation == "sendDocument":  # (kind, bytes)
            path = path.replace("{kind}", body[0])
            headers = {"Content-Type": "application/pdf", **(headers or {})}
            body = body[1]
        if operation == "readStatement":
            path += "?type=releaseStatement" if query is None else query
        given = {}
        sid = sid or self.sid
        if sid and not operation.endswith(("Code", "Session")) and \
                operation != "signIn":
            given["Authorization"] = "auth.sid " + sid
        if etag is not None:
            given["If-Match"] = '"%s"' % etag
        if known is not None:
            given["If-None-Match"] = '"%s"' % known
        if body is not None:
            given["Content-Type"] = "application/json"
            if not isinstance(body, (str, bytes)):
                body = json.dumps(body)
        given.update(headers or {})
        return self.raw(method, "/v1" + path, body, given)

    def good(self, operation, *words, **named):
        answer = self.call(operation, *words, **named)
        harness.true(answer.status in (200, 201), (operation, answer))
        return answer

    def refused(self, status, code, operation, *words, **named):
        answer = self.call(operation, *words, **named)
        same((answer.status, answer["code"]), (status, code),
             (operation, answer))
        same(answer["traceId"], answer.headers["X-Trace-Id"])
        return answer

    def sign_in(self, phone):
        before = len(self.sandbox.messages(phone))
        challenge = self.good("requestCode", {"phone": phone})
        code = self.sandbox.code(phone, before)
        answer = self.good("signIn", {"code": code},
                           id=challenge["challengeId"])
        self.sid = answer["sid"]
        return answer

    def open(self, thumbprint, mode="express", external=None):
        return self.good("openForm", {
            "externalId": external or uuid.uuid4().hex,
            "oldThumbprint": thumbprint, "mode": mode})


def openssl(*words, input=None):
    return ok("openssl", *words, input=input, text=False,
              env={"OPENSSL_CONF": CONFIG}).stdout


def readable_key(path):
    """A copy of a private key that OpenSSL reads: GnuTLS leaves the zero
    bytes at the high end of a key out, which OpenSSL wants."""
    with open(path, encoding="ascii") as file:
        der = base64.b64decode(file.read().split("-----")[2])
    algorithm = bytes.fromhex("06082a85030701010202")  # the last of its parts
    at = der.index(algorithm) + len(algorithm)
    body = der[2:at] + b"\x04\x22\x04\x20" + der[at + 4:].ljust(32, b"\0")
    copy = os.path.join(harness.folder("key"), "key.pem")
    with open(copy, "w", encoding="ascii") as file:
        file.write("-----BEGIN PRIVATE KEY-----\n%s\n"
                   "-----END PRIVATE KEY-----\n" % base64.b64encode(
                       b"\x30" + bytes([len(body)]) + body).decode())
    return copy


def make_key(path, algorithm="gost2012_256", parameters="XA"):
    openssl("genpkey", "-algorithm", algorithm, "-pkeyopt",
            "paramset:" + parameters, "-out", path)
    return path


def make_request(key, subject, extensions=EXTENSIONS):
    """DER of a PKCS#10."""
    config = key + ".cnf"
    with open(CONFIG, encoding="utf-8") as file:
        text = file.read()
    # streetAddress has no short name that OpenSSL would take twice.
    lines = ["%s = %s" % (WORDS[word], value)
             for word, value in subject.items()]
    with open(config, "w", encoding="utf-8") as file:
        file.write(text + "\n[req]\ndistinguished_name = dn\nprompt = no\n"
                   "utf8 = yes\nstring_mask = utf8only\nreq_extensions = x\n"
                   "[dn]\n%s\n[x]\n%s" % ("\n".join(lines), extensions))
    return ok("openssl", "req", "-new", "-key", key, "-config", config,
              "-outform", "DER", "-utf8", text=False,
              env={"OPENSSL_CONF": config}).stdout


def make_authority(sandbox, word, name):
    """DIR/ca/WORD.key and .pem: the key of the sandbox's stranger with another
    name."""
    place = os.path.join(sandbox.dir, "ca", word)
    shutil.copy(os.path.join(sandbox.dir, "ca", "stranger.key"),
                place + ".key")
    openssl("req", "-x509", "-new", "-utf8", "-subj", "/CN=" + name,
            "-key", readable_key(place + ".key"), "-addext",
            "subjectKeyIdentifier = hash", "-out", place + ".pem")


class Subscriber:
    """A key and a certificate of the sandbox's authority, registered with it.

    began: "-30d" for faketime; NULL: now. signed_by: a name of a key
    in DIR/ca."""

    def __init__(self, sandbox, phone, days=30, subject=PERSON,
                 signed_by="issuing", began=None, register=True):
        self.sandbox = sandbox
        self.phone = phone
        self.subject = subject
        self.folder = harness.folder("subscriber")
        self.key = make_key(os.path.join(self.folder, "old.pem"))
        self.certificate = os.path.join(self.folder, "old.crt")
        self.certify(days, signed_by, began)
        if register:
            self.register()

    def certify(self, days=30, signed_by="issuing", began=None):
        """(Again) a certificate for the key."""
        request = os.path.join(self.folder, "old.csr")
        extensions = os.path.join(self.folder, "old.ext")
        authority = os.path.join(self.sandbox.dir, "ca", signed_by)
        with open(request, "wb") as file:
            file.write(make_request(self.key, self.subject))
        with open(extensions, "w", encoding="utf-8") as file:
            file.write(EXTENSIONS + "subjectKeyIdentifier = hash\n"
                       "authorityKeyIdentifier = keyid\n")
        words = ["openssl", "x509", "-req", "-in", request, "-inform", "DER",
                 "-CA", authority + ".pem", "-CAkey",
                 readable_key(authority + ".key"), "-set_serial",
                 "0x1" + uuid.uuid4().hex,
                 "-days", days, "-extfile", extensions, "-outform", "DER"]
        if began:
            words = ["faketime", "-f", began] + words
        self.der = ok(*words, text=False, env={"OPENSSL_CONF": CONFIG}).stdout
        self.thumbprint = hashlib.sha1(self.der).hexdigest()
        with open(self.certificate, "w", encoding="ascii") as file:
            file.write(ssl.DER_cert_to_PEM_cert(self.der))

    def register(self):
        with database(self.sandbox) as db:
            db.execute("INSERT OR IGNORE INTO subscribers VALUES (?, 0)",
                       (self.phone,))
            db.execute("INSERT INTO certificates (thumbprint, phone, der)"
                       " VALUES (?, ?, ?)",
                       (self.thumbprint, self.phone, self.der))

    def sign(self, data, attached=False):
        """base64 of a CAdES-BES by the old certificate."""
        words = ["cms", "-sign", "-binary", "-cades", "-nosmimecap", "-md",
                 "md_gost12_256", "-signer", self.certificate, "-inkey",
                 self.key, "-outform", "DER"]
        if attached:
            words.append("-nodetach")
        return base64.b64encode(openssl(*words, input=data)).decode()

    def new_key(self, name="new", **named):
        return make_key(os.path.join(self.folder, name + ".pem"), **named)

    def request(self, key, subject=None, extensions=EXTENSIONS):
        """base64 of a PKCS#10 for a key, signed by the old certificate."""
        return self.sign(make_request(key, subject or self.subject,
                                      extensions), attached=True)


class database:
    """with database(sandbox) as db: the sandbox's own, committed after."""

    def __init__(self, sandbox):
        self.db = sqlite3.connect(os.path.join(sandbox.dir, "sandbox.db"),
                                  timeout=120)

    def __enter__(self):
        return self.db

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.db.commit()
        self.db.close()


class Renewal:
    """A form on its way; each step goes on from the form of the last."""

    def __init__(self, client, subscriber, mode="express"):
        self.client = client
        self.subscriber = subscriber
        self.form = client.open(subscriber.thumbprint, mode).json
        self.key = None

    @property
    def id(self):
        return self.form["id"]

    def step(self, operation, body=None):
        self.form = self.client.good(operation, body, id=self.id,
                                     etag=self.form["etag"]).json
        return self.form

    def read(self):
        self.form = self.client.good("readForm", id=self.id).json
        return self.form

    def statement(self):
        return self.client.good("readStatement", id=self.id).body

    def signature(self):
        return {"cms": self.subscriber.sign(self.statement())}

    def request(self):
        if self.key is None:
            self.key = self.subscriber.new_key()
        return {"cms": self.subscriber.request(self.key)}

    def code(self, after):
        return {"code": self.client.sandbox.code(self.subscriber.phone,
                                                 after)}

    def go(self, status):
        """Up to a status, by the way of an express form."""
        if self.form["status"] == status:
            return self.form
        self.step("sendStatementSignature", self.signature())
        if self.form["status"] == status:
            return self.form
        self.step("submitForm", {})
        if self.form["status"] == status:
            return self.form
        self.consent()
        if self.form["status"] == status:
            return self.form
        before = len(self.client.sandbox.messages(self.subscriber.phone))
        self.step("sendRequest", self.request())
        if self.form["status"] == status:
            return self.form
        self.step("confirmRequest", self.code(before))
        if self.form["status"] == status:
            return self.form
        self.read()
        if self.form["status"] == status:
            return self.form
        self.step("reportInstalled", {})
        same(self.form["status"], status)
        return self.form

    def consent(self):
        return self.step("giveConsent", {
            "textVersion": self.form["consent"]["release"]["version"],
            "accepted": True})


def begin(sandbox, phone="79001234567", **named):
    """A client that has signed in, and its subscriber."""
    subscriber = Subscriber(sandbox, phone, **named)
    client = Client(sandbox)
    client.sign_in(phone)
    return client, subscriber


def again(renewal, operation, body, etag):
    """The same once more, with the etag of before: the form as it is."""
    answer = renewal.client.good(operation, body, id=renewal.id, etag=etag)
    got, wanted = answer.json, dict(renewal.form)
    for form in (got, wanted):  # what changes with the time
        form.get("confirmation", {}).pop("resendAfter", None)
    same(got, wanted, operation)
