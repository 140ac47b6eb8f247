#!/bin/sh
# Covered lines of each source file after "make MODE=cov run-check", the
# lowest first, and of all of them together.
set -eu
cd "$(dirname "$0")/.."

[ -d build/cov ] || {
    echo "There is no build/cov: run make coverage" >&2
    exit 2
}

# A file that no test linked or ran has no counts: it counts as not covered.
# What headers define inline would be counted once for each includer: left
# out.
find client keygen token api -name '*.c' | while read -r source; do
    notes=build/cov/${source%.c}.gcno
    if [ -e "$notes" ]; then
        LC_ALL=C gcov -n "$notes" 2>/dev/null |
            awk -v source="$source" '
                $0 == "File \047" source "\047" {
                    getline
                    split($0, part, /[:%]/)
                    lines = $NF
                    covered = int(part[2] * lines / 100 + 0.5)
                    print covered, lines, source
                }'
    else
        echo "$source was not built" >&2
    fi
done | awk '
    BEGIN { sort = "sort -n" }
    {
        printf "%6.1f %% %6d of %6d  %s\n", 100 * $1 / $2, $1, $2, $3 | sort
        covered += $1
        lines += $2
    }
    END {
        close(sort)
        if (lines == 0)
            exit 1
        printf "%6.1f %% %6d of %6d  all\n", 100 * covered / lines, covered,
            lines
    }'
