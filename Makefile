# make run: try it.  make test: everything that needs no server that is not here.  make check: lint, types, contracts.
PYTHON ?= python3
BIN := .venv/bin
EXTRAS := --extra scheduler --extra notifier --extra calendar_feed
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: setup run test check lock migrate events secrets bench clean

setup: .venv/installed

.venv/installed: requirements/dev.txt requirements/uv.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Standing Hour needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(BIN)/uv pip sync -q --require-hashes --python $(BIN)/python requirements/dev.txt
	touch $@

run: setup
	$(BIN)/python -m demo

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m shared.events.documents --check

# Each service has a database of its own: data/NAME.db unless its variable names another.
migrate: setup
	DATABASE_URL="$(SCHEDULER_DATABASE_URL)" $(BIN)/python -m services.scheduler migrate
	DATABASE_URL="$(NOTIFIER_DATABASE_URL)" $(BIN)/python -m services.notifier migrate
	DATABASE_URL="$(CALENDAR_FEED_DATABASE_URL)" $(BIN)/python -m services.calendar_feed migrate

events: setup
	$(BIN)/python -m shared.events.documents

lock: setup
	printf 'uv\n' | $(COMPILE) --upgrade -o requirements/uv.txt -
	$(COMPILE) --upgrade $(EXTRAS) --extra dev -o requirements/dev.txt pyproject.toml
	for service in scheduler notifier calendar_feed; do \
	  $(COMPILE) --extra $$service -c requirements/dev.txt -o requirements/$$service.txt pyproject.toml || exit 1; \
	done
	$(COMPILE) --upgrade -o benchmarks/rivals/requirements.txt benchmarks/rivals/requirements.in
	$(COMPILE) --upgrade -o tests/calendar_feed/readers/requirements.txt tests/calendar_feed/readers/requirements.in

secrets: setup
	$(BIN)/python -m demo.secrets secrets

bench: setup
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv .run .mypy_cache .ruff_cache .pytest_cache
