#!/usr/bin/env bash
# Makes sure that what the Python package is built and tested with is here: the packages of
# python/requirements-test.txt, in .tools/python-venv of this folder (nothing outside it is touched). Installs on
# first use and when the requirements have changed. Prints the Python to run; fails where there is no Python 3.11
# with venv, or no PyPI.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements="python/requirements-test.txt"
place="$PWD/.tools/python-venv"

say() { echo "python-tools: $*" >&2; }

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  || { say "needs Python 3.11 or newer as python3"; exit 1; }
python3 -c 'import ensurepip, venv' 2>/dev/null || { say "python3 has no venv: install python3-venv"; exit 1; }

if ! cmp -s "$requirements" "$place/requirements.txt"; then
  say "installing the packages of $requirements into .tools/python-venv (0.7 GB on disk)"
  rm -rf "$place"
  python3 -m venv "$place"
  "$place/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" >&2
  cp "$requirements" "$place/requirements.txt"
fi
echo "$place/bin/python"
