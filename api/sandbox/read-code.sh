#!/bin/sh
# For kep's --code-command: shows the newest message in a sandbox's folder of
# one telephone that is for KEP_CODE_PURPOSE, and prints the code in it.
#
#   read-code.sh DIR/sms/PHONE
set -eu

case ${KEP_CODE_PURPOSE:-} in
sign-in) about='Код для входа' ;;
confirm) about='Код подтверждения' ;;
*) about='' ;;
esac
message=$(grep -l "^$about" "$1"/*.txt | tail -n 1)
printf '    SMS: ' >&2
cat "$message" >&2
printf '\n' >&2
grep -oE '(^|[^0-9])[0-9]{6}([^0-9]|$)' "$message" | grep -oE '[0-9]{6}'
