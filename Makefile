# make run    set up what is missing and start the server on http://127.0.0.1:8501; PORT=8600 for another
# make run-shiga  the same with the pack of 滋賀県, in a database of its own
# make test   set up what the tests need, check the code, run all tests
# make lock   write requirements.lock: what is pinned, with digests
# make wheels WHEELS=folder   download what `make run WHEELS=folder` installs without internet
# make bench  measure, each figure against a stated reference in the same run
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: run run-shiga test check bench lock wheels

run: .venv/.runtime
	$(BIN)/noriai serve $(if $(PORT),--port $(PORT))

run-shiga: export NORIAI_DATABASE_URL = sqlite:///var/shiga.db
run-shiga: .venv/.runtime
	test -e var/shiga.db || $(BIN)/noriai init --pack packs/shiga
	$(BIN)/noriai serve $(if $(PORT),--port $(PORT))

test: .venv/.development check
	sh tests/prepare.sh
	# files as they lie: by number of tests, those of one long test would come last, one core idle
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.bench
	$(BIN)/python -m bench.reader
	$(BIN)/python -m bench.nation
	$(BIN)/python -m bench.plans_page
	$(BIN)/python -m bench.ledger_read
	$(BIN)/python -m bench.ledger_files
	$(BIN)/python -m bench.forms
	$(BIN)/python -m bench.documents
	$(BIN)/python -m bench.trainings
	$(BIN)/python -m bench.trainings_pages
	$(BIN)/python -m bench.inquiries
	$(BIN)/python -m bench.subsidy
	$(BIN)/python -m bench.wall
	$(BIN)/python -m bench.crowd

lock: .venv/.development
	$(BIN)/python deploy/wheels.py lock

wheels: .venv/.development
	$(BIN)/python deploy/wheels.py wheels $(WHEELS)

.venv/.runtime: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say make PYTHON=...")'
	$(PYTHON) -m venv .venv
ifdef WHEELS
	$(PIP) --no-index --find-links $(WHEELS) --require-hashes -r requirements.lock
	$(PIP) --no-index --no-deps --no-build-isolation -e .
else
	$(PIP) -r requirements.txt
endif
	@touch $@

.venv/.bench: .venv/.development requirements-bench.txt
	$(PIP) -r requirements-bench.txt
	@touch $@

.venv/.development: .venv/.runtime requirements-dev.txt
	$(PIP) -r requirements-dev.txt
	@touch $@
