#!/bin/sh
# What no compiler checks: who may include whom, functions that are never
# called here, the form, lengths, the manual, the translations. Says FILE:LINE:
# what, and fails if it said anything.
set -eu
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
found=0

find client keygen token api tests -name '*.[ch]' | LC_ALL=C sort \
    >"$scratch/sources"
find . -path ./build -prune -o -path ./demo -prune -o -type f \
    \( -name '*.[ch]' -o -name '*.py' -o -name '*.sh' -o -name '*.1' \
    -o -name Makefile \) -print | sed 's,^\./,,' | LC_ALL=C sort \
    >"$scratch/texts"

# --- includes, banned functions, guards, lines -----------------------------

perl -CSD - "$scratch/sources" "$scratch/texts" <<'PERL' || found=1
use strict;
use warnings;

my $COLUMNS = 80;
my $LINES = 400;

# Who may include whom. A folder is of the deepest part that it is below.
my %may = (
    'client'      => [qw(client token keygen api)],
    'token'       => [qw(token keygen)],
    'keygen'      => [qw(keygen)],
    'api'         => [qw(api)],
    'api/sandbox' => [qw(api/sandbox api keygen token)],
    'tests'       => [qw(tests tests/witness tests/vtoken client token keygen
                         api api/sandbox)],
    'tests/witness' => [qw(tests/witness)],
    'tests/vtoken' => [qw(tests/vtoken)],
);

# They overflow, truncate in silence, ask a shell or race for a name.
my $banned = join '|', qw(strcpy strcat sprintf vsprintf strncpy strncat atoi
    atol gets system popen mktemp tmpnam alloca);

my $findings = 0;

sub complain {
    my ($file, $line, $what) = @_;
    print "$file:$line: $what\n";
    $findings++;
}

sub list {
    open my $in, '<', $_[0] or die "$_[0]: $!\n";
    chomp(my @names = <$in>);
    return @names;
}

sub part_of {
    my ($file) = @_;
    my ($best) = sort { length $b <=> length $a }
        grep { index($file, "$_/") == 0 } keys %may;
    return $best;
}

# Comments and literals blanked out, every line kept.
sub code_of {
    my ($text) = @_;
    my $blank = sub { (my $s = $_[0]) =~ s/[^\n]/ /g; $s };
    $text =~ s{(/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')}
              {$blank->($1)}gse;
    return split /\n/, $text, -1;
}

sub check_includes {
    my ($file, @lines) = @_;
    (my $own = $file) =~ s/\.c$/.h/;
    my $from = part_of($file);
    my $first = 1;
    for my $i (0 .. $#lines) {
        next unless $lines[$i] =~ /^\s*#\s*include\s*(["<])([^">]+)[">]/;
        my ($kind, $name) = ($1, $2);
        complain($file, $i + 1, "$own is not included first")
            if $first && $own ne $file && -e $own && $name ne $own;
        $first = 0;
        my $to = part_of($name);
        if (!defined $to) {
            complain($file, $i + 1, "\"$name\" is not a path from the root")
                if $kind eq '"';
            next;
        }
        complain($file, $i + 1, "<$name> is ours: include it with quotes")
            if $kind eq '<';
        complain($file, $i + 1, "$from must not know $to ($name)")
            unless grep { $_ eq $to } @{$may{$from}};
    }
}

sub check_guard {
    my ($file, @code) = @_;
    my $guard = uc $file;
    $guard =~ s/\W/_/g;
    my @at = grep { $code[$_] =~ /\S/ } 0 .. $#code;
    complain($file, 1, "the include guard is not $guard")
        unless @at > 2
        && $code[$at[0]] =~ /^#ifndef \Q$guard\E$/
        && $code[$at[1]] =~ /^#define \Q$guard\E$/
        && $code[$at[-1]] =~ /^#endif\b/;
}

for my $file (list($ARGV[0])) {
    open my $in, '<', $file or die "$file: $!\n";
    my $text = do { local $/; <$in> };
    my @lines = split /\n/, $text;
    my @code = code_of($text);
    check_includes($file, @lines);
    check_guard($file, @code) if $file =~ /\.h$/;
    for my $i (0 .. $#code) {
        complain($file, $i + 1, "$1() is banned")
            while $code[$i] =~ /(?<![\w.>])($banned)\s*\(/g;
    }
    my $most = $file =~ m{^tests/} ? 1.5 * $LINES : $LINES;
    complain($file, scalar @lines, "more than $most lines")
        if @lines > $most;
}

for my $file (list($ARGV[1])) {
    open my $in, '<', $file or die "$file: $!\n";
    while (my $line = <$in>) {
        chomp $line;
        complain($file, $., "more than $COLUMNS columns")
            if length $line > $COLUMNS;
    }
}
exit($findings > 0);
PERL

# --- the form --------------------------------------------------------------

xargs clang-format --dry-run -Werror <"$scratch/sources" || found=1

# --- functions -------------------------------------------------------------

xargs ctags -f - --languages=C --langmap=C:.c.h --kinds-C=f --sort=no \
    --excmd=number --fields=ne <"$scratch/sources" |
    awk -F '\t' '
        {
            line = end = 0
            for (i = 4; i <= NF; i++) {
                if ($i ~ /^line:/)
                    line = substr($i, 6)
                if ($i ~ /^end:/)
                    end = substr($i, 5)
            }
            # Tables of tests may be long.
            most = $2 ~ /^tests\// ? 100 : 60
            if (end - line + 1 > most) {
                printf "%s:%d: %s has %d lines, more than %d\n", $2, line,
                    $1, end - line + 1, most
                found = 1
            }
        }
        END { exit found }' || found=1

# --- the manual ------------------------------------------------------------

for page in doc/*.1; do
    [ -e "$page" ] || continue
    mandoc -T lint -W warning "$page" || found=1
done

# --- the translations ------------------------------------------------------

# The messages as they are now, with their places, and what each catalog has
# for them.
make -s pot POT="$scratch/now.pot" POTFLAGS=
for catalog in po/*.po; do
    [ -e "$catalog" ] || continue
    msgfmt --check -o /dev/null "$catalog" || found=1
    msgmerge -q --no-fuzzy-matching "$catalog" "$scratch/now.pot" |
        awk -v catalog="$catalog" '
            function check() {
                if (wanted && (fuzzy || missing)) {
                    printf "%s: %s: %s\n", place, catalog, \
                        fuzzy ? "a doubtful translation" : "not translated"
                    found = 1
                }
                wanted = fuzzy = missing = empty = 0
                place = catalog ":1"
            }
            BEGIN { place = catalog ":1" }
            /^$/ { missing = missing || empty; check(); next }
            /^#: / { place = $2; wanted = 1 }
            /^#,.*fuzzy/ { fuzzy = 1 }
            /^msgstr/ { missing = missing || empty; empty = / ""$/; next }
            /^"/ { empty = 0 }
            END { missing = missing || empty; check(); exit found }' || found=1
done

exit "$found"
