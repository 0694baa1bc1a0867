# Everything happens in .venv, which is made again only when the lock file changes.

PYTHON ?= python3
UV ?= uv

CHECK_PYTHON = import sys; (3, 11) <= sys.version_info[:2] < (3, 14) or sys.exit( \
	"Springfield needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is %d.%d; " \
	"name another one: make PYTHON=python3.12" % sys.version_info[:2])

.PHONY: demo test lint types format lock clean

demo: .venv/installed  ## draw the embedded data set, train on it, show the page
	.venv/bin/springfield demo

test: .venv/installed  ## run the tests, a file at a time in each of two processes
	.venv/bin/pytest --numprocesses 2 --dist loadfile

lint: .venv/installed  ## style and layout of the code
	.venv/bin/ruff check
	.venv/bin/ruff format --check

types: .venv/installed  ## strict static types
	.venv/bin/mypy

format: .venv/installed  ## bring the code into the house style
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

# Hashes and versions only: no registry's address belongs in the file.
lock:  ## choose the versions in requirements.lock anew
	$(UV) pip compile pyproject.toml --upgrade --universal --python-version 3.11 \
		--extra cpu --extra jax --extra serve --extra onnx --extra video --extra kaggle --extra sweep --group build --group dev --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links \
		--quiet --output-file requirements.lock

clean:  ## remove the environment; the next target makes it again
	rm -rf .venv

.venv/installed: .venv/locked pyproject.toml
	@.venv/bin/pip install --quiet --no-deps --no-build-isolation --editable .
	@.venv/bin/python -m compileall -q src
	@touch $@

.venv/locked: requirements.lock
	@$(PYTHON) -c '$(CHECK_PYTHON)'
	@echo "Setting up .venv from requirements.lock; this downloads TensorFlow, once."
	@$(PYTHON) -m venv --clear .venv
	@.venv/bin/pip install --quiet --require-hashes --requirement requirements.lock
	@touch $@
