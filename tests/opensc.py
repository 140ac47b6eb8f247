"""OpenSC's PKCS#11 module, and tokens as OpenSC formats them."""

import glob

from harness import ok, true

SO, USER = "87654321", "12345678"
MODULE = "/usr/lib/*/opensc-pkcs11.so"


def module():
    found = glob.glob(MODULE)
    true(found, "OpenSC's module is missing")
    return found[0]


def initialize(desk):
    """As a person would who wants a PKCS#15 token."""
    for token in desk.tokens:
        token.wiped = True
    ok("pkcs15-init", "--erase-card", "-p", "rutoken_ecp", env=desk.env)
    ok("pkcs15-init", "--create-pkcs15", "--so-pin", SO, "--so-puk", "",
       env=desk.env)
    ok("pkcs15-init", "--store-pin", "--auth-id", "2", "--label", "User",
       "--pin", USER, "--puk", "", "--so-pin", SO, "--finalize",
       env=desk.env)
