# Palermo: every command a developer or a data officer needs. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
# uv is used when the machine has one; otherwise it is fetched, pinned by hash, into .tools.
UV ?= $(shell command -v uv || echo .tools/bin/uv)
export UV_PYTHON_DOWNLOADS := never
VENV := .venv
BIN := $(VENV)/bin
SERVER := .venv-server

.PHONY: help setup server demo test check format docs lock up clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */  make \1\t/' | expand -t 18

setup: $(VENV)/.installed  ## the environment, in .venv

server: $(SERVER)/.installed  ## the environment of a server, in .venv-server: what the image has

demo: setup  ## the main job from invented national files to a published extract
	$(BIN)/palermo demo

test: setup  ## all tests
	$(BIN)/pytest -n auto --dist loadfile

check: setup  ## style, types, import contract, YAML: what CI and pre-commit run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/yamllint --strict .

format: setup  ## let ruff repair what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup  ## write the pages that are generated from the schema
	$(BIN)/palermo docs

lock: $(UV)  ## resolve requirements.lock anew from pyproject.toml
	$(UV) pip compile pyproject.toml --group dev --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock
	# The server's has the same versions but for what its own packages rule out (FAB: python-dateutil<3).
	$(UV) pip compile pyproject.toml --extra server --python-version 3.11 \
		--constraint <(grep -oE '^[a-z0-9._-]+==[^ ]+' requirements.lock | grep -v '^python-dateutil==') \
		--generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements-server.lock

up: setup  ## Airflow with its web page, on the embedded default
	$(BIN)/palermo up

clean:  ## remove the environment; leaves var/ alone
	rm -rf $(VENV) $(SERVER) .tools build *.egg-info

.tools/bin/uv:
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock

$(VENV)/.installed: requirements.lock pyproject.toml | $(UV)
	$(UV) venv --quiet --clear --python $(PYTHON) $(VENV)
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --offline -e .
	touch $@

$(SERVER)/.installed: requirements-server.lock pyproject.toml | $(UV)
	$(UV) venv --quiet --clear --python $(PYTHON) $(SERVER)
	$(UV) pip sync --quiet --python $(SERVER)/bin/python --require-hashes requirements-server.lock
	$(UV) pip install --quiet --python $(SERVER)/bin/python --no-deps --no-build-isolation --offline -e .
	touch $@
