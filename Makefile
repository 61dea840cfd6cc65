# Everything sets itself up: Python 3.11 or newer and make are all that a machine needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup dev test check bench simulate format lock clean

help: ## This list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## The virtual environment, with everything in it
$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tilepress needs Python 3.11 or newer; name one: make PYTHON=python3.13")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv sync --frozen --all-extras --quiet
	@touch $@

dev: $(READY) ## The whole cloud on this machine, with the example site
	@$(BIN)/tilepress dev $(or $(SOURCE),example) $(ARGS)

test: $(READY) ## All tests, and how much of the core they cover
	$(BIN)/python -m pytest -n auto --ignore=tests/simulation --cov --cov-report=term:skip-covered $(ARGS)
	$(BIN)/python -m pytest -n auto tests/simulation  # by itself: under coverage's tracing it would take several times as long

check: $(READY) ## Lint, format, types, layers, lock file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/uv lock --check --quiet

bench: $(READY) ## S3 requests by kind of change
	$(BIN)/python -m tests.bench.requests

simulate: $(READY) ## More schedules of the simulation: SEEDS=100000, from FIRST=0
	$(BIN)/python -m tests.simulation.schedules $(or $(FIRST),0) $(or $(SEEDS),20000)

format: $(READY) ## Put the code in form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(READY) ## Newer versions of what we depend on
	$(BIN)/uv lock --upgrade
	$(MAKE) functions/requirements.txt

# What `sam build` installs. Lambda brings boto3 and what it needs: a copy would double the artifact.
functions/requirements.txt: uv.lock
	$(BIN)/uv export --frozen --no-dev --no-emit-project --no-hashes --no-annotate --no-header --quiet \
	  --no-emit-package boto3 --no-emit-package botocore --no-emit-package s3transfer --no-emit-package urllib3 \
	  --no-emit-package python-dateutil --no-emit-package six -o $@

clean: ## Remove what was made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage site
