"""A subscriber who has the two tokens of tests/token_module.py."""

import json
import os

from harness import folder, same
from subscriber import Subscriber, write
from token_module import MODULE, PIN, SERIALS, Tokens

HERE = "pkcs11:serial=" + SERIALS[0]
THERE = "pkcs11:serial=" + SERIALS[1]


class Owner(Subscriber):
    """A person with two tokens and their module in the settings."""

    def __init__(self, sandbox, *options, settings=(), to=None):
        self.tokens = Tokens(*settings)
        self.pin = write(os.path.join(folder("pin"), "pin"), PIN + "\n")
        self.old_token = to
        super().__init__(sandbox, *options)
        config = os.path.join(self.home, ".config/kep")
        os.makedirs(config, 0o700)
        write(os.path.join(config, "config.json"),
              json.dumps({"pkcs11Module": MODULE}))

    def begin(self, options):
        """The old certificate may be on a token."""
        if self.old_token is None:
            return super().begin(options)
        where, thumbprint = self.sandbox.issue(
            self.phone, self.old_token + "?module-path=" + MODULE,
            "--password-file", self.pin, *options, env=self.tokens.env)
        return where.split("?")[0], thumbprint

    def env(self, **more):
        return super().env(**{**self.tokens.env, **more})

    def onto(self, to=HERE, *more, **options):
        return self.renew("--pin-file", self.pin, "--old-pin-file", self.pin,
                          *more, to=to, **{"backup": None, **options})

    def keys(self, where):
        done = self.kep("list", where, "--json")
        same(done.returncode, 0, done)
        return done.json["containers"]


def check_ended(tokens):
    """Whatever was opened is closed, and nobody is logged in."""
    same(len(tokens.calls("C_OpenSession")),
         len(tokens.calls("C_CloseSession")))
    same(len([call for call in tokens.calls("C_Login")
              if call != "C_Login again"]), len(tokens.calls("C_Logout")))
    same(len(tokens.calls("C_Initialize")), len(tokens.calls("C_Finalize")))
