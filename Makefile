# Each target starts from Python 3.11 or newer and make alone; .venv is made once and kept.
PYTHON ?= python3
VENV ?= .venv
PYTEST_ARGS ?=
BIN := $(VENV)/bin

.PHONY: help demo test check bench soak cover clean

help:
	@echo "make demo   a whole cooperation in virtual time, then where to look"
	@echo "make test   the tests, on SQLite and PostgreSQL"
	@echo "make check  format, lint, types, layers, links, and the definitions"
	@echo "make bench  the engine beside the raw driver"
	@echo "make soak   the long tests: many kills, many processes"
	@echo "make cover  the tests with branch coverage"

demo: $(VENV)/.kerjasama
	$(BIN)/kerjasama demo

test: $(VENV)/.kerjasama-dev
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.kerjasama-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/docs/test_links.py
	$(BIN)/kerjasama check --strict definitions examples benchmarks/definitions

bench: $(VENV)/.kerjasama-dev
	$(BIN)/python -m benchmarks

soak: $(VENV)/.kerjasama-dev
	$(BIN)/python -m pytest -m soak -s $(PYTEST_ARGS)

cover: $(VENV)/.kerjasama-dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PYTEST_ARGS)
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

clean:
	rm -rf $(VENV) build dist *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "kerjasama needs Python 3.11 or newer, and '$(PYTHON)' is not: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
	  exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/.kerjasama: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.kerjasama-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[postgres,dev]'
	@touch $@ $(VENV)/.kerjasama
