# Two commands matter: `make run` and `make test`. Each target is a line or two.
PYTHON ?= python3
BIN = .venv/bin
export SHARED_DATA ?= ../shared/data

WORDS = collector/web/translations
SPOKEN = -k _ -k lazy -k ngettext:1,2 -k UserMistake -k NotFound -k Conflict -k Erased \
	-k Unprocessable -k NotUnderstood -k PictureRefused -k MultipartRefused

.PHONY: run trainer demo test test-fast check bench browser words

run: .venv/.run
	$(BIN)/collector serve --data ./data

trainer: .venv/.train

demo: .venv/.run
	test -f demo-data/dataset.db || $(BIN)/collector demo --data demo-data
	$(BIN)/collector serve --data demo-data

# Browsers mostly wait, for a child takes its time: four at once. What is marked `alone` wants all
# cores, or real time.
test: test-fast browser
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto -m "slow and not browser and not alone"
	$(BIN)/pytest -n 4 -m "browser and not alone"
	$(BIN)/pytest -m alone

test-fast: .venv/.test
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto -m "not slow and not browser"

check: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --check --lint --quiet collector labeler trainer
	$(BIN)/python tests/migrations/check.py

bench: .venv/.test
	$(BIN)/python -m benchmarks

# Collects what people are told into the catalogues; translate what is empty, then run it again.
words: .venv/.test
	$(BIN)/pybabel -q extract -F .babel.cfg $(SPOKEN) --no-location --sort-output --no-wrap \
		--project=child-expressions -o $(WORDS)/messages.pot collector labeler
	for code in ru kk uk; do test -f $(WORDS)/$$code/LC_MESSAGES/messages.po || \
		$(BIN)/pybabel -q init -i $(WORDS)/messages.pot -d $(WORDS) -l $$code --no-wrap; done
	$(BIN)/pybabel -q update -i $(WORDS)/messages.pot -d $(WORDS) --no-fuzzy-matching \
		--ignore-obsolete --ignore-pot-creation-date --no-wrap
	$(BIN)/pybabel -q compile -d $(WORDS)

browser:
	@sh tests/browser/ensure_chromium.sh

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/.run: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet -e .
	touch $@

.venv/.train: .venv/.run
	$(BIN)/python -m pip install --quiet -e '.[train]'
	touch $@

.venv/.test: .venv/.train
	$(BIN)/python -m pip install --quiet -e '.[train,dev]'
	touch $@
