#!/bin/sh
# One certificate renewed, from nothing, on a sandbox of one's own.
#
#   demo.sh BUILD DIR    BUILD holds kep and kep-sandbox; everything that is
#                        made goes into DIR: sandbox/ old/ new/ backup/
#                        state/ result.json
set -eu

build=$(cd "$1" && pwd)
mkdir -p "$2"
dir=$(cd "$2" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
phone=79120000001
sms=$dir/sandbox/sms/$phone

# The reader's language, also where its locale was never generated.
wish=${LC_ALL:-${LC_MESSAGES:-${LANG:-C}}}
export TEXTDOMAIN=kep TEXTDOMAINDIR="$build/locale"
say() {
    if [ "$(locale charmap 2>/dev/null)" != UTF-8 ]; then
        text=$(LC_ALL=C.UTF-8 LANGUAGE=${LANGUAGE:-${wish%%_*}} gettext "$1")
    else
        text=$(gettext "$1")
    fi
    shift
    # shellcheck disable=SC2059 # the text is the format
    printf "$text" "$@"
}

# A word for --code-command, which is split without a shell.
quote() {
    printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

stop() {
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
}
trap stop EXIT
trap 'exit 1' INT TERM HUP

mkdir -p "$dir/old" "$dir/new" "$dir/backup" "$dir/state"
chmod 700 "$dir/old" "$dir/new" "$dir/backup" "$dir/state"
# The demonstration touches nothing of the user's own.
export XDG_STATE_HOME="$dir/state" XDG_CONFIG_HOME="$dir/state/config" \
    XDG_DATA_HOME="$dir/state/data"

say '\n1. A sandbox, and a subscriber whose certificate ends in 30 days.\n\n'
old=$("$build/kep-sandbox" issue --dir "$dir/sandbox" --to "file:$dir/old" \
    --phone "$phone" --days 30 | tail -n 1)
: >"$dir/sandbox.log"
"$build/kep-sandbox" serve --dir "$dir/sandbox" --issue-after 3 \
    >"$dir/sandbox.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    grep -q '^ready ' "$dir/sandbox.log" && break
    kill -0 "$server" 2>/dev/null || {
        cat "$dir/sandbox.log" >&2
        exit 1
    }
    sleep 0.1
done
url=$(sed -n 's/^ready //p' "$dir/sandbox.log")
say '   The server: %s\n' "$url"
say '   The container: %s\n' "$old"

say '\n2. What is due: kep status\n\n'
"$build/kep" status "$old"

say '\n3. The renewal: kep renew\n\n'
status=0
"$build/kep" renew "$old" --to "file:$dir/new" \
    --server "$url" --server-ca "$dir/sandbox/tls-ca.pem" \
    --roots "$dir/sandbox/ca/root.pem" --phone "$phone" \
    --code-command "$(quote "$here/read-code.sh") $(quote "$sms")" \
    --accept-data --entropy system --backup "file:$dir/backup" \
    --progress always --json >"$dir/result.json" || status=$?
if [ "$status" != 0 ]; then
    cat "$dir/result.json"
    exit "$status"
fi

say '\n4. The new container and its copy: kep status\n\n'
"$build/kep" status "$(jq -r .new.container "$dir/result.json")"
echo
"$build/kep" status "$(jq -r .backup.container "$dir/result.json")"

say '\n5. What another program, OpenSSL, says of the new certificate:\n\n'
cat >"$dir/state/openssl.cnf" <<'CNF'
openssl_conf = start
[start]
engines = list
[list]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
CNF
openssl_gost() {
    OPENSSL_CONF="$dir/state/openssl.cnf" openssl "$@"
}
new=$(jq -r .new.certificate "$dir/result.json")
openssl_gost x509 -inform DER -in "$new" -noout -subject -startdate -enddate \
    -nameopt utf8,sep_multiline,sname | sed 's/^/   /'
openssl_gost x509 -inform DER -in "$new" |
    openssl_gost verify -CAfile "$dir/sandbox/ca/root.pem" \
        -untrusted "$dir/sandbox/ca/issuing.pem" | sed 's/^/   /'

say '\nThe result as a program reads it: %s\n' "$dir/result.json"
jq . "$dir/result.json"
