# The commands of the project. Everything is installed into .venv, from requirements/*.lock, with hashes.
PYTHON ?= python3
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
ROOMS := api cli domain intake ledger migrations projections

.DEFAULT_GOAL := help
.PHONY: help setup dev demo test check bench pictures lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.setup ## create .venv with palimpsest in it

dev: $(VENV)/.dev ## setup, with the tools for tests and checks

demo: setup ## the Kupiansk story on an embedded database, then the server (PORT=8000)
	$(BIN)/palimpsest demo --port $(PORT)

test: dev ## the static gate, then the whole suite
	scripts/check
	scripts/test

check: dev ## the static gate alone
	scripts/check

bench: dev ## the figures, measured side by side (ARGS=...)
	$(BIN)/python -m bench $(ARGS)

pictures: dev ## the pictures of the console in docs/images (needs chromium)
	$(BIN)/python -m docs.images.take_screens

lock: dev ## resolve requirements/*.lock again (ARGS=--upgrade for newer versions)
	scripts/lock $(ARGS)

clean: ## remove .venv, caches and builds; data and .env stay
	rm -rf $(VENV) build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache
	rm -rf .ruff_cache */.ruff_cache bench/.peers
	find $(ROOMS) tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Palimpsest needs Python 3.11 or newer. Name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Could not create $(VENV). On Debian and Ubuntu the package python3-venv is needed." >&2; exit 1; }

# The stamps carry the time of the last installation: touching a lock or pyproject.toml brings the next one.
# The project itself goes in last and without its dependencies, which the lock has brought, hash by hash. It
# is editable, by a finder that maps each room to its folder here, wherever the command is started from.
$(VENV)/.setup: requirements/embedded.lock pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) ..."
	@$(PIP) install --require-hashes --requirement $<
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.setup
	@echo "Installing the tools into $(VENV) ..."
	@$(PIP) install --require-hashes --requirement $<
	@touch $@
