"""What an accredited centre that takes requests as files makes of one, by
OpenSSL and the authority of a sandbox."""

import os

from harness import folder
from subscriber import openssl, write

# What it puts in, of which the request knows nothing.
EXTENSIONS = """basicConstraints = CA:FALSE
1.2.643.100.112 = ASN1:SEQUENCE:tools
[tools]
a = FORMAT:UTF8,UTF8:Средство ЭП
b = FORMAT:UTF8,UTF8:Средство УЦ
c = FORMAT:UTF8,UTF8:СФ/000-0000
d = FORMAT:UTF8,UTF8:СФ/000-0001
"""


def answer(sandbox, request, pem, *words, days=300, extensions=EXTENSIONS):
    """The certificate for a request, into a PEM file: its name."""
    issuing = os.path.join(sandbox, "ca", "issuing.")
    openssl("x509", "-req", "-in", request, "-CA", issuing + "pem", "-CAkey",
            issuing + "key", "-copy_extensions", "copyall", "-days", str(days),
            "-out", pem, "-set_serial", "0x1%s" % os.urandom(8).hex(), "-utf8",
            "-extfile", write(os.path.join(folder(), "extensions"),
                              extensions), *words)
    return pem
