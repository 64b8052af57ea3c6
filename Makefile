# Needs git, make and Python 3.11 or newer; everything else goes into .venv and .data of this folder.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
PORT ?= 8000
ARGS ?=
N ?= 2000
VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
UV_SYNC := UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=$(VENV) $(VENV)/bin/uv sync --frozen --quiet --python $(PY)
SERVED := $(VENV)/.ready-to-serve
READY := $(VENV)/.ready
OUTSIDE := $(VENV)/.ready-for-outside

# A virtual environment that another folder activated would be written to in place of ours.
unexport VIRTUAL_ENV
unexport PYTHONPATH
unexport DJANGO_SETTINGS_MODULE
# Compiling Django anew would take longer than many a start needs for all else.
unexport PYTHONDONTWRITEBYTECODE

help: ## what can be asked for
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

$(VENV)/.uv-$(UV_VERSION):
	@for python in python3.11 python3 python3.14 python3.13 python3.12; do \
	  "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && found=$$python && break; \
	done; \
	test -n "$${found:-}" || { echo "Python 3.11 or newer with its venv module is needed (Debian: python3-venv)." >&2; exit 1; }; \
	test -x $(PY) || { echo "making $(VENV) with $$found"; "$$found" -m venv $(VENV); }
	@$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

# Serving needs less than testing: a stranger's first run does not wait for the browser driver and the checkers.
$(SERVED): $(VENV)/.uv-$(UV_VERSION) pyproject.toml uv.lock
	@echo "installing what serving needs"
	@$(UV_SYNC) --inexact --no-group dev
	@touch $@

$(READY): $(VENV)/.uv-$(UV_VERSION) pyproject.toml uv.lock
	@echo "installing what serving, testing and checking need"
	@$(UV_SYNC)
	@touch $(SERVED) $@

$(OUTSIDE): $(READY)
	@echo "installing what others would bring to the API"
	@$(UV_SYNC) --inexact --group outside
	@touch $@

setup: $(READY) ## .venv with everything in it

run: $(SERVED) ## serve the record on 127.0.0.1:PORT (8000), with a worker beside it; Ctrl-C ends both
	@$(MANAGE) prepare
	@mkdir -p .data; echo "serving on http://127.0.0.1:$(PORT)/"
	@exec $(PY) -m tracker.serve $(PORT)

stop: ## end what `make run` and `make test` left running
	@if test -x $(PY); then $(PY) -m tracker.stop; fi

test: $(READY) ## the whole suite on a real PostgreSQL; ARGS='-k word' for a part of it
	@$(PY) -m pytest --numprocesses auto --dist worksteal $(ARGS)

outside: $(OUTSIDE) ## a minute of generated calls against the live server; installs what makes them
	@$(PY) -m pytest -m outside $(ARGS)

heavy: $(OUTSIDE) ## the tests that take minutes: thousands of generated calls, a generated client, and more
	@$(PY) -m pytest --numprocesses auto -m heavy $(ARGS)

verify: $(SERVED) ## prove the whole record from the ledger
	@$(MANAGE) verify

messages: $(READY) ## the Spanish catalogue: what is new in the desk's words, and compile it
	@$(MANAGE) take_messages

bench-data: $(READY) ## N more invented commitments (2000) in a database of the benchmark's own
	@$(PY) -m bench.generate $(N)

bench: $(READY) ## the answers' times against a floor and a peer, on what `make bench-data` invented
	@$(UV_SYNC) --inexact --group bench
	@$(PY) -m bench.run $(ARGS)

lint: $(READY) ## ruff, its formatter, djlint
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/djlint --quiet --lint --check tracker commitments

types: $(READY) ## mypy on the write path
# Its plugin loads the settings and asks no database anything.
	@DATABASE_URL=postgres://localhost/none $(VENV)/bin/mypy

imports: $(READY) ## who may import whom
	@$(VENV)/bin/lint-imports

migrations-check: $(READY) ## models and migrations agree
	@$(MANAGE) makemigrations --check --dry-run

schema-check: $(READY) ## the OpenAPI document is valid and complete
	@$(MANAGE) spectacular --validate --fail-on-warn --file /dev/null

checks: lint types imports migrations-check schema-check ## all of these

clean: stop ## remove .venv, caches and, with them, the embedded database and its record
	@rm -rf $(VENV) .data .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help setup run stop test outside heavy verify messages bench bench-data lint types imports migrations-check schema-check checks clean
