#!/bin/sh
# Pins every dependency with hashes; the files name no download address.
set -eu
.venv/bin/python -m pip install --quiet uv
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
        --upgrade pyproject.toml "$@"
}
compile -o requirements/core.txt
compile --extra local -o requirements/local.txt
compile --extra local --extra dev -o requirements/dev.txt
