# Everything here works on a fresh machine with Python 3.11, git and make.

PYTHON ?= python3.11
BIN := .venv/bin
REPORT := results/demo/report.html

.PHONY: demo test fast lint format lock clean help
.DEFAULT_GOAL := demo

demo: .venv/installed ## build the environment and run the study on the built-in demo corpus (default)
	$(BIN)/snakemake $(REPORT)
	@echo "The report: $(CURDIR)/$(REPORT)"

test: .venv/installed ## build the environment and pass every test
	$(BIN)/pytest

fast: .venv/installed ## only the tests that take no more than a few seconds each
	$(BIN)/pytest -m "not slow"

lint: .venv/installed ## check the style of code and workflow
	$(BIN)/pytest tests/test_style.py

format: .venv/installed ## bring code and workflow into that style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile rules

lock: ## write requirements.lock anew from pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --upgrade pip
	$(BIN)/pip install --group dev .
	$(BIN)/pip freeze --exclude serfusion | sed 's/+cpu$$//; /^nvidia-/d; /^cuda-/d; /^triton==/d' > requirements.lock
	touch .venv/installed

clean: ## remove results and logs, and keep downloads and the environment
	rm -rf results logs benchmarks

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

.venv/installed: requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements.lock
	touch $@
