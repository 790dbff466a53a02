# Two commands on a fresh machine with Python 3.11 or newer: `make demo` and `make test`.
# Both set up what they need: the virtual environment, system packages where allowed, the speech models.

PYTHON ?= python3
AGENT ?= headless
BIN := .venv/bin
QUIET := $(shell test -t 1 || echo --quiet)

.DEFAULT_GOAL := help
.PHONY: help demo test check models lock fixtures clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/ready models ## ring the bot: an angry caller ends with a human on the line (AGENT=browser: with you)
	$(BIN)/hookflash demo --agent $(AGENT)

test: .venv/ready .venv/system models check ## lint, types, layers and every test
	$(BIN)/pytest

check: .venv/ready ## lint, formatting, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

models: .venv/ready ## prepare the speech models in the cache folder
	@$(BIN)/hookflash models

fixtures: .venv/ready models ## render the recorded callers from their scripts
	$(BIN)/python -m audio_fixtures.render

lock: .venv/ready ## pin every dependency anew, with hashes
	setup/lock.sh

clean: ## forget the virtual environment and every cache of the tree
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/ready: requirements/dev.txt pyproject.toml
	@setup/virtualenv.sh "$(PYTHON)"
	$(BIN)/python -m pip install $(QUIET) --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q voice telephony  # a worker that was killed does not wait for it
	@touch $@

.venv/system: setup/system_packages.sh | .venv/ready
	@setup/system_packages.sh
	@touch $@
