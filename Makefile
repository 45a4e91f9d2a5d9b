# The two commands of the README. PYTHON names the interpreter that makes the environment.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test check docs nightly wheel-check clean

demo: $(VENV)/.demo
	$(BIN)/quotestance analyze quotestance/samples/article.txt
	mkdir -p build
	$(BIN)/quotestance analyze quotestance/samples/article.txt --format html --output build/demo.html
	@echo; echo "The same as a page to look at: build/demo.html"

test: $(VENV)/.dev check
	$(BIN)/pytest -q --cov

docs: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $(BIN)/mkdocs build --strict --quiet
	@echo "The documentation: build/site/index.html"

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# A thousand examples of every property, and the giant texts; about half an hour on one core.
nightly: $(VENV)/.dev
	HYPOTHESIS_PROFILE=nightly $(BIN)/pytest -q tests/test_properties.py tests/test_fuzz.py tests/test_patterns.py tests/test_giants.py

# The wheel as users get it, in an environment of its own, outside of this folder.
wheel-check: $(VENV)/.dev
	$(BIN)/python tests/wheel_check.py

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "quotestance needs Python 3.11 or newer; try: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[openvino]'
	touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@ $(VENV)/.demo

$(VENV)/.docs: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[docs]'
	touch $@

clean:
	rm -rf $(VENV) build dist
