# Two commands do everything on a fresh machine: `make demo` and `make test`. Both create .venv and install what they need.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
NIGAO := $(BIN)/nigao
DEMO := out/demo-library

.PHONY: help setup demo test app eval screenshots lock lint check-model clean browser
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

setup: $(READY) ## create .venv and install the locked versions

$(READY): requirements.lock pyproject.toml
	@echo "== creating $(VENV) and installing the locked packages"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## sample reports in, a drafted report out, with the embedded model
	@echo "== fetching the embedded model (once, 1.1 GB)"
	@$(NIGAO) model pull
	@echo "== reading data/reports into $(DEMO)"
	@$(NIGAO) ingest data/reports --library $(DEMO)
	@echo "== drafting the sample brief with the embedded model"
	@mkdir -p out
	@set -e; for brief in data/briefs/*总结*.md; do name=$$(basename "$$brief" .md); \
	  $(NIGAO) draft "$$brief" --library $(DEMO) --out "out/$$name.docx" --out "out/$$name.md" || [ $$? -eq 1 ]; done
	@echo "== done; the drafts:"; ls -1 out/*.docx out/*.md

test: $(READY) browser ## the whole suite: style, types, layers, tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@echo "== fetching the small embedded model for the tests (once, 0.5 GB)"
	@$(NIGAO) model pull qwen2.5-coder-0.5b
	@$(BIN)/python -m pytest --ignore tests/browser
	@# By themselves: Playwright keeps an event loop running in the process, and the app's tests need to start their own.
	@$(BIN)/python -m pytest tests/browser

browser: # Chromium for the browser tests where the system's package manager can give it; the tests skip without it
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "== installing chromium for the browser tests" \
	       && apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; } \
	  || echo "no chromium here: the browser tests will be skipped"

check-model: $(READY) ## draft one section with the real embedded model; fails on any error finding
	@$(NIGAO) model pull
	@$(BIN)/python tests/smoke.py

app: $(READY) ## serve the web app on http://127.0.0.1:7860
	@$(NIGAO) serve

eval: $(READY) ## the full evaluation with the embedded model; stopped, it goes on where it was
	@echo "== all suites with the embedded model: one to two hours on two cores, the time left is shown as it goes"
	@echo "== (without a model: python -m eval gate, a good minute; what each suite costs: eval/README.md)"
	@$(NIGAO) model pull
	@$(BIN)/python -m eval all --resume --out out/eval/all-$$(git rev-parse --short HEAD 2>/dev/null || date +%F)

screenshots: $(READY) browser ## pictures of every page into docs/
	@$(NIGAO) model pull
	@$(BIN)/python tests/browser/screenshots.py

lock: ## write requirements.lock anew from pyproject.toml
	@$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --extra dev --extra mcp \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --output-file requirements.lock pyproject.toml

clean: ## remove what the demo and the tests wrote
	@rm -rf out build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
