#!/bin/sh
# install.sh BINDIR INTO: the units of a user's own systemd, for programs in
# BINDIR. What is the same in all services stands once, in hardening.conf.
set -eu
here=$(dirname "$0")
for unit in "$here"/kep-*; do
    to=$2/${unit##*/}
    sed -e "/^@HARDENING@\$/r $here/hardening.conf" -e '/^@HARDENING@$/d' \
        -e "s,@BINDIR@,$1," "$unit" >"$to"
    chmod 644 "$to"
done
