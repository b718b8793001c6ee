# Segue's commands. All of them work in .venv, which the first one makes.
# Needs make, Python >= 3.11 and pip; choose another Python with `make PYTHON=python3.12 ...`.

PYTHON ?= python3
HOME_DIR ?= home
BIN := .venv/bin
CODE := $(wildcard src tests benchmarks training)
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test check peers bench lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/.installed ## Set up .venv from the hashed lock file

run: install ## Run the demo company into ./home, then serve it on loopback
	$(BIN)/segue demo --home $(HOME_DIR)
	$(BIN)/segue serve --home $(HOME_DIR)

test: install ## Run all tests
	$(BIN)/python -m pytest -q

check: install ## Check format, lint, types, floors and docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/arch

peers: install .peers/.installed ## Real mail servers and ingestion clients (root, Debian packages, Node)
	SEGUE_PEERS=1 $(BIN)/python -m pytest -q tests/peers

bench: install ## Measure every claim and print JSON
	$(BIN)/python -m benchmarks all --json

lock: install ## Pin the newest dependencies that pyproject.toml allows
	$(LOCK) --upgrade --output-file requirements/run.lock
	$(LOCK) --upgrade --group dev --constraint requirements/run.lock --output-file requirements/dev.lock
	$(subst pyproject.toml,peers/requirements.in,$(LOCK)) --upgrade --output-file peers/requirements.lock

clean: ## Remove .venv and the tools' caches; ./home stays
	rm -rf .venv .peers peers/node_modules dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# `--without-pip`, because a machine may have pip but not the wheels that venv would install it from.
.venv/.locked: requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "segue needs Python >= 3.11")'
	$(PYTHON) -m venv --without-pip .venv
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --require-hashes -r requirements/dev.lock
	@touch $@

.peers/.installed: peers/setup.sh peers/requirements.lock peers/package-lock.json
	PYTHON=$(PYTHON) peers/setup.sh
	@touch $@

# The build backend comes from the lock as well, so this step fetches nothing.
.venv/.installed: .venv/.locked pyproject.toml
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --no-deps --no-index --no-build-isolation -e .
	@touch $@
