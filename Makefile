# Two commands do everything: `make demo` and `make test`. The other targets are their parts.
PYTHON ?= python3
BIN := .venv/bin
CUSTOMERS ?= 20000
SERVE ?= 1

# Programs that tests start need not compile all of it anew each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-at-length check lint types imports docs-check pytest tools locks docs clean

demo: .venv/run.stamp ## environment, a simulated shop, run, pages in the browser (SERVE=0: without)
	$(BIN)/klantreis demo demo --customers $(CUSTOMERS) $(if $(filter 0,$(SERVE)),--no-serve,--serve)

test: tools .venv/dev.stamp lint types imports pytest ## everything that CI checks

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev.stamp
	$(BIN)/mypy

imports: .venv/dev.stamp
	$(BIN)/lint-imports

pytest: .venv/dev.stamp
	$(BIN)/python -m pytest -n 3 --dist loadgroup

test-at-length: tools .venv/dev.stamp ## the tests that take long, too
	KLANTREIS_AT_LENGTH=1 $(BIN)/python -m pytest -n 3 --dist loadgroup

docs: .venv/dev.stamp ## make the generated reference pages anew
	$(BIN)/python -m klantreis.reference docs

tools: ## browser and Java that the tests need, from the system's packages
	sh scripts/install-test-tools.sh

locks: ## pin all dependencies anew, with hashes
	sh scripts/compile-locks.sh

clean:
	rm -rf .venv demo build dist

.venv/run.stamp: requirements/run.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.stamp: requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ .venv/run.stamp
