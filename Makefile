PYTHON ?= python3.11
BIN := .venv/bin
INSTALL := $(BIN)/pip install --disable-pip-version-check --constraint constraints.txt --progress-bar off --quiet
# pip would do it on one core; some files of packages are not meant to be compiled
COMPILE := $(BIN)/python -W ignore -m compileall -qq -j 0 .venv/lib || true
# tests make a hundred thousand small files: in memory, where there is room, each takes a fiftieth of
# the time that it takes on a slow disk
ROOMY := $(shell test -w /dev/shm && df -Pk /dev/shm | awk 'NR == 2 && $$4 > 8000000 {print "/dev/shm"}')
# the files as tests/conftest.py puts them, the longest first
PYTEST := $(if $(ROOMY),TMPDIR=$(ROOMY)) $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
.DEFAULT_GOAL := help
# each process that a test starts would compile the whole house again
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help chat test torture check fix bench bench-speed clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

chat: .venv/installed ## Set up, index corpus/ if needed, open the chat on http://127.0.0.1:7860
	$(BIN)/python app.py $(ARGS)

test: .venv/installed-test ## Set up and run the tests
	$(PYTEST) $(ARGS)

torture: .venv/installed-test ## Attack every reader, the walk and the store at length: about 40 minutes
	DEPECHE_TORTURE=1 $(PYTEST) tests/torture tests/index/test_crash.py tests/index/test_corruption.py tests/index/test_snapshot.py $(ARGS)

check: .venv/installed-test ## Check format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fix: .venv/installed-test ## Format, and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/installed-bench ## Measure answers on the public question sets
	$(BIN)/python -m benchmarks $(ARGS)

bench-speed: .venv/installed-bench ## Measure speed, memory and size against the usual recipe and txtai: about half an hour
	$(BIN)/python -m benchmarks.speed $(ARGS)

clean: ## Remove the environment and everything built
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

# torch goes first and alone: left to another package's wish it brings its CUDA libraries along
.venv/torch: constraints.txt
	@echo "Setting up .venv: some minutes, 2 GB of packages"
	$(PYTHON) -m venv .venv
	$(INSTALL) --no-compile torch
	@touch $@

.venv/installed: .venv/torch pyproject.toml
	$(INSTALL) --no-compile --editable '.[formats,watch]'
	@$(COMPILE)
	@touch $@

# all of .venv/installed at once
.venv/installed-test: .venv/torch pyproject.toml
	$(INSTALL) --no-compile --editable '.[test,watch]'
	@# beside the check of types, which leaves a core idle
	@($(COMPILE)) >/dev/null 2>&1 &
	@touch .venv/installed $@

.venv/installed-bench: .venv/installed
	$(INSTALL) --editable '.[bench]'
	@touch $@
