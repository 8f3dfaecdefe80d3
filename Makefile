# Thin: each target works on a fresh machine with Python >= 3.11; `make venv` installs what the others need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
TOOLS  := build/tools
# Versions and hashes of all that is installed; `make venv LOCK=` takes the newest that pyproject.toml allows instead.
LOCK   ?= requirements.lock
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Compiled modules are kept, though a shell may say otherwise: the tests start hundreds of processes that import them.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help venv system system-test system-cluster demo docs collected test coverage test-all test-cluster test-pythons lint bench bench-floor bench-doors bench-growth bench-naming bench-nbgrader bench-documents bench-attacks bench-peers bench-gradescope mutants derivation-mutants catalogue fuzz attacks lock audit clean

help:
	@echo "make demo      grade a bundled class of submissions, and show where everything went"
	@echo "make test      formatting, types, contracts, docstrings, tests (what CI runs)"
	@echo "make coverage  the tests once more, with the branches that they reach; fails below the floor in pyproject.toml"
	@echo "make test-all  all of it, with every mutant and ten secrets"
	@echo "make test-cluster  a real Slurm array and Dask clusters, with workers that are killed (needs root for Slurm)"
	@echo "make test-pythons  make test on every Python found, from 3.11 to 3.14"
	@echo "make docs      the documentation, as a website without a server: build/docs/index.html"
	@echo "make bench     seconds per submission, CPU time beside the floor; all beside 'python -c \"import numpy\"'"
	@echo "make bench-floor  instructions of what every submission costs at least, under valgrind; fails when they grow"
	@echo "make bench-doors  what it costs that a locked child opens no file: CPU time and start, in pairs"
	@echo "make bench-growth  grading, the class report and PDFs for 100, 1,000 and 10,000 submissions, and a picture (an hour)"
	@echo "make bench-naming  what naming mistakes that nobody listed adds to a wrong submission, and its books"
	@echo "make bench-nbgrader  a class of 40 beside stock nbgrader and its --no-execute"
	@echo "make bench-documents  the solution beside bare pdflatex and PyLaTeX's own, feedback for a class of 100"
	@echo "make mutants   every mutant of the references     make catalogue  the confusion matrix on ten secrets"
	@echo "make derivation-mutants  every mutant of the derivations' lines"
	@echo "make attacks   the table of attacks, with the defenses and without the one that stops each"
	@echo "make bench-attacks  the portable attacks on nbgrader, otter-grader, gradescope-utils and ours (ten minutes)"
	@echo "make bench-peers  what one more submission costs nbgrader, otter-grader, gradescope-utils and ours (ten minutes)"
	@echo "make bench-gradescope  what Gradescope does with its autograder, in 768 MB and half a processor (needs root)"
	@echo "make fuzz      two million hostile inputs for the decoder of what the sandbox answers"
	@echo "make lock      newest versions and their hashes into requirements.lock, licenses into LICENSES.md"
	@echo "make audit     known vulnerabilities in what requirements.lock installs (asks PyPI)"

venv: system $(VENV)/.installed

# The sandbox is bubblewrap, its filter is compiled by libseccomp; venv is a package of its own on Debian.
system:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python >= 3.11 is needed, $$($(PYTHON) -V 2>&1) was found: make PYTHON=/path/to/python3.11 ..."; exit 2; }
	@missing=""; \
	command -v bwrap >/dev/null || missing="$$missing bubblewrap"; \
	$(PYTHON) -c 'import ctypes; ctypes.CDLL("libseccomp.so.2")' 2>/dev/null || missing="$$missing libseccomp2"; \
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
	$(call install,$$missing,Without them no submission can be run in its sandbox and grading stops.)

# What the tests use for real: a browser, a second TeX engine, a reader of PDFs, certificates, a database server.
system-test:
	@missing=""; \
	command -v chromium >/dev/null && command -v chromedriver >/dev/null || missing="$$missing chromium chromium-driver"; \
	command -v pdflatex >/dev/null || missing="$$missing texlive-latex-recommended lmodern"; \
	command -v pdftotext >/dev/null || missing="$$missing poppler-utils"; \
	command -v openssl >/dev/null || missing="$$missing openssl"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	$(call install,$$missing,Without them the tests that need them are skipped.)

system-cluster:
	@missing=""; \
	PATH="$$PATH:/usr/sbin" command -v slurmctld >/dev/null || missing="$$missing slurm-wlm"; \
	PATH="$$PATH:/usr/sbin" command -v munged >/dev/null || missing="$$missing munge"; \
	$(call install,$$missing,Without them the tests that need Slurm are skipped.)

# Install Debian packages where we may, else say what to install and what is lost: $(call install,PACKAGES,LOSS)
define install
[ -z "$(1)" ] && exit 0; \
	if [ "$$(id -u)" = 0 ]; then sudo=""; elif sudo -n true 2>/dev/null; then sudo=sudo; else sudo=none; fi; \
	if [ "$$sudo" = none ] || ! command -v apt-get >/dev/null; then \
	  echo "Missing:$(1). Install with your package manager (Debian, Ubuntu: apt-get install$(1)). $(2)"; \
	else echo "Installing$(1)"; $$sudo apt-get update -qq && \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; fi
endef

# pip cannot mix what has hashes with what has none, hence several steps. PyTorch, large, has one with pip's progress bar.
# Modules are compiled by all cores at the end, not one by one by pip; PyTorch's, and tests, when somebody imports them.
$(VENV)/.installed: pyproject.toml $(LOCK)
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV)"
	@$(if $(LOCK),$(BIN)/pip install -q --no-compile --require-hashes --no-deps -r $(LOCK))
	@$(BIN)/python -c 'import importlib.util, sys; sys.exit(not importlib.util.find_spec("torch"))' || { \
	  echo "Installing PyTorch, which computes the truths; nothing else needs it."; \
	  [ "$$(uname -sm)" != "Linux x86_64" ] || [ -n "$$PIP_INDEX_URL$$PIP_EXTRA_INDEX_URL$$PIP_FIND_LINKS" ] || { \
	    echo "PyPI's build for Linux brings CUDA: 5.2 GB to download. For the far smaller CPU build press Ctrl-C, then"; \
	    echo "  export PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu   # PyTorch's CPU index"; \
	    echo "(or let PIP_FIND_LINKS name a folder with its wheel), and run make again."; }; }
	@$(BIN)/pip install --no-compile "$$(grep -o 'torch==[0-9.]*' pyproject.toml)"
	@$(BIN)/pip install -q --no-compile -e . -e ./solutions
	@$(BIN)/python -m compileall -qq -j 0 -x '/(torch|tests?|testing)/' $$($(BIN)/python -c 'import site; print(*site.getsitepackages())') || \
	  echo "Some modules could not be compiled ahead: they are when they are imported."
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "Installing what the tests need"
	@$(BIN)/pip install -q --no-compile -e '.[test]'
	@touch $@

# The session that the README shows, then every document.
demo: venv
	@rm -rf build/demo build/documents; mkdir -p build
	$(BIN)/hw1 grade tests/submissions/class --output build/demo --course build
	@echo
	$(BIN)/hw1 report handout --output build/documents/handout.pdf
	$(BIN)/hw1 report solution --output build/documents/solution.pdf
	$(BIN)/hw1 report feedback build/demo --output build/documents/feedback
	$(BIN)/hw1 report class build/demo --output build/documents

$(VENV)/.installed-docs: $(VENV)/.installed
	@echo "Installing what the documentation needs"
	@$(BIN)/pip install -q -e '.[docs]'
	@touch $@

# From nothing each time: a page that was not built again cannot warn.
docs: venv $(VENV)/.installed-docs
	@rm -rf build/docs
	$(BIN)/sphinx-build --nitpicky --fail-on-warning --keep-going --quiet docs build/docs
	@if grep -rEo '<(script|img|iframe|source|video)[^>]* src="(https?:)?//[^"]*|<link[^>]* href="(https?:)?//[^"]*|url\(.?(https?:)?//[^)]*' \
	  build/docs --include='*.html' --include='*.css'; then echo "These pages would ask another host for something."; exit 1; fi
	@echo "build/docs/index.html"

lint: venv $(VENV)/.installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# pytest writes its explanations into every test once, here, and not in each worker.
collected: venv $(VENV)/.installed-test
	@mkdir -p build; $(BIN)/pytest -q -n 0 --no-cov --collect-only > build/collected.txt 2>&1 || { cat build/collected.txt; exit 1; }

# Four workers keep two cores busy: most wait now and then, for a limit, a browser, or what another makes for all.
test: system-test
	@$(MAKE) --no-print-directory -j 2 lint collected
	$(BIN)/pytest -n 4 --dist loadgroup -m "not long and not cluster"

# Apart from `test`, which it would make twice as long.
coverage: system-test collected
	$(BIN)/pytest -n 4 --dist loadgroup -m "not long and not cluster" --cov --cov-report=term

test-all: system-test test-cluster
	@$(MAKE) --no-print-directory -j 2 lint collected
	$(BIN)/pytest -n 4 --dist loadgroup -m "not cluster" --cov --cov-report=term

# A real Slurm, started and ended by the tests, and clusters of Dask on it and beside it.
test-cluster: venv $(VENV)/.installed-test system-cluster
	@$(BIN)/pip install -q -e '.[cluster]'
	$(BIN)/pytest -n 0 --no-cov -rP -m cluster tests/cluster

# A name on the PATH need not start: pyenv has one for every version that it knows.
test-pythons:
	@ran=""; failed=""; \
	for python in python3.11 python3.12 python3.13 python3.14; do \
	  $$python -c '' 2>/dev/null || continue; \
	  ran="$$ran $$python"; echo "$$python:"; \
	  $(MAKE) --no-print-directory test PYTHON=$$python VENV=build/pythons/$$python || failed="$$failed $$python"; \
	done; \
	[ -n "$$ran" ] || { echo "None of python3.11 to python3.14 was found: put one on the PATH."; exit 2; }; \
	echo "make test ran on:$$ran; failed on:$${failed:- none}"; [ -z "$$failed" ]

bench: venv
	@$(BIN)/python -m tests.benchmarks

bench-floor: venv
	@command -v valgrind >/dev/null || { $(call install, valgrind,Without it no instructions are counted.); }
	@$(BIN)/python -m tests.benchmarks.floor.counted

bench-doors: venv
	@$(BIN)/python -m tests.benchmarks.doors

bench-growth: venv
	@$(BIN)/pip install -q -e '.[bench]'
	@$(BIN)/python -m tests.benchmarks.growth --picture

bench-naming: venv
	@$(BIN)/python -m tests.benchmarks.naming

bench-nbgrader: venv
	@$(BIN)/python -m tests.benchmarks.nbgrader

# Each of the other graders in a virtual environment of its own; nbgrader is among ours.
build/peers/otter/.installed: PEER := otter-grader[grading]==7.0.0
build/peers/gradescope/.installed: PEER := gradescope-utils==0.5.0
build/peers/%/.installed:
	@echo "Installing $(PEER) into $(@D)"
	@$(BIN)/python -m venv $(@D) && $(@D)/bin/pip install -q '$(PEER)' 'numpy>=2'
	@touch $@

bench-attacks: venv build/peers/otter/.installed build/peers/gradescope/.installed
	@$(BIN)/python -m tests.benchmarks.attacks

bench-peers: venv build/peers/otter/.installed build/peers/gradescope/.installed
	@$(BIN)/python -m tests.benchmarks.peers

bench-documents: venv
	@$(BIN)/python -m tests.benchmarks.documents

bench-gradescope: venv $(VENV)/.installed-test
	@missing=""; command -v debootstrap >/dev/null || missing="$$missing debootstrap"; \
	$(call install,$$missing,Without it there is no bare machine to rehearse on.)
	@$(BIN)/python -m tests.benchmarks.gradescope

mutants: venv $(VENV)/.installed-test
	@$(BIN)/python -m tests.mutants

derivation-mutants: venv $(VENV)/.installed-test
	@$(BIN)/python -m tests.derivation_mutants

catalogue: venv $(VENV)/.installed-test
	@$(BIN)/python -m tests.catalogue

fuzz: venv $(VENV)/.installed-test
	@$(BIN)/pip install -q -e '.[fuzz]'
	@$(BIN)/python -m tests.fuzz_wire

attacks: venv $(VENV)/.installed-test
	@$(BIN)/python -m tests.attacks

# Tools that neither the product nor its tests need live apart, so that they bring nothing into $(VENV).
$(TOOLS)/bin/%:
	@[ -x $(TOOLS)/bin/python ] || $(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/pip install -q $*

# PyTorch and what its GPU build alone needs stay out: which files those are depends on the machine.
lock: $(TOOLS)/bin/uv
	@$(TOOLS)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --fork-strategy fewest \
	  --generate-hashes --no-emit-index-url --no-header --output-file build/all.lock --upgrade
	@{ echo "# Written by make lock: every runtime dependency, for every platform, with the hashes of all its files. Not in it:"; \
	   echo "# torch, pinned in pyproject.toml, whose file depends on the machine (CPU or GPU build), and its GPU libraries."; \
	   awk '/^[a-z0-9]/ { keep = !/^(torch|triton|cuda-.*|nvidia-.*)==/ } keep' build/all.lock; } > requirements.lock
	@$(MAKE) --no-print-directory venv
	@$(BIN)/python -m tests.licenses

# Fails when a version has a known vulnerability, and also when nobody could be asked.
audit: $(TOOLS)/bin/pip-audit
	@grep -o 'torch==[0-9.]*' pyproject.toml > build/torch.txt; \
	$(TOOLS)/bin/pip-audit --strict --disable-pip --no-deps --progress-spinner off \
	  -r requirements.lock -r build/torch.txt > build/audit.txt 2>&1; code=$$?; \
	if [ $$code = 0 ] || grep -q '^Found .* known vulnerabilit' build/audit.txt; then cat build/audit.txt; \
	else echo "Nothing was audited, PyPI's advisories could not be read: $$(tail -n 1 build/audit.txt | cut -c 1-200)"; fi; \
	exit $$code

clean:
	rm -rf build .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
