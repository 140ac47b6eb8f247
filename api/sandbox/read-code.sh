#!/bin/sh
# For kep's --code-command: shows the newest message in a sandbox's folder of
# one telephone, and prints the code that is in it.
#
#   read-code.sh DIR/sms/PHONE
set -eu

message=$(ls -1 "$1"/*.txt | tail -n 1)
printf '    SMS: ' >&2
cat "$message" >&2
printf '\n' >&2
grep -oE '(^|[^0-9])[0-9]{6}([^0-9]|$)' "$message" | grep -oE '[0-9]{6}'
