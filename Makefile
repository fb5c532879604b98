# make demo: see it work.  make test: the tests.  make check: all that must hold before a commit.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check check-static realdata kill slow studio format clean python
.DELETE_ON_ERROR:

demo: $(VENV)/.local
	@$(BIN)/pinakes demo --library .demo/library

test: $(VENV)/.test
	$(BIN)/python -m pytest -n auto --maxprocesses=4 --dist worksteal

realdata: $(VENV)/.test
	$(BIN)/python -m pytest -m realdata

# Kills processes at every named moment of an approval and looks at what is left.
kill: $(VENV)/.test
	$(BIN)/python -m pytest -m kill

# Both of these beside each other.
slow: $(VENV)/.test
	$(BIN)/python -m pytest -m "kill or realdata" -n auto --maxprocesses=2 --dist worksteal

# langgraph-cli is for development alone and brings its own server, so the other tests run without it.
studio: $(VENV)/.studio
	$(BIN)/python -m pytest tests/client/test_studio.py

check: test check-static

check-static: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

python:
	@$(PYTHON) scripts/check_python.py

$(BIN)/python: | python
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.local: pyproject.toml | $(BIN)/python
	@echo "Installing Pinakes (1-3 minutes, about 1.3 GB) ..."
	@start=$$(date +%s); $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[local]' \
	  && echo "Installed in $$(( $$(date +%s) - start )) s, $$(du -sh $(VENV) | cut -f1)."
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[local,test]'
	@touch $@ $(VENV)/.local

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[local,test,dev]'
	@touch $@ $(VENV)/.test $(VENV)/.local

$(VENV)/.studio: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[local,test,studio]'
	@touch $@ $(VENV)/.test $(VENV)/.local

clean:
	rm -rf $(VENV) .demo build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
