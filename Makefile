# The README's two commands are `make run` and `make test`; the rest serves them.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install run test bench soak
