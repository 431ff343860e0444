# Two commands: `make demo` shows it, `make test` proves it. Each sets up all that it needs.
.PHONY: demo test lint types law js python browser bundles bench docs screenshots clean
.DELETE_ON_ERROR:

BIN := .venv/bin
NODE := tools/with-node
SOURCES := $(shell find labelwidgets/js -type f 2>/dev/null)

demo: .venv/ready bundles
	$(BIN)/labelwidgets demo

test: lint types law js python browser docs

.venv/ready: pyproject.toml package-lock.json hatch_build.py
	tools/set-up

node_modules/.package-lock.json: package-lock.json .venv/ready
	$(NODE) sh -c 'cli=$$(dirname "$$(command -v node)")/../lib/node_modules/npm/bin/npm-cli.js; \
	  if [ -f "$$cli" ]; then node "$$cli" ci --no-audit --no-fund --loglevel=error; else npm ci --no-audit --no-fund --loglevel=error; fi'

bundles: labelwidgets/static/shim.js

labelwidgets/static/shim.js: $(SOURCES) build.mjs tools/parts.mjs node_modules/.package-lock.json
	$(NODE) node build.mjs

lint: .venv/ready node_modules/.package-lock.json
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(NODE) node_modules/.bin/biome check --error-on-warnings

types: .venv/ready node_modules/.package-lock.json
	$(BIN)/mypy labelwidgets
	$(NODE) node_modules/.bin/tsc

law: .venv/ready
	$(BIN)/lint-imports

js: bundles
	$(NODE) node node_modules/vitest/vitest.mjs run

python: bundles
	$(BIN)/pytest tests/python -n 2

browser: bundles
	tools/get-browser
	$(BIN)/pytest tests/browser -n 2 --dist loadfile

docs: bundles
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --site-dir build/site

bench: bundles
	tools/get-browser
	$(BIN)/python -m tests.bench

screenshots: bundles
	tools/get-browser
	$(BIN)/python -m tests.browser.screenshots

clean:
	rm -rf .venv .uv node_modules labelwidgets/static build dist
