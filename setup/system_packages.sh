#!/bin/sh
# What the tests use of the system: a real browser, and the voice for languages that have no better one; and
# the voices of benchmarks.turn_taking.
set -eu
. setup/apt.sh
missing=
{ command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null 2>&1 || missing="$missing chromium"
command -v espeak-ng >/dev/null 2>&1 || missing="$missing espeak-ng"
command -v flite >/dev/null 2>&1 || missing="$missing flite"
[ -z "$missing" ] && exit 0
echo "Installing with apt:$missing"
# shellcheck disable=SC2086
apt_install $missing || echo "Not installed:$missing. The tests that need them will be skipped by name." >&2
