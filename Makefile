# Everything runs from .venv, which `make setup` makes and keeps in step with uv.lock.

MEMBERS := iran events chassis identity sales payment notify gateway portal simulators nobat
BIN := .venv/bin
PYTEST := $(BIN)/pytest -q -n 2 --dist loadgroup
SETUP := .venv/.in-step

# Compiled code is kept, whatever the environment says: every process of the system starts from it.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup up down test check fmt bench chaos rabbitmq chromium wrk

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(SETUP) ## the environment in .venv, in step with the lock
	@:

$(SETUP): tools/setup.sh tools/assets.sh portal/assets.mjs portal/package-lock.json uv.lock pyproject.toml $(wildcard */pyproject.toml services/*/pyproject.toml)
	@tools/setup.sh
	@touch $@

up: setup ## the whole system with a demo in it, at http://127.0.0.1:8000
	@$(BIN)/nobat up $(ARGS)

down: setup ## end what `make up` started
	@$(BIN)/nobat down

test: setup rabbitmq chromium ## every test except the long failure suite
	$(PYTEST) -m "not chaos" $(ARGS)

check: setup ## format, lint, types, import contracts, generated documents
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary $(MEMBERS:%=-p %)
	$(BIN)/mypy --no-error-summary --allow-untyped-defs --allow-incomplete-defs --allow-untyped-calls tests bench
	$(BIN)/lint-imports
	$(BIN)/python -m nobat generate --check

fmt: setup ## format the code and fix what the linter can
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .

bench: setup rabbitmq wrk ## measure, print ratios, write bench/results/
	$(BIN)/python -m bench $(ARGS)

chaos: setup rabbitmq ## the long failure suite
	$(BIN)/pytest -q -m chaos tests $(ARGS)

rabbitmq:
	@tools/debian.sh rabbitmq-server

chromium:
	@tools/debian.sh chromium

wrk:
	@tools/debian.sh wrk
