# Thin over cargo. Each target installs or fetches what it needs: see tools/native-tools.sh.
# HiGHS is built from source the first time, and typst: 10 to 17 minutes on 2 cores.

SHELL := /bin/bash
# Everything is built once, in the release profile: a second profile would build HiGHS a second time.
NATIVE = env $$(tools/native-tools.sh)
CARGO = $(NATIVE) cargo
ALLOT = target/release/allot

# Rust benches that `make bench` runs by themselves, in this order. `modelling` and `resolve` are run with the peers.
BENCHES = build

.PHONY: demo test bench build lint python test-python

# With a bench beside the program, cargo takes the features that tests want of shared crates: typst is built once.
build:
	$(CARGO) build --release --locked --bin allot --bench build

# The main job on real data: two proposals, audited, and the audit of a plan that nobody here made; their annexes. A
# machine without a Chinese font says so instead of making print.
demo: build
	$(ALLOT) solve scenarios/wenchuan --out out/wenchuan
	$(ALLOT) audit scenarios/wenchuan --plan out/wenchuan/plan.csv
	$(ALLOT) solve scenarios/eu-cohesion --out out/eu-cohesion
	$(ALLOT) audit scenarios/eu-cohesion --plan scenarios/eu-cohesion/published-plan.csv
	for run in wenchuan eu-cohesion; do \
		$(ALLOT) annex out/$$run --format html,xlsx,docx && { $(ALLOT) annex out/$$run --format pdf || \
		echo "no pdf: see above"; }; \
	done

lint:
	cargo fmt --all --check
	$(CARGO) clippy --release --locked --all-targets -- -D warnings

test: lint
	$(CARGO) test --release --locked
	@if tools/python-tools.sh >/dev/null; then $(MAKE) test-python; else \
		echo "SKIPPED: all tests of the Python package: there is no Python 3.11 with venv, or no PyPI" >&2; \
	fi

# The Python package: a wheel in target/wheels, installed into .tools/python-venv. What cargo has built stays of use,
# HiGHS above all; allot itself is built once more, without pdf.
python:
	set -e; python=$$(tools/python-tools.sh); \
	rm -f target/wheels/allot-*.whl; \
	$(NATIVE) $$python -m maturin build --quiet --release --locked --manifest-path python/Cargo.toml --out target/wheels; \
	$$python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps target/wheels/allot-*.whl

test-python: build python
	$(CARGO) clippy --release --locked -p allot-python -- -D warnings
	set -e; python=$$(tools/python-tools.sh); \
	$$python -m mypy --strict -p allot; \
	$$python -m mypy.stubtest allot._allot; \
	$$python -m pytest -q python

# Ourselves, then beside the peers: see benches/peers. ARGS chooses, for example
#     make bench ARGS="--shapes tiny --seeds 1 --limit 5"
bench: build
	$(CARGO) bench --locked $(addprefix --bench ,$(BENCHES))
	$(NATIVE) $$(tools/bench-tools.sh) -m peers $(ARGS)
