# `make help` lists the targets. A target with `##` is for people, one without is a part of another.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

HOST := localhost
PORT := 8000
SIZE := full
ARGS :=

BIN := .venv/bin
PACKAGES := governance consent register audit
SOURCES := $(PACKAGES) tests benchmarks .ci

.PHONY: help
help: ## List the targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | \
		sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | while IFS=$$'\t' read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

.PHONY: setup
setup: ## Install everything, for running and for testing.
	@.ci/setup.sh test

.PHONY: run
run: setup-run ## Load the demonstration company and serve it; PORT=9000 HOST=0.0.0.0 change where.
	@exec $(BIN)/egide demo --host $(HOST) --port $(PORT)

.PHONY: demo
demo: setup-run ## Load the demonstration company without serving it.
	@$(BIN)/egide demo --no-serve

# Compiled modules are kept, whatever the surroundings say: every worker would compile thousands of them again.
.PHONY: test
test: setup ## Run every test; ARGS="-k gate" narrows.
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

.PHONY: check
check: format lint types floors dependencies dead-code migrations reference ## Everything that can be checked without running the tests.

.PHONY: bench
bench: setup ## Measure; SIZE=small for a quick look, ARGS="--only drifting" for a part. Writes benchmarks/results/latest.json.
	@$(BIN)/python -m benchmarks --size $(SIZE) $(ARGS)

.PHONY: fuzz
fuzz: setup ## Run the property tests with many more examples.
	@HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -n auto -m hypothesis $(ARGS)

.PHONY: docs
docs: setup-run ## Write the generated pages of docs/reference again.
	@$(BIN)/python .ci/reference.py

.PHONY: screenshots
screenshots: setup ## Take the pictures of docs/screenshots again.
	@$(BIN)/python .ci/screenshots.py

.PHONY: lock
lock: setup-run ## Resolve the dependencies of pyproject.toml again.
	@$(BIN)/uv pip compile --universal --generate-hashes --python-version 3.11 --no-annotate \
		--no-header --all-extras --group dev --upgrade --quiet pyproject.toml -o requirements.lock

.PHONY: clean
clean: ## Remove what was installed or made; the data in var/ stays.
	@rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache benchmarks/results
	@find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +
	@find governance -name '*.mo' -delete

.PHONY: setup-run
setup-run:
	@.ci/setup.sh run

.PHONY: format
format: setup-run
	$(BIN)/ruff format --check --quiet .

.PHONY: lint
lint: setup-run
	$(BIN)/ruff check --quiet .

.PHONY: types
types: setup-run
	$(BIN)/mypy

.PHONY: floors
floors: setup-run
	$(BIN)/lint-imports --no-logo

.PHONY: dependencies
dependencies: setup-run
	$(BIN)/deptry $(PACKAGES)

.PHONY: dead-code
dead-code: setup-run
	$(BIN)/python .ci/dead_code.py

.PHONY: migrations
migrations: setup
	$(BIN)/python -m pytest -q tests/integration/test_migrations.py -k models

.PHONY: reference
reference: setup-run
	$(BIN)/python .ci/reference.py --check
