#!/bin/sh
# Every input that a fuzzer has been given once, given to it again (TAP).
set -u
cd "$(dirname "$0")/.." || exit 1
total=0
failed=0
for source in tests/*_fuzz.c; do
    name=$(basename "$source" .c)
    total=$((total + 1))
    # A fuzzer without an input to begin with is one that nobody has tried.
    if [ -n "$(ls "tests/corpus/$name" 2>/dev/null)" ] &&
        "${KEP_OUT:-build/release}/tests/$name" "tests/corpus/$name" >&2; then
        echo "ok $total - $name"
    else
        echo "not ok $total - $name"
        failed=1
    fi
done
echo "1..$total"
exit $failed
