# Everything here works on a fresh machine with one of these Pythons, git and make.

PYTHONS := python3.11 python3.12 python3.13
# The first that runs and can make environments: a shim of pyenv may not, nor may Debian's python3 alone.
PYTHON ?= $(firstword $(foreach name,$(PYTHONS),$(shell $(name) -c 'import ensurepip, venv' > /dev/null 2>&1 && echo $(name))))
NO_PYTHON := No Python found: looked for $(PYTHONS). Install one with its venv module (on Debian, python3-venv), or name yours: make PYTHON=…
BIN := .venv/bin
REPORT := results/demo/report.html

.PHONY: demo test fast bench lint format reference lock clean help
.DEFAULT_GOAL := demo

demo: .venv/installed ## build the environment and run the study on the built-in demo corpus (default)
	$(BIN)/snakemake $(REPORT)
	@echo "The report: $(CURDIR)/$(REPORT)"

test: .venv/installed ## build the environment and run every test
	$(BIN)/pytest

fast: .venv/installed ## run only the tests that take a few seconds at most
	$(BIN)/pytest -m "not slow"

bench: .venv/installed ## measure the start of a run against a baseline
	$(BIN)/python tests/bench/dry_run.py

lint: .venv/installed ## check the style of code and workflow
	$(BIN)/pytest tests/test_style.py

format: .venv/installed ## format code and workflow in that style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile rules

reference: .venv/installed ## write docs/reference.md anew from the schema and the modules' settings
	PYTHONPATH=workflow $(BIN)/python -m serfusion.study.reference > docs/reference.md

lock: ## write requirements.lock anew from pyproject.toml
	@test -n "$(PYTHON)" || { echo "$(NO_PYTHON)"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --upgrade pip
	$(BIN)/pip install --group dev .
	$(BIN)/pip freeze --exclude serfusion | sed 's/+cpu$$//; /^nvidia-/d; /^cuda-/d; /^triton==/d' > requirements.lock
	touch .venv/installed

clean: ## remove results and logs, and keep downloads and the environment
	rm -rf results logs benchmarks

help: ## list these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

.venv/installed: requirements.lock
	@test -n "$(PYTHON)" || { echo "$(NO_PYTHON)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements.lock
	touch $@
