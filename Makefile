# Everything from nothing: each command makes its own environment the first time, and reuses it.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMPS := $(VENV)/.stamps

.DEFAULT_GOAL := help
.PHONY: help typecheck test oracles lint demo bench checkers screenshots vscode clean

help:            ## list the commands
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/: .*## */\t/' | expand -t 14

typecheck: $(STAMPS)/check   ## prove the shapes of src/ and examples/ with mypy, strictly
	@$(BIN)/typed-resnet check src examples

# In the order of the files: by itself xdist leaves those with few tests to the end, the longest.
TESTS := -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

test: $(STAMPS)/dev          ## run the test suite, with coverage
	@$(BIN)/python $(TESTS) --cov --cov-report term

# A thread each for PyTorch: the processes share the cores.
oracles: $(STAMPS)/dev $(STAMPS)/editors   ## compare with PyTorch, ONNX and the other type checkers (large packages)
	@OMP_NUM_THREADS=1 $(BIN)/python $(TESTS) -m oracle

checkers: $(STAMPS)/dev $(STAMPS)/oracles  ## write docs/checkers.md: what each type checker says
	@$(BIN)/python tests/oracles/matrix.py

screenshots: $(STAMPS)/dev $(STAMPS)/editors  ## make the pictures of the docs
	@$(BIN)/python -m scripts.screenshots

lint: $(STAMPS)/dev          ## check style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

demo: $(STAMPS)/demo         ## run ResNet-18 on a photograph: static and real shapes side by side
	@$(BIN)/python -m examples.photo

vscode:          ## package the extension for VS Code (needs npm)
	@cd editors/vscode && npm install --no-package-lock --no-audit --no-fund --silent
	@mkdir -p dist
	@$(PYTHON) scripts/make_vsix.py editors/vscode dist/typed-resnet.vsix

bench: $(STAMPS)/dev $(STAMPS)/oracles   ## time the kernels beside PyTorch, into docs/speed.md (a quiet machine, 15 minutes; bench/kernels.py says how in pieces)
	@$(BIN)/python bench/kernels.py

clean:           ## remove the environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(STAMPS)/check: pyproject.toml | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --editable ".[all]"
	@mkdir -p $(@D) && touch $@

# A browser, from the system's packages: pip has none.
$(STAMPS)/chromium: $(STAMPS)/check
	@command -v chromium >/dev/null || if [ "$$(id -u)" = 0 ]; then \
	  apt-get -qq update && apt-get -qq install --no-install-recommends -y chromium fonts-dejavu-core; \
	else echo "chromium is missing; as root: apt-get install chromium fonts-dejavu-core" >&2; exit 1; fi
	@touch $@

# Editors that the language server is tested with, likewise. VS Code is npm's: a server that a browser
# shows, without the native parts, which are for its terminals.
VSCODE := $(VENV)/vscode/node_modules/code-server
NPM    := $(BIN)/npm install --silent --no-audit --no-fund --ignore-scripts
$(STAMPS)/editors: $(STAMPS)/oracles $(STAMPS)/chromium
	@command -v nvim >/dev/null && emacs --batch -f package-initialize -l eglot 2>/dev/null || if [ "$$(id -u)" = 0 ]; then \
	  apt-get -qq update && apt-get -qq install --no-install-recommends -y neovim emacs-nox elpa-eglot; \
	else echo "editors are missing; as root: apt-get install neovim emacs-nox elpa-eglot" >&2; exit 1; fi
	@command -v hx >/dev/null || scripts/get_helix.sh $(VENV)/helix
	@$(NPM) --prefix $(VENV)/vscode code-server@4.139.1
	@$(NPM) --prefix $(VSCODE)/lib/vscode --omit=dev
	@mkdir -p $(@D) && touch $@

$(STAMPS)/%: $(STAMPS)/check
	@$(BIN)/python -m pip install --quiet --group $*
	@touch $@
