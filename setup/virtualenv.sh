#!/bin/sh
# Makes .venv with the Python named, or says in one sentence what is missing.
set -eu
python=$1
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    for newer in python3.13 python3.12 python3.11; do
        if command -v "$newer" >/dev/null 2>&1; then python=$newer; break; fi
    done
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Hookflash needs Python 3.11 or newer: install it, or name it with 'make PYTHON=/path/to/python3.11'." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    . setup/apt.sh
    apt_install python3-venv || {
        echo "This Python cannot make virtual environments: install Debian's python3-venv or its like." >&2
        exit 1
    }
fi
"$python" -m venv .venv
