"""The tests' own PKCS#11 module with its two tokens (tests/pkcs11/).

    tokens = Tokens()
    tokens.tool("--login", "--pin", PIN, "--list-objects")
    tokens.set("reversed", "octetString")
    kep("list", "pkcs11:", env=tokens.env)
    tokens.calls("C_Login")
"""

import os

import harness
from harness import folder, ok, run

PIN = "12345678"  # of a token from the factory
MODULE = os.path.join(harness.OUT, "tests/pkcs11/module.so")
SERIALS = ("48e243b5", "48e243b6")
LABELS = ("first", "second")
TRIES = 5


class Tokens:
    """dir: what the module keeps; env: what a program needs to see it."""

    def __init__(self, *settings):
        self.dir = folder("tokens")
        self.env = {"KEP_TEST_PKCS11": self.dir}
        self.set(*settings)

    def set(self, *settings):
        """These settings (tests/pkcs11/settings.h) instead of the others."""
        path = os.path.join(self.dir, "settings")
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.writelines(one + "\n" for one in settings)
        os.rename(path + ".new", path)

    def tool(self, *words, check=True, **options):
        """OpenSC's pkcs11-tool on it."""
        return (ok if check else run)(
            "pkcs11-tool", "--module", MODULE, *words, env=self.env, **options)

    def calls(self, name=None):
        """What was called since forget, all or those of one name."""
        try:
            with open(os.path.join(self.dir, "calls"), encoding="ascii") as f:
                lines = f.read().splitlines()
        except FileNotFoundError:
            return []
        return [line for line in lines
                if name is None or line.split()[0] == name]

    def forget(self):
        open(os.path.join(self.dir, "calls"), "w").close()
