# The README's two commands are `make run` and `make test`; the rest serves them.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
FRONT := $(shell git ls-files editor_plugin/frontend portal/frontend package.json package-lock.json editor_plugin/schema.json 2>/dev/null)

.PHONY: install run test check bench soak sbom lock

install: .venv/.installed .venv/.built

.venv/.installed: requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Minutier needs Python 3.11 or newer: make PYTHON=python3.11 …"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/.built: .venv/.installed hatch_build.py $(FRONT)
	$(BIN)/python hatch_build.py
	touch $@

run: install
	@./scripts/system-packages run
	$(BIN)/minutier demo --port $(PORT)

test: install
	@./scripts/system-packages test
	./scripts/check
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: install
	./scripts/check

bench: install
	$(BIN)/python -m tests.bench

soak: install
	$(BIN)/python -m pytest --soak tests/faults tests/editor_plugin tests/abuse tests/ingest/test_hostile.py \
		tests/ingest/test_mutations.py tests/portal/test_oracle.py tests/portal/web/test_oracle_http.py \
		tests/portal/journal

# What the product is made of, as CycloneDX, in sbom/.
sbom: install
	./scripts/sbom

# Writes the locks again from pyproject.toml; needs `uv` on the path. torch stays outside.
UV := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links
lock:
	$(UV) pyproject.toml -o requirements/run.lock
	$(UV) --group dev --extra evaluation -c requirements/run.lock pyproject.toml -o requirements/dev.lock
