# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
FAST := not journey and not services and not slow

.PHONY: help demo serve test test-fast test-slow lint format bench shots docs messages install install-dev frontend chromium clean

help:
	@echo "make demo   a running site with a demo company on http://127.0.0.1:$(PORT)"
	@echo "make serve  the same site again, with its data kept"
	@echo "make test   everything CI runs"
	@echo "make lint | format | bench | shots | docs | messages"

$(BIN)/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

var/.installed: requirements.txt | $(BIN)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.txt
	@mkdir -p var && touch $@

var/.installed-dev: requirements-dev.txt | $(BIN)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements-dev.txt
	@mkdir -p var && touch $@ var/.installed

static/vendor/.built: package-lock.json scripts/vendor.py static/img/icons.txt var/.installed
	$(BIN)/python scripts/vendor.py
	@touch $@

var/.compiled: $(wildcard locale/*/parts/*.po) var/.installed
	$(BIN)/python scripts/merge_messages.py
	@touch $@

install: var/.installed static/vendor/.built var/.compiled
install-dev: var/.installed-dev install

demo: install
	$(BIN)/python manage.py demo --port $(PORT)

serve: install
	$(BIN)/python manage.py serve --port $(PORT)

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; } \
	  || { echo "Chromium is missing: the journeys are played in it. Install it and run again." >&2; exit 1; }

# Three workers on two cores: while one waits for a browser or a service, another computes.
test: install-dev chromium lint
	$(BIN)/python scripts/services.py $(BIN)/pytest -n 3 --dist loadgroup -m "not slow"

test-fast: install-dev
	$(BIN)/python scripts/services.py $(BIN)/pytest -n 2 --dist loadgroup -m "$(FAST)"

# Races repeated fifty times, ten thousand random schemes, every page of the demo: CI runs these after the others.
test-slow: install-dev
	$(BIN)/python scripts/services.py $(BIN)/pytest -n 2 --dist loadgroup -m slow

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run

format: install-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install-dev
	$(BIN)/python scripts/services.py $(BIN)/python -m tests.bench

shots: install-dev chromium
	$(BIN)/python scripts/services.py $(BIN)/python -m tests.shots

docs: install
	$(BIN)/python manage.py write_machines

messages: install-dev
	$(BIN)/python scripts/merge_messages.py

clean:
	rm -rf .venv var node_modules static/vendor staticfiles
