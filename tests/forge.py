"""Containers as other programs may have written them: another curve, other
flags, a second key, a name in CP1251, padding, damage. It shares nothing with
kep; the checksum and the encryption are GOST 28147-89 once more.

    box = forge.Box(folder)          of a container that is there
    box.flags(0x20)                  not exportable
    box.add_key(forge.Box(other))    the other's key as the second one
    box.save()
"""

import json
import os

from harness import ok, same

# RFC 7836, Appendix C: id-tc26-gost-28147-param-Z.
BOXES = ("C462A5B9E8D703F1", "68239A5C1E47BD0F", "B3582FADE174C960",
         "C821D4F670A53E9B", "7F5A816D093EB42C", "5DF692CAB78143E0",
         "8E25691CF4B0DA37", "17ED05834FA69CB2")
ORDER = {0xA0: 0, 0x03: 1, 0x30: 2, 0x82: 3, 0xA4: 4, 0x85: 5, 0x86: 6,
         0x8A: 7, 0x8B: 8, 0xAC: 9}
# The order of the base points of CryptoPro-A, which is XchA too.
ORDER_256 = int("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
                "6C611070995AD10045841B09B761B893", 16)


# --- GOST 28147-89 ----------------------------------------------------------


def _words(data):
    return [int.from_bytes(data[at:at + 4], "little")
            for at in range(0, len(data), 4)]


def _rounds(block, keys):
    low, high = _words(block)
    for key in keys:
        mixed = (low + key) % (1 << 32)
        mixed = sum(int(BOXES[i][mixed >> 4 * i & 15], 16) << 4 * i
                    for i in range(8))
        mixed = (mixed << 11 | mixed >> 21) % (1 << 32)
        low, high = high ^ mixed, low
    return low, high


def encrypt(key, data):
    """ECB, in blocks of eight bytes."""
    words, out = _words(key), b""
    for at in range(0, len(data), 8):
        low, high = _rounds(data[at:at + 8], words * 3 + words[::-1])
        out += high.to_bytes(4, "little") + low.to_bytes(4, "little")
    return out


def checksum(key, data):
    """The four bytes of its MAC."""
    data += bytes(-len(data) % 8)
    if len(data) == 8:
        data += bytes(8)
    state = bytes(8)
    for at in range(0, len(data), 8):
        block = bytes(a ^ b for a, b in zip(state, data[at:at + 8]))
        state = b"".join(word.to_bytes(4, "little")
                         for word in _rounds(block, _words(key) * 2))
    return state[:4]


# --- DER --------------------------------------------------------------------


def element(tag, content):
    size = len(content)
    if size < 0x80:
        length = bytes([size])
    else:
        digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
        length = bytes([0x80 | len(digits)]) + digits
    return bytes([tag]) + length + content


def elements(data):
    """[(tag, content)] of what stands one behind the other."""
    found = []
    while data:
        size, at = data[1], 2
        if size & 0x80:
            at += size & 0x7F
            size = int.from_bytes(data[2:at], "big")
        found.append((data[0], data[at:at + size]))
        data = data[at + size:]
    return found


def oid(text):
    arcs = [int(arc) for arc in text.split(".")]
    out = bytes([40 * arcs[0] + arcs[1]])
    for arc in arcs[2:]:
        digits = [arc & 0x7F]
        while arc > 0x7F:
            arc >>= 7
            digits.insert(0, 0x80 | arc & 0x7F)
        out += bytes(digits)
    return element(0x06, out)


# --- a container ------------------------------------------------------------


class Box:
    """The fields of header.key by their tags, and the other files."""

    def __init__(self, where):
        self.where = where
        (_, whole), = elements(self.read("header.key"))
        (_, content), _ = elements(whole)
        self.fields = dict(elements(content))
        same(set(self.fields) - set(ORDER), set(), "fields of the header")

    def read(self, name):
        with open(os.path.join(self.where, name), "rb") as file:
            return file.read()

    def write(self, name, data):
        with open(os.path.join(self.where, name), "wb") as file:
            file.write(data)
        return self

    def save(self):
        content = element(0x30, b"".join(
            element(tag, self.fields[tag])
            for tag in sorted(self.fields, key=ORDER.get)))
        return self.write("header.key", element(
            0x30, content + element(0x04, checksum(bytes(32), content))))

    def flags(self, flags):
        """Of the first key."""
        (_, _), algorithm = elements(self.fields[0x30])
        spare = (flags & -flags).bit_length() - 1 if flags else 0
        self.fields[0x30] = element(0x03, bytes([spare, flags])) + \
            element(*algorithm)
        return self

    def curve(self, curve, algorithm=None):
        """Another one, and another algorithm."""
        flags, (_, inner) = elements(self.fields[0x30])
        (_, kind), (_, parameters) = elements(inner)
        first, *others = elements(parameters)
        parameters = oid(curve) + b"".join(element(*one) for one in others)
        self.fields[0x30] = element(*flags) + element(
            0xA0, (oid(algorithm) if algorithm else element(0x06, kind)) +
            element(0x30, parameters))
        return self

    def name(self, text):
        """In CP1251; bytes as they are."""
        raw = text if isinstance(text, bytes) else text.encode("cp1251")
        return self.write("name.key", element(0x30, element(0x16, raw)))

    def witness(self):
        return json.loads(ok("tests/witness/witness", self.where).stdout)

    def add_key(self, other, flags=0x80):
        """Another container's key as the second, a signature key, in both
        pairs. Both without password, of CryptoPro's XchA."""
        own, key = self.witness(), other.witness()["keys"][0]
        scalar = int.from_bytes(bytes.fromhex(key["scalar"]), "little")
        for name, masks, storage in (("primary.key", "masks.key", "storage"),
                                     ("primary2.key", "masks2.key",
                                      "storage2")):
            (_, masks), = elements(self.read(masks))
            mask = int.from_bytes(elements(masks)[0][1], "little")
            hidden = (scalar * mask % ORDER_256).to_bytes(32, "little")
            (_, first), = elements(self.read(name))
            self.write(name, element(0x30, element(*elements(first)[0]) +
                                     element(0x80, encrypt(bytes.fromhex(
                                         own[storage]), hidden))))
        self.fields[0xA4] = element(0x03, bytes([7, flags])) + element(
            0xA0, oid("1.2.643.7.1.1.1.1") + element(
                0x30, oid("1.2.643.2.2.36.0") + oid("1.2.643.7.1.1.2.2")))
        self.fields[0x8B] = other.fields[0x8A]
        if 0x85 in other.fields:
            self.fields[0x86] = other.fields[0x85]
        return self.save()

    def damage(self, name, at=-1):
        """One bit of a file."""
        data = bytearray(self.read(name))
        data[at] ^= 1
        return self.write(name, bytes(data))
