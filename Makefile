# kep: renews qualified electronic signatures.
#
#   make                 build kep and kep-sandbox into build/release
#   make demo            install what is missing, then renew a certificate
#   make check           install what is missing, then run every test
#   make MODE=asan       the same sources into build/asan (debug tsan cov fuzz)
#   make help            every target, one line each

NAME    := kep
VERSION := 0.1.0
MODE    ?= release
OUT     := build/$(MODE)

# --- what is built -------------------------------------------------------
# A folder is a part. A main.c makes a program; every other file goes into
# one archive, so a test links exactly what the programs link.

PARTS    := client keygen token api
FOUND    := $(sort $(shell find $(PARTS) -name '*.[ch]'))
MAINS    := $(filter %/main.c,$(FOUND))
SOURCES  := $(filter-out $(MAINS),$(filter %.c,$(FOUND)))
HEADERS  := $(filter %.h,$(FOUND))
TESTS    := $(patsubst %.c,$(OUT)/%,$(wildcard tests/*_test.c))
FUZZERS  := $(patsubst %.c,$(OUT)/%,$(wildcard tests/*_fuzz.c))
BENCHES  := $(patsubst %.c,$(OUT)/%,$(wildcard tests/*_bench.c))
VTOKEN   := $(patsubst %.c,$(OUT)/%.o,$(filter-out %/main.c,$(wildcard \
    tests/vtoken/*.c)))
SUPPORT  := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/support/*.c)) $(VTOKEN)
WITNESS  := $(patsubst %.c,$(OUT)/%.o,$(filter-out %/main.c,$(wildcard \
    tests/witness/*.c)))
PROGRAMS := $(patsubst %,$(OUT)/%,kep kep-sandbox)
HELPERS  := $(OUT)/kep-statement
MODULE   := $(OUT)/tests/pkcs11/module.so
WHOLE    := $(sort $(wildcard tests/*_test.py tests/*_test.sh))
LANGS    := $(patsubst po/%.po,%,$(wildcard po/*.po))
CATALOGS := $(LANGS:%=$(OUT)/locale/%/LC_MESSAGES/$(NAME).mo)
PAGES    := $(wildcard doc/*.1)
UNITS    := $(wildcard client/systemd/kep-*)

ARCHIVE  := $(OUT)/lib$(NAME).a

# --- where it goes -------------------------------------------------------

PREFIX    ?= /usr/local
BINDIR    ?= $(PREFIX)/bin
MANDIR    ?= $(PREFIX)/share/man
LOCALEDIR ?= $(PREFIX)/share/locale
UNITDIR   ?= $(PREFIX)/lib/systemd/user
LIBEXECDIR ?= $(PREFIX)/libexec/kep
DESTDIR   ?=

# --- with which tools ----------------------------------------------------
# CFLAGS, CPPFLAGS, LDFLAGS and LDLIBS are never assigned here: they belong
# to whoever builds, and come last.

PKG_CONFIG ?= pkg-config
NEEDS      := gnutls libcurl json-c libsodium sqlite3 gmp libmicrohttpd \
    p11-kit-1 libpcsclite
TESTNEEDS  := cmocka libgcrypt

# The Debian packages that hold them.
BUILD_PACKAGES := gcc make pkg-config gettext libgnutls28-dev \
    libcurl4-gnutls-dev libjson-c-dev libsodium-dev libsqlite3-dev \
    libgmp-dev libmicrohttpd-dev libp11-kit-dev libpcsclite-dev libcsv-dev \
    libpango1.0-dev
DEMO_PACKAGES  := $(BUILD_PACKAGES) openssl libengine-gost-openssl jq
CHECK_PACKAGES := $(DEMO_PACKAGES) libcmocka-dev libgcrypt20-dev gnutls-bin \
    perl python3 python3-jsonschema python3-yaml mandoc strace tmux curl \
    sqlite3 faketime procps systemd fonts-liberation poppler-utils opensc \
    opensc-pkcs11 pcscd vsmartcard-vpcd dbus-daemon
LINT_PACKAGES  := $(CHECK_PACKAGES) clang clang-format clang-tools \
    libclang-rt-dev cppcheck universal-ctags

# Targets that compile nothing themselves work without the libraries.
IDLE := clean help pot po setup check demo lint bench bench-batch coverage \
    fuzz check-asan check-tsan check-valgrind uninstall
ifneq ($(filter-out $(IDLE),$(or $(MAKECMDGOALS),all)),)
MISSING := $(shell ./packages.sh missing $(BUILD_PACKAGES))
$(if $(MISSING),$(error These Debian packages are missing: $(MISSING). \
    To install them: make setup))
lib_cflags := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags \
    $(NEEDS)))
# libcsv knows no pkg-config.
lib_libs   := $(shell $(PKG_CONFIG) --libs $(NEEDS)) -lcsv
# Of kep-statement alone: they would nearly double the start of every kep.
paper_libs   = $(shell $(PKG_CONFIG) --libs pangocairo)
paper_cflags = $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags \
    pangocairo))
test_libs   = $(shell $(PKG_CONFIG) --libs $(TESTNEEDS))
endif

warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
    -Wsign-conversion -Wcast-qual -Wwrite-strings -Wformat=2 -Wundef -Wvla \
    -Wstrict-prototypes -Wmissing-prototypes -Wimplicit-fallthrough \
    -Wframe-larger-than=32768
hardening := -fstack-protector-strong -fstack-clash-protection -fPIE
linking   := -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed

# Only builds of ours turn warnings into errors: a packager's newer compiler
# may know a warning that did not exist when this was released.
mode_release := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
mode_debug   := -Og -Werror
mode_asan    := -O1 -Werror -fno-omit-frame-pointer \
    -fno-inline-functions-called-once \
    -fsanitize=address,undefined -fno-sanitize-recover=all
mode_tsan    := -O1 -Werror -fno-omit-frame-pointer -fsanitize=thread
mode_cov     := -O0 --coverage
mode_fuzz    := -O1 -fsanitize=fuzzer-no-link,address,undefined
mode_flags   := $(or $(mode_$(MODE)),$(error MODE=$(MODE) is none of: \
    release debug asan tsan cov fuzz))

# Messages are looked for beside the program first, so that what was built
# speaks Russian without being installed.
compile = $(CC) -std=c11 -g '-ffile-prefix-map=$(CURDIR)=.' $(mode_flags) \
    $(warnings) $(hardening) -I. -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
    -DLOCALEDIR='"$(LOCALEDIR)"' $(lib_cflags) $(own)$(CPPFLAGS) $(CFLAGS)
link    = $(CC) $(mode_flags) $(linking) $(LDFLAGS)

# "make V=1" shows whole commands, otherwise one short line each.
ifeq ($(V),)
say = @printf '  %-5s %s\n' $(1) $(2);
endif

# --- rules ---------------------------------------------------------------

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

all: $(PROGRAMS) $(HELPERS) $(CATALOGS) ## build programs and translations

$(OUT)/kep: $(OUT)/client/main.o $(ARCHIVE)
	$(call say,LINK,$@) $(link) -o $@ $^ $(lib_libs) $(LDLIBS)

$(OUT)/kep-sandbox: $(OUT)/api/sandbox/main.o $(ARCHIVE)
	$(call say,LINK,$@) $(link) -o $@ $^ $(lib_libs) $(LDLIBS)

$(OUT)/kep-statement: $(OUT)/client/paper/main.o $(ARCHIVE)
	$(call say,LINK,$@) $(link) -o $@ $^ $(paper_libs) $(lib_libs) $(LDLIBS)

# What one object alone is told, with a blank behind it.
$(OUT)/client/paper/typeset.o: own = $(paper_cflags) # ->
$(OUT)/client/paper/press.o: own = -DLIBEXECDIR='"$(LIBEXECDIR)"' # ->
$(OUT)/client/paper/press.o: $(OUT)/libexecdir

$(ARCHIVE): $(SOURCES:%.c=$(OUT)/%.o) $(OUT)/sources
	$(call say,AR,$@) rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<) $(compile) -MMD -MP -c -o $@ $<

# tests/x_test.wrap, where it exists, lists -Wl,--wrap=symbol one a line:
# the calls that this test makes fail on purpose.
wraps = $(addprefix @,$(wildcard tests/$*.wrap))

$(FUZZERS): $(if $(filter-out fuzz,$(MODE)),$(OUT)/tests/replay.o)
$(TESTS) $(FUZZERS) $(BENCHES): $(OUT)/tests/%: $(OUT)/tests/%.o \
    $(SUPPORT) $(ARCHIVE)
	$(call say,LINK,$@) $(link) $(if $(filter %_fuzz,$@),$(fuzzer)) -o $@ \
	    $^ $(wraps) $(test_libs) $(lib_libs) $(LDLIBS)

# A token in a reader of pcscd's.
$(OUT)/tests/vtoken/vtoken: $(OUT)/tests/vtoken/main.o $(VTOKEN)
	$(call say,LINK,$@) $(link) -o $@ $^ $(test_libs) $(LDLIBS)

# A second reader of containers, which shares nothing with the first one.
$(OUT)/tests/witness/witness: $(OUT)/tests/witness/main.o $(WITNESS)
	$(call say,LINK,$@) $(link) -o $@ $^ $(test_libs) $(LDLIBS)

$(filter %witness_test,$(TESTS)) $(OUT)/tests/container_bench: $(WITNESS)

# Tokens for tests, behind a PKCS#11 module of their own. Other people's
# programs load it too, so it is never sanitized.
$(MODULE): $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/pkcs11/*.c))
	$(call say,LINK,$@) $(CC) -shared $(LDFLAGS) -o $@ $^ $(lib_libs) $(LDLIBS)

$(OUT)/tests/pkcs11/%.o: private mode_flags := -O2
$(OUT)/tests/pkcs11/%.o: private hardening += -fPIC -fvisibility=hidden
$(patsubst %.c,$(OUT)/%,$(wildcard tests/pkcs11_*_test.c \
    tests/pin_given_test.c)): | $(MODULE)

# With clang's libFuzzer a fuzzer is its own program; with any other mode it
# replays the files it is given (tests/replay.c has that main).
fuzzer = $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer)

# These two change only when what they record does: a new flag rebuilds
# every object, a source added or removed rebuilds the archive.
$(OUT)/flags: record = $(compile) $(link)
$(OUT)/sources: record = $(SOURCES)
$(OUT)/libexecdir: record = $(LIBEXECDIR)
$(OUT)/flags $(OUT)/sources $(OUT)/libexecdir: always
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(record))' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)

# --- what it needs -------------------------------------------------------

setup: ## install the Debian packages that building needs
	@./packages.sh install $(BUILD_PACKAGES)

# --- trying it out -------------------------------------------------------

DEMO_DIR ?= demo
demo: ## renew a certificate on a sandbox server, from nothing
	@./packages.sh install $(DEMO_PACKAGES)
	@$(MAKE) --no-print-directory all
	@api/sandbox/demo.sh '$(OUT)' '$(subst ','\'',$(DEMO_DIR))'

# --- tests ---------------------------------------------------------------
# Every test speaks TAP: prove runs them all and ends with one summary.

# Building uses every processor, unless a -j says how many.
parallel = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

check: ## install what is missing, then run every test
	@./packages.sh install $(CHECK_PACKAGES)
	@$(MAKE) --no-print-directory $(parallel) run-check

# Most of a test is waiting; with a sanitizer or under valgrind most is work.
JOBS ?= $(shell expr $(if $(filter release,$(MODE)),2,1) \* $$(nproc))
RUN  ?=
# Seconds that one test may take: then it fails, with status 124. It ends with
# prove, too, as when somebody presses Ctrl-C.
LIMIT ?= $(if $(filter release debug,$(MODE)),900,3600)
run = setpriv --pdeathsig TERM timeout --kill-after=60 $(LIMIT) $(RUN)
# What takes long comes first: whole programs, then units.
run-check: all $(TESTS) $(FUZZERS) $(WHOLE) $(OUT)/tests/witness/witness \
    $(MODULE) $(OUT)/tests/vtoken/vtoken
	@KEP_OUT='$(CURDIR)/$(OUT)' CMOCKA_MESSAGE_OUTPUT=TAP \
	 prove --jobs $(JOBS) --exec '$(run)' $(PROVEFLAGS) $(WHOLE) $(TESTS)

run-unit: $(TESTS) $(CATALOGS)
	@KEP_OUT='$(CURDIR)/$(OUT)' CMOCKA_MESSAGE_OUTPUT=TAP \
	 prove --jobs $(JOBS) --exec '$(run)' $(PROVEFLAGS) $(TESTS)

check-asan: ## every test under AddressSanitizer and UBSan
	@./packages.sh install $(CHECK_PACKAGES)
	@$(MAKE) --no-print-directory $(parallel) MODE=asan run-check

check-tsan: ## what runs in several threads, under ThreadSanitizer
	@./packages.sh install $(CHECK_PACKAGES)
	@TSAN_OPTIONS='suppressions=$(CURDIR)/tests/tsan.supp' \
	 $(MAKE) --no-print-directory $(parallel) MODE=tsan FUZZERS= run-check \
	 TESTS='$(patsubst %,build/tsan/tests/%_test,batch journal_threads pace \
	     parallel queue servers watch)' \
	 WHOLE='$(wildcard tests/batch_*_test.py tests/hook_test.py)'

check-valgrind: ## the unit tests under valgrind; any leak fails
	@./packages.sh install $(CHECK_PACKAGES) valgrind
	@$(MAKE) --no-print-directory $(parallel) MODE=debug run-unit \
	 LIMIT=3600 RUN='valgrind -q --leak-check=full --error-exitcode=9'

coverage: ## run every test and print the covered lines of each file
	@./packages.sh install $(CHECK_PACKAGES)
	@find build/cov -name '*.gcda' -delete 2>/dev/null; \
	 $(MAKE) --no-print-directory $(parallel) MODE=cov run-check && \
	 tests/coverage.sh

FUZZRUNS ?= 1000000
fuzz: ## run each fuzzer FUZZRUNS times (clang)
	@./packages.sh install $(LINT_PACKAGES)
	@$(MAKE) --no-print-directory MODE=fuzz CC=clang run-fuzzers

run-fuzzers: $(FUZZERS)
	@for f in $(FUZZERS); do n=$${f##*/}; mkdir -p build/corpus/$$n; \
	   $$f -runs=$(FUZZRUNS) -print_final_stats=1 build/corpus/$$n \
	     $$(ls -d tests/corpus/$$n 2>/dev/null) || exit 1; done

bench: ## measure, beside what a user would use instead
	@./packages.sh install $(CHECK_PACKAGES)
	@$(MAKE) --no-print-directory run-bench

run-bench: all $(BENCHES) $(OUT)/tests/vtoken/vtoken $(MODULE)
	@for b in $(BENCHES) $(sort $(wildcard tests/*_bench.py)); do \
	   KEP_OUT='$(CURDIR)/$(OUT)' $$b || exit 1; done

bench-batch: ## measure many renewals at once: N=10000 LATENCY= ISSUE= JOBS=
	@./packages.sh install $(CHECK_PACKAGES)
	@$(MAKE) --no-print-directory all $(OUT)/tests/steps_bench
	@KEP_OUT='$(CURDIR)/$(OUT)' tests/batch_bench.py

lint: ## static checks: every finding fails
	@./packages.sh install $(LINT_PACKAGES)
	@$(MAKE) --no-print-directory run-lint

run-lint: check-headers
	tests/lint.sh
	cppcheck -q --enable=warning,portability --error-exitcode=1 \
	    --inline-suppr --std=c11 -I. -D_GNU_SOURCE -DVERSION='""' \
	    -DLOCALEDIR='""' -DLIBEXECDIR='""' $(PARTS)
	scan-build -o build/scan --status-bugs $(MAKE) MODE=debug \
	    OUT=build/scanned build/scanned/lib$(NAME).a

check-headers: ## each header compiles on its own
	@for h in $(HEADERS); do \
	   echo "#include \"$$h\"" | $(compile) -fsyntax-only -x c - || exit 1; \
	 done

# --- translations --------------------------------------------------------

DEMO     := api/sandbox/demo.sh
POT      := po/$(NAME).pot
POTFLAGS := --no-location

pot: $(POT) ## collect the messages

# Headers too: advices that several tables share are in one.
$(POT): $(SOURCES) $(MAINS) $(HEADERS) $(DEMO)
	xgettext -L Shell -ksay --from-code=UTF-8 --package-name=$(NAME) \
	    $(POTFLAGS) -o $@ $(DEMO)
	xgettext -j -k_ -kN_ -kngettext:1,2 --from-code=UTF-8 \
	    --add-comments=TRANSLATORS --package-name=$(NAME) $(POTFLAGS) \
	    --sort-by-file -o $@ $(sort $(filter %.c %.h,$^))

po: pot ## merge new messages into every po/*.po
	for l in $(LANGS); do \
	  msgmerge -q -U --no-fuzzy-matching --backup=none po/$$l.po $(POT); \
	  done

$(OUT)/locale/%/LC_MESSAGES/$(NAME).mo: po/%.po
	@mkdir -p $(@D)
	$(call say,MO,$<) msgfmt --check -o $@ $<

# --- install -------------------------------------------------------------

install: all ## install under DESTDIR and PREFIX
	install -d '$(DESTDIR)$(UNITDIR)'
	client/systemd/install.sh '$(BINDIR)' '$(DESTDIR)$(UNITDIR)'
	install -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(MANDIR)/man1'
	install -m 755 $(PROGRAMS) '$(DESTDIR)$(BINDIR)'
	install -d '$(DESTDIR)$(LIBEXECDIR)'
	install -m 755 $(HELPERS) '$(DESTDIR)$(LIBEXECDIR)'
	install -m 644 $(PAGES) '$(DESTDIR)$(MANDIR)/man1'
	for l in $(LANGS); do d='$(DESTDIR)$(LOCALEDIR)'/$$l/LC_MESSAGES; \
	  install -d "$$d" && \
	  install -m 644 $(OUT)/locale/$$l/LC_MESSAGES/$(NAME).mo "$$d" || \
	  exit 1; done

uninstall: ## remove what install put there
	for p in $(notdir $(PROGRAMS)); do rm -f '$(DESTDIR)$(BINDIR)'/$$p; done
	for p in $(notdir $(HELPERS)); do \
	  rm -f '$(DESTDIR)$(LIBEXECDIR)'/$$p; done
	for p in $(notdir $(PAGES)); do rm -f '$(DESTDIR)$(MANDIR)'/man1/$$p; done
	for p in $(notdir $(UNITS)); do rm -f '$(DESTDIR)$(UNITDIR)'/$$p; done
	for l in $(LANGS); do \
	  rm -f '$(DESTDIR)$(LOCALEDIR)'/$$l/LC_MESSAGES/$(NAME).mo; done

clean: ## remove everything built
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | \
	 while IFS='|' read -r t d; do printf '%-16s %s\n' "$$t" "$$d"; done

.PHONY: all always bench bench-batch check check-asan check-headers \
    check-tsan check-valgrind clean coverage demo fuzz help install lint po \
    pot run-bench run-check run-fuzzers run-lint run-unit setup uninstall
.DEFAULT_GOAL := all
