# Everything a new machine needs: `make run` and `make test` set up what they use, from nothing but Python >= 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
# Compiled modules are kept whatever the machine's setting: a hundred child processes start in the suite.
PYTEST := PYTHONDONTWRITEBYTECODE= QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

.PHONY: run test lint types contracts check evidence lock clean

run: $(VENV)/.runtime
	$(BIN)/chairside demo --out demo-output

# What measures time runs after the rest, with nothing beside it. 5: PYTEST_ARGS left this half nothing to run.
test: $(VENV)/.dev
	$(PYTEST) -n auto --dist loadfile --no-loadscope-reorder -m "not alone" $(PYTEST_ARGS); most=$$?; \
	$(PYTEST) -m alone $(PYTEST_ARGS); alone=$$?; \
	case "$$most $$alone" in "0 0"|"0 5"|"5 0") ;; *) exit 1 ;; esac

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

check: test lint types contracts

# The peers need an older pandas than the tests do, so they live beside the others.
evidence: $(VENV)/.python
	test -x $(VENV)-evidence/bin/python || $(PYTHON) -m venv $(VENV)-evidence
	$(VENV)-evidence/bin/python -m pip --disable-pip-version-check install --quiet \
	    --require-hashes -r packaging/requirements-evidence.txt
	$(VENV)-evidence/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation -e .
	$(VENV)-evidence/bin/chairside evidence

# Locks carry hashes and name no index.
lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	    --no-annotate --no-header -q -o packaging/requirements-dev.txt
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
	    --no-annotate --no-header -q -c packaging/requirements-dev.txt -o packaging/requirements.txt
	uv pip compile pyproject.toml --group evidence --universal --python-version 3.11 --generate-hashes \
	    --no-annotate --no-header -q -c packaging/requirements.txt -o packaging/requirements-evidence.txt

clean:
	rm -rf $(VENV) $(VENV)-evidence demo-output build dist

$(VENV)/.python: packaging/system-packages.sh
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Chairside needs Python 3.11 or newer; say which with make PYTHON=python3.13 $(MAKECMDGOALS)" >&2; exit 1; }
	@sh packaging/system-packages.sh $(PYTHON)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.python packaging/requirements.txt pyproject.toml
	$(PIP) --require-hashes -r packaging/requirements.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime packaging/requirements-dev.txt
	$(PIP) --require-hashes -r packaging/requirements-dev.txt
	@touch $@
