#!/bin/sh
# install.sh BINDIR INTO: the units of a user's own systemd, for programs in
# BINDIR. What is the same in all services stands once, in hardening.conf.
set -eu
export LC_ALL=C
here=$(dirname "$0")

# systemd runs no program with one of these in its path, however written.
case $1 in
    /*[[:cntrl:]\"\'\\]* | [!/]* | '')
        printf 'install.sh: systemd starts no programs in "%s":\n%s\n' "$1" \
            'only in an absolute path without quotes and control characters' >&2
        exit 1
        ;;
esac
# "%" begins a specifier in a unit; "&" and "," mean something to sed.
bindir=$(printf '%s' "$1" | sed -e 's/%/%%/g' -e 's/[&,]/\\&/g')

for unit in "$here"/kep-*; do
    to=$2/${unit##*/}
    sed -e "/^@HARDENING@\$/r $here/hardening.conf" -e '/^@HARDENING@$/d' \
        -e "s,@BINDIR@,$bindir," "$unit" >"$to"
    chmod 644 "$to"
done
