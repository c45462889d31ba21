# Seekcast: everything one does with it, one target each. `make` lists them.
#
# The first target that needs Python makes .venv by itself; nothing is installed outside it,
# except what Debian has to provide (python3-venv, chromium), and that only as root and said aloud.

EPISODES ?= sample
CONFIG ?=
HOST ?=
PORT ?=
QUERIES ?=
QRELS ?=
ARGS ?=

# Each site has its own index, so that serving one and then another mixes nothing up.
# A settings file may name the index itself, so with CONFIG nothing is named here.
INDEX ?= $(if $(CONFIG),,.index/$(call site_name))
site_name = $(shell cd "$(EPISODES)" 2>/dev/null && folder=$$(pwd -P) \
	&& echo "$$(basename "$$folder" | tr -c 'A-Za-z0-9\n' -)-$$(echo "$$folder" | cksum | cut -d' ' -f1)")

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# Where the Python that .venv was made with is gone, or another version by now, it is made anew.
$(shell $(RUN) -c 'import pip' 2>/dev/null \
	|| rm -f $(RUN) $(addprefix $(VENV)/,runtime dev bench tools) 2>/dev/null)
# Setuptools warns of every editable install; ours is one on purpose.
PIP := PYTHONWARNINGS=ignore $(RUN) -m pip install -q --disable-pip-version-check
# Exactly what the lock names, every file known by its hash; then Seekcast itself, built by the
# setuptools of the lock.
INSTALL = $(PIP) --require-hashes -r $(1) && $(PIP) --no-deps --no-build-isolation -e .
COMPILE = $(VENV)/bin/uv pip compile pyproject.toml --group build -q --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links $(ARGS)
COMMON = $(if $(INDEX),--index "$(INDEX)") $(if $(CONFIG),--config "$(CONFIG)")

.DEFAULT_GOAL := help
.PHONY: help serve reindex check-episodes test check format bench evaluate test-faults lock audit clean judged up-to-date browser
.DELETE_ON_ERROR:

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  EPISODES=folder (sample)  INDEX=folder  CONFIG=file"
	@echo "  HOST=address (127.0.0.1)  PORT=number (8000)"

serve: up-to-date ## indexes what has changed, then serves the search
	@exec $(RUN) -m web $(COMMON) $(if $(HOST),--host "$(HOST)") $(if $(PORT),--port "$(PORT)")

reindex: $(VENV)/runtime ## publishes the episodes; a running server takes them up
	@$(RUN) -m index reindex "$(EPISODES)" $(COMMON) $(ARGS)

check-episodes: $(VENV)/runtime ## only checks the episodes: path:line: error|warning CODE
	@$(RUN) -m index check "$(EPISODES)" $(if $(CONFIG),--config "$(CONFIG)") $(ARGS)

test: $(VENV)/dev browser ## all tests, with a real browser (ARGS="-k word" for some)
	@$(RUN) -m pytest -m "not faults" -n 3 --dist loadfile $(ARGS)

check: $(VENV)/dev ## format, lint and types; changes nothing
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy

format: $(VENV)/dev ## formats the code and repairs what the linter can
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

bench: $(VENV)/bench ## speed beside other engines (ARGS=--quick for a minute)
	@$(RUN) -m tests.bench $(ARGS)

evaluate: judged up-to-date ## how good the answers are: QUERIES=file QRELS=file
	@$(RUN) -m search.evaluate "$(QUERIES)" "$(QRELS)" $(COMMON) $(ARGS)

test-faults: $(VENV)/dev ## breaks publishing and serving on purpose, at length
	@$(RUN) -m pytest -m faults -n 3 --maxschedchunk 1 $(ARGS)

lock: $(VENV)/tools ## renews locks/ (ARGS=--upgrade for newer versions)
	@$(COMPILE) -o locks/runtime.txt
	@$(COMPILE) -c locks/runtime.txt --extra dev -o locks/dev.txt
	@$(COMPILE) -c locks/dev.txt --extra dev --extra bench -o locks/bench.txt
	@$(COMPILE) -c locks/dev.txt --extra dev --extra tools -o locks/tools.txt

audit: $(VENV)/tools ## looks for known weaknesses in what serves
	@mkdir -p .cache
	@$(RUN) .ci/audit.py locks/runtime.txt .cache/sbom.json $(VENV)/bin/pip-audit --disable-pip \
		--require-hashes -r locks/runtime.txt --timeout 5 --progress-spinner off -f json

clean: ## removes .venv, the indexes and every cache
	rm -rf $(VENV) .index .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info build

# --- what the targets stand on -------------------------------------------------------------

judged:
	$(if $(and $(QUERIES),$(QRELS)),,$(error Name the judged queries and the judgements: make evaluate QUERIES=file QRELS=file))

up-to-date: $(VENV)/runtime
	@$(RUN) -m index reindex "$(EPISODES)" $(COMMON)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit( \
		"Seekcast needs Python 3.11 or newer; this is " + sys.version.split()[0] + \
		". Name another one: make PYTHON=python3.12")'
	@# Debian keeps ensurepip in a package of its own, and without it venv makes half a folder.
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing python3-venv (Debian): $(PYTHON) comes without it"; \
			apt-get update -q && apt-get install -q -y --no-install-recommends python3-venv; \
		else \
			echo "$(PYTHON) cannot make virtual environments. Run: sudo apt-get install python3-venv" >&2; \
			exit 1; \
		fi; \
	fi
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/runtime: pyproject.toml locks/runtime.txt | $(VENV)/bin/python
	@echo "Installing what Seekcast needs"
	@$(call INSTALL,locks/runtime.txt)
	@touch $@

$(VENV)/dev: pyproject.toml locks/dev.txt | $(VENV)/bin/python
	@echo "Installing what Seekcast and its tests need"
	@$(call INSTALL,locks/dev.txt)
	@touch $@ $(VENV)/runtime

$(VENV)/bench: locks/bench.txt $(VENV)/dev
	@echo "Installing what is measured beside Seekcast"
	@$(call INSTALL,locks/bench.txt)
	@touch $@

$(VENV)/tools: locks/tools.txt | $(VENV)/bin/python
	@echo "Installing what renews and audits the locks"
	@$(PIP) --require-hashes -r locks/tools.txt
	@touch $@

browser: $(VENV)/dev
	@if [ -n "$$CHROMIUM" ] || command -v chromium chromium-browser >/dev/null; then \
		:; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing chromium (Debian) for the browser tests"; \
		apt-get update -q && apt-get install -q -y --no-install-recommends chromium; \
	else \
		echo "Installing Playwright's own Chromium for the browser tests"; \
		$(RUN) -m playwright install chromium; \
	fi
