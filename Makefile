# Everything Handrail needs is made here from a fresh clone with Python 3.11+, git and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ROOMS := handrail web scorecards templates catalog start_handrail.py

.PHONY: help compiled demo test lint format docs bench lock clean
.DEFAULT_GOAL := help

help: ## Show these targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Handrail needs Python 3.11 or newer; name one with: make PYTHON=python3.12' >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q -x cookiecutter $(ROOMS)
	@touch $@

# An installer compiles what it installs, but not an editable install, and where Python may not write bytecode
# every command would compile all it imports again.
compiled: $(VENV)/.installed
	@$(BIN)/python -m compileall -q -x cookiecutter $(ROOMS)

demo: compiled ## Make a sample organisation, crawl it and serve it
	$(BIN)/handrail demo

test: lint ## Lint, then every test but those below, on real git, HTTP, browser and PostgreSQL
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not proof"

test-templates: $(VENV)/.installed ## Install each golden path, and try all that it promises
	$(BIN)/python -m pytest -n auto --dist worksteal -m proof tests/templates

lint: compiled ## Format, lint, types and the order of the rooms
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed ## Format the code and sort its imports
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: compiled ## Measure speed beside peers
	$(BIN)/python -m benchmarks

docs: $(VENV)/.installed ## Write the reference pages from the code
	$(BIN)/python -m handrail.reference docs

lock: ## Write requirements.lock anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet --extra traces --group dev --group bench pyproject.toml -o requirements.lock

clean: ## Remove what these targets made
	rm -rf $(VENV) .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
