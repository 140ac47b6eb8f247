"""OpenSC's PKCS#11 module, and tokens as OpenSC formats them."""

import glob
import os

from harness import ok, true

SO, USER = "87654321", "12345678"
MODULE = "/usr/lib/*/opensc-pkcs11.so"


def module():
    found = glob.glob(MODULE)
    true(found, "OpenSC's module is missing")
    return found[0]


def forgiving(place):
    """The environment in which a leak sanitizer overlooks what OpenSC's library
    loses where it removes a key."""
    path = os.path.join(place, "leaks")
    with open(path, "w", encoding="ascii") as file:
        file.write("leak:libopensc.so\n")
    return {"LSAN_OPTIONS": "print_suppressions=0:suppressions=" + path}


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
