#!/bin/sh
# Which of the named Debian packages are missing, and their installation.
#
#   packages.sh missing NAME...   prints the missing ones, installs nothing
#   packages.sh install NAME...   installs them, through sudo where needed
set -eu

missing() {
    for package; do
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null |
            grep -qx installed || printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "There is no sudo here. As root, run: $*" >&2
        exit 1
    fi
}

verb=$1
shift
command -v dpkg-query >/dev/null || {
    echo "This is not Debian: install by hand what these hold: $*" >&2
    exit 0
}
names=$(missing "$@")
case $verb in
missing) printf '%s\n' "$names" ;;
install)
    [ -n "$names" ] || exit 0
    echo "Installing Debian packages: $names"
    as_root apt-get update -q
    # shellcheck disable=SC2086 # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends $names
    ;;
esac
