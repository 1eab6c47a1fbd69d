# Hindsight. `make run` and `make test` do all the set-up themselves.
.PHONY: help setup run test check lint doc generated bench openapi

# Cargo found by rustup but not on the path of a fresh shell.
export PATH := $(HOME)/.cargo/bin:$(PATH)
WITH_POSTGRES = target/debug/with-postgres

help:
	@echo "make run    build, and serve on 127.0.0.1:8080 with a demo organization"
	@echo "make test   everything that CI runs"
	@echo "make bench  benchmarks against raw Postgres"
	@echo "make check  formatting and lints only"

setup:
	@scripts/setup.sh

run: setup
	cargo build --release --locked --bin hindsight
	target/release/hindsight serve --demo

test: check doc $(WITH_POSTGRES)
	$(WITH_POSTGRES) -- cargo test --locked --workspace
	@$(MAKE) --no-print-directory generated

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

bench: setup
	cargo build --release --locked -p hindsight-bench --bin hindsight-bench
	cargo build --release --locked -p store --bin with-postgres
	target/release/with-postgres --durable -- target/release/hindsight-bench

.PHONY: $(WITH_POSTGRES)
$(WITH_POSTGRES): setup
	cargo build --locked -p store --bin with-postgres
