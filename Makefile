.PHONY: help setup demo up down status test chaos connections fuzz bench bench-peers check format schemas docs clean
SETUP = sh deploy/local/setup.sh
RUN = .venv/bin/python -m
define HELP
make demo     play months of citizens through a stack of its own and compare with the truth
make test     run every test, on a real Kafka and a real Redis; or TESTS=tests/unit
make chaos    mistreat workers and the whole line at random; SEED=7 MINUTES=30, or SEEDS="1 2 3"
make connections  10,000 to one ingest whose broker is away for a minute; CONNECTIONS=2000
make fuzz     bend what clients send, in every protocol, each for MINUTES=10; SEED=7 bends otherwise
make bench    events a second and CPU seconds per million events of each service
make bench-peers  the same sessions by Kafka Streams, Bytewax, stock Faust and ours; half an hour
make up       start a stack and keep it running; make status says where, make down stops it
make check    format, lint, types, import contracts, spelling, generated files
make format   format and mend what can be mended
make schemas  write the generated schemas anew
make docs     write the generated reference, record of processing, dashboards, Prometheus files, AsyncAPI and names anew
make setup    make .venv with everything the above need
make clean    remove .venv, the stack's data and the caches
endef
export HELP

help: ; @echo "$$HELP"

setup: ; @$(SETUP) base local test tools

demo: ; @$(SETUP) base local && $(RUN) deploy.demo

up: ; @$(SETUP) base local && $(RUN) deploy.local up

down: ; @$(SETUP) base local && $(RUN) deploy.local down

status: ; @$(SETUP) base local && $(RUN) deploy.local status

test: ; @$(SETUP) base local test && $(RUN) deploy.local fetch && $(RUN) pytest $(TESTS)

# One log for each seed is kept; the controls, which leave nothing to chance, are part of `make test`.
SEEDS ?= $(or $(SEED),3)
chaos: ; @$(SETUP) base local test && $(RUN) deploy.local fetch
	@failed=0; for seed in $(SEEDS); do \
	  SEED=$$seed $(RUN) pytest tests/chaos/test_journey_chaos.py tests/chaos/test_line_chaos.py \
	    --log-cli-level=INFO --log-file=.local/chaos/seed-$$seed.log --log-file-level=INFO || failed=1; \
	done; exit $$failed

connections: ; @$(SETUP) base local test && $(RUN) deploy.local fetch
	@CONNECTIONS=$(or $(CONNECTIONS),10000) AWAY_SECONDS=60 $(RUN) pytest tests/integration/test_ingest_connections.py --log-cli-level=INFO

fuzz: ; @$(SETUP) base local test && MINUTES=$(or $(MINUTES),10) $(RUN) pytest tests/unit/ingest/protocols/test_fuzz.py

bench: ; @$(SETUP) base local && $(RUN) deploy.local fetch && $(RUN) benchmarks

bench-peers: ; @$(SETUP) base local && $(RUN) deploy.local fetch && $(RUN) benchmarks.peers && $(RUN) benchmarks.recovery

check: setup ; @$(RUN) deploy.local.check

format: setup ; @$(RUN) ruff format && $(RUN) ruff check --fix

schemas: setup ; @$(RUN) schemas.generate

docs: setup ; @$(RUN) deploy.names.build && $(RUN) deploy.reference && $(RUN) deploy.record && $(RUN) deploy.grafana.build && $(RUN) deploy.prometheus.build && $(RUN) deploy.asyncapi.build

# No stack, nothing to stop: then no .venv is made only to be removed.
clean: ; @[ ! -e .local/stack.json ] && [ ! -e .local/demo/stack.json ] || $(MAKE) --no-print-directory down
	@rm -rf .venv .local .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
