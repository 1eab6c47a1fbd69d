# Hindsight. `make run` and `make test` do all the set-up themselves.
.PHONY: help setup run test check lint doc generated bench openapi web web-check client

# Cargo found by rustup but not on the path of a fresh shell; tools that setup.sh fetched.
ARCH = $(subst aarch64,arm64,$(subst x86_64,x64,$(shell uname -m)))
TOOLS = $(CURDIR)/target/tools/node_modules
export PATH := $(TOOLS)/node-linux-$(ARCH)/bin:$(TOOLS)/.bin:$(HOME)/.cargo/bin:$(PATH)
WITH_POSTGRES = target/debug/with-postgres
WEB_SOURCES = $(shell find web/src web/public web/*.html web/*.ts web/package.json -type f 2>/dev/null)

help:
	@echo "make run    build, and serve on 127.0.0.1:8080 with a demo organization"
	@echo "make test   everything that CI runs"
	@echo "make bench  benchmarks against raw Postgres"
	@echo "make check  formatting and lints only"

setup:
	@scripts/setup.sh

run: setup web/dist/index.html
	cargo build --release --locked --bin hindsight
	target/release/hindsight serve --demo

test: setup-tests check doc $(WITH_POSTGRES) web-check
	$(WITH_POSTGRES) -- cargo test --locked --workspace
	@$(MAKE) --no-print-directory generated
	cd web && npm run --silent e2e

.PHONY: setup-tests
setup-tests:
	@scripts/setup.sh tests

check: setup
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

doc: setup
	RUSTDOCFLAGS=-Dwarnings cargo doc --locked --workspace --no-deps

# What is generated and committed must be what the code generates now.
generated: setup
	cargo build --locked --bin hindsight
	target/debug/hindsight openapi | diff -u api/openapi.json - || \
	    { echo "api/openapi.json is out of date: run make openapi"; exit 1; }

openapi: setup
	cargo run --locked --bin hindsight -- openapi > api/openapi.json.new
	mv api/openapi.json.new api/openapi.json

# The interface, which is built into the binary.
web: web/dist/index.html

web/node_modules/.package-lock.json: web/package-lock.json | setup
	cd web && npm ci --no-fund --no-audit
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

web-check: web/dist/index.html
	cd web && npm run --silent types
	cd web && npm run --silent lint
	cd web && npm run --silent client:check
	cd web && npm test --silent

# The client's types, from the API's description.
client: web/node_modules/.package-lock.json
	cd web && npm run --silent client

bench: setup
	cargo build --release --locked -p hindsight-bench --bin hindsight-bench
	cargo build --release --locked -p store --bin with-postgres
	target/release/with-postgres --durable -- target/release/hindsight-bench

.PHONY: $(WITH_POSTGRES)
$(WITH_POSTGRES): setup
	cargo build --locked -p store --bin with-postgres
