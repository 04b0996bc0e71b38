# The commands of this repository; `make` alone lists them.
#
# Everything runs in .venv, which .ci/venv.sh makes from requirements.lock on first use and renews when the lock or
# pyproject.toml has changed. Only installing needs a network.

# The CPython versions that every locked package has wheels for, newest first; requires-python says the same.
VERSIONS := 3.14 3.13 3.12 3.11
# The interpreter that .venv is made with; empty: python3, or else the first of the versions above on PATH.
PYTHON ?=
VENV := .venv
BIN = $(VENV)/bin
# More arguments for the command behind a target, as in: make check ARGS="--profile full"
ARGS :=
JOBS := auto
UV := uv
# Tests start Python some hundred times. Without the compiled files that it keeps, each start would compile the house anew.
unexport PYTHONDONTWRITEBYTECODE
# The TorchLean checkout to renew the pin from.
SOURCE ?= $(LEANMIRROR_SOURCE)

.DEFAULT_GOAL := help
.PHONY: help venv check test lint format renew bench wheel newest compat changelog lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

venv: ## make or renew .venv from the lock
	@sh .ci/venv.sh "$(VENV)" "$(VERSIONS)" "$(PYTHON)"

check: venv ## check every theorem; report/check.json, report/check.xml, and report/index.html to look at
	@$(BIN)/python -m tests.faults.listed report/faults.json
	@$(BIN)/leanmirror hypotheses --json > report/hypotheses.json
	@$(BIN)/leanmirror check --json report/check.json --junit report/check.xml --page report/index.html $(ARGS)

# Fewer instances of each theorem than `make check` has: what is to be seen here is that each runs under its name.
test: venv ## run the test suite and require full branch coverage of lean_refs, mirror, theorems; report/junit.xml
	@$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -n $(JOBS) --leanmirror-examples 25 --junitxml report/junit.xml $(ARGS)
	@$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

lint: venv ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright

format: venv ## mend what lint can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

renew: venv ## renew what commands write: pin and files for Lean from SOURCE=CHECKOUT, counts in the manual, snapshots
	@test -n "$(SOURCE)" || { echo "leanmirror: make renew needs a TorchLean checkout: make renew SOURCE=/path/to/TorchLean" >&2; exit 2; }
	$(BIN)/leanmirror pin --source "$(SOURCE)"
	$(BIN)/leanmirror lean-files
	$(BIN)/python -m tests.docs
	LEANMIRROR_RENEW_SNAPSHOTS=1 $(BIN)/python -m pytest $$(grep -rl --include 'test_*.py' '^from tests.* import assert_snapshot' tests) $(ARGS)

bench: venv ## run the benchmarks; report/benchmark.json
	@mkdir -p report
	$(BIN)/python -m pytest benchmarks --benchmark-only --benchmark-json report/benchmark.json $(ARGS)

wheel: ## build the wheel and run the tests against it, in an environment of its own (build/wheel)
	@$(MAKE) --no-print-directory venv VENV=build/wheel/venv
	@sh .ci/wheel.sh build/wheel $(JOBS) $(ARGS)

newest: ## run the tests with the newest Hypothesis and JAX, in an environment of its own (build/newest)
	@$(MAKE) --no-print-directory venv VENV=build/newest
	build/newest/bin/python -m pip install --quiet --upgrade --no-build-isolation --editable . hypothesis jax jaxlib
	build/newest/bin/python -m pytest -n $(JOBS) $(ARGS)

compat: venv ## try the wheel beside other people's plugins and packages, in fresh environments (build/compat)
	@$(BIN)/python -m tests.compat $(ARGS)

# What needs uv says so in one line; the argument is the target.
need_uv = @command -v $(UV) >/dev/null 2>&1 || { \
    echo "leanmirror: make $(1) needs uv: install it (pip install uv), or name it: make $(1) UV=/path/to/uv" >&2; exit 2; }

changelog: venv ## move docs/changes into docs/CHANGELOG.md, under the version that pyproject.toml has
	$(call need_uv,changelog)
	$(UV) tool run towncrier==26.9.0 build --yes --version "$$($(BIN)/python -m hatchling version)"

lock: ## bring requirements.lock up to pyproject.toml; ARGS=--upgrade takes newer versions
	$(call need_uv,lock)
	$(UV) pip compile pyproject.toml --group dev --group build --universal --fork-strategy fewest \
	    --python-version $(lastword $(VERSIONS)) --no-config --no-emit-index-url --no-emit-find-links \
	    --generate-hashes --custom-compile-command "make lock" --quiet --output-file requirements.lock $(ARGS)

clean: ## remove .venv, the reports and every cache
	rm -rf .venv report build dist .coverage .coverage.* .benchmarks .hypothesis .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
