#!/bin/sh
# Pins all dependencies with hashes and without index addresses. Needs uv.
set -eu
cd "$(dirname "$0")/.."
pin() { uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 "$@"; }
pin pyproject.toml requirements/build.in -o requirements/run.txt
pin pyproject.toml requirements/build.in --group dev --extra spark --extra postgres --extra mysql -o requirements/dev.txt
